"""Work is sold per hour, at what it cost, or with a markup over that (operations spec 3.4; T25)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.database.operations.corrections import Firm, approved_day, corrected, live
from tests.database.operations.ledger import open_problems, rows
from tests.database.operations.site import Site
from tests.reference.pricing_world import PricingWorld

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 3)
OVERTIME = {"hours": ("markup", 60, 60)}


class Work(Site, PricingWorld):
    """A sold project of a unit in pounds; one role, which costs 100 an hour."""

    def __init__(self, cost: str | None = "100") -> None:
        super().__init__()
        self.worker = self.role()
        if cost is not None:
            self.line(self.costs, cost, role=self.worker)

    def in_dollars(self) -> None:
        """Let the contract and its list be in dollars."""
        self.tables["operations_contract"][0]["currency_code"] = "USD"
        self.tables["operations_price_list"][1]["currency_code"] = "USD"

    def day(self, on: date = DAY, person: UUID | None = None, **custom: str) -> UUID:
        """Enter 8 hours."""
        key = self.time(person or self.person, self.project_id, self.worker, on)
        if custom:
            self.tables["operations_entry"][-1]["custom"] = f'{{"hours": "{custom["hours"]}"}}'
        return key


def sold(entry: UUID | None = None) -> list[tuple[Any, ...]]:
    """Return price, amount, currency and reason of what was sold, by date."""
    return rows(
        "select price, amount, currency_code, price_reason from operations_actual"
        " where transaction_type = 'unbilled_sales' and (%s::uuid is null or source_id = %s)"
        " order by transaction_date, id",
        entry,
        entry,
    )


def trace() -> tuple[Any, ...]:
    """Return line, cost and percent over it that were recorded of the only sales price."""
    [found] = rows(
        "select line_id, cost_price, cost_percent from operations_price_trace where id in"
        " (select price_trace_id from operations_actual where transaction_type = 'unbilled_sales')"
    )
    return found


@pytest.mark.parametrize(
    ("says", "price", "amount", "reason"),
    [
        ({"price": "200"}, "200", "1600", "role_price"),
        ({"method": "at_cost"}, "100", "800", "at_cost"),
        ({"method": "markup_over_cost", "percent": "12.5"}, "112.5", "900", "markup_over_cost"),
        ({"method": "markup_over_cost", "percent": "-25"}, "75", "600", "markup_over_cost"),
        ({"method": "markup_over_cost", "percent": "-100"}, "0", "0", "markup_over_cost"),
    ],
)
def test_t25_of_work_three_methods(says: dict[str, Any], price: str, amount: str, reason: str) -> None:
    work = Work()
    work.line(work.sales, **{"price": None} | says, role=work.worker)
    work.day()
    work.approve()
    assert sold() == [(Decimal(price), Decimal(amount), "GBP", reason)]
    assert open_problems() == []  # a price of 0 that the line means is no missing one


def test_the_cost_is_converted_at_the_last_rate_known_on_the_day_and_rounded_once() -> None:
    work = Work(cost=None)
    work.units["third"] = ("time", Decimal(3))
    work.line(work.costs, "1000", per="third", role=work.worker)
    work.in_dollars()
    work.rate("GBPUSD", "127.01", date(2025, 1, 1))
    work.rate("GBPUSD", "128.5", DAY)
    work.rate("GBPUSD", "1", date(2025, 3, 5))
    line = work.line(work.sales, None, method="markup_over_cost", percent="10", role=work.worker)
    work.day(date(2025, 3, 2))
    work.day(date(2025, 3, 4))
    work.approve()
    # An hour costs 333.3333333333333333 GBP: times 1.1 and 1.2701, and times 1.1 and 1.285.
    assert sold() == [
        (Decimal("465.7033333333333333"), Decimal("3725.63"), "USD", "markup_over_cost"),
        (Decimal("471.1666666666666666"), Decimal("3769.33"), "USD", "markup_over_cost"),
    ]
    found = rows(
        "select line_id, cost_price, cost_currency, cost_percent, exchange_rate, list_price, markup_percent"
        " from operations_price_trace where reason = 'markup_over_cost' order by price"
    )
    cost = Decimal("333.3333333333333333")
    assert found == [
        (line, cost, "GBP", Decimal(10), rate, None, None) for rate in (Decimal("127.01"), Decimal("128.5"))
    ]


def test_without_a_rate_work_at_cost_is_sold_for_nothing_and_says_so() -> None:
    work = Work()
    work.in_dollars()
    work.line(work.sales, None, method="at_cost", role=work.worker)
    work.day()
    work.approve()
    assert sold() == [(0, 0, "USD", "no_exchange_rate")]
    assert [code for code, _ in open_problems()] == ["APR-102"]


def test_rates_are_of_the_type_that_the_company_of_the_contract_prices_by() -> None:
    work = Work()
    work.in_dollars()
    work.rate("GBPUSD", "125", date(2025, 1, 1))
    work.rate("GBPUSD", "130", date(2025, 1, 1), kind="budget")
    work.line(work.sales, None, method="at_cost", role=work.worker)
    work.day()
    work.load()
    rows(
        "insert into operations_pricing_parameters (company_code, cost_overlap, rate_type, version)"
        " values ('GB01', 'latest_created', 'budget', 1) returning id"
    )
    work.approve()
    assert sold() == [(130, 1040, "USD", "at_cost")]


def test_without_a_cost_nothing_is_sold_at_cost_and_both_rows_say_so() -> None:
    work = Work(cost=None)
    line = work.line(work.sales, None, method="markup_over_cost", percent="10", role=work.worker)
    work.day()
    work.approve()
    assert sold() == [(0, 0, "GBP", "no_cost")]
    assert rows("select details ->> 'reason' from problem_log where code = 'APR-102' order by 1") == [
        ("no_cost",),
        ("no_role_price",),
    ]
    assert trace() == (line, None, 10)


def test_a_cost_of_nothing_is_a_cost() -> None:
    work = Work("0")
    work.line(work.sales, None, method="at_cost", role=work.worker)
    work.day()
    work.approve()
    assert sold() == [(0, 0, "GBP", "at_cost")]


def test_markups_by_dimension_come_on_top_of_both() -> None:
    work = Work()
    work.dimensions |= OVERTIME
    work.line(work.sales, None, method="markup_over_cost", percent="10", role=work.worker)
    work.markup(work.costs, "20", hours="overtime")
    work.markup(work.sales, "50", hours="overtime")
    regular, overtime = work.day(hours="regular"), work.day(hours="overtime")
    work.approve()
    assert sold(regular) == [(110, 880, "GBP", "markup_over_cost")]
    # 100 and 20 % is what it costs; 10 % over that; 50 % on top.
    assert sold(overtime) == [(198, 1584, "GBP", "markup_over_cost")]
    assert rows(
        "select cost_price, cost_percent, markup_percent from operations_price_trace where price = 198"
    ) == [(120, 10, 50)]


def test_an_override_states_a_price_even_of_a_line_at_cost() -> None:
    work = Work()
    work.line(work.sales, None, method="at_cost", role=work.worker)
    work.override(work.sales, date(2025, 3, 4), price="130", role=work.worker)
    work.day()
    work.day(date(2025, 3, 4))
    work.approve()
    assert sold() == [(100, 800, "GBP", "at_cost"), (130, 1040, "GBP", "role_price")]


def test_who_costs_something_else_is_sold_for_something_else() -> None:
    """One sales line for all; what entries are priced alike is told by what their cost depends on."""
    work = Work()
    dear = work.resource(work.own)
    work.line(work.costs, "140", resource=dear)
    work.line(work.sales, None, method="at_cost")
    cheap_day, dear_day = work.day(), work.day(person=dear)
    work.override(work.costs, date(2025, 3, 10), price="90", role=work.worker)
    later = work.day(date(2025, 3, 10))
    work.approve()
    assert [sold(one)[0][0] for one in (cheap_day, dear_day, later)] == [100, 140, 90]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"method": "at_cost"}, {"method": "at_cost", "price": "5"}, "at_cost"),
        ({"method": "at_cost"}, {"price": "100"}, "ambiguous_role_price"),
        ({"method": "at_cost"}, {"method": "markup_over_cost", "percent": "0"}, "ambiguous_role_price"),
        (
            {"method": "markup_over_cost", "percent": "10"},
            {"method": "markup_over_cost", "percent": "10.0", "price": "7"},
            "markup_over_cost",
        ),
        (
            {"method": "markup_over_cost", "percent": "10"},
            {"method": "markup_over_cost", "percent": "20"},
            "ambiguous_role_price",
        ),
        ({"price": "100"}, {"price": "100.00", "percent": "3"}, "role_price"),
    ],
)
def test_lines_that_say_different_things_price_nothing(
    one: dict[str, Any], other: dict[str, Any], reason: str
) -> None:
    work = Work()
    for number, says in enumerate((one, other)):
        work.line(work.sales, **{"price": None} | says, number=str(number), role=work.worker)
    work.day()
    work.approve()
    assert sold()[0][3] == reason


def test_on_a_cost_list_only_a_price_per_unit_is_a_price() -> None:
    """Loading refuses such a line; a list may have become a cost list afterwards."""
    work = Work(cost=None)
    work.line(work.costs, None, method="at_cost", role=work.worker)
    work.line(work.sales, "200", role=work.worker)
    work.day()
    work.approve()
    assert rows("select price, price_reason from operations_actual where transaction_type = 'cost'") == [
        (0, "method_not_on_cost")
    ]


def test_a_corrected_entry_is_sold_at_what_it_costs_then() -> None:
    firm = Firm()
    firm.load()
    rows(
        "update operations_role_price set method = 'markup_over_cost', price = null, percent = 10"
        " where price_list_id = %s returning id",
        firm.sales,
    )
    entry = approved_day(firm)
    assert [row[4] for row in live()] == [100, 110]
    corrected(entry, role=firm.code("operations_role", firm.senior))
    assert [row[4] for row in live()] == [150, 165]
    assert rows("select cost_price, cost_percent from operations_price_trace where price = 165") == [
        (150, 10)
    ]
