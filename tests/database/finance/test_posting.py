"""Posting integration journals: accounts, dates, refusals, repeats, and the ledger afterwards."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from tests.database.finance.world import (
    ACCOUNTANT,
    AUDITOR,
    COMPANY,
    COST_ACCOUNT,
    EXPENSE_ACCOUNT,
    PAYROLL_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    World,
    rate,
    table,
    value,
)

from tieout.database.aliases import FINANCE
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals import actions
from tieout.finance.journals.actions import PostedJournals, load_posting_matrix, post_integration_journals
from tieout.finance.journals.queries import WaitingJournals, journal_lines, journals, waiting_journals
from tieout.finance.journals.rules import POSTING_MATRIX, JournalChoice
from tieout.finance.ledgers.models import ExchangeRate, PostingProfile
from tieout.finance.vouchers.queries import account_balance, trial_balance
from tieout.kernel.access import VerbNotPermitted
from tieout.kernel.problems import NOT_RECORDED, render
from tieout.problems.rules import AlreadyRunning

MARCH = date(2024, 3, 1)
YEAR_END = date(2025, 12, 31)
ENTRIES = (
    "select v.number, l.account, l.posting_type, l.amount, l.currency_code, l.accounting_amount,"
    " l.reporting_amount from finance_voucher_line l join finance_voucher v on v.id = l.voucher_id"
    " order by l.voucher_id, l.line_no"
)
VOUCHERS = "select number, accounting_date from finance_voucher order by id"
STATUS = "select number, status, posted_by from finance_integration_journal order by id"
PROBLEMS = (
    "select p.code, p.details ->> 'reason', r.problem_id is not null from problem_log p"
    " left join problem_resolution r on r.problem_id = p.id order by p.id"
)


def imported(world: World, *amounts: str, **actual: Any) -> list[uuid.UUID]:
    """Stage and import; return the keys of the actuals."""
    keys = world.stage(*amounts, **actual)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return keys


def post(numbers: list[str] | None = None) -> PostedJournals:
    return post_integration_journals(
        actor=ACCOUNTANT, company=COMPANY, only=JournalChoice(tuple(numbers or ()))
    )


def statuses(number: str = "IJ0001") -> list[tuple[str, str | None]]:
    lines = journal_lines(actor=AUDITOR, company=COMPANY, number=number)
    return [(line.status, line.code) for line in lines]


def test_cost_is_debited_and_the_document_of_origin_decides_the_credit(world: World) -> None:
    imported(world, "10.00")
    imported(world, "20.00", source_kind="expense")
    imported(world, "30.00", source_kind="time_entry", transaction_class="time")
    imported(world, "-1.00")
    assert post() == PostedJournals(1, 0, 4, Decimal(59), 0)
    assert [(row[0], row[1], row[2], row[5], row[6]) for row in table(ENTRIES)] == [
        ("IJV0001", COST_ACCOUNT, "cost", 10, Decimal("10.84")),
        ("IJV0001", PROCUREMENT_ACCOUNT, "procurement_integration", -10, Decimal("-10.84")),
        ("IJV0002", COST_ACCOUNT, "cost", 20, Decimal("21.67")),
        ("IJV0002", EXPENSE_ACCOUNT, "expense_integration", -20, Decimal("-21.67")),
        ("IJV0003", COST_ACCOUNT, "cost", 30, Decimal("32.51")),
        ("IJV0003", PAYROLL_ACCOUNT, "payroll_allocation", -30, Decimal("-32.51")),
        ("IJV0004", COST_ACCOUNT, "cost", -1, Decimal("-1.08")),  # a negative line swaps the sides
        ("IJV0004", PROCUREMENT_ACCOUNT, "procurement_integration", 1, Decimal("1.08")),
    ]
    assert table(STATUS) == [("IJ0001", "posted", "ada")]
    assert table(
        "select count(*) from outbox_entry e join finance_integration_journal_line l on l.id = e.key"
        " where e.map = 'msdyn_actuals_posting'"
    ) == [(4,)]
    assert table(
        "select count(distinct l.source_id) from finance_voucher v"
        " join finance_integration_journal_line l on l.id = v.document_id"
        " join finance_voucher_line e on e.voucher_id = v.id and e.source_line_id = l.source_id"
    ) == [(4,)]
    assert post() == PostedJournals()


def test_lines_of_nothing_and_sales_get_a_voucher_without_entries(world: World) -> None:
    PostingProfile.objects.all().delete()  # accounts that are not posted to are not looked for
    imported(world, "0.00")
    imported(world, "99.00", transaction_type="unbilled_sales")
    assert post() == PostedJournals(1, 0, 2, Decimal(0), 0)
    assert table(VOUCHERS) == [("IJV0001", date(2024, 3, 15)), ("IJV0002", date(2024, 3, 15))]
    assert table(ENTRIES) == []
    assert value("select count(*) from outbox_entry") == 2


def test_the_most_specific_account_wins(world: World) -> None:
    other = world.project.__class__.objects.create(
        id=uuid.uuid4(), number="P-2", name="", company_code=COMPANY, stage="", situation="internal"
    )
    world.account("cost", "6100", category_id=world.category.id)
    world.account("cost", "6200", project_id=world.project.id)
    world.account("cost", "6300", project_id=world.project.id, category_id=world.category.id)
    imported(world, "1.00")
    imported(world, "2.00", category_id=None)
    imported(world, "3.00", project_id=other.id)
    imported(world, "4.00", project_id=other.id, category_id=None)
    post()
    debits = table("select accounting_amount, account from finance_voucher_line where line_no = 1 order by 1")
    assert debits == [(1, "6300"), (2, "6200"), (3, "6100"), (4, COST_ACCOUNT)]


def test_what_waits_is_counted_in_lines_and_in_cost(world: World) -> None:
    imported(world, "100.00")
    imported(world, "120.00", transaction_type="unbilled_sales")
    assert waiting_journals(actor=AUDITOR, company=COMPANY) == [WaitingJournals("draft", 1, 2, Decimal(100))]


def test_a_closed_period_refuses_the_line_until_it_opens(world: World) -> None:
    imported(world, "1.00", on=date(2024, 2, 10))
    imported(world, "2.00", on=date(2024, 3, 10))
    world.parameters(period_unit="years")
    imported(world, "4.00", "8.00", on=date(2024, 2, 20))
    imported(world, "16.00", on=date(2024, 3, 20))
    world.status(date(2024, 2, 1), "on_hold")
    assert post() == PostedJournals(2, 2, 2, Decimal(18), 3)
    assert [(number, status) for number, status, _ in table(STATUS)] == [
        ("IJ0001", "error"), ("IJ0002", "posted"), ("IJ0003", "posted"), ("IJ0004", "error"),
    ]  # fmt: skip
    assert statuses("IJ0003") == [("posted", None)]
    assert statuses("IJ0004") == [("error", "PST-201"), ("error", "PST-201")]
    assert [row[0] for row in table(PROBLEMS)] == ["PST-201"] * 3
    assert waiting_journals(actor=AUDITOR, company=COMPANY) == [WaitingJournals("error", 2, 3, Decimal(13))]
    world.status(date(2024, 2, 1), "open")
    assert post() == PostedJournals()  # an error journal is not tried again by itself
    assert update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0004")
    assert not update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0002")
    assert statuses("IJ0004") == [("draft", None), ("draft", None)]
    assert post() == PostedJournals(1, 0, 2, Decimal(12), 0)
    assert [over for _, _, over in table(PROBLEMS)] == [False, True, True]
    assert value("select count(distinct number) from finance_voucher") == 4


def test_the_date_is_decided_again_at_posting(world: World) -> None:
    """Finance spec 7, pain 8: the automatic open period is followed again when they are posted."""
    imported(world, "1.00", on=date(2024, 3, 10))
    world.status(MARCH, "permanently_closed")
    world.status(date(2024, 4, 1), "on_hold")
    world.parameters(auto_open_period=True)
    assert post().lines == 1
    assert table(VOUCHERS) == [("IJV0001", date(2024, 5, 1))]
    imported(world, "1.00", on=date(2025, 12, 10))
    world.status(date(2025, 12, 1), "on_hold")
    assert post().refused == 1
    assert [row[0] for row in table(PROBLEMS)] == ["PST-202"]


def test_a_missing_account_refuses_only_its_lines_and_says_which(world: World) -> None:
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    imported(world, "1.00", "2.00")
    imported(world, "4.00", source_kind="time_entry")
    assert post() == PostedJournals(1, 1, 2, Decimal(3), 1)
    reason = "DOC-101, no payroll allocation account for project P-1 and category TRAVEL"
    assert table(PROBLEMS) == [("PST-203", reason, False)]
    [line] = [line for line in journal_lines(actor=AUDITOR, company=COMPANY, number="IJ0002") if line.code]
    assert line.details["voucher"] == "IJV0003"
    assert line.details["reason_code"] == "DOC-101"
    update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0002")
    assert post() == PostedJournals(0, 1, 0, Decimal(0), 1)
    update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0002")
    assert post() == PostedJournals(0, 1, 0, Decimal(0), 1)
    # the first named journal IJ0001; after that nothing changed, and nothing more is logged
    assert table(PROBLEMS) == [("PST-203", reason, True), ("PST-203", reason, False)]
    world.account("payroll_allocation", PAYROLL_ACCOUNT)
    update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0002")
    assert post() == PostedJournals(1, 0, 1, Decimal(4), 0)
    assert table(PROBLEMS) == [("PST-203", reason, True)] * 2
    assert value("select count(*) from finance_journal_line_error") == 3


def test_each_reason_inside_a_refusal(world: World) -> None:
    imported(world, "1.00")
    ExchangeRate.objects.all().delete()
    found, reasons = [], []
    for break_it in (
        lambda: None,
        lambda: PostingProfile.objects.all().delete(),
        lambda: world.parameters(procurement_integration_account=""),
        lambda: world.account("cost", COST_ACCOUNT),
        lambda: connections[FINANCE].cursor().execute("delete from finance_posting_rule"),
        lambda: world.project.__class__.objects.update(situation="closed", stage="complete"),
    ):
        break_it()
        assert post().refused == 1
        found.append(value("select details ->> 'reason' from problem_log order by id desc limit 1"))
        details = value("select details::text from problem_log order by id desc limit 1")
        reasons.append(render("PST-203", json.loads(details)).nested()[1])
        assert update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0001")
    assert not [text for text in reasons if NOT_RECORDED in text.message + text.cause + text.remedy]
    assert found == [
        "DOC-102, no exchange rate from EUR to USD on 2024-03-15",
        "DOC-101, no cost account for project P-1 and category TRAVEL",
        "DOC-101, no cost account for project P-1 and category TRAVEL",
        "DOC-107, no procurement integration account",
        "IMP-108, no journal line for cost of class expense from vendor invoice line in the posting matrix",
        "INT-701, project P-1 is complete",
    ]


def test_a_closed_project_takes_the_counter_entry_of_what_is_posted(world: World) -> None:
    """A contract closed as lost closes its projects; what it had posted is taken back all the same (E24)."""
    [posted] = imported(world, "100.00")
    assert post().lines == 1
    [waiting] = imported(world, "7.00", on=date(2024, 3, 16))
    world.project.__class__.objects.update(situation="closed", stage="closed")
    world.stage("-100.00", reverses_id=posted)
    world.stage("-7.00", reverses_id=waiting)
    imported(world, "-1.00")
    done = post()
    # the counter-entry of what is posted; neither new cost, nor the reversal of what never was
    assert (done.lines, done.refused) == (1, 3)
    assert table("select distinct details ->> 'reason' from problem_log") == [
        ("INT-701, project P-1 is closed",)
    ]
    assert value("select sum(amount) from finance_voucher_line where posting_type = 'cost'") == Decimal(0)


def test_slices_are_bounded_and_a_large_journal_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 10)
    monkeypatch.setattr(actions, "JOURNALS_MAX", 2)
    world.parameters(period_unit="days", line_limit=0)
    for day, lines in ((1, 4), (2, 35), (3, 6), (4, 3), (5, 10)):
        world.stage(*["1.00"] * lines, on=date(2024, 3, day))
    world.stage("1.00", on=date(2024, 3, 2), source_kind="time_entry")
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    assert post() == PostedJournals(5, 1, 58, Decimal(58), 1)
    assert [status for _, status, _ in table(STATUS)] == [*["posted"] * 5, "error"]


def test_a_refusal_in_an_early_slice_is_known_at_the_end_of_its_journal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 2)
    world.status(MARCH, "on_hold")
    world.parameters(period_unit="all")
    world.stage("1.00", on=date(2024, 3, 31))
    world.stage(*["1.00"] * 6, on=date(2024, 4, 1))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert post() == PostedJournals(1, 1, 6, Decimal(6), 1)


def test_journals_can_be_chosen(world: World) -> None:
    imported(world, "1.00")
    imported(world, "2.00", on=date(2024, 4, 1))
    assert post(["IJ0002", "none"]) == PostedJournals(1, 0, 1, Decimal(2), 0)
    found = journals(actor=AUDITOR, company=COMPANY)
    assert [(row.number, row.status) for row in found] == [("IJ0002", "posted"), ("IJ0001", "draft")]
    assert journals(actor=AUDITOR, company=COMPANY, before=found[0].id, rows_max=1) == found[1:]


def test_two_postings_at_once_post_each_line_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 10)
    world.parameters(line_limit=10)
    imported(world, *["1.00"] * 200)
    start = threading.Barrier(3)
    posted: list[int] = []

    def work() -> None:
        start.wait()
        try:
            posted.append(post().lines)
        except AlreadyRunning:
            posted.append(0)
        connections[FINANCE].close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(posted) == 200
    assert table("select count(*), count(distinct document_id) from finance_voucher") == [(200, 200)]
    assert value("select count(*) from outbox_entry") == 200


def test_importing_while_posting_loses_no_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 7)
    world.parameters(period_unit="all", line_limit=50)
    for _ in range(30):
        world.stage(*["1.00"] * 5)
    start = threading.Barrier(2)

    def importing() -> None:
        start.wait()
        import_from_staging(actor=ACCOUNTANT, company=COMPANY)
        connections[FINANCE].close()

    thread = threading.Thread(target=importing)
    thread.start()
    start.wait()
    while thread.is_alive():
        post()
    thread.join()
    post()
    assert value("select count(*) from finance_voucher") == 150
    assert table("select distinct status from finance_integration_journal") == [("posted",)]


def test_the_integration_account_clears_and_the_ledger_is_zero(world: World) -> None:
    world.invoice("0.10", "0.10", "0.10", "1234.56", "-7.77")
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    for source, amount in table("select id, accounting_amount from finance_vendor_invoice_line"):
        world.stage(str(amount), source_id=source, accounting_amount=amount, exchange_rate=Decimal(100))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    post()
    balance = account_balance(actor=AUDITOR, company=COMPANY, account=PROCUREMENT_ACCOUNT, as_of=YEAR_END)
    assert (balance.accounting_amount, balance.reporting_amount, balance.entries) == (
        Decimal(0),
        Decimal(0),
        10,
    )
    rows = trial_balance(actor=AUDITOR, company=COMPANY, as_of=YEAR_END)
    assert (sum(r.accounting_amount for r in rows), sum(r.reporting_amount for r in rows)) == (0, 0)


def test_the_reporting_currency_takes_the_rate_of_the_posting_date(world: World) -> None:
    rate("EUR", "USD", "33.333333", valid_from=date(2024, 4, 1))
    imported(world, "0.01", "0.02", "100.00", on=date(2024, 4, 1))
    post()
    assert [row[6] for row in table(ENTRIES)] == [
        Decimal(cents) for cents in ("0.00", "0.00", "0.01", "-0.01", "33.33", "-33.33")
    ]


def test_the_matrix_in_the_database_is_the_file(databases: None) -> None:
    query = (
        "select transaction_type, transaction_class, source_kind, treatment, goes_to, project_company,"
        " debit, credit from finance_posting_rule order by 1, 2, 3, 4"
    )
    rows = table(query)
    assert rows == sorted(
        (
            row.transaction_type,
            row.transaction_class,
            row.source_kind,
            row.treatment,
            row.goes_to,
            row.project_company,
            row.debit or "",
            row.credit or "",
        )
        for row in POSTING_MATRIX
    )
    assert len(rows) == 180
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("update finance_posting_rule set debit = 'x' where source_kind = 'expense'")
        cursor.execute("update finance_posting_rule set goes_to = 'x' where source_kind = 'journal_line'")
        cursor.execute(
            "update finance_posting_rule set source_kind = 'gone' where source_kind = 'time_entry'"
        )
    load_posting_matrix()
    load_posting_matrix()
    assert table(query) == rows


def test_posting_needs_the_verb(world: World) -> None:
    with pytest.raises(VerbNotPermitted):
        post_integration_journals(actor=AUDITOR, company=COMPANY)
    with pytest.raises(VerbNotPermitted):
        update_to_draft(actor=AUDITOR, company=COMPANY, journal_number="IJ0001")
