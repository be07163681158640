"""Who is credited for an expense, and the recoverable tax beside it (finance spec 2.9, step 1)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest
from tests.database.finance.world import (
    ACCOUNTANT,
    COMPANY,
    EMPLOYEE_ACCOUNT,
    EXPENSE_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    VENDOR_ACCOUNT,
    World,
    rate,
    table,
)

from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.ledgers.models import PaymentMethod

TAX_ACCOUNT, CARD_ACCOUNT, CASH_ACCOUNT = "1610", "2110", "1000"
ENTRIES = (
    "select account, posting_type, amount, accounting_amount, reporting_amount"
    " from finance_voucher_line order by voucher_id, line_no"
)


def method(code: str, credits: str, account: str = "") -> None:  # noqa: A002  the field's word
    PaymentMethod.objects.create(
        id=uuid.uuid4(), company_code=COMPANY, code=code, credits=credits, account=account
    )


def amounts(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(one) for one in text.split())


def paid(world: World, *lines: tuple[str, str, str]) -> None:
    """Enter a report whose lines have an amount, a recoverable tax and a payment method."""
    world.report(
        *(amount for amount, *_ in lines),
        each=[{"tax_amount": Decimal(tax), "payment_method": by} for _, tax, by in lines],
    )


def codes() -> list[tuple[str, str]]:
    return [tuple(row) for row in table("select code, details ->> 'posting_type' from problem_log")]


def test_each_payment_method_credits_whom_it_says(world: World) -> None:
    method("amex", "card", CARD_ACCOUNT)
    method("petty", "cash", CASH_ACCOUNT)
    method("agency", "vendor")
    paid(world, ("10", "0", "employee"), ("20", "0", "amex"), ("30", "0", "petty"), ("40", "0", "agency"))
    assert post_expense_reports(actor=ACCOUNTANT, company=COMPANY).accounting_amount == Decimal(100)
    assert [row[:3] for row in table(ENTRIES)] == [
        (EXPENSE_ACCOUNT, "expense_integration", Decimal(10)),
        (EXPENSE_ACCOUNT, "expense_integration", Decimal(20)),
        (EXPENSE_ACCOUNT, "expense_integration", Decimal(30)),
        (EXPENSE_ACCOUNT, "expense_integration", Decimal(40)),
        (CARD_ACCOUNT, "card", Decimal(-20)),
        (CASH_ACCOUNT, "cash", Decimal(-30)),
        (EMPLOYEE_ACCOUNT, "employee", Decimal(-10)),
        (VENDOR_ACCOUNT, "vendor", Decimal(-40)),
    ]


def test_an_account_of_the_method_stands_before_that_of_the_posting_profile(world: World) -> None:
    method("employee", "employee", "2150")
    paid(world, ("10", "0", "employee"))
    post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    assert table(ENTRIES)[-1][:3] == ("2150", "employee", Decimal(-10))


def test_recoverable_tax_is_debited_and_the_payee_gets_all_of_it(world: World) -> None:
    """K = 100 with tax that is not recovered in it, T = 19: DR EXPINT 100, DR TAXREC 19, CR employee 119."""
    world.account("tax_receivable", TAX_ACCOUNT)
    paid(world, ("100", "19", "employee"))
    post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    # 1.0837 dollar for a euro: 108.37, 20.5903, and what both come to
    assert table(ENTRIES) == [
        (EXPENSE_ACCOUNT, "expense_integration", *amounts("100 100 108.37")),
        (TAX_ACCOUNT, "tax_receivable", *amounts("19 19 20.59")),
        (EMPLOYEE_ACCOUNT, "employee", *amounts("-119 -119 -128.96")),
    ]
    # What travels is the cost.
    assert table("select amount, accounting_amount from finance_expense_line") == [
        (Decimal(100), Decimal(100))
    ]


def test_tax_in_another_currency_balances_in_both(world: World) -> None:
    world.account("tax_receivable", TAX_ACCOUNT)
    method("amex", "card", CARD_ACCOUNT)
    rate("JPY", "EUR", "0.6173", date(2024, 3, 1))
    world.report(
        "1000",
        "333",
        "777",
        each=[{"payment_method": by} for by in ("employee", "employee", "amex")],
        tax_amount=Decimal(77),
        currency_code="JPY",
        exchange_rate=Decimal("0.6173"),
        accounting_amount=Decimal("4.11"),
    )
    post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    # 77 yen are 0.475321 euro, rounded at each line: 0.48; two of them 0.96, in dollars 1.040352
    assert table(ENTRIES)[3:] == [
        (TAX_ACCOUNT, "tax_receivable", *amounts("77 0.48 0.52")),
        (TAX_ACCOUNT, "tax_receivable", *amounts("154 0.96 1.04")),
        (CARD_ACCOUNT, "card", *amounts("-854 -4.59 -4.97")),
        (EMPLOYEE_ACCOUNT, "employee", *amounts("-1487 -9.18 -9.94")),
    ]
    assert table(
        "select sum(amount), sum(accounting_amount), sum(reporting_amount) from finance_voucher_line"
    ) == [(0, 0, 0)]


def test_a_vendor_invoice_debits_its_tax_too(world: World) -> None:
    world.account("tax_receivable", TAX_ACCOUNT)
    world.invoice("200", tax_amount=Decimal(42))
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    assert [row[:3] for row in table(ENTRIES)] == [
        (PROCUREMENT_ACCOUNT, "procurement_integration", Decimal(200)),
        (TAX_ACCOUNT, "tax_receivable", Decimal(42)),
        (VENDOR_ACCOUNT, "vendor", Decimal(-242)),
    ]


@pytest.mark.parametrize(
    ("line", "code", "posting_type"),
    [
        (("10", "0", "amex"), "DOC-108", None),
        (("10", "2", "employee"), "DOC-101", "tax receivable"),
        (("10", "0", "cashless"), "DOC-101", "cash"),
    ],
)
def test_what_has_no_account_is_refused_whole_and_the_rest_goes_on(
    world: World, line: tuple[str, str, str], code: str, posting_type: str | None
) -> None:
    method("cashless", "cash")
    paid(world, ("5", "0", "employee"), line)
    paid(world, ("7", "0", "employee"))
    done = post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    assert (done.documents, done.refused, done.accounting_amount) == (1, 1, Decimal(7))
    assert codes() == [(code, posting_type)]
    method("amex", "card", CARD_ACCOUNT)
    world.account("tax_receivable", TAX_ACCOUNT)
    PaymentMethod.objects.filter(code="cashless").update(account=CASH_ACCOUNT)
    assert post_expense_reports(actor=ACCOUNTANT, company=COMPANY).accounting_amount == Decimal(15)


# Vector TV-21 (finance spec 6): danish crowns, euro and euro again, over projects A and B.
TV_21 = (("578", "405", "173"), ("725", "557", "168"), ("346", "284", "62"))


def distributed(world: World, *lines: tuple[str, str, str]) -> None:
    """Enter a report whose lines are distributed over two projects."""
    other = world.project_of(COMPANY, f"B-{len(table('select 1 from finance_project'))}")
    parts = [
        {
            "line_number": place,
            "distribution": number,
            "line_amount": Decimal(whole),
            "project_id": project.id,
            "currency_code": "DKK" if place == 1 else "EUR",
            "exchange_rate": Decimal("13.4" if place == 1 else 100),
            "accounting_amount": Decimal(part) * (Decimal("0.134") if place == 1 else 1),
        }
        for place, (whole, *split) in enumerate(lines, 1)
        for number, (part, project) in enumerate(zip(split, (world.project, other), strict=True), 1)
    ]
    world.report(*(part for _, *split in lines for part in split), each=parts)


def test_tv_21_a_line_is_distributed_over_projects_and_each_part_is_a_source_line(world: World) -> None:
    """TV-21."""
    distributed(world, *TV_21)
    done = post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    # 578 crowns at 13.4 euro for 100 are 77.452: 54.27 and 23.182, rounded where they are kept
    assert (done.documents, done.lines) == (1, 6)
    assert [row[2] for row in table(ENTRIES)] == [
        *amounts("405 173 557 168 284 62"),
        Decimal(-578),
        Decimal(-1071),
    ]
    found = table(
        "select project_number, count(*), sum(amount) filter (where currency_code = 'EUR')"
        " from fact_source_line group by 1 order by 1 desc"
    )
    assert found == [("P-1", 3, Decimal(841)), ("B-1", 3, Decimal(230))]
    assert table("select count(*) from outbox_entry where map = 'msdyn_expenses'") == [(6,)]


def test_a_part_that_does_not_say_its_line_counts_with_those_that_do(world: World) -> None:
    said = {"line_number": 1, "distribution": 2, "line_amount": Decimal(50)}
    world.report("50.00", "50.00", each=({"line_number": 1}, said))
    assert post_expense_reports(actor=ACCOUNTANT, company=COMPANY).refused == 1
    assert table("select code, details ->> 'line_amount', details ->> 'distributed' from problem_log") == [
        ("DOC-109", "50", "100")
    ]


def test_parts_that_do_not_come_to_the_line_are_refused(world: World) -> None:
    distributed(world, ("578", "405", "173"), ("725", "557", "167.99"))
    distributed(world, *TV_21)
    done = post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    assert (done.documents, done.refused) == (1, 1)
    assert table("select code, details ->> 'line', details ->> 'distributed' from problem_log") == [
        ("DOC-109", "2", "724.99")
    ]
