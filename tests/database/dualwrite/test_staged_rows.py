"""The list of what arrived, by state: what waits is told at the price of what waits, and alike."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import combinations, count

import pytest
from tests.database.dualwrite.test_prevalidation import (  # noqa: F401  world is a fixture
    CrashError,
    imported,
    look,
    record,
    world,
)
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, World

from tieout.dualwrite.prevalidation.actions import Prevalidated
from tieout.finance.imports.actions import Imported
from tieout.finance.journalkeeping.actions import delete_lines
from tieout.finance.leftout.actions import leave_out, take_back_in
from tieout.finance.staging.queries import BEFORE_ALL, NOT_JOURNALISED, STATES, StagedRow, staged_rows


def pages(*wanted: str, rows_max: int = 2) -> list[StagedRow]:
    """Return what is in these states, page by page."""
    found: list[StagedRow] = []
    after = BEFORE_ALL
    while page := staged_rows(actor=AUDITOR, company=COMPANY, states=wanted, after=after, rows_max=rows_max):
        found += page
        after = page[-1].actual_id
    return found


def asked_by_state() -> dict[str, int]:
    """Ask for each state, and for some together; return how many are in each, as all that arrived says."""
    arrived = pages()
    for wanted in (*((one,) for one in STATES), *combinations(NOT_JOURNALISED, 2), NOT_JOURNALISED, STATES):
        assert pages(*wanted) == [one for one in arrived if one.state in wanted]
    return dict(Counter(one.state for one in arrived))


def test_a_state_is_told_by_what_waits_as_by_all_that_arrived(world: World) -> None:  # noqa: F811
    world.parameters(prevalidation=False, beginning_balances_until=date(2024, 1, 31))
    world.stage("1.00", on=date(2024, 1, 15), source_kind="time_entry")
    deleted = world.stage("2.00")
    world.stage("3.00", "4.00", currency_code="JPY")
    assert imported() == Imported(1, Decimal(2), 1, 2)
    delete_lines(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0001")
    old = {"beginning": 1, "deleted": 1, "refused": 2}
    batch = world.stage("5.00", "6.00", "7.00")
    assert asked_by_state() == {**old, "waiting": 3}
    world.parameters(prevalidation=True)
    assert asked_by_state() == {"pending": 7}
    record(*deleted, *batch[1:])

    kept = count(1)

    def crash(step: str) -> None:
        if next(kept) == 2:
            raise CrashError(step)

    with pytest.raises(CrashError):
        look(between_commits=crash)
    assert asked_by_state() == {"invalid": 4, "valid": 1, "pending": 2}
    look()
    assert asked_by_state() == {"invalid": 4, "valid": 3}
    world.stage("8.00", "9.00")
    assert imported() == Imported(3, Decimal(15), 1, 0)
    assert asked_by_state() == {"invalid": 4, "pending": 2, "journalised": 3}
    record(batch[0])
    assert look(again=True) == Prevalidated(6, 1, 5)
    assert asked_by_state() == {"invalid": 5, "valid": 1, "journalised": 3}
    arrived = [one.actual_id for one in pages("invalid")]
    leave_out(actor=ACCOUNTANT, company=COMPANY, actual_ids=arrived[:3], reason="lost")
    take_back_in(actor=ACCOUNTANT, company=COMPANY, actual_ids=arrived[:1])
    assert asked_by_state() == {"pending": 1, "invalid": 2, "left_out": 2, "valid": 1, "journalised": 3}
    world.parameters(prevalidation=False)
    assert sum(asked_by_state().values()) == 9


def test_one_that_is_imported_before_its_batch_was_looked_at_to_its_end_is_not_pending(world: World) -> None:  # noqa: F811
    first, second = world.stage("1.00", "2.00")

    def crash(_: str) -> None:
        raise CrashError

    with pytest.raises(CrashError):
        look(rows_max=1, between_commits=crash)
    record(first, second)
    with pytest.raises(CrashError):
        look(rows_max=1, again=True, between_commits=crash)
    assert imported() == Imported(1, Decimal(1), 1, 0)
    assert asked_by_state() == {"journalised": 1, "pending": 1}
