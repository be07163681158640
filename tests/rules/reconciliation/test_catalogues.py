"""The tables of reconciliation: facts, checks, reasons."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import tieout.reconciliation
from tieout.database import sql
from tieout.kernel.identifiers import new_id
from tieout.reconciliation.causes.rules import CAUSES, OF_LINES, Standing, is_cause
from tieout.reconciliation.checks import queries
from tieout.reconciliation.checks.rules import CHECKS, REASONS, Check, Kind, Reason, State
from tieout.reconciliation.collectors.rules import FACTS, Mode, Source, must_restart
from tieout.reconciliation.findings.rules import Cause
from tieout.reconciliation.traces.queries import made_at
from tieout.reconciliation.traces.rules import Hop, Stage, TracedActual, stands_at
from tieout.reconciliation.windows.rules import Window, day_number

KNOWN = Source("7301", 1, "16384 finance", "100:105:101")


@pytest.mark.parametrize(
    ("present", "restart"),
    [
        (KNOWN, False),
        (Source("7301", 1, "16384 finance", "104:120:"), False),
        (Source("7302", 1, "16384 finance", "104:120:"), True),
        (Source("7301", 2, "16384 finance", "104:120:"), True),
        (Source("7301", 1, "20000 finance", "104:120:"), True),
        (Source("7301", 1, "16384 finance", "90:104:"), True),
    ],
)
def test_source_is_collected_from_nothing_unless_it_goes_on_from_where_we_know_it(
    present: Source,
    restart: bool,  # noqa: FBT001  a column of the table above
) -> None:
    assert must_restart(KNOWN, present) is restart
    assert must_restart(None, present)


def test_a_view_on_which_another_depends_is_whole_and_collected_before_it() -> None:
    order = [fact.view for fact in FACTS]
    for fact in FACTS:
        if fact.restarts_with:
            assert FACTS.one(fact.restarts_with).mode is Mode.WHOLE
            assert FACTS.one(fact.restarts_with).side is fact.side
            assert order.index(fact.restarts_with) < order.index(fact.view)


def test_every_check_has_a_statement_and_every_statement_is_a_check() -> None:
    folder = Path(tieout.reconciliation.__file__).parent / "checks" / "sql"
    assert {path.stem for path in folder.glob("*.sql")} == {check.value for check in Check}
    statements = [queries.statement(check) for check in Check]
    assert {s.parameters for s in statements} == {("company", "kind", "first_day", "last_day")}
    for one, other in pairwise(statements):
        assert one.text != other.text
        assert one.text.split("where")[0] == other.text.split("where")[0], "one relation, one list of columns"


def test_labels_are_those_of_the_workspace() -> None:
    assert CHECKS.one(Check.ALL, Kind.VENDOR_INVOICE_LINE).label == "All vendor invoices"
    assert CHECKS.one(Check.RECONCILED, Kind.EXPENSE).label == "All reconciled expenses"
    assert REASONS.one(Reason.NOT_APPROVED, Kind.VENDOR_INVOICE_LINE).label.endswith(
        "confirmed in operations"
    )
    assert {row.state for row in REASONS} == {State.MISSING_ACTUALS, State.MISSING_JOURNAL_LINES}


def test_every_reason_is_a_cause_of_a_balance() -> None:
    assert {reason.value for reason in Reason} < {cause.value for cause in Cause}


def test_the_order_of_the_causes_is_the_order_in_which_they_are_decided() -> None:
    folder = Path(tieout.reconciliation.__file__).parent
    decision = (folder / "sql" / "definitions" / "530_line_cause.sql").read_text(encoding="utf-8")
    decided = re.findall(r"when (\w+) then '([\w-]+)'", decision)
    assert decided == [(row.sign, row.cause) for row in OF_LINES]
    signs = (folder / "causes" / "sql" / "signs.sql").read_text(encoding="utf-8")
    assert re.findall(r"^       (\w+),?$", signs, re.MULTILINE) == [sign for sign, _ in decided]


def test_a_cause_that_can_arise_says_by_what_it_is_seen_and_what_mends_it() -> None:
    for row in CAUSES:
        can_arise = row.standing is not Standing.IMPOSSIBLE
        assert (row.seen is not None, row.remedy is not None, row.mended_at is not None) == (can_arise,) * 3
        assert is_cause(row.cause) is can_arise


def test_looking_into_a_check_takes_the_parameters_of_both() -> None:
    looking = sql.load("tieout.reconciliation.findings", "page")
    composed = queries.looking_into(Check.MISSING_ACTUALS, looking)
    assert set(composed.parameters) == {"company", "kind", "first_day", "last_day"} | set(looking.parameters)
    assert "state = 'missing_actuals'" in composed.text


def test_window_is_a_range_of_dates_and_of_day_numbers() -> None:
    window = Window(date(1970, 1, 2), date(1970, 1, 31))
    assert (window.first_day, window.last_day) == (1, 30)
    assert day_number(date(1969, 12, 31)) == -1
    with pytest.raises(ValueError, match="ends"):
        Window(date(2024, 2, 1), date(2024, 1, 31))


def _hops(*stages: Stage, reached: int) -> tuple[Hop, ...]:
    return tuple(Hop(stage, number < reached, None, {}) for number, stage in enumerate(stages))


def _actual(reached: int, *, skip_sync: bool = False) -> TracedActual:
    return TracedActual(new_id(), "cost", skip_sync, None, "USD", _hops(*list(Stage)[3:], reached=reached))


@pytest.mark.parametrize(
    ("document_hops", "actuals", "expected"),
    [
        (0, (), None),
        (2, (), Stage.ARRIVED_IN_OPERATIONS),
        (3, (), Stage.APPROVED),
        (3, (_actual(5), _actual(2)), Stage.STAGED),
        (3, (_actual(1, skip_sync=True),), Stage.ACTUAL),
        (3, (_actual(5), _actual(1, skip_sync=True)), Stage.WRITTEN_BACK),
        (2, (_actual(5),), Stage.ARRIVED_IN_OPERATIONS),
    ],
)
def test_source_stands_where_the_part_stands_that_is_furthest_behind(
    document_hops: int, actuals: tuple[TracedActual, ...], expected: Stage | None
) -> None:
    assert stands_at(_hops(*list(Stage)[:3], reached=document_hops), actuals) is expected


def test_identifier_of_a_journal_line_says_when_it_was_made() -> None:
    at = made_at(new_id(1_700_000_000_123))
    assert at is not None
    assert at.isoformat() == "2023-11-14T22:13:20.123000+00:00"
    assert made_at(None) is None
