"""A map that owes more than its side lists: what is not listed is told by what the map does (spec 4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from django.db import connections, transaction
from tests.database.reconciliation.causes import (
    ACTUALS_MAP,
    CONNECTIONS_MAP,
    HEADERS_MAP,
    LINES_MAP,
    POSTINGS_MAP,
    connect,
    posted,
    stop,
)
from tests.database.reconciliation.world import ACCOUNTANT, Line, World, collected

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.outbox.models import Map
from tieout.reconciliation.causes import queries

pytestmark = pytest.mark.usefixtures("databases")

MAPS: Final = (
    (FINANCE, LINES_MAP),
    (FINANCE, HEADERS_MAP),
    (FINANCE, POSTINGS_MAP),
    (OPERATIONS, ACTUALS_MAP),
    (OPERATIONS, CONNECTIONS_MAP),
)
MORE_THAN_LISTED: Final = (
    "insert into outbox_entry (map, key) select %s, tieout_id() from generate_series(1, 50001)"
)


@pytest.fixture(autouse=True)
def _maps_run_again() -> Iterator[None]:
    yield
    for alias in (FINANCE, OPERATIONS):
        Map.objects.using(alias).update(state="running")


def _told(*lines: Line) -> list[tuple[str, ...]]:
    """Return all causes of each line."""
    collected()
    found = queries.causes_of(actor=ACCOUNTANT, lines=[line.id for line in lines])
    told = [found[line.id] for line in lines]
    return [
        tuple(one.cause for one in (*([cause.primary] if cause.primary else []), *cause.secondary))
        for cause in told
    ]


def test_what_is_not_listed_is_on_its_way_or_waits_for_its_map() -> None:
    """Five records nobody owes, by maps that owe 50,001 others: none of them can be called lost."""
    world = World()
    world.periods(2024)
    unsent, unstaged, unwritten, unconnected, headless = (posted(world) for _ in range(5))
    world.arrive(unstaged)
    world.approve(unstaged)
    world.actual(unstaged)
    world.post_journal(world.journal(unwritten, world.staged(unwritten)))
    made = world.cleared(unconnected)
    connect(world, made.actual_id, staged=False)
    world.arrive(headless, header=False)
    world.approve(headless)
    actual_id = world.actual(headless)
    world.stage(headless, actual_id)
    made = world.journal(headless, actual_id)
    world.post_journal(made)
    world.write_back(made)
    lines = (unsent, unstaged, unwritten, unconnected, headless)
    assert _told(*lines) == [("RC-01d",), ("RC-03d",), ("RC-19",), ("RC-05",), ("RC-01f",)]
    for alias, map_ in MAPS:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(MORE_THAN_LISTED, [map_])
    assert _told(*lines) == [("RC-00a",), ("RC-00b",), ("RC-00c",), (), ()]
    for alias, map_ in MAPS:
        stop(alias, map_)
    assert [told[0] for told in _told(*lines)] == ["RC-01b", "RC-03c", "RC-19b", "RC-05b", "RC-01g"]
