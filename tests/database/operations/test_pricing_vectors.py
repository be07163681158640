"""The pricing vectors of the operations spec (section 9), and each rule of its section 3 by an example."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.database.operations.ledger import rows
from tests.reference.pricing_world import PricingWorld

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 14)
MARKUPS = {"hours": ("markup", 60, 60), "place": ("markup", 70, 70)}


class Case:
    """A unit, a role, a resource and a contract, with one list on each side."""

    def __init__(self) -> None:
        self.world = PricingWorld()
        self.world.company()
        self.unit, self.role = self.world.unit(), self.world.role()
        self.resource = self.world.resource(self.unit)
        self.contract = self.world.contract(self.unit)
        self.cost = self.world.price_list(unit=self.unit)
        self.sales = self.world.price_list(contract=self.contract)

    def asked(self, **dimensions: Any) -> str:
        """Return the dimensions of an hour of the resource, as submission gives them."""
        given = {"role": self.role, "resource": self.resource, "resourcing_unit": self.unit}
        return json.dumps({name: str(value) for name, value in (given | dimensions).items()})

    def cost_of(self, on: date = DAY, unit: UUID | None = None, **dimensions: Any) -> tuple[Decimal, str]:
        """Return the cost of an hour and why."""
        return self._price("cost", unit or self.unit, on, dimensions)

    def sale_of(self, on: date = DAY, contract: UUID | None = None, **dimensions: Any) -> tuple[Decimal, str]:
        """Return what an hour is sold for and why."""
        return self._price("sales", contract or self.contract, on, dimensions)

    def _price(self, side: str, holder: UUID, on: date, dimensions: dict[str, Any]) -> tuple[Decimal, str]:
        cost = ", null, null" if side == "sales" else ""
        query = f"select price, reason from operations_{side}_price(%s, %s::jsonb, %s{cost})"
        return rows(query, holder, self.asked(**dimensions), on)[0]


@pytest.fixture
def case() -> Case:
    return Case()


def priced(amount: str | int) -> tuple[Decimal, str]:
    return Decimal(amount), "role_price"


def nothing(reason: str) -> tuple[Decimal, str]:
    return Decimal(0), reason


# ---------------------------------------------------------------- vectors


def test_t18_markups_by_work_hours_and_location(case: Case) -> None:
    case.world.dimensions |= MARKUPS
    case.world.line(case.sales, 100, role=case.role)
    case.world.markup(case.sales, 15, hours="overtime", place="onsite")
    case.world.markup(case.sales, 10, hours="overtime", place="local")
    case.world.markup(case.sales, 20, place="abroad")
    case.world.load()
    regular, overtime = case.sale_of(hours="regular"), case.sale_of(hours="overtime", place="onsite")
    assert (regular, overtime) == (priced(100), priced(115))
    assert (8 * regular[0], 2 * overtime[0]) == (Decimal(800), Decimal(230))
    assert case.sale_of(hours="overtime", place="local") == priced(110)
    assert case.sale_of(hours="overtime", place="abroad") == priced(120)


def test_t19_overrides_from_a_day_on(case: Case) -> None:
    prices = case.world.price_list(valid_to=date(2025, 6, 30), contract=case.contract)
    case.world.tables["operations_price_list_use"].pop(1)  # the list of the whole year
    case.world.line(prices, 100, role=case.role)
    case.world.override(prices, date(2025, 3, 15), price=110, role=case.role)
    case.world.override(prices, date(2025, 4, 1), price=120, role=case.role)
    case.world.load()
    days = [(3, 14, 100), (3, 15, 110), (3, 31, 110), (4, 1, 120), (6, 30, 120)]
    for month, day, price in days:
        assert case.sale_of(date(2025, month, day)) == priced(price)
    assert case.sale_of(date(2025, 7, 1)) == nothing("no_price_list")


def test_t22_a_price_per_day_of_ten_hours(case: Case) -> None:
    case.world.units["india_day"] = ("time", Decimal(10))
    case.world.line(case.cost, 1000, per="india_day", role=case.role)
    case.world.load()
    assert case.cost_of() == priced(100)


def item(kind: str, side: str, holder: UUID, thing: UUID | None, unit: str, cost: object) -> tuple[Any, ...]:
    query = f"select price, reason from operations_{kind}_price(%s, %s, %s, %s, %s, %s, %s)"
    return rows(query, side, holder, thing, unit, DAY, cost, "GBP")[0]


def test_t24_a_category_is_priced_in_its_own_unit(case: Case) -> None:
    mileage = case.world.category()
    case.world.item_price("category", case.cost, mileage, "mile", price=10)
    case.world.item_price("category", case.cost, mileage, "km", price=6)
    case.world.load()
    by_mile = item("category", "cost", case.unit, mileage, "mile", None)
    assert (by_mile, 10 * by_mile[0]) == ((10, "category_price"), 100)
    assert item("category", "cost", case.unit, mileage, "km", None) == (6, "category_price")
    assert item("category", "cost", case.unit, mileage, "league", None) == nothing("no_category_price")


@pytest.mark.parametrize(
    ("method", "figures", "price", "reason"),
    [
        ("at_cost", {}, 100, "at_cost"),
        ("markup_over_cost", {"percent": 10}, 110, "markup_over_cost"),
        ("markup_over_cost", {"percent": -25}, 75, "markup_over_cost"),
        ("price_per_unit", {"price": 200}, 200, "product_price"),
    ],
)
@pytest.mark.parametrize("kind", ["product", "category"])
def test_t25_three_methods(
    case: Case, kind: str, method: str, figures: dict[str, Any], price: int, reason: str
) -> None:
    thing = case.world.product() if kind == "product" else case.world.category("material")
    case.world.item_price(kind, case.sales, thing, "piece", method=method, **figures)
    case.world.load()
    expected = (price, reason.replace("product", kind))
    assert item(kind, "sales", case.contract, thing, "piece", 100) == expected


def test_a_write_in_costs_and_sells_what_was_typed(case: Case) -> None:
    case.world.load()
    assert item("product", "cost", case.unit, None, "piece", 12) == (12, "typed_price")
    assert item("product", "sales", case.contract, None, "piece", 12) == (12, "typed_price")
    assert item("product", "sales", case.contract, None, "piece", None) == nothing("no_cost")


def test_on_a_cost_list_only_a_price_per_unit_is_a_price(case: Case) -> None:
    category, product = case.world.category(), case.world.product()
    case.world.item_price("category", case.cost, category, "piece", method="at_cost")
    case.world.item_price("product", case.cost, product, "piece", method="at_cost")
    case.world.load()
    assert item("category", "cost", case.unit, category, "piece", 7) == (7, "typed_price")
    assert item("category", "cost", case.unit, category, "piece", 0) == (0, "typed_price")
    assert item("category", "cost", case.unit, category, "piece", None) == nothing("method_not_on_cost")
    assert item("product", "cost", case.unit, product, "piece", 7) == nothing("method_not_on_cost")


@pytest.mark.parametrize(
    ("gross", "discount", "fee", "digits", "expected"),
    [
        ("1600", "10", "5", 2, ("160", "80", "1520")),
        ("-1600", "10", "5", 2, ("-160", "-80", "-1520")),
        ("0.05", "10", None, 2, ("0.01", "0", "0.04")),
        ("1001", "12.5", "0", 0, ("125", "0", "876")),
        ("100", None, None, 2, ("0", "0", "100")),
    ],
)
def test_discount_and_fee_are_of_the_gross_amount(
    case: Case, gross: str, discount: str | None, fee: str | None, digits: int, expected: tuple[str, ...]
) -> None:
    query = "select discount, fee, extended from operations_discount_and_fee(%s::numeric, %s, %s, %s)"
    assert rows(query, gross, discount, fee, digits) == [tuple(map(Decimal, expected))]


# ---------------------------------------------------------------- whose list


def test_the_defaults_of_the_company_count_only_for_a_unit_without_any_list(case: Case) -> None:
    world, bare, dollars = case.world, case.world.unit(), case.world.unit(currency="USD")
    late = world.price_list(valid_from=date(2025, 12, 1), unit=world.unit())
    world.price_list_use(late, unit=bare)
    default, foreign = world.price_list(context="cost"), world.price_list("USD", context="cost")
    for one, price in ((default, 50), (foreign, 60), (case.cost, 70)):
        world.line(one, price, role=case.role)
    world.price_list_use(default, company="GB01")
    world.price_list_use(foreign, company="GB01")
    empty = world.unit()
    world.load()
    assert case.cost_of(unit=case.unit) == priced(70)
    assert case.cost_of(unit=empty) == priced(50)
    assert case.cost_of(unit=dollars) == priced(60)
    assert case.cost_of(unit=bare) == nothing("no_price_list")  # it has one, though for later


def test_one_list_is_used_by_many_and_an_inactive_one_by_nobody(case: Case) -> None:
    world, other, sold = case.world, case.world.unit(), case.world.contract(case.unit)
    world.line(case.cost, 70, role=case.role)
    world.line(case.sales, 90, role=case.role)
    world.price_list_use(case.cost, unit=other)
    world.price_list_use(case.sales, contract=sold)
    world.load()
    assert case.cost_of(unit=other) == case.cost_of() == priced(70)
    assert case.sale_of(contract=sold) == priced(90)
    rows("update operations_price_list_use set is_active = false where unit_id = %s returning id", other)
    rows("update operations_price_list set is_active = false where context = 'sales' returning id")
    assert case.cost_of(unit=other) == case.sale_of() == nothing("no_price_list")


def test_of_several_cost_lists_none_counts_where_the_company_says_so(case: Case) -> None:
    case.world.line(case.cost, 70, role=case.role)
    case.world.line(case.world.price_list(unit=case.unit), 80, role=case.role)
    case.world.load()
    assert case.cost_of() == priced(80)
    rows(
        "insert into operations_pricing_parameters (company_code, cost_overlap, rate_type, version)"
        " values ('GB01', 'none', 'default', 1) returning id"
    )
    assert case.cost_of() == nothing("ambiguous_price_list")


def test_rates_are_of_the_type_that_the_company_prices_by(case: Case) -> None:
    case.world.tables["operations_price_list_use"].pop(0)
    case.world.line(case.world.price_list("USD", unit=case.unit), 100, role=case.role)
    case.world.rate("USDGBP", "80", date(2025, 1, 1))
    case.world.rate("USDGBP", "75", date(2025, 1, 1), kind="budget")
    case.world.load()
    assert case.cost_of() == priced(80)
    rows(
        "insert into operations_pricing_parameters (company_code, cost_overlap, rate_type, version)"
        " values ('GB01', 'latest_created', 'budget', 1) returning id"
    )
    assert case.cost_of() == priced(75)


# ---------------------------------------------------------------- which line


def test_the_more_important_dimension_decides(case: Case) -> None:
    world, list_ = case.world, case.sales
    world.dimensions["grade"] = ("amount", None, 25)
    lines: list[tuple[int, dict[str, Any]]] = [
        (10, {}),
        (20, {"resourcing_unit": case.unit}),
        (30, {"grade": "senior", "resourcing_unit": case.unit}),
        (40, {"role": case.role}),
        (50, {"role": case.role, "resourcing_unit": case.unit}),
        (60, {"resource": case.resource}),
    ]
    for price, named in lines:
        world.line(list_, price, **named)
        world.line(case.cost, price, **{k: v for k, v in named.items() if k != "grade"}, number=str(price))
    world.load()
    other: dict[str, Any] = {"resource": world.resource(case.unit)}
    world.load()
    assert case.sale_of() == priced(60)
    assert case.sale_of(**other, grade="senior") == priced(50)
    assert case.sale_of(**other, role=None, grade="senior") == priced(30)
    assert case.sale_of(**other, role=None, resourcing_unit=None) == priced(10)
    # On cost lists the dimension has no priority, so that it is not looked at: two lines then say the same.
    assert case.cost_of(**other, role=None, grade="senior") == nothing("ambiguous_role_price")


def test_lines_that_differ_in_nothing_but_price_price_nothing(case: Case) -> None:
    world = case.world
    world.line(case.sales, 100, role=case.role, number="1")
    world.line(case.sales, "100.00", role=case.role, number="2")
    world.line(case.sales, 90)
    world.line(case.cost, 100, role=case.role, number="1")
    world.line(case.cost, 101, role=case.role, number="2")
    world.line(case.cost, 90)
    world.load()
    assert case.sale_of() == priced(100)
    assert case.cost_of() == nothing("ambiguous_role_price")
    assert case.cost_of(role=None) == priced(90)
    found = rows("select line_id from operations_cost_price(%s, %s::jsonb, %s)", case.unit, case.asked(), DAY)
    assert found == [(None,)]  # never one of them


def test_the_scope_of_an_override_comes_before_its_date(case: Case) -> None:
    world, other, third = case.world, case.world.contract(case.unit), case.world.unit()
    world.price_list_use(case.sales, contract=other)
    customer = world.tables["operations_contract"][0]["customer_id"]
    named: dict[str, Any] = {"role": case.role}
    for prices in (case.sales, case.cost):
        world.line(prices, 100, **named)
        world.override(prices, date(2025, 3, 10), price=110, **named)
    world.override(case.sales, date(2025, 3, 2), price=120, scope={"customer": customer}, **named)
    world.override(case.sales, date(2025, 3, 1), price=130, scope={"contract": case.contract}, **named)
    world.override(case.cost, date(2025, 3, 1), price=140, scope={"unit": third}, **named)
    world.load()
    assert case.sale_of() == priced(130)
    assert case.sale_of(date(2025, 2, 28)) == priced(100)
    assert case.sale_of(contract=other) == priced(110)
    assert case.cost_of() == priced(110)
    assert case.cost_of(resourcing_unit=third) == priced(140)


def test_an_override_may_change_a_markup_and_be_per_day(case: Case) -> None:
    world = case.world
    world.dimensions |= MARKUPS
    world.units["day"] = ("time", Decimal(8))
    world.line(case.cost, 100, role=case.role)
    world.override(case.cost, date(2025, 3, 1), price=960, per="day", role=case.role)
    world.markup(case.cost, 50, hours="overtime")
    world.override(case.cost, date(2025, 3, 10), percent=25, hours="overtime")
    world.load()
    days = [date(2025, 2, 1), date(2025, 3, 1), date(2025, 3, 10)]
    assert [case.cost_of(day, hours="overtime") for day in days] == [priced(150), priced(180), priced(150)]


def test_nobody_known_has_no_price_and_no_error(case: Case) -> None:
    world = case.world.load()
    nobody = world.tables["operations_role"][0]["id"]
    assert case.cost_of(unit=nobody) == case.sale_of(contract=nobody) == nothing("no_price_list")
    for side, cost in (("cost", ""), ("sales", ", 100, 'GBP'")):
        query = f"select price, reason from operations_{side}_price(null, null, null{cost})"
        assert rows(query) == [nothing("no_price_list")]
        assert item("category", side, nobody, nobody, "x", None) == nothing("no_price_list")


# ---------------------------------------------------------------- size

LINES = """
    with role as (
        insert into operations_role (code, name, version)
        select 'R' || number, '', 1 from generate_series(1, 10000) as number
        returning id
    )
    insert into operations_role_price (price_list_id, role_id, dimensions, unit, line, price, version)
    select %s, role.id, jsonb_build_object('grade', grade::text), 'hour', '', grade, 1
    from role cross join generate_series(1, 10) as grade
    returning id
"""


def buffers(case: Case) -> int:
    """Return how many pages the cost of an hour takes."""
    query = "explain (analyze, buffers, format json) select * from operations_cost_price(%s, %s::jsonb, %s)"
    found = rows(query, case.unit, case.asked(grade="3"), DAY)[0][0][0]["Plan"]
    return int(found["Shared Hit Blocks"]) + int(found["Shared Read Blocks"])


def test_a_hundred_thousand_lines_make_no_look_up_slower(case: Case) -> None:
    case.world.dimensions["grade"] = ("amount", 50, 50)
    case.world.line(case.cost, 100, role=case.role)
    case.world.load()
    buffers(case)
    small = buffers(case)
    assert len(rows(LINES, case.cost)) == 100_000
    assert case.cost_of(grade="3") == priced(100)
    # No statistics are gathered here: the plan that was made on the empty table goes by the index too.
    assert buffers(case) <= small + 60
