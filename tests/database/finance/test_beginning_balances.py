"""Beginning balances and cut-over: subledger, no ledger (finance spec 2.13, TV-20)."""

from __future__ import annotations

import json
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    AUDITOR,
    COMPANY,
    COST_ACCOUNT,
    PAYROLL_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    table,
    value,
)

from tieout.database.aliases import FINANCE
from tieout.finance.imports.actions import Imported, import_beginning_balances, import_from_staging
from tieout.finance.journalkeeping.actions import delete_lines
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.journals.queries import journal_lines
from tieout.finance.ledgers.actions import enter_set_up
from tieout.finance.staging.queries import waiting_staging
from tieout.finance.vouchers.queries import trial_balance
from tieout.kernel.access import Actor, Role, VerbNotPermitted

OWNER = Actor("olga", frozenset({Role.ADMINISTRATOR, Role.PROJECT_ACCOUNTANT}), None)
CUT_OFF = date(2024, 3, 31)
BEFORE, AFTER = date(2024, 3, 15), date(2024, 4, 1)
HOUR: dict[str, Any] = {"source_kind": "time_entry"}
JOURNALS = "select number, kind, status, line_count from finance_integration_journal order by id"
POSTED = (
    "select l.amount, l.transaction_type, v.accounting_date,"
    " (select count(*) from finance_voucher_line e where e.voucher_id = v.id)"
    " from finance_voucher v join finance_integration_journal_line l on l.id = v.document_id order by 1"
)


@pytest.fixture
def cut_over(world: World) -> World:
    """The company begins with tieout on 1 April 2024; March is closed for good."""
    world.parameters(beginning_balances_until=CUT_OFF)
    world.status(date(2024, 3, 1), "on_hold")
    return world


def imported() -> Imported:
    return import_from_staging(actor=ACCOUNTANT, company=COMPANY)


def brought_in() -> Imported:
    return import_beginning_balances(actor=ACCOUNTANT, company=COMPANY)


def post() -> PostedJournals:
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY)


def beginning() -> tuple[int, Decimal]:
    waiting = waiting_staging(actor=AUDITOR, company=COMPANY)
    return waiting.beginning, waiting.beginning_amount


def sold(kind: str, amount: str, on: date, world: World) -> list[uuid.UUID]:
    return world.stage(amount, **HOUR, transaction_type=kind, on=on)


def test_tv_20_beginning_balances_enter_the_subledger_and_not_the_ledger(cut_over: World) -> None:
    """Cost, unbilled and billed sales of March get a voucher number; the ledger of March is not touched.

    TV-20.
    """
    cut_over.rule(cut_over.profile("TM", accrue_time=True))
    cut_over.stage("100.00", **HOUR, on=BEFORE)
    cut_over.stage("1.00", **HOUR, on=CUT_OFF)
    sold("unbilled_sales", "150.00", BEFORE, cut_over)
    sold("billed_sales", "170.00", BEFORE, cut_over)
    cut_over.stage("200.00", **HOUR, on=AFTER)
    assert imported() == Imported(1, Decimal(200), 1, 0)
    assert beginning() == (4, Decimal(421))
    assert imported() == Imported()
    assert beginning() == (4, Decimal(421))
    assert brought_in() == Imported(4, Decimal(421), 1, 0)
    assert beginning() == (0, Decimal(0))
    assert table(JOURNALS) == [
        ("IJ0001", "integration", "draft", 1), ("IJ0002", "beginning_balance", "draft", 4),
    ]  # fmt: skip
    assert post() == PostedJournals(2, 0, 5, Decimal(200), 0)
    assert table(POSTED) == [
        (1, "cost", CUT_OFF, 0),
        (100, "cost", BEFORE, 0),
        (150, "unbilled_sales", BEFORE, 0),
        (170, "billed_sales", BEFORE, 0),
        (200, "cost", AFTER, 2),
    ]
    assert value("select sum(abs(accounting_amount)) from finance_voucher_line") == 400
    assert (
        value("select count(*) from outbox_entry where map = 'msdyn_actuals_posting'") == 5
    )  # all written back
    assert brought_in() == Imported()


def test_tv_20_of_every_billing_method_the_subledger_is_posted_and_the_ledger_unchanged(
    cut_over: World,
) -> None:
    """Time and materials, a fixed price in work in progress, no contract: each has its row, none an entry.

    The ledger of before is there already; what is posted after the cut-off stays as it is, to the cent.
    """
    cut_over.rule(cut_over.profile("TM", accrue_time=True))
    cut_over.rule(cut_over.profile("FP", "fixed_price", time_costs="balance"))
    fixed = {"project_id": cut_over.project_of(COMPANY, "P-2", situation="fixed_price").id}
    internal = {"project_id": cut_over.project_of(COMPANY, "P-3", situation="internal").id}
    for project in ({}, fixed, internal):
        cut_over.stage("200.00", **HOUR | project, on=AFTER)
    sold("unbilled_sales", "300.00", AFTER, cut_over)
    assert imported().lines == 4
    assert post().lines == 4

    def ledger() -> list[tuple[Any, ...]]:
        found = trial_balance(actor=AUDITOR, company=COMPANY, as_of=date(2024, 12, 31))
        return [(row.account, row.accounting_amount, row.reporting_amount) for row in found]

    before = ledger()
    assert {account: amount for account, amount, _ in before} == {
        WIP_COST_ACCOUNT: 200,
        WIP_SALES_ACCOUNT: 300,
        COST_ACCOUNT: 400,
        PAYROLL_ACCOUNT: -600,
        ACCRUED_ACCOUNT: -300,
    }
    cut_over.stage("100.00", **HOUR, on=BEFORE)
    sold("unbilled_sales", "150.00", BEFORE, cut_over)
    sold("billed_sales", "170.00", BEFORE, cut_over)
    cut_over.stage("10.00", **HOUR | fixed, on=BEFORE)
    cut_over.stage("1.00", **HOUR | internal, on=BEFORE)
    assert (imported(), brought_in()) == (Imported(), Imported(5, Decimal(431), 1, 0))
    assert post() == PostedJournals(1, 0, 5, Decimal(0), 0)
    [number] = [row[0] for row in table(JOURNALS) if row[1] == "beginning_balance"]
    lines = journal_lines(actor=AUDITOR, company=COMPANY, number=number)
    assert {(one.status, one.posted_on) for one in lines} == {("posted", BEFORE)}
    # The billed sale is invoiced: it waits for no proposal.
    assert [f"{one.project_number} {one.transaction_type} {one.amount:f}" for one in lines] == [
        "P-1 cost 100.0000",
        "P-1 unbilled_sales 150.0000",
        "P-1 billed_sales 170.0000",
        "P-2 cost 10.0000",
        "P-3 cost 1.0000",
    ]
    assert value("select count(*) from finance_staging_retry") == 0
    assert ledger() == before


def test_a_document_born_in_finance_is_no_beginning_balance(cut_over: World) -> None:
    """RC-10: its cost stands on an integration account, which a beginning balance would never clear."""
    cut_over.status(date(2024, 3, 1), "open")
    cut_over.stage("10.00", source_kind="vendor_invoice_line", on=BEFORE)
    cut_over.stage("20.00", source_kind="expense", on=BEFORE)
    cut_over.stage("40.00", source_kind="expense_entry", on=BEFORE)
    assert imported() == Imported(2, Decimal(30), 1, 0)
    assert beginning() == (1, Decimal(40))
    assert post() == PostedJournals(1, 0, 2, Decimal(30), 0)
    cleared = (
        "select sum(accounting_amount) from finance_voucher_line where posting_type like '%%_integration'"
    )
    assert value(cleared) == -30


def test_what_a_general_journal_sold_accrues_however_it_is_dated(cut_over: World) -> None:
    """Its cost stands in the ledger since the journal was posted; its sale belongs beside it."""
    cut_over.rule(cut_over.profile("TM", accrue_expense=True))
    cut_over.status(date(2024, 3, 1), "open")
    cut_over.stage(
        "70.00",
        transaction_type="unbilled_sales",
        transaction_class="expense",
        source_kind="general_journal_line",
        on=BEFORE,
    )
    assert imported() == Imported(1, Decimal(70), 1, 0)
    assert post().lines == 1
    assert table("select account, accounting_amount from finance_voucher_line order by line_no") == [
        (WIP_SALES_ACCOUNT, 70), (ACCRUED_ACCOUNT, -70),
    ]  # fmt: skip


def test_the_reversal_of_a_beginning_balance_posts_nothing(cut_over: World) -> None:
    [original] = cut_over.stage("100.00", **HOUR, on=BEFORE)
    imported()
    brought_in()
    post()
    cut_over.stage("-100.00", **HOUR, on=AFTER, reverses_id=original)
    assert imported().lines == 1
    assert post() == PostedJournals(1, 0, 1, Decimal(0), 0)
    assert value("select count(*) from finance_voucher_line") == 0


def test_a_cut_off_that_is_moved_moves_what_waits(cut_over: World) -> None:
    cut_over.stage("1.00", **HOUR, on=date(2024, 2, 10))
    cut_over.stage("2.00", **HOUR, on=BEFORE)
    imported()
    assert beginning() == (2, Decimal(3))
    cut_over.parameters(beginning_balances_until=date(2024, 2, 29))
    assert imported() == Imported(1, Decimal(2), 1, 0)
    assert beginning() == (1, Decimal(1))
    cut_over.parameters(beginning_balances_until=None)
    assert brought_in() == Imported()
    assert imported() == Imported(1, Decimal(1), 1, 0)


def test_billed_sales_that_a_later_cut_off_covers_are_beginning_balances(cut_over: World) -> None:
    cut_over.stage("7.00", **HOUR, on=AFTER, transaction_type="billed_sales")
    assert imported().refused == 1
    assert (imported(), brought_in()) == (Imported(), Imported())
    cut_over.parameters(beginning_balances_until=AFTER)
    assert imported() == Imported()
    assert brought_in() == Imported(1, Decimal(7), 1, 0)


def test_a_deleted_beginning_balance_waits_for_its_own_import(cut_over: World) -> None:
    cut_over.stage("1.00", **HOUR, on=BEFORE)
    imported()
    brought_in()
    delete_lines(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0001")
    assert imported() == Imported()
    assert brought_in() == Imported(1, Decimal(1), 1, 0)


def test_what_cannot_be_judged_is_refused_and_tried_again(cut_over: World) -> None:
    cut_over.stage("1.00", **HOUR, on=BEFORE, currency_code="JPY")
    imported()
    assert brought_in() == Imported(0, Decimal(0), 0, 1)
    assert value("select code from problem_log") == "IMP-104"
    assert waiting_staging(actor=AUDITOR, company=COMPANY).refused == 1
    assert imported() == Imported()


def test_bringing_in_needs_the_verb(cut_over: World) -> None:
    with pytest.raises(VerbNotPermitted):
        import_beginning_balances(actor=AUDITOR, company=COMPANY)


def test_the_cut_off_stays_once_a_journal_is_posted(cut_over: World) -> None:
    """Finance spec 1.12: what was brought in before and after would no longer meet at one date."""

    def entered(until: str | None, *, line_limit: int = 200) -> tuple[str, str, str, str]:
        record = {
            "row": 1, "company": COMPANY, "expense_integration_account": "1910",
            "procurement_integration_account": "1920", "period_unit": "months", "line_limit": line_limit,
            "auto_open_period": 0, "transfer_error_lines": 1, "beginning_balances_until": until,
            "general_journal_line_limit": 0, "manual_verification": 0, "block_payment": 0,
            "product_receipt_to_ledger": 0, "worker_dimensions": 0, "billing_tax_group_from": "search",
            "workspace_enabled": 1, "prevalidation": 0, "prevalidation_minutes": 5,
        }  # fmt: skip
        with transaction.atomic(using=FINANCE):
            [one] = enter_set_up(
                actor=OWNER,
                entity="integration_parameters",
                companies={COMPANY},
                records=json.dumps([record]),
            )
        return one.outcome, one.field, one.stored, one.value

    assert entered("2024-02-29")[0] == "changed"
    assert entered("2024-03-31")[0] == "changed"
    cut_over.stage("200.00", **HOUR, on=AFTER)
    imported()
    assert entered("2024-02-29")[0] == "changed"
    assert entered("2024-03-31")[0] == "changed"
    post()
    for until in ("2024-02-29", None):
        said = ("LOAD-210", "beginning_balances_until", "2024-03-31", until or "blank")
        assert entered(until, line_limit=7) == said
    assert value("select line_limit from finance_integration_parameters") == 200
    assert entered("2024-03-31", line_limit=7)[0] == "changed"
