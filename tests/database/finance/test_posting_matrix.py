"""Every kind of actual that operations can send, imported and posted: generated from the posting matrix."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    AUDITOR,
    COMPANY,
    COST_ACCOUNT,
    EXPENSE_ACCOUNT,
    EXPENSE_OFFSET_ACCOUNT,
    ITEM_ACCOUNT,
    PAYROLL_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_ITEM_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    rate,
    table,
    value,
)

from tieout.finance.imports.actions import Imported, import_from_staging
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.journals.queries import WaitingJournals, waiting_journals
from tieout.finance.journals.rules import (
    POSTING_MATRIX,
    GoesTo,
    MatrixRow,
    ProjectCompany,
    SourceKind,
    TransactionClass,
    TransactionType,
    Treatment,
)
from tieout.finance.ledgers.models import PostingProfile
from tieout.finance.mirrors.models import Project
from tieout.finance.staging.queries import WaitingStaging, waiting_staging
from tieout.kernel.problems import render

BORROWER, ACCRUING_BORROWER = "BE01", "DE01"
ACCOUNTS = {
    "cost": COST_ACCOUNT,
    "payroll_allocation": PAYROLL_ACCOUNT,
    "expense_offset": EXPENSE_OFFSET_ACCOUNT,
    "cost_item": ITEM_ACCOUNT,
    "wip_cost_value": WIP_COST_ACCOUNT,
    "wip_cost_value_item": WIP_ITEM_ACCOUNT,
    "wip_sales_value": WIP_SALES_ACCOUNT,
    "accrued_revenue": ACCRUED_ACCOUNT,
    "procurement_integration": PROCUREMENT_ACCOUNT,
    "expense_integration": EXPENSE_ACCOUNT,
}
AMOUNT, IN_DOLLARS = Decimal("33.33"), Decimal("36.12")  # at 108.37: 36.1197
COSTED = {TransactionClass.TIME, TransactionClass.EXPENSE, TransactionClass.MATERIAL}


def can_be(row: MatrixRow) -> bool:
    """Return whether set-up can lead to a row; the others stand there so that every key has its answer."""
    match row.transaction_type, row.treatment:
        case TransactionType.COST, Treatment.NO_LEDGER | Treatment.NEVER_LEDGER:
            return row.transaction_class is TransactionClass.TIME or is_received(row)
        case TransactionType.COST, Treatment.BALANCE:
            return row.transaction_class in COSTED
        case TransactionType.UNBILLED_SALES, Treatment.ACCRUED:
            return row.transaction_class in {*COSTED, TransactionClass.FEE}
    return True


def is_received(row: MatrixRow) -> bool:
    """Return whether it never enters the ledger because product receipts do, not by its profile."""
    return (
        row.transaction_type is TransactionType.COST
        and row.transaction_class is TransactionClass.EXPENSE
        and row.treatment is Treatment.NEVER_LEDGER
        and row.source_kind in {SourceKind.EXPENSE_ENTRY, SourceKind.JOURNAL_LINE}
    )


POSTED = [row for row in POSTING_MATRIX if row.goes_to is GoesTo.INTEGRATION_JOURNAL]
KEPT_BACK = [row for row in POSTING_MATRIX if row not in POSTED and can_be(row)]
ENTRIES = (
    "select j.actual_id, l.line_no, l.account, l.posting_type, l.accounting_amount, l.reporting_amount,"
    " l.project_id"
    " from finance_integration_journal_line j join finance_voucher v on v.document_id = j.id"
    " left join finance_voucher_line l on l.voucher_id = v.id"
    " order by j.actual_id, l.line_no"
)
REFUSED = "select actual_id, code, attempts from finance_staging_retry order by actual_id"
REASON = "select details ->> 'reason' from problem_log order by id desc limit 1"


def stage(world: World, row: MatrixRow, *amounts: str, project: Project, **actual: Any) -> list[uuid.UUID]:
    """Land one delivery batch of actuals of one kind of the matrix."""
    return world.stage(
        *amounts,
        transaction_type=row.transaction_type,
        transaction_class=row.transaction_class,
        source_kind=row.source_kind,
        subcontract="S-1" if is_received(row) else "",
        **{"project_id": project.id, "category_id": None} | actual,
    )


def projects(world: World) -> dict[tuple[ProjectCompany, Treatment], Project]:
    """Return a project per treatment: own ones by profile, and those of companies that borrow."""
    time = {"time_costs": "balance"}
    every = dict.fromkeys(("accrue_time", "accrue_expense", "accrue_material", "accrue_fee"), True)
    profiles: dict[Treatment, dict[str, Any]] = {
        Treatment.PROFIT_AND_LOSS: {},
        Treatment.BALANCE: time | {"expense_costs": "balance", "material_costs": "balance"},
        Treatment.NO_LEDGER: {"time_costs": "no_ledger"},
        Treatment.NEVER_LEDGER: {"time_costs": "never_ledger"},
        Treatment.ACCRUED: every,
        Treatment.NOT_ACCRUED: {},
    }
    found = {}
    for treatment, profile in profiles.items():
        project = world.project_of(COMPANY, number=f"P-{treatment}")
        world.rule(world.profile(treatment, **profile), project_id=project.id)
        found[ProjectCompany.OWN, treatment] = project
    world.lend(BORROWER)
    world.lend(ACCRUING_BORROWER, accrue_revenue=True)
    for treatment in Treatment:
        found[ProjectCompany.OTHER, treatment] = world.project_of(
            ACCRUING_BORROWER if treatment is Treatment.ACCRUED else BORROWER, number=f"L-{treatment}"
        )
    return found


def kind(row: MatrixRow) -> tuple[str, str, str]:
    """Return what operations says of an actual; its treatment is finance's."""
    return row.transaction_type, row.transaction_class, row.source_kind


def run() -> Imported:
    return import_from_staging(actor=ACCOUNTANT, company=COMPANY)


def post() -> PostedJournals:
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY)


def refused() -> list[tuple[str, int]]:
    return [(code, attempts) for _, code, attempts in table(REFUSED)]


def said() -> list[str]:
    """Return what the problem log says, in words."""
    rows = table("select code, details::text from problem_log order by id")
    return [render(code, json.loads(details)).message for code, details in rows]


def entries_of(row: MatrixRow, sign: int, project: Project) -> list[tuple[Any, ...]]:
    """Return the ledger entries that a line of ``row`` makes, by the table."""
    if row.debit is None or row.credit is None:
        return []
    of = project.id if row.project_company is ProjectCompany.OWN else None
    return [
        (1, ACCOUNTS[row.debit], row.debit, sign * AMOUNT, sign * IN_DOLLARS, of),
        (2, ACCOUNTS[row.credit], row.credit, -sign * AMOUNT, -sign * IN_DOLLARS, of),
    ]


def test_every_row_posts_its_pair_and_swaps_it_for_a_negative_line(world: World) -> None:
    world.parameters(product_receipt_to_ledger=True)
    of = projects(world)
    expected: dict[uuid.UUID, list[tuple[Any, ...]]] = {}
    for row in POSTED:
        project = of[row.project_company, row.treatment]
        plus, minus = stage(world, row, str(AMOUNT), str(-AMOUNT), project=project)
        expected[plus] = entries_of(row, 1, project)
        expected[minus] = entries_of(row, -1, project)
    assert run() == Imported(182, Decimal(0), 1, 0)
    assert post() == PostedJournals(1, 0, 182, Decimal(0), 0)
    found: dict[uuid.UUID, list[tuple[Any, ...]]] = {}
    for actual, *entry in table(ENTRIES):
        found.setdefault(actual, []).extend([tuple(entry)] if entry[0] is not None else [])
    assert found == expected
    assert Counter(map(len, found.values())) == {2: 114, 0: 68}  # 57 rows that post, 34 that do not
    assert table(
        "select count(distinct voucher_id), sum(accounting_amount), sum(reporting_amount),"
        " max(abs(accounting_amount))"
        " from finance_voucher_line"
    ) == [(114, 0, 0, AMOUNT)]
    assert value("select count(distinct number) from finance_voucher") == 182
    assert value("select count(*) from outbox_entry where map = 'msdyn_actuals_posting'") == 182


def test_every_other_row_is_kept_back_with_its_reason_and_none_is_lost(world: World) -> None:
    of = projects(world)
    expected = {}
    for row in KEPT_BACK:
        [actual] = stage(world, row, "10.00", project=of[row.project_company, row.treatment])
        expected[actual] = "IMP-110" if row.goes_to is GoesTo.INVOICE_PROPOSAL else "IMP-108"
    assert Counter(expected.values()) == {"IMP-110": 18, "IMP-108": 38}
    for attempt, refused in ((1, 56), (2, 38)):  # no import tries billed sales again
        assert run() == Imported(0, Decimal(0), 0, refused)
        assert {actual: (code, tried) for actual, code, tried in table(REFUSED)} == {
            actual: (code, 1 if code == "IMP-110" else attempt) for actual, code in expected.items()
        }
    assert value("select count(*) from problem_log") == 56  # logged once, not once per run
    assert post() == PostedJournals()
    waiting = waiting_staging(actor=AUDITOR, company=COMPANY)
    assert waiting == WaitingStaging(0, 0, Decimal(0), 56, Decimal(560))


def test_a_retainer_of_an_entry_journal_is_entered_as_a_pair_of_which_the_billed_half_waits(
    world: World,
) -> None:
    """Operations spec 6: a retainer is entered as unbilled and billed sales."""
    retainer: dict[str, Any] = {
        "transaction_class": "retainer",
        "source_kind": "journal_line",
        "category_id": None,
        "billing_type": "not_available",
    }
    world.stage("-5000.00", transaction_type="unbilled_sales", **retainer)
    [billed] = world.stage("5000.00", transaction_type="billed_sales", **retainer)
    assert run() == Imported(1, Decimal(-5000), 1, 1)
    assert post() == PostedJournals(1, 0, 1, Decimal(0), 0)
    assert value("select count(*) from finance_voucher_line") == 0
    assert table(REFUSED) == [(billed, "IMP-110", 1)]
    assert said() == [
        "Billed sales of class retainer, 5000 EUR on project P-1, wait for their invoice proposal."
    ]


def test_a_kind_that_the_matrix_does_not_know_waits_too(world: World) -> None:
    world.stage("1.00", source_kind="time_entry", transaction_class="material")
    world.stage("1.00", source_kind="milk_round")
    assert run().refused == 2
    assert said() == [
        "No journal line is made of cost, class material, from time entry in company NL01.",
        "No journal line is made of cost, class expense, from milk round in company NL01.",
    ]


@pytest.mark.parametrize("transaction_type", sorted({row.transaction_type for row in POSTED}))
def test_the_project_of_the_wrong_company_is_refused_until_it_is_the_right_one(
    world: World, transaction_type: TransactionType
) -> None:
    rows = list({kind(row): row for row in POSTED if row.transaction_type is transaction_type}.values())
    world.lend(BORROWER)
    is_own = rows[0].project_company is ProjectCompany.OWN
    wrong = world.project_of(BORROWER) if is_own else world.project
    for row in rows:
        stage(world, row, "1.00", project=wrong)
    assert run() == Imported(0, Decimal(0), 0, len(rows))
    assert refused() == [("IMP-109", 1)] * len(rows)
    sentence = (
        f"Project {wrong.number} belongs to company {wrong.company_code};"
        f" {transaction_type.replace('_', ' ')} of company NL01 cannot name it."
    )
    assert said() == [sentence] * len(rows)
    Project.objects.filter(id=wrong.id).update(company_code=COMPANY if is_own else BORROWER)
    assert run() == Imported(len(rows), Decimal(len(rows)), 1, 0)
    assert value("select count(*) from problem_resolution") == len(rows)


def test_posting_asks_for_the_company_of_the_project_again(world: World) -> None:
    lent = world.project_of(BORROWER)
    world.lend(BORROWER)
    world.lend("X")
    world.stage("1.00")
    world.stage("2.00", transaction_type="resourcing_unit_cost", source_kind="time_entry", project_id=lent.id)
    run()
    Project.objects.update(company_code="X")
    assert post() == PostedJournals(1, 1, 1, Decimal(2), 1)  # the lender's project is still another company's
    assert value(REASON) == "IMP-109, cost of company NL01 for project P-1 of company X"
    Project.objects.update(company_code=COMPANY)
    assert update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0002")
    assert post() == PostedJournals(1, 0, 1, Decimal(1), 0)


def test_ten_hours_lent_to_another_company(world: World) -> None:
    """TV-03, the lender's half: 88 an hour of cost in its own currency, 120 dollars an hour of sales."""
    rate("USD", "EUR", "80")
    lent = world.project_of(BORROWER)
    world.lend(BORROWER)
    hours = {"source_kind": "time_entry", "project_id": lent.id, "category_id": None, "quantity": Decimal(10)}
    world.stage("880.00", transaction_type="resourcing_unit_cost", price=Decimal(88), **hours)
    world.stage(
        "1200.00",
        transaction_type="interorganizational_sales",
        price=Decimal(120),
        currency_code="USD",
        **hours,
    )
    assert run() == Imported(2, Decimal(1840), 1, 0)
    assert waiting_journals(actor=AUDITOR, company=COMPANY) == [WaitingJournals("draft", 1, 2, Decimal(880))]
    assert post() == PostedJournals(1, 0, 2, Decimal(880), 0)
    assert table(
        "select v.number, l.account, l.accounting_amount, l.project_id from finance_voucher v"
        " left join finance_voucher_line l on l.voucher_id = v.id order by v.id, l.line_no"
    ) == [
        ("IJV0001", COST_ACCOUNT, 880, None),  # no project transaction in the lender's books
        ("IJV0001", PAYROLL_ACCOUNT, -880, None),
        ("IJV0002", None, None, None),
    ]


def test_a_lenders_documents_clear_its_own_integration_accounts(world: World) -> None:
    lent = world.project_of(BORROWER)
    world.lend(BORROWER)
    of = {"transaction_type": "resourcing_unit_cost", "project_id": lent.id}
    world.stage("50.00", source_kind="vendor_invoice_line", **of)
    world.stage("20.00", source_kind="expense", **of)
    run()
    post()
    assert table(
        "select account, accounting_amount, source_line_id is not null from finance_voucher_line"
        " where line_no = 2 order by 1"
    ) == [(EXPENSE_ACCOUNT, -20, True), (PROCUREMENT_ACCOUNT, -50, True)]


def test_without_a_category_the_accounts_are_those_of_the_project_then_of_all(world: World) -> None:
    """Material usage may have no category; resource and role decide nothing."""
    nothing_named: dict[str, Any] = {
        "category_id": None,
        "resource_id": None,
        "role_id": None,
        "source_kind": "material_usage",
    }
    world.account("cost_item", "6950", category_id=world.category.id)
    world.stage("1.00", **nothing_named)
    world.stage("2.00", **nothing_named | {"category_id": world.category.id})
    run()
    post()
    world.account("cost_item", "6960", project_id=world.project.id)
    world.stage("4.00", **nothing_named)
    world.stage("8.00", **nothing_named | {"category_id": world.category.id})
    run()
    post()
    credited = "select -accounting_amount, account from finance_voucher_line where line_no = 2 order by 1"
    assert table(credited) == [(1, ITEM_ACCOUNT), (2, "6950"), (4, "6960"), (8, "6960")]


def test_a_new_posting_type_without_an_account_refuses_its_lines_by_name(world: World) -> None:
    PostingProfile.objects.filter(posting_type__in=["cost_item", "expense_offset"]).delete()
    world.stage("1.00", source_kind="material_usage", category_id=None)
    world.stage("2.00", source_kind="expense_entry")
    world.stage("4.00", source_kind="journal_line", transaction_class="time")
    run()
    assert post() == PostedJournals(1, 1, 1, Decimal(4), 2)
    assert table("select details ->> 'reason' from problem_log order by id") == [
        ("DOC-101, no cost item account for project P-1 and category none",),
        ("DOC-101, no expense offset account for project P-1 and category TRAVEL",),
    ]
