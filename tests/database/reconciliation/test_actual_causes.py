"""Why an actual of any source is not home: each row of the table is a world that has its cause (spec 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import pytest
from django.utils import timezone
from tests.database.reconciliation.causes import (
    ACTUALS_MAP,
    CONNECTIONS_MAP,
    DAY,
    POSTINGS_MAP,
    connect,
    meet,
    owe,
    posted,
    stop,
)
from tests.database.reconciliation.left_out import leave_out
from tests.database.reconciliation.world import ACCOUNTANT, VENDOR, JournalLine, Line, World, collected

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance import models as finance
from tieout.kernel.access import Actor, CompanyNotPermitted
from tieout.kernel.identifiers import new_id
from tieout.problems.catalogue import Process
from tieout.reconciliation.causes import queries

pytestmark = pytest.mark.usefixtures("databases")

Make = Callable[[World], UUID]


def entry() -> Line:
    """A record of operations that finance has no document of: an entry, a material, a journal."""
    return Line(new_id(), VENDOR, new_id(), "", Decimal(100), DAY, "")


def on_its_way(refused: str = "", owed: str = "") -> Make:
    def make(world: World) -> UUID:
        actual_id = world.actual(entry())
        if refused:
            meet(OPERATIONS, Process.DELIVER, refused, actual_id)
        if owed:
            owe(OPERATIONS, ACTUALS_MAP, actual_id)
            stop(OPERATIONS, ACTUALS_MAP, owed)
        return actual_id

    return make


def _staged(world: World, transaction_type: str = "cost", batch_id: int = 1) -> tuple[Line, UUID]:
    line = entry()
    actual_id = world.actual(line, transaction_type=transaction_type)
    world.stage(line, actual_id, transaction_type=transaction_type, batch_id=batch_id)
    return line, actual_id


def staged(transaction_type: str = "cost", *, refused: tuple[Process, str] | None = None) -> Make:
    def make(world: World) -> UUID:
        _, actual_id = _staged(world, transaction_type)
        if refused:
            meet(FINANCE, *refused, actual_id)
        return actual_id

    return make


def awaiting(minutes: int) -> Make:
    def make(world: World) -> UUID:
        finance.IntegrationParameters.objects.filter(company_code=world.company).update(prevalidation=True)
        _, actual_id = _staged(world, batch_id=100 + minutes)
        finance.Intake.objects.create(
            batch_id=100 + minutes,
            map=ACTUALS_MAP,
            company_code=world.company,
            row_count=1,
            amount_total=100,
            received_at=timezone.now() - timedelta(minutes=minutes),
        )
        return actual_id

    return make


def left_out(world: World) -> UUID:
    _, actual_id = _staged(world)
    leave_out(world, actual_id)
    return actual_id


def lost_by_operations(world: World) -> UUID:
    actual_id = new_id()
    world.stage(entry(), actual_id)
    return actual_id


def drafted(*, refused: bool) -> Make:
    def make(world: World) -> UUID:
        line, actual_id = _staged(world)
        made = world.journal(line, actual_id)
        if refused:
            world.refuse(made)
        return actual_id

    return make


def _posted(world: World, amount: str = "100", currency: str = "USD") -> JournalLine:
    line, actual_id = _staged(world)
    made = world.journal(line, actual_id, amount=Decimal(amount), currency_code=currency)
    world.post_journal(made)
    return made


def home(amount: str = "100", currency: str = "USD") -> Make:
    def make(world: World) -> UUID:
        made = _posted(world, amount, currency)
        world.write_back(made)
        return made.actual_id

    return make


def connected(refused: str = "", owed: str = "") -> Make:
    def make(world: World) -> UUID:
        actual_id = home()(world)
        connect(world, actual_id, staged=True)
        lost = connect(world, actual_id, staged=False)
        if refused:
            meet(OPERATIONS, Process.DELIVER, refused, lost)
        if owed:
            owe(OPERATIONS, CONNECTIONS_MAP, lost)
            stop(OPERATIONS, CONNECTIONS_MAP, owed)
        return actual_id

    return make


def unwritten(refused: str = "", owed: str = "") -> Make:
    def make(world: World) -> UUID:
        made = _posted(world)
        if refused:
            meet(FINANCE, Process.DELIVER, refused, made.id)
        if owed:
            owe(FINANCE, POSTINGS_MAP, made.id)
            stop(FINANCE, POSTINGS_MAP, owed)
        return made.actual_id

    return make


def lent(transaction_type: str, *, other: str, skip_sync: bool, lender: str = "DEMF") -> Make:
    """An actual of work of a resource of ``lender``, beside its ``other`` one in the other books."""

    def make(world: World) -> UUID:
        line = entry()
        world.actual(line, transaction_type=other, skip_sync=not skip_sync, company_code=lender)
        return world.actual(line, transaction_type=transaction_type, skip_sync=skip_sync)

    return make


def of_source(kind: str, transaction_type: str = "cost", *, skip_sync: bool) -> Make:
    def make(world: World) -> UUID:
        return world.actual(entry(), transaction_type=transaction_type, skip_sync=skip_sync, source_kind=kind)

    return make


def of_stock(*, skip_sync: bool) -> Make:
    def make(world: World) -> UUID:
        line = world.post(VENDOR, 100, DAY, stocked=True)
        return world.actual(line, skip_sync=skip_sync)

    return make


RUC, IOS = "resourcing_unit_cost", "interorganizational_sales"

# One row per cause that an actual can have, and where several ways lead to it, one per way.
DECISIONS: Final[tuple[tuple[str, Make], ...]] = (
    ("RC-04", of_source("time_entry", skip_sync=True)),
    ("RC-04", of_source("time_entry", "unbilled_sales", skip_sync=True)),
    ("RC-04", lent(RUC, other="cost", skip_sync=True)),
    ("RC-04", lent(IOS, other="cost", skip_sync=True)),
    ("RC-04", of_source("general_journal_line", "unbilled_sales", skip_sync=True)),
    ("RC-04b", lent("cost", other=RUC, skip_sync=False)),
    ("RC-04b", lent(RUC, other="cost", skip_sync=False, lender="USMF")),
    ("RC-04b", of_source("general_journal_line", skip_sync=False)),
    ("RC-04b", of_stock(skip_sync=False)),
    ("", of_source("general_journal_line", skip_sync=True)),
    ("", of_source("journal_line", RUC, skip_sync=True)),
    ("", of_stock(skip_sync=True)),
    ("", lent("cost", other=RUC, skip_sync=True)),
    ("", lent(RUC, other="cost", skip_sync=True, lender="USMF")),
    ("RC-03a", on_its_way(refused="DW-205")),
    ("RC-03a", on_its_way(refused="DW-205", owed="running")),
    ("RC-03c", on_its_way(owed="paused")),
    ("RC-00b", on_its_way(owed="running")),
    ("RC-03d", on_its_way()),
    ("RC-06b", left_out),
    ("RC-06", lost_by_operations),
    ("RC-06", staged(refused=(Process.VALIDATE_ACTUALS, "VAL-502"))),
    ("RC-00d", awaiting(1)),
    ("RC-09b", awaiting(60)),
    ("RC-08", staged(refused=(Process.IMPORT_FROM_STAGING, "IMP-103"))),
    ("RC-09c", staged("billed_sales")),
    ("RC-09", staged()),
    ("RC-13", drafted(refused=True)),
    ("RC-11", drafted(refused=False)),
    ("RC-15", home(currency="EUR")),
    ("RC-14", home("99.75")),
    ("RC-14b", home("0")),
    ("RC-05c", connected(refused="DW-208")),
    ("RC-05", connected()),
    ("RC-05b", connected(owed="paused")),
    ("", connected(owed="running")),
    ("RC-19c", unwritten(refused="DW-209")),
    ("RC-19", unwritten()),
    ("RC-19b", unwritten(owed="not_running")),
    ("RC-00c", unwritten(owed="running")),
    ("", home()),
)


def _causes(actual_ids: list[UUID]) -> dict[UUID, str]:
    found = queries.causes_of_actuals(actor=ACCOUNTANT, actual_ids=actual_ids)
    return {actual_id: row.cause for actual_id, row in found.items()}


@pytest.mark.parametrize(
    ("cause", "make"), DECISIONS, ids=[f"{number}-{cause}" for number, (cause, _) in enumerate(DECISIONS)]
)
def test_an_actual_of_any_source_has_its_cause(cause: str, make: Make) -> None:
    world = World()
    actual_id = make(world)
    collected()
    assert _causes([actual_id]) == ({actual_id: cause} if cause else {})


def test_figures_are_the_sums_of_the_causes_of_their_actuals() -> None:
    world = World()
    made = [
        (cause, make(world)) for cause, make in DECISIONS if cause in {"RC-09", "RC-08", "RC-13", "RC-14"}
    ]
    sale = staged("unbilled_sales")(world)
    collected()
    found = queries.actuals(actor=ACCOUNTANT, company="USMF")
    assert [(one.cause.cause, one.transaction_type, one.actuals, one.amount) for one in found] == [
        ("RC-08", "cost", 1, Decimal(100)),
        ("RC-09", "cost", 1, Decimal(100)),
        ("RC-09", "unbilled_sales", 1, Decimal(100)),
        ("RC-13", "cost", 1, Decimal(100)),
        ("RC-14", "cost", 1, Decimal(100)),
    ]
    assert _causes([sale, *(one for _, one in made)]) == {sale: "RC-09"} | {one: cause for cause, one in made}
    assert {one.oldest for one in found} == {datetime.now(tz=UTC).date()}
    assert not any(one.of_line for one in found)


def test_what_a_document_line_tells_says_so() -> None:
    world = World()
    line = posted(world)
    actual_id = world.staged(line)
    world.actual(line, transaction_type="unbilled_sales")
    lost = new_id()
    world.stage(line, lost)
    collected()
    found = queries.actuals(actor=ACCOUNTANT, company="USMF")
    assert [(one.cause.cause, one.transaction_type, one.of_line, one.amount) for one in found] == [
        ("RC-03d", "unbilled_sales", False, Decimal(100)),
        ("RC-06", "cost", True, Decimal(0)),
        ("RC-09", "cost", True, Decimal(100)),
    ]
    assert _causes([actual_id, lost]) == {actual_id: "RC-09", lost: "RC-06"}


def test_actuals_of_another_company_are_not_shown() -> None:
    world = World()
    actual_id = staged()(world)
    collected()
    stranger = Actor("otto", frozenset({"project_accountant"}), frozenset({"DEMF"}))
    with pytest.raises(CompanyNotPermitted):
        queries.actuals(actor=stranger, company="USMF")
    assert queries.causes_of_actuals(actor=stranger, actual_ids=[actual_id]) == {}
