"""The views of the workspace and their figures (finance spec 3.3 to 3.6, TV-01, TV-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.reconciliation.world import ACCOUNTANT, ACCOUNTS, EXPENSE, VENDOR, Line, World, collected

from tieout.kernel.access import Actor, CompanyNotPermitted
from tieout.kernel.calendar import NoOpenPeriodInWindow
from tieout.reconciliation.checks.rules import Check, Kind, Reason, State
from tieout.reconciliation.findings import queries
from tieout.reconciliation.findings.rules import Figure, GridRow, ResyncKeys, Totals
from tieout.reconciliation.windows.queries import preset
from tieout.reconciliation.windows.rules import Window

pytestmark = pytest.mark.usefixtures("databases")

DAY = date(2024, 3, 15)
MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))


def _figure(lines: int, amount: int | str) -> Figure:
    return Figure(lines, Decimal(amount))


def _totals(world: World, window: Window = MARCH) -> Totals:
    return queries.totals(actor=ACCOUNTANT, company=world.company, window=window)


def _rows(
    world: World, kind: Kind, check: Check, *, limit: int = 50, reason: Reason | None = None
) -> list[GridRow]:
    """Turn all pages of a grid."""
    found: list[GridRow] = []
    after = None
    while True:
        page = queries.page(
            actor=ACCOUNTANT,
            company=world.company,
            kind=kind,
            check=check,
            window=MARCH,
            after=after,
            limit=limit,
            reason=reason,
        )
        found += page.rows
        after = page.after
        if after is None:
            return found


def test_tiles_of_the_original(world_of_tiles: World) -> None:
    """TV-01: 4,000 / 5,000 / 5,000 / 23,000; unreconciled 9,000 and 28,000, which are the balances."""
    world = world_of_tiles
    totals = _totals(world)
    assert totals.view(VENDOR, Check.MISSING_JOURNAL_LINES) == _figure(1, 23_000)
    assert totals.view(VENDOR, Check.MISSING_ACTUALS) == _figure(1, 5_000)
    assert totals.view(EXPENSE, Check.MISSING_JOURNAL_LINES) == _figure(5, 5_000)
    assert totals.view(EXPENSE, Check.MISSING_ACTUALS) == _figure(40, 4_000)
    assert totals.view(EXPENSE, Check.RECONCILED) == _figure(1, "12.34")
    assert totals.view(EXPENSE, Check.ALL) == _figure(46, "9012.34")
    assert queries.unreconciled(actor=ACCOUNTANT, company=world.company, window=MARCH) == {
        EXPENSE: _figure(45, 9_000),
        VENDOR: _figure(2, 28_000),
    }
    for kind, balance in ((EXPENSE, 9_000), (VENDOR, 28_000)):
        proof = queries.proof_of_balance(
            actor=ACCOUNTANT, company=world.company, kind=kind, as_of=date(2024, 3, 31)
        )
        assert proof is not None
        assert (proof.balance, proof.unexplained) == (Decimal(balance), Decimal(0))


@pytest.fixture
def world_of_tiles() -> World:
    world = World()
    for _ in range(40):
        world.post(EXPENSE, 100, DAY)
    for _ in range(5):
        world.staged(world.post(EXPENSE, 1_000, DAY))
    world.cleared(world.post(EXPENSE, Decimal("12.34"), DAY))
    world.post(VENDOR, 5_000, DAY)
    world.staged(world.post(VENDOR, 23_000, DAY))
    collected()
    return world


def test_every_view_lists_what_its_total_counts(world_of_tiles: World) -> None:
    totals = _totals(world_of_tiles)
    for kind in Kind:
        for check in Check:
            rows = _rows(world_of_tiles, kind, check, limit=7)
            listed = Figure(len(rows), sum((row.accounting_amount for row in rows), Decimal(0)))
            assert listed == totals.view(kind, check), (kind, check)
            assert len({row.line_id for row in rows}) == len(rows)


def _one_per_reason(world: World) -> dict[Reason, Line]:
    lines = {reason: world.post(VENDOR, 100 + number, DAY) for number, reason in enumerate(Reason)}
    for reason in (Reason.NOT_APPROVED, Reason.NO_ACTUAL, Reason.ACTUAL_NOT_SYNCED_BACK):
        world.arrive(lines[reason])
    for reason in (Reason.NO_ACTUAL, Reason.ACTUAL_NOT_SYNCED_BACK):
        world.approve(lines[reason])
    world.actual(lines[Reason.ACTUAL_NOT_SYNCED_BACK])
    world.staged(lines[Reason.NOT_IMPORTED])
    world.journal(lines[Reason.DRAFT], world.staged(lines[Reason.DRAFT]))
    refused = lines[Reason.REFUSED]
    world.refuse(world.journal(refused, world.staged(refused)))
    collected()
    return lines


def test_each_reason_is_the_first_hop_that_a_line_lacks() -> None:
    world = World()
    lines = _one_per_reason(world)
    rows = _rows(world, VENDOR, Check.ALL)
    assert {row.line_id: row.reason for row in rows} == {line.id: reason for reason, line in lines.items()}
    totals = _totals(world)
    assert totals.reasons(VENDOR, Check.MISSING_ACTUALS) == {
        Reason.NOT_SYNCED_TO_OPERATIONS: _figure(1, 100),
        Reason.NOT_APPROVED: _figure(1, 101),
        Reason.NO_ACTUAL: _figure(1, 102),
        Reason.ACTUAL_NOT_SYNCED_BACK: _figure(1, 103),
    }
    assert totals.reasons(VENDOR, Check.MISSING_JOURNAL_LINES) == {
        Reason.NOT_IMPORTED: _figure(1, 104),
        Reason.DRAFT: _figure(1, 105),
        Reason.REFUSED: _figure(1, 106),
    }
    (row,) = _rows(world, VENDOR, Check.ALL, reason=Reason.DRAFT)
    assert row.line_id == lines[Reason.DRAFT].id


def test_reconciled_needs_every_cost_actual_posted() -> None:
    """N9: two cost actuals of one line; while one is not posted the line is missing journal lines."""
    world = World()
    line = world.post(VENDOR, 100, DAY)
    world.cleared(line, amount=Decimal(60))
    second = world.actual(line)
    world.stage(line, second)
    journal_line = world.journal(line, second, amount=Decimal(40))
    collected()
    assert _totals(world).view(VENDOR, Check.MISSING_JOURNAL_LINES) == _figure(1, 100)
    world.post_journal(journal_line)
    collected()
    totals = _totals(world)
    assert totals.view(VENDOR, Check.RECONCILED) == _figure(1, 100)
    assert totals.view(VENDOR, Check.AMOUNT_DIFFERENCES) == _figure(0, 0)


def test_sales_actuals_do_not_stand_for_the_cost() -> None:
    world = World()
    line = world.post(VENDOR, 100, DAY)
    world.arrive(line)
    world.approve(line)
    world.actual(line)
    sales = world.actual(line, transaction_type="unbilled_sales")
    world.stage(line, sales, transaction_type="unbilled_sales")
    collected()
    assert _totals(world).reasons(VENDOR, Check.MISSING_ACTUALS) == {
        Reason.ACTUAL_NOT_SYNCED_BACK: _figure(1, 100)
    }


def test_amount_differences_are_reconciled_lines_at_another_cost() -> None:
    world = World()
    world.cleared(world.post(EXPENSE, 100, DAY), amount=Decimal("99.99"))
    world.cleared(world.post(EXPENSE, 100, DAY))
    collected()
    (row,) = _rows(world, EXPENSE, Check.AMOUNT_DIFFERENCES)
    assert (row.accounting_amount, row.credited_amount, row.state) == (
        Decimal(100),
        Decimal("99.99"),
        State.RECONCILED,
    )
    assert _totals(world).view(EXPENSE, Check.RECONCILED) == _figure(2, 200)


def test_grid_shows_the_columns_of_the_original() -> None:
    world = World()
    line = world.post(EXPENSE, Decimal("12.34"), DAY)
    journal_line = world.cleared(line)
    collected()
    (row,) = _rows(world, EXPENSE, Check.RECONCILED)
    assert (row.category_name, row.accounting_date, row.amount, row.currency_code, row.exchange_rate) == (
        "Hotel",
        DAY,
        Decimal("12.34"),
        "USD",
        Decimal(100),
    )
    assert (row.voucher, row.project_number, row.project_name, row.actual) == (
        line.voucher,
        "P-1",
        "Bridge",
        True,
    )
    assert (row.journal_number, row.journal_amount, row.journal_currency) == (
        journal_line.journal,
        Decimal("12.34"),
        "USD",
    )
    assert row.posted_at is not None
    assert (row.party_account, row.document_number, row.line_number) == ("R-1", line.number, 1)


def test_pages_go_by_day_and_line_across_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_STRETCH", 2)
    monkeypatch.setattr(queries, "_STRETCH_GROWTH", 2)
    world = World()
    lines = [world.post(EXPENSE, 1, date(2024, 3, 1 + number % 5)) for number in range(23)]
    for line in lines[::3]:
        world.staged(line)
    collected()
    rows = _rows(world, EXPENSE, Check.MISSING_JOURNAL_LINES, limit=3)
    assert [(row.accounting_date, row.line_id) for row in rows] == sorted((x.day, x.id) for x in lines[::3])


def test_any_window_may_be_asked_and_older_counts_what_lies_before_it() -> None:
    world = World()
    for month in (1, 2, 3, 4):
        world.post(VENDOR, 10**month, date(2024, month, 29))
    world.cleared(world.post(VENDOR, 7, date(2024, 1, 1)))
    collected()
    assert _totals(world).view(VENDOR, Check.MISSING_ACTUALS) == _figure(1, 1_000)
    older = queries.older(actor=ACCOUNTANT, company=world.company, kind=VENDOR, window=MARCH)
    assert older == _figure(2, 110)
    one_day = Window(date(2024, 2, 29), date(2024, 2, 29))
    assert _totals(world, one_day).view(VENDOR, Check.ALL) == _figure(1, 100)


def test_preset_window_starts_with_the_first_open_period_of_two_fiscal_years() -> None:
    """TV-02: January and February 2024 closed, May 2022 left open."""
    world = World()
    world.periods(2022, closed=frozenset(range(1, 13)) - {5})
    world.periods(2023, closed=frozenset(range(1, 13)))
    world.periods(2024, closed=frozenset({1, 2}))
    world.periods(2025)
    collected()
    today = date(2025, 1, 8)
    assert preset(actor=ACCOUNTANT, company=world.company, today=today) == Window(date(2024, 3, 1), today)
    then = date(2023, 6, 1)
    assert preset(actor=ACCOUNTANT, company=world.company, today=then) == Window(date(2022, 5, 1), then)
    for none_open in (
        date(2026, 1, 1),
        date(2024, 1, 8),
    ):  # no fiscal year; the first open period is still to come
        with pytest.raises(NoOpenPeriodInWindow):
            preset(actor=ACCOUNTANT, company=world.company, today=none_open)
    proof = queries.proof_of_balance(
        actor=ACCOUNTANT, company=world.company, kind=VENDOR, as_of=date(2024, 1, 31)
    )
    assert proof is not None
    assert (proof.balance, proof.unexplained) == (Decimal(0), Decimal(0))


def test_sync_gets_the_lines_that_never_left_and_the_actuals_that_never_came() -> None:
    world = World()
    lines = _one_per_reason(world)
    second = world.post(VENDOR, 9, DAY)
    world.arrive(second)
    world.approve(second)
    cost = world.actual(second)
    sales = world.actual(second, transaction_type="unbilled_sales")
    world.actual(second, transaction_type="billed_sales", skip_sync=True)
    collected()

    def keys(reason: Reason, limit: int = 100) -> ResyncKeys:
        return queries.keys_to_resync(
            actor=ACCOUNTANT, company=world.company, kind=VENDOR, window=MARCH, reason=reason, limit=limit
        )

    never_left = lines[Reason.NOT_SYNCED_TO_OPERATIONS]
    (key,) = keys(Reason.NOT_SYNCED_TO_OPERATIONS).keys
    assert (key.line_id, key.document_id, key.actual_id) == (never_left.id, never_left.document_id, None)
    never_came = keys(Reason.ACTUAL_NOT_SYNCED_BACK)
    assert len(never_came.keys) == 3
    assert {cost, sales} < {key.actual_id for key in never_came.keys}
    assert never_came.after is None
    assert keys(Reason.ACTUAL_NOT_SYNCED_BACK, limit=1).after is not None
    assert keys(Reason.NOT_APPROVED).keys == ()


def test_companies_are_a_boundary() -> None:
    world = World()
    World(company="GBSI")
    world.post(EXPENSE, 1, DAY)
    collected()
    stranger = Actor("olga", frozenset({"auditor"}), frozenset({"GBSI"}))
    with pytest.raises(CompanyNotPermitted):
        queries.totals(actor=stranger, company=world.company, window=MARCH)
    assert {account.company_code for account in queries.accounts(actor=stranger)} == {"GBSI"}
    assert {(a.company_code, a.kind, a.account) for a in queries.accounts(actor=ACCOUNTANT)} == {
        (company, kind, ACCOUNTS[kind]) for company in ("GBSI", "USMF") for kind in Kind
    }
    found = queries.totals(actor=stranger, company="GBSI", window=MARCH)
    assert found.view(EXPENSE, Check.ALL) == _figure(0, 0)
