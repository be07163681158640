"""What a company lends: its relationship to the borrower, and the lender's half of intercompany work."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    COMPANY,
    COST_ACCOUNT,
    EXPENSE_ACCOUNT,
    EXPENSE_OFFSET_ACCOUNT,
    PAYROLL_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    rate,
    table,
    value,
)

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.intercompany.models import LendingRelationship
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.ledgers.models import Company, Currency, ExchangeRate
from tieout.finance.mirrors.models import Project
from tieout.kernel.problems import render

BORROWER = "USPM"
TEN_HOURS: dict[str, Any] = {"source_kind": "time_entry", "category_id": None, "quantity": Decimal(10)}
ENTRIES = (
    "select v.number, l.account, l.amount, l.currency_code, l.accounting_amount, l.reporting_amount,"
    " l.project_id from finance_voucher v left join finance_voucher_line l on l.voucher_id = v.id"
    " order by v.id, l.line_no"
)


def post_all() -> PostedJournals:
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY)


def books_in(currency: str, reporting: str) -> None:
    """Let the company keep its books in pounds or dollars: 1 GBP = 1.25 USD."""
    Currency.objects.create(code="GBP", name="GBP", digits=2)
    ExchangeRate.objects.all().delete()
    rate("GBP", "USD", "125")
    rate("USD", "GBP", "80")
    Company.objects.update(accounting_currency=currency, reporting_currency=reporting)


@pytest.fixture
def lent(world: World) -> Project:
    """The project of the company that borrows."""
    return world.project_of(BORROWER)


def lend_ten_hours(world: World, lent: Project) -> None:
    world.stage(
        "880.00",
        transaction_type="resourcing_unit_cost",
        price=Decimal(88),
        currency_code="GBP",
        project_id=lent.id,
        **TEN_HOURS,
    )
    world.stage(
        "1200.00",
        transaction_type="interorganizational_sales",
        price=Decimal(120),
        currency_code="USD",
        project_id=lent.id,
        **TEN_HOURS,
    )


def test_tv_03_ten_hours_in_the_books_of_the_lender(world: World, lent: Project) -> None:
    """88 GBP of cost and 120 USD of sales an hour: two lines, no project transaction, 960.00 GBP accrued."""
    books_in("GBP", "USD")
    world.lend(BORROWER, accrue_revenue=True)
    lend_ten_hours(world, lent)
    assert post_all() == PostedJournals(1, 0, 2, Decimal(1840), 0)
    cost, sale = Decimal(880), Decimal(960)
    assert table(ENTRIES) == [
        ("IJV0001", COST_ACCOUNT, cost, "GBP", cost, 1100, None),
        ("IJV0001", PAYROLL_ACCOUNT, -cost, "GBP", -cost, -1100, None),
        ("IJV0002", WIP_SALES_ACCOUNT, 1200, "USD", sale, 1200, None),
        ("IJV0002", ACCRUED_ACCOUNT, -1200, "USD", -sale, -1200, None),
    ]


def test_tv_03_ten_hours_in_the_books_of_the_borrower(world: World) -> None:
    """200 USD an hour are sold; the borrower's own cost never travels, so that one line is all."""
    books_in("USD", "USD")
    world.rule(world.profile("TM", accrue_time=True))
    world.stage(
        "2000.00",
        transaction_type="unbilled_sales",
        price=Decimal(200),
        currency_code="USD",
        **TEN_HOURS,
    )
    assert post_all() == PostedJournals(1, 0, 1, Decimal(2000), 0)
    assert [row[:5] for row in table(ENTRIES)] == [
        ("IJV0001", WIP_SALES_ACCOUNT, 2000, "USD", 2000),
        ("IJV0001", ACCRUED_ACCOUNT, -2000, "USD", -2000),
    ]


def test_a_relationship_that_does_not_accrue_makes_a_voucher_without_entries(
    world: World, lent: Project
) -> None:
    books_in("GBP", "USD")
    world.lend(BORROWER)
    lend_ten_hours(world, lent)
    assert post_all() == PostedJournals(1, 0, 2, Decimal(880), 0)
    assert [row[:2] for row in table(ENTRIES)] == [
        ("IJV0001", COST_ACCOUNT), ("IJV0001", PAYROLL_ACCOUNT), ("IJV0002", None),
    ]  # fmt: skip


def test_without_a_relationship_the_actuals_wait_in_the_words_of_the_seed(
    world: World, lent: Project
) -> None:
    """The direction matters: that the borrower lends to us is another row, in its own books."""
    LendingRelationship.objects.create(company_code=BORROWER, borrowing_company=COMPANY, accrue_revenue=True)
    books_in("GBP", "USD")
    lend_ten_hours(world, lent)
    done = import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert (done.lines, done.refused) == (0, 2)
    [cost, _] = table("select actual_id from finance_staged_actual order by actual_id")
    [code, details] = table("select code, details::text from problem_log order by id")[0]
    said = render(code, json.loads(details))
    assert said.message == (
        f"Unable to import actual {{{cost[0]}}}. Intercompany relationship has to be set up between legal"
        " entity NL01 and USPM in Project Management and Accounting Parameters"
    )
    assert (code, said.link) == ("IMP-103", "lending_relationships")
    world.lend(BORROWER)
    assert post_all().lines == 2
    assert value("select count(*) from problem_resolution") == 2


def test_posting_asks_for_the_relationship_again(world: World, lent: Project) -> None:
    relationship = world.lend(BORROWER)
    world.stage("1.00", transaction_type="resourcing_unit_cost", project_id=lent.id, **TEN_HOURS)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    LendingRelationship.objects.all().delete()
    assert post_all().refused == 1
    assert value("select details ->> 'reason' from problem_log") == (
        "IMP-103, company NL01 does not lend to company USPM"
    )
    world.lend(relationship.borrowing_company)
    update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0001")
    assert post_all().lines == 1


@pytest.mark.parametrize(
    ("source", "account"),
    [
        ("time_entry", PAYROLL_ACCOUNT),
        ("expense_entry", EXPENSE_OFFSET_ACCOUNT),
        ("vendor_invoice_line", PROCUREMENT_ACCOUNT),
        ("expense", EXPENSE_ACCOUNT),
    ],
)
def test_the_lender_credits_the_document_of_origin(
    world: World, lent: Project, source: str, account: str
) -> None:
    world.lend(BORROWER)
    world.stage("50.00", transaction_type="resourcing_unit_cost", source_kind=source, project_id=lent.id)
    assert post_all().lines == 1
    assert [row[1] for row in table(ENTRIES)] == [COST_ACCOUNT, account]


def test_lent_work_accrues_by_the_relationship_and_not_by_profile_or_billing_type(
    world: World, lent: Project
) -> None:
    """The borrower pays for the hour whatever its customer does; its profiles are of its own projects."""
    world.rule(world.profile("TM", time_costs="balance"))
    world.lend(BORROWER, accrue_revenue=True)
    kinds = ("resourcing_unit_cost", "interorganizational_sales")
    for kind in kinds:
        world.stage(
            "5.00", transaction_type=kind, project_id=lent.id, billing_type="not_available", **TEN_HOURS
        )
    assert post_all().lines == 2
    assert [row[1] for row in table(ENTRIES)] == [
        COST_ACCOUNT, PAYROLL_ACCOUNT, WIP_SALES_ACCOUNT, ACCRUED_ACCOUNT,
    ]  # fmt: skip


def test_lent_work_without_a_category_is_booked_under_that_of_the_relationship(
    world: World, lent: Project
) -> None:
    world.lend(BORROWER, time_category_id=world.category.id)
    world.account("cost", "6100", category_id=world.category.id)
    for kind in ("time_entry", "material_usage"):
        of = TEN_HOURS | {"source_kind": kind, "project_id": lent.id}
        world.stage("1.00", transaction_type="resourcing_unit_cost", **of)
    assert post_all().lines == 2
    assert [row[1] for row in table(ENTRIES)][0::2] == ["6100", COST_ACCOUNT]


def test_a_reversal_of_lent_work_takes_back_what_the_lender_accrued(world: World, lent: Project) -> None:
    books_in("GBP", "USD")
    world.lend(BORROWER, accrue_revenue=True)
    sale: dict[str, Any] = {
        "transaction_type": "interorganizational_sales",
        "currency_code": "USD",
        "project_id": lent.id,
        **TEN_HOURS,
    }
    [key] = world.stage("1200.00", **sale)
    post_all()
    ExchangeRate.objects.filter(from_currency="USD").update(rate=50)
    LendingRelationship.objects.update(accrue_revenue=False)
    world.stage("-1200.00", **sale, reverses_id=key)
    post_all()
    assert table(
        "select account, count(*), sum(amount), sum(accounting_amount), sum(reporting_amount)"
        " from finance_voucher_line group by account order by account"
    ) == [(WIP_SALES_ACCOUNT, 2, 0, 0, 0), (ACCRUED_ACCOUNT, 2, 0, 0, 0)]
