"""Expenses and material usage become actuals as time does (spec 2.1, 3.5, 3.6, 3.9, 4.10; T17, T24, T25)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.database.operations.ledger import CLERK, JOB, MANAGER, open_problems, rows
from tests.database.operations.site import Site, made

from tieout.operations.approvals.actions import (
    approve_documents,
    approve_entries,
    cancel_approval,
    submit_entries,
)
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.entries.rules import Refused

pytestmark = pytest.mark.usefixtures("databases")


def test_an_expense_at_no_list_costs_and_is_sold_for_nothing_but_says_so() -> None:
    site = Site()
    site.spent(site.person, site.project_id, site.category(), price=Decimal("12.34"), quantity=Decimal(3))
    site.approve()
    assert made() == [
        ("cost", "chargeable", 3, Decimal("12.34"), Decimal("37.02"), "typed_price"),
        ("unbilled_sales", "chargeable", 3, 0, 0, "no_category_price"),
    ]
    assert rows("select distinct source_kind, transaction_class, unit from operations_actual") == [
        ("expense_entry", "expense", "each")
    ]


@pytest.mark.parametrize(
    ("unit", "cost", "sales"),
    [
        ("mile", ("category_price", 50), ("category_price", 100)),
        ("km", ("no_category_price", 0), ("no_category_price", 0)),
    ],
)
def test_a_category_price_is_met_by_exactly_its_unit(
    unit: str, cost: tuple[str, int], sales: tuple[str, int]
) -> None:
    """T24: 10 miles at 10 are 100; a kilometre needs its own line."""
    site = Site()
    mileage = site.category()
    site.category_price(site.costs, mileage, "mile", price=Decimal(5))
    site.category_price(site.sales, mileage, "mile", price=Decimal(10))
    site.spent(site.person, site.project_id, mileage, quantity=Decimal(10), unit=unit)
    site.approve()
    assert [(row[5], row[4]) for row in made()] == [cost, sales]


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ({"method": "at_cost"}, 100),
        ({"method": "markup_over_cost", "percent": Decimal(10)}, 110),
        ({"price": Decimal(200)}, 200),
    ],
)
@pytest.mark.parametrize("of_class", ["expense", "material"])
def test_sales_are_at_cost_with_a_markup_or_per_unit(
    of_class: str, line: dict[str, Any], amount: int
) -> None:
    """T25: what cost 100 is sold for 100, 110 or 200."""
    site = Site()
    if of_class == "expense":
        travel = site.category()
        site.category_price(site.sales, travel, "each", **line)
        site.spent(site.person, site.project_id, travel, price=Decimal(100))
    else:
        beam = site.goods()
        site.product_price(site.costs, beam, "each", price=Decimal(100))
        site.product_price(site.sales, beam, "each", **line)
        site.used(site.project_id, product_id=beam, product_name="")
    site.approve()
    assert [(row[0], row[4]) for row in made()] == [("cost", 100), ("unbilled_sales", amount)]


def test_a_write_in_is_sold_at_what_was_typed() -> None:
    site = Site()
    site.used(site.project_id, price=Decimal("0.0375"), quantity=Decimal("1000.5"))
    site.approve()
    assert [row[3:] for row in made()] == [(Decimal("0.0375"), Decimal("37.52"), "typed_price")] * 2
    assert rows("select distinct product_name, resource_id from operations_actual") == [("cement", None)]


def test_what_a_product_of_the_catalogue_costs_says_the_list_alone() -> None:
    site = Site("fixed_price")
    site.used(site.project_id, product_id=site.goods(), product_name="", price=Decimal(9))
    site.approve()
    assert made() == [("cost", "not_available", 1, 0, 0, "no_product_price")]
    assert [code for code, _ in open_problems()] == ["APR-102"]


def test_a_cost_in_another_currency_is_converted_into_that_of_the_unit() -> None:
    site = Site()
    site.rate("USDGBP", "80", date(2025, 1, 1))
    travel = site.category()
    site.category_price(site.sales, travel, "each", method="at_cost")
    site.spent(site.person, site.project_id, travel, price=Decimal(100), currency_code="USD")
    site.approve()
    assert [row[3:5] for row in made()] == [(80, 80), (80, 80)]


def test_less_is_billed_of_material_and_the_rest_is_not_chargeable() -> None:
    site = Site()
    site.used(site.project_id, price=Decimal(10), quantity=Decimal(8))
    site.approve(billable=Decimal("5.5"))
    assert [row[:3] + row[4:5] for row in made()] == [
        ("cost", "chargeable", 8, 80),
        ("unbilled_sales", "chargeable", Decimal("5.5"), 55),
        ("unbilled_sales", "non_chargeable", Decimal("2.5"), 25),
    ]


@pytest.mark.parametrize(
    ("quantity", "billable", "refused"), [(8, -1, True), (-8, -5, False), (-8, 1, True), (8, 5000, False)]
)
def test_what_is_billed_has_the_sign_of_what_was_used(quantity: int, billable: int, refused: bool) -> None:  # noqa: FBT001  a column
    site = Site()
    entry = site.used(site.project_id, price=Decimal(10), quantity=Decimal(quantity))
    site.load()
    submit_entries(actor=CLERK, company="GB01")
    done = approve_entries(
        actor=MANAGER, company="GB01", entry_ids=[entry], changes={entry: Change(Decimal(billable))}
    )
    assert done.refused == ((Refused("APR-108", 1),) if refused else ())


def test_an_approver_makes_an_expense_complimentary() -> None:
    site = Site()
    site.spent(site.person, site.project_id, site.category(), price=Decimal(5))
    site.approve(billing_type=BillingType.COMPLIMENTARY)
    assert [row[:2] for row in made()] == [("cost", "chargeable"), ("unbilled_sales", "complimentary")]


def test_a_cancelled_expense_is_reversed_with_all_it_carries() -> None:
    site = Site()
    site.change("operations_contract_line", discount_percent=Decimal(10), fee_percent=Decimal(5))
    entry = site.used(site.project_id, price=Decimal("33.33"))
    site.approve()
    cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert rows(
        "select transaction_type, quantity::int, amount, discount_amount, fee_amount, product_name, unit"
        " from operations_actual order by 1, 2 desc"
    ) == [
        ("cost", 1, Decimal("33.33"), 0, 0, "cement", "each"),
        ("cost", -1, Decimal("-33.33"), 0, 0, "cement", "each"),
        ("unbilled_sales", 1, Decimal("33.33"), Decimal("3.33"), Decimal("1.67"), "cement", "each"),
        ("unbilled_sales", -1, Decimal("-33.33"), Decimal("-3.33"), Decimal("-1.67"), "cement", "each"),
    ]


def test_customers_of_a_line_share_its_sales_and_one_takes_the_rounding() -> None:
    """Spec 4.10: on the quantity, to two decimals; cost is not shared."""
    site = Site()
    line, first = (
        site.tables["operations_contract_line"][0]["id"],
        site.tables["operations_customer"][0]["id"],
    )
    others = [
        site.add("operations_customer", company_code="GB01", account_number=number, name="", version=1)
        for number in ("C8", "C9")
    ]
    for customer, percent, is_rounding in zip(
        [first, *others], (34, 33, 33), (True, False, False), strict=True
    ):
        site.add(
            "operations_contract_line_customer",
            contract_line_id=line,
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=is_rounding,
            version=1,
        )
    role = site.role()
    site.role_price(site.costs, role, "100")
    site.role_price(site.sales, role, "200")
    site.time(site.person, site.project_id, role, minutes=50)
    site.approve()
    sixth = Decimal("0.8333333333333333")
    assert [row[:5] for row in made() if row[0] == "cost"] == [
        ("cost", "chargeable", sixth, 100, Decimal("83.33"))
    ]
    shares = rows(
        "select customer_id, contract_line_customer_id is not null, quantity, amount from operations_actual"
        " where transaction_type = 'unbilled_sales' order by quantity desc, customer_id"
    )
    # 0.8333... hours: 0.28 (27.5 % of 0.8333 rounded) for each of the two, the rest for the third.
    assert shares == [
        *((one, True, Decimal("0.28"), Decimal("56.00")) for one in sorted(others)),
        (first, True, sixth - Decimal("0.56"), Decimal("54.67")),
    ]


def test_customers_of_a_line_share_what_finance_posted_with_discount_and_fee() -> None:
    site = Site()
    site.change("operations_contract_line", discount_percent=Decimal(10), fee_percent=Decimal(5))
    line, first = (
        site.tables["operations_contract_line"][0]["id"],
        site.tables["operations_customer"][0]["id"],
    )
    other = site.add("operations_customer", company_code="GB01", account_number="C9", name="", version=1)
    for customer, percent, is_rounding in ((first, 67, True), (other, 33, False)):
        site.add(
            "operations_contract_line_customer",
            contract_line_id=line,
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=is_rounding,
            version=1,
        )
    site.vendor_invoice_line(site.project_id, site.category("material"), "10.01")
    site.land("msdyn_projectvendorinvoicelines")
    site.load()
    assert approve_documents(actor=JOB, company="GB01").approved == 1
    assert rows(
        "select transaction_type, customer_id, quantity, amount, discount_amount, fee_amount"
        " from operations_actual order by 1, amount"
    ) == [
        ("cost", None, 1, Decimal("10.01"), 0, 0),
        ("unbilled_sales", other, Decimal("0.33"), Decimal("3.30"), Decimal("0.33"), Decimal("0.17")),
        ("unbilled_sales", first, Decimal("0.67"), Decimal("6.71"), Decimal("0.67"), Decimal("0.34")),
    ]


def test_another_contract_line_takes_what_was_submitted_before_at_its_own_prices() -> None:
    site = Site()
    role = site.role()
    site.role_price(site.costs, role, "100")
    site.role_price(site.sales, role, "200")
    entry = site.time(site.person, site.project_id, role)
    contract = site.contract(site.own, "USD", "GB01")
    line = site.contract_line(contract, "time_and_materials")
    site.role_price(site.price_list("USD", contract=contract), role, "300")
    site.load()
    submit_entries(actor=CLERK, company="GB01")
    rows(f"update operations_project set contract_line_id = '{line}' returning id")
    approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert rows(
        "select transaction_type, contract_id, amount::int, currency_code from operations_actual order by 1"
    ) == [("cost", contract, 800, "GBP"), ("unbilled_sales", contract, 2400, "USD")]
    assert rows("select submitted_by from operations_entry_submission") == [("ann",), ("ann",)]
