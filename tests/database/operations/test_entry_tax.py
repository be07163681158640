"""The tax that is typed on expenses and write-ins, on its way to actuals (operations spec 3.7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.database.loading import firm as files
from tests.database.loading.firm import enter, lines, reasons
from tests.database.operations.corrections import Firm, drafted, valued
from tests.database.operations.journals import confirm
from tests.database.operations.ledger import MANAGER, open_problems, rows
from tests.database.operations.site import Site

from tieout.operations.approvals.actions import cancel_approval
from tieout.operations.approvals.rules import BillingType
from tieout.operations.journals.rules import JournalType

pytestmark = pytest.mark.usefixtures("databases")
EXPENSE = "company,external_id,resource,project,category,date,price,currency,tax"
USAGE = "company,external_id,project,product,product_name,date,quantity,price,currency,tax"


def taxed() -> list[tuple[Any, ...]]:
    """Return type, billing type, quantity, amount and tax of all actuals."""
    return rows(
        "select transaction_type, billing_type, quantity, amount, tax_amount from operations_actual"
        " order by transaction_type, billing_type, quantity desc, tax_amount"
    )


def lined() -> list[tuple[Any, ...]]:
    """Return type, tax and currency of the journal lines."""
    return rows(
        "select transaction_type, tax_amount, currency_code from operations_entry_journal_line order by 1"
    )


def hotel(site: Site, **given: Any) -> UUID:
    """Add 8 nights at 50 with a tax of 80, sold at cost; return their category."""
    nights = site.category()
    site.category_price(site.sales, nights, "each", method="at_cost")
    expense = {"price": Decimal(50), "quantity": Decimal(8), "tax_amount": Decimal(80)} | given
    site.spent(site.person, site.project_id, nights, **expense)
    return nights


def test_cost_and_what_is_sold_carry_the_tax_of_an_expense() -> None:
    site = Site()
    hotel(site)
    site.approve()
    assert lined() == [("cost", 80, "GBP"), ("unbilled_sales", 80, "GBP")]
    assert taxed() == [("cost", "chargeable", 8, 400, 80), ("unbilled_sales", "chargeable", 8, 400, 80)]


def test_2589619_the_tax_of_a_write_in_reaches_unbilled_sales() -> None:
    """2 bags at 9.99 with 4.00 of tax."""
    site = Site()
    site.used(site.project_id, quantity=Decimal(2), price=Decimal("9.99"), tax_amount=Decimal(4))
    site.approve()
    amount = Decimal("19.98")
    assert taxed() == [("cost", "chargeable", 2, amount, 4), ("unbilled_sales", "chargeable", 2, amount, 4)]


def test_2146376_what_is_not_chargeable_carries_no_tax() -> None:
    """6 of 8 nights are billed: 60 of the 80 go with them, and the rest with nobody; cost is whole."""
    site = Site()
    hotel(site)
    site.approve(billable=Decimal(6))
    assert taxed() == [
        ("cost", "chargeable", 8, 400, 80),
        ("unbilled_sales", "chargeable", 6, 300, 60),
        ("unbilled_sales", "non_chargeable", 2, 100, 0),
    ]


@pytest.mark.parametrize(
    ("billable", "tax"), [("1", "3.33"), ("2", "6.67"), ("1.5", "5.00"), ("4", "10.00"), ("0.0015", "0.01")]
)
def test_the_part_is_rounded_half_up_and_never_more_than_the_whole(billable: str, tax: str) -> None:
    """Of 10.00 for 3 nights; 0.0015 of them is half a penny."""
    site = Site()
    hotel(site, quantity=Decimal(3), tax_amount=Decimal(10))
    site.approve(billable=Decimal(billable))
    [sold] = [row for row in taxed() if row[:2] == ("unbilled_sales", "chargeable")]
    assert sold[4] == Decimal(tax)


@pytest.mark.parametrize("billing", [BillingType.NON_CHARGEABLE, BillingType.COMPLIMENTARY])
def test_an_approver_who_charges_nothing_passes_no_tax_on(billing: BillingType) -> None:
    site = Site()
    hotel(site)
    site.approve(billing_type=billing)
    assert taxed()[1] == ("unbilled_sales", billing.value, 8, 400, 0)


def test_an_approver_who_charges_what_was_not_chargeable_passes_it_on() -> None:
    site = Site()
    hotel(site)
    site.change("operations_category", default_billing="non_chargeable")
    site.approve(billing_type=BillingType.CHARGEABLE)
    assert taxed()[1] == ("unbilled_sales", "chargeable", 8, 400, 80)


def test_tax_is_converted_as_amounts_are() -> None:
    """9.99 USD of tax are 7.99 GBP (7.992) of cost and 1,469 JPY (1,468.53) of sales."""
    site = Site()
    site.project_id, contract = site.sold_project(site.own, "time_and_materials", "JPY")
    site.sales = site.price_list("JPY", contract=contract)
    site.rate("USDGBP", "80", date(2025, 1, 1))
    site.rate("GBPJPY", "18000", date(2025, 1, 1))
    site.rate("USDJPY", "14700", date(2025, 1, 1))
    hotel(site, currency_code="USD", tax_amount=Decimal("9.99"))
    site.approve()
    assert lined() == [("cost", Decimal("7.99"), "GBP"), ("unbilled_sales", 1469, "JPY")]
    assert [row[4] for row in taxed()] == [Decimal("7.99"), 1469]


def test_a_tax_that_cannot_be_converted_is_said() -> None:
    """The price comes from the list; only the tax was typed, in dollars that have no rate."""
    site = Site()
    nights = hotel(site, price=None, currency_code="USD")
    site.category_price(site.costs, nights, "each", price=Decimal(40))
    site.approve()
    assert [(row[0], row[3], row[4]) for row in taxed()] == [("cost", 320, 0), ("unbilled_sales", 320, 0)]
    assert [code for code, _ in open_problems()] == ["APR-119", "APR-119"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [({}, ["3.33", "3.33", "3.34"]), ({"billable": Decimal(2)}, ["2.21", "2.23", "2.23"])],
)
def test_customers_share_it_and_who_rounds_takes_the_rest(
    change: dict[str, Decimal], expected: list[str]
) -> None:
    """10.00 in three; of 2 of 3 nights (0.67, 0.67 and 0.66) 6.67, of the third, not billed, nothing."""
    site = Site()
    shared(site)
    hotel(site, quantity=Decimal(3), tax_amount=Decimal(10))
    site.approve(**change)
    sold = [row for row in taxed() if row[0] == "unbilled_sales"]
    assert sorted(row[4] for row in sold if row[1] == "chargeable") == [Decimal(one) for one in expected]
    assert {row[4] for row in sold if row[1] == "non_chargeable"} <= {0}


def shared(site: Site) -> None:
    """Let three customers share the contract line."""
    [line] = site.tables["operations_contract_line"]
    for number, percent in enumerate(("33.33", "33.33", "33.34")):
        customer = site.add(
            "operations_customer", company_code="GB01", account_number=f"S{number}", name="", version=1
        )
        site.add(
            "operations_contract_line_customer",
            contract_line_id=line["id"],
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=number == 2,
            version=1,
        )


def test_a_reversal_carries_the_negative() -> None:
    site = Site()
    hotel(site)
    site.approve(billable=Decimal(6))
    [entry] = [row["id"] for row in site.tables["operations_entry"]]
    assert cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry]).done == 1
    assert sorted(row[4] for row in taxed()) == [-80, -60, 0, 0, 60, 80]


def test_a_fixed_price_has_tax_of_cost_only() -> None:
    site = Site("fixed_price")
    hotel(site)
    site.approve()
    assert taxed() == [("cost", "not_available", 8, 400, 80)]


def test_between_units_only_cost_and_the_customers_sale_carry_it() -> None:
    site = Site()
    site.person = site.resource(site.unit())
    hotel(site)
    site.approve()
    assert [(row[0], row[4]) for row in taxed()] == [
        ("cost", 80),
        ("interorganizational_sales", 0),
        ("resourcing_unit_cost", 0),
        ("unbilled_sales", 80),
    ]


def test_a_correction_carries_the_tax_at_the_rate_of_the_new_day() -> None:
    """80 USD are 64 GBP on the third and 72 on the fourth; 6 of 8 nights stay billed."""
    firm = Firm()
    firm.rate("USDGBP", "80", date(2025, 1, 1))
    firm.rate("USDGBP", "90", date(2025, 3, 4))
    hotel(firm, currency_code="USD")
    firm.approve(billable=Decimal(6))
    [entry] = [row["id"] for row in firm.tables["operations_entry"]]
    assert [row[4] for row in taxed()] == [64, 48, 0]
    drafted(JournalType.EXPENSE_CORRECTION, entry)
    valued(date=date(2025, 3, 4))
    assert confirm("C1").problems == ()
    live = "select transaction_type, billing_type, tax_amount from operations_actual as a"
    live += " where reverses_id is null and not exists"
    live += " (select from operations_actual as b where b.reverses_id = a.id) order by 1, 2"
    assert rows(live) == [
        ("cost", "chargeable", 72),
        ("unbilled_sales", "chargeable", 54),
        ("unbilled_sales", "non_chargeable", 0),
    ]
    assert rows("select sum(tax_amount) from operations_actual") == [(126,)]


# ---------------------------------------------------------------- files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small firm with a product."""
    files.set_up(tmp_path / "setup", product="code,unit_group\nROPE,piece\n")
    return tmp_path


def test_a_file_says_it_once(folder: Path) -> None:
    line = "NL01,X1,BEA,QUAY,TRAVEL,2024-01-15,50,EUR,"
    assert enter(folder, "expense_entry", lines(EXPENSE, [f"{line}10.50"])).codes == {}
    assert enter(folder, "expense_entry", lines(EXPENSE, [f"{line}10.5"])).codes == {}
    done = enter(folder, "expense_entry", lines(EXPENSE, [f"{line}11"]))
    [(_, code, message)] = reasons(done)
    assert (code, "tax" in message, "10.5" in message) == ("LOAD-210", True, True)
    assert rows("select tax_amount from operations_entry") == [(Decimal("10.5"),)]


@pytest.mark.parametrize(
    ("entity", "header", "line", "code"),
    [
        ("expense_entry", EXPENSE, "NL01,X1,BEA,QUAY,TRAVEL,2024-01-15,,,10", "LOAD-225"),
        ("expense_entry", EXPENSE, "NL01,X1,BEA,QUAY,TRAVEL,2024-01-15,50,EUR,10.005", "DOC-104"),
        ("material_usage", USAGE, "NL01,M1,QUAY,,Glue,2024-01-15,1,,,10", "LOAD-225"),
        ("material_usage", USAGE, "NL01,M1,QUAY,ROPE,,2024-01-15,1,5,EUR,1", "LOAD-230"),
        ("material_usage", USAGE, "NL01,M1,QUAY,,Glue,2024-01-15,1,5,JPY,0.5", "DOC-104"),
    ],
)
def test_a_tax_that_cannot_be_is_refused(
    folder: Path, entity: str, header: str, line: str, code: str
) -> None:
    assert enter(folder, entity, lines(header, [line])).codes == {code: 1}
