"""What finance posted is sold by the list of its contract, without a line at cost (3.5; decision 0014)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.database.operations.ledger import LINES, approve, count, open_problems, rows
from tests.database.operations.site import Site

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 3)
EXPENSES = "msdyn_expenses"
SOLD = "transaction_type = 'unbilled_sales'"


class Bought(Site):
    """A sold project whose contract's list may price a category."""

    def __init__(self, method: str = "time_and_materials") -> None:
        super().__init__(method)
        self.thing = self.category("material")

    def priced(self, **says: Any) -> None:
        """Price the category on the sales list, by the piece."""
        self.category_price(self.sales, self.thing, "each", **says)

    def invoice(self, amount: str, quantity: str = "1", **given: Any) -> UUID:
        """Add a line of a posted vendor invoice."""
        price = Decimal(amount) / Decimal(quantity)
        values = {"quantity": Decimal(quantity), "unit_price": price} | given
        return self.vendor_invoice_line(self.project_id, self.thing, amount, **values)

    def in_currency(self, currency: str) -> None:
        """Let the contract and its list be in another currency than the documents."""
        self.tables["operations_contract"][0]["currency_code"] = currency
        self.tables["operations_price_list"][1]["currency_code"] = currency

    def arrive(self, *maps: str) -> None:
        """Land and approve what was added."""
        for place, name in enumerate(maps or (LINES,), 1):
            self.land(name, place)
        self.load()
        approve()


def sold() -> list[tuple[Any, ...]]:
    """Return quantity, price, amount, currency, tax and reason of what was sold."""
    return rows(
        "select quantity, price, amount, currency_code, tax_amount, price_reason from operations_actual"
        f" where {SOLD} order by id"
    )


def traces() -> list[tuple[Any, ...]]:
    """Return line, list price, cost, its currency, percent over it and rate of each trace."""
    return rows(
        "select line_id is not null, list_price, cost_price, cost_currency, cost_percent, exchange_rate"
        " from operations_price_trace order by id"
    )


@pytest.mark.parametrize(
    ("says", "price", "amount", "reason", "trace"),
    [
        ({"price": Decimal("25.5")}, "25.5", "102", "category_price", (Decimal("25.5"), None, None, None)),
        ({"method": "at_cost"}, "20", "80", "at_cost", (None, 20, "GBP", None)),
        (
            {"method": "markup_over_cost", "percent": Decimal(15)},
            "23",
            "92",
            "markup_over_cost",
            (None, 20, "GBP", 15),
        ),
        (
            {"method": "markup_over_cost", "percent": Decimal(-25)},
            "15",
            "60",
            "markup_over_cost",
            (None, 20, "GBP", -25),
        ),
        (
            {"method": "markup_over_cost", "percent": Decimal(-100)},
            "0",
            "0",
            "markup_over_cost",
            (None, 20, "GBP", -100),
        ),
    ],
)
def test_a_document_is_sold_three_ways(
    says: dict[str, Any], price: str, amount: str, reason: str, trace: tuple[Any, ...]
) -> None:
    """Four for 80: per unit, at cost, with a markup over it."""
    bought = Bought()
    bought.priced(**says)
    bought.invoice("80.00", "4")
    bought.arrive()
    assert sold() == [(4, Decimal(price), Decimal(amount), "GBP", 0, reason)]
    assert traces() == [(True, *trace, None)]
    assert rows("select amount, price_reason from operations_actual where transaction_type = 'cost'") == [
        (80, "posted_amount")
    ]


@pytest.mark.parametrize(
    "method", [{"method": "at_cost"}, {"method": "markup_over_cost", "percent": Decimal(10)}]
)
@pytest.mark.parametrize("kind", ["expense", "vendor_invoice_line"])
def test_bug_2928579_sales_at_cost_of_a_document_are_not_0(kind: str, method: dict[str, Any]) -> None:
    bought = Bought()
    travel = bought.category()
    bought.category_price(bought.sales, travel, "each", **method)
    add = bought.expense if kind == "expense" else bought.vendor_invoice_line
    add(bought.project_id, travel, "200.00")
    bought.arrive(EXPENSES if kind == "expense" else LINES)
    expected = 220 if "percent" in method else 200
    assert sold() == [(1, expected, expected, "GBP", 0, method["method"])]


def test_bug_5534458_tax_of_a_vendor_invoice_is_not_sold() -> None:
    bought = Bought()
    bought.priced(method="markup_over_cost", percent=Decimal(10))
    bought.invoice("100.00", tax_amount=Decimal(20))
    bought.arrive()
    assert sold() == [(1, 110, 110, "GBP", 0, "markup_over_cost")]


def no_line(_: Bought) -> None:
    """The list has no line for the category."""


def other_unit(bought: Bought) -> None:
    """The list prices it by the mile only."""
    bought.category_price(bought.sales, bought.thing, "mile", price=Decimal(9))


def no_list(bought: Bought) -> None:
    """The contract uses no list."""
    bought.tables["operations_price_list_use"].pop()


def ended(bought: Bought) -> None:
    """The list ended the day before."""
    bought.priced(price=Decimal(9))
    bought.tables["operations_price_list"][1]["valid_to"] = date(2025, 3, 2)


def several(bought: Bought) -> None:
    """Two lists cover the day."""
    bought.priced(price=Decimal(9))
    bought.price_list(contract=bought.tables["operations_contract"][0]["id"])


@pytest.mark.parametrize("gap", [no_line, other_unit, no_list, ended, several])
def test_what_no_line_prices_is_sold_at_cost_and_its_trace_names_no_line(gap: Any) -> None:
    bought = Bought()
    gap(bought)
    bought.invoice("80.00", "4")
    bought.arrive()
    assert sold() == [(4, 20, 80, "GBP", 0, "at_cost")]
    assert traces() == [(False, None, 20, "GBP", None, None)]
    has_list = rows("select price_list_id is not null from operations_price_trace")
    assert has_list == [(gap in {no_line, other_unit},)]
    assert open_problems() == []


def test_a_line_of_an_invoice_is_priced_in_its_own_unit() -> None:
    bought = Bought()
    bought.priced(price=Decimal(30))
    bought.category_price(bought.sales, bought.thing, "month", price=Decimal(500))
    for unit in ("each", "month", "year"):
        bought.invoice("80.00", "4", unit=unit)
    bought.arrive()
    assert rows(f"select unit, amount, price_reason from operations_actual where {SOLD} order by unit") == [
        ("each", 120, "category_price"),
        ("month", 2000, "category_price"),
        ("year", 80, "at_cost"),
    ]


def test_a_credit_note_takes_back_what_was_sold() -> None:
    bought = Bought()
    bought.priced(price=Decimal("25.5"))
    bought.invoice("80.00", "4")
    bought.invoice("-80.00", "-4")
    bought.arrive()
    assert sorted(row[2] for row in sold()) == [-102, 102]


def test_a_markup_is_converted_at_the_rate_of_the_day_and_rounded_once() -> None:
    bought = Bought()
    bought.in_currency("BHD")
    bought.rate("GBPBHD", "47.3219", DAY)
    bought.rate("GBPBHD", "1", date(2025, 3, 4))
    bought.priced(method="markup_over_cost", percent=Decimal("7.5"))
    bought.invoice("33.33", "3")
    bought.arrive()
    # 33.33 x 1.075 x 0.473219 = 16.955318...; a piece, of 11.11, 5.651772...
    assert sold() == [(3, Decimal("5.6517728217500000"), Decimal("16.955"), "BHD", 0, "markup_over_cost")]
    assert traces() == [(True, None, Decimal("11.11"), "GBP", Decimal("7.5"), Decimal("47.3219"))]


def test_a_price_per_unit_needs_no_rate_and_what_is_sold_at_cost_does() -> None:
    bought = Bought()
    bought.in_currency("USD")
    bought.priced(price=Decimal(30))
    bought.invoice("80.00", "4")
    bought.vendor_invoice_line(bought.project_id, bought.category(), "5.00")
    bought.arrive()
    assert sold() == [(4, 30, 120, "USD", 0, "category_price")]
    assert [code for code, _ in open_problems()] == ["APR-106"]


def test_rates_are_of_the_type_that_the_company_of_the_contract_prices_by() -> None:
    bought = Bought()
    bought.in_currency("USD")
    bought.rate("GBPUSD", "125", date(2025, 1, 1))
    bought.rate("GBPUSD", "130", date(2025, 1, 1), kind="budget")
    bought.load()
    rows(
        "insert into operations_pricing_parameters (company_code, cost_overlap, rate_type, version)"
        " values ('GB01', 'latest_created', 'budget', 1) returning id"
    )
    bought.invoice("100.00")
    bought.arrive()
    assert sold() == [(1, 130, 130, "USD", 0, "at_cost")]


def test_customers_share_the_price_with_discount_and_fee() -> None:
    bought = Bought()
    bought.change("operations_contract_line", discount_percent=Decimal(10), fee_percent=Decimal(5))
    line = bought.tables["operations_contract_line"][0]["id"]
    first = bought.tables["operations_customer"][0]["id"]
    other = bought.add("operations_customer", company_code="GB01", account_number="C9", name="", version=1)
    for customer, percent, is_rounding in ((first, 67, True), (other, 33, False)):
        bought.add(
            "operations_contract_line_customer",
            contract_line_id=line,
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=is_rounding,
            version=1,
        )
    bought.priced(price=Decimal("10.01"))
    bought.invoice("1.00")
    bought.arrive()
    assert rows(
        "select customer_id, quantity, price, amount, discount_amount, fee_amount from operations_actual"
        f" where {SOLD} order by amount"
    ) == [
        (other, Decimal("0.33"), Decimal("10.01"), Decimal("3.30"), Decimal("0.33"), Decimal("0.17")),
        (first, Decimal("0.67"), Decimal("10.01"), Decimal("6.71"), Decimal("0.67"), Decimal("0.34")),
    ]
    assert count("operations_price_trace") == 1


def test_lines_that_are_priced_alike_share_a_trace() -> None:
    bought = Bought()
    bought.priced(price=Decimal(30))
    hired = bought.category()
    for amount in ("10.00", "20.00", "20.00"):
        bought.invoice(amount)
        bought.vendor_invoice_line(bought.project_id, hired, amount)
    bought.arrive()
    # Of a price per unit one; at cost one for each cost.
    assert rows("select reason, price from operations_price_trace order by 1, 2") == [
        ("at_cost", 10),
        ("at_cost", 20),
        ("category_price", 30),
    ]
    assert rows(
        "select count(*) from operations_actual as a join operations_price_trace as t"
        f" on t.id = a.price_trace_id and t.price = a.price and t.reason = a.price_reason where a.{SOLD}"
    ) == [(6,)]


def test_a_fixed_price_sells_nothing_and_traces_nothing() -> None:
    bought = Bought("fixed_price")
    bought.priced(price=Decimal(30))
    bought.invoice("10.00")
    bought.arrive()
    assert (sold(), traces(), count("operations_actual")) == ([], [], 1)
