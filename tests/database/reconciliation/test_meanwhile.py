"""Records that travel while facts are collected: none is taken for lost, and none for unknown (DESIGN D8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

import pytest
from tests.database.reconciliation.causes import (
    ACTUALS_MAP,
    CONNECTIONS_MAP,
    LINES_MAP,
    POSTINGS_MAP,
    connect,
    owe,
    posted,
)
from tests.database.reconciliation.world import ACCOUNTANT, Line, World

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance.models import StagedConnection
from tieout.operations.models import TransactionConnection
from tieout.outbox.models import Entry
from tieout.reconciliation.causes import queries
from tieout.reconciliation.collectors.actions import collect, collect_again, verify
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.models import FactOperationsOwed

pytestmark = pytest.mark.usefixtures("databases")

FIRST, SECOND = 1, 2  # between operations and finance; between finance and what came meanwhile


@pytest.fixture(autouse=True)
def _nothing_owed() -> Iterator[None]:
    yield
    for alias in (FINANCE, OPERATIONS):
        Entry.objects.using(alias).all().delete()


class Travel:
    """One line, and what happens to it at one place of a collection."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.line: Line = posted(self.world)

    def approve(self) -> None:
        """Operations approves the line: its cost is owed to finance."""
        self.world.arrive(self.line)
        self.world.approve(self.line)
        self.actual = self.world.actual(self.line)
        owe(OPERATIONS, ACTUALS_MAP, self.actual)

    def deliver(self) -> None:
        """Its cost arrives in finance, and is owed no more."""
        self.world.stage(self.line, self.actual)
        Entry.objects.using(OPERATIONS).filter(key=self.actual).delete()

    def approve_and_deliver(self) -> None:
        """Both, before anybody looks."""
        self.approve()
        self.deliver()

    def deliver_document(self) -> None:
        """The line arrives in operations, and is owed no more."""
        self.world.arrive(self.line)
        Entry.objects.using(FINANCE).filter(key=self.line.id).delete()

    def cause(self) -> str:
        """Return the cause that is told of the line."""
        found = queries.causes_of(actor=ACCOUNTANT, lines=[self.line.id])[self.line.id]
        return found.primary.cause if found.primary else ""

    def collect(self, at: int, happens: Callable[[], None]) -> str:
        """Collect, with what happens at one place, and return the cause that is then told."""
        place = count(1)
        collect(actor=ACCOUNTANT, between_reads=lambda: happens() if next(place) == at else None)
        return self.cause()


ON_ITS_WAY: Final = "RC-00b"
WAITS_FOR_IMPORT: Final = "RC-09"


@pytest.mark.parametrize(("at", "told"), [(FIRST, WAITS_FOR_IMPORT), (SECOND, ON_ITS_WAY)])
def test_an_actual_that_is_delivered_meanwhile_is_not_lost(at: int, told: str) -> None:
    travel = Travel()
    travel.approve()
    assert travel.collect(at, travel.deliver) == told
    assert travel.collect(0, travel.deliver) == WAITS_FOR_IMPORT


@pytest.mark.parametrize(("at", "told"), [(FIRST, WAITS_FOR_IMPORT), (SECOND, ON_ITS_WAY)])
def test_an_actual_that_comes_into_being_and_is_delivered_meanwhile_is_known(at: int, told: str) -> None:
    travel = Travel()
    assert travel.collect(at, travel.approve_and_deliver) == told
    assert travel.collect(0, travel.deliver) == WAITS_FOR_IMPORT
    assert not FactOperationsOwed.objects.exists()


@pytest.mark.parametrize("at", [FIRST, SECOND])
def test_an_actual_that_nobody_states_is_found_by_the_next_collection(at: int) -> None:
    travel = Travel()

    def unstated() -> None:
        travel.approve()
        Entry.objects.using(OPERATIONS).filter(key=travel.actual).delete()

    assert travel.collect(at, unstated) == ON_ITS_WAY
    assert travel.collect(0, travel.deliver) == "RC-03d"


@pytest.mark.parametrize("at", [FIRST, SECOND])
def test_a_document_that_is_delivered_meanwhile_is_not_lost(at: int) -> None:
    travel = Travel()
    owe(FINANCE, LINES_MAP, travel.line.id)
    assert travel.collect(at, travel.deliver_document) == "RC-02a"


@pytest.mark.parametrize("at", [FIRST, SECOND])
def test_a_write_back_and_a_connection_that_are_delivered_meanwhile_are_not_lost(at: int) -> None:
    travel = Travel()
    travel.approve()
    travel.deliver()
    made = travel.world.journal(travel.line, travel.actual)
    travel.world.post_journal(made)
    connection = connect(travel.world, travel.actual, staged=False)
    owe(OPERATIONS, CONNECTIONS_MAP, connection)
    owe(FINANCE, POSTINGS_MAP, made.id)

    def arrive() -> None:
        travel.world.write_back(made)
        known = TransactionConnection.objects.filter(id=connection).values().get()
        named = {field.name for field in StagedConnection._meta.fields}
        StagedConnection.objects.create(
            batch_id=1, **{name: value for name, value in known.items() if name in named - {"arrived_at"}}
        )
        for alias, key in ((FINANCE, made.id), (OPERATIONS, connection)):
            Entry.objects.using(alias).filter(key=key).delete()

    assert travel.collect(at, arrive) == ""


def test_the_other_ways_to_collect_take_both_sides() -> None:
    """Verifying, or collecting one view of finance again, leaves no actual that finance alone knows."""
    travel = Travel()
    travel.approve_and_deliver()
    collect_again(actor=ACCOUNTANT, view="fact_staged")
    assert travel.cause() == WAITS_FOR_IMPORT
    other = Travel(travel.world)
    other.approve_and_deliver()
    assert verify(actor=ACCOUNTANT).differing == 0
    assert other.cause() == WAITS_FOR_IMPORT
    assert not findings.out_of_sync(actor=ACCOUNTANT, company=other.world.company)
