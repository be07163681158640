"""Which price applies to an hour, and why (operations spec 3.1 to 3.4)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.database.operations.ledger import CLERK, MANAGER, actuals, open_problems, rows
from tests.reference.world import World

from tieout.kernel.money import amount
from tieout.operations.approvals.actions import submit_entries
from tieout.operations.pricing.queries import cost_price, sales_price
from tieout.operations.pricing.rules import PriceReason

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 14)


@pytest.mark.parametrize(
    ("on", "price"),
    [
        # Both dates inclusive; the boundaries of T19 of the operations spec.
        (date(2025, 1, 31), None),
        (date(2025, 2, 1), "100"),
        (date(2025, 3, 14), "100"),
        (date(2025, 3, 15), "110"),
        (date(2025, 3, 31), "110"),
        (date(2025, 4, 1), "120"),
        (date(2025, 6, 30), "120"),
        (date(2025, 7, 1), None),
    ],
)
def test_both_dates_of_a_list_are_inclusive(on: date, price: str | None) -> None:
    world = World()
    unit, role = world.unit(), world.role()
    for starts, ends, amount_ in [
        (date(2025, 2, 1), date(2025, 3, 14), "100"),
        (date(2025, 3, 15), date(2025, 3, 31), "110"),
        (date(2025, 4, 1), date(2025, 6, 30), "120"),
    ]:
        world.role_price(world.price_list("GBP", starts, ends, unit=unit), role, amount_)
    world.load()
    found = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=on)
    assert found.price == Decimal(price or 0)
    assert found.reason == (PriceReason.ROLE_PRICE if price else PriceReason.NO_PRICE_LIST)


@pytest.mark.parametrize(
    ("starts", "ends"), [(None, date(2025, 12, 31)), (date(2025, 1, 1), None), (None, None)]
)
def test_a_list_without_both_dates_applies_never(starts: date | None, ends: date | None) -> None:
    world = World()
    unit, role = world.unit(), world.role()
    world.role_price(world.price_list("GBP", starts, ends, unit=unit), role, "100")
    world.load()
    found = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=DAY)
    assert (found.price, found.reason) == (Decimal(0), PriceReason.NO_PRICE_LIST)


def test_the_price_of_the_resourcing_unit_comes_before_that_of_any() -> None:
    world = World()
    owner, lender, third, role = world.unit(), world.unit(), world.unit(), world.role()
    prices = world.price_list(unit=owner)
    world.role_price(prices, role, "100")
    own = world.role_price(prices, role, "88", lender)
    world.role_price(prices, role, "1", lender, per="day")
    world.load()
    special = cost_price(actor=MANAGER, unit=owner, role=role, resourcing_unit=lender, on=DAY)
    general = cost_price(actor=MANAGER, unit=owner, role=role, resourcing_unit=third, on=DAY)
    assert (special.price, special.line_id, general.price) == (Decimal(88), own, Decimal(100))


def test_of_several_cost_lists_the_most_recently_created_counts_even_without_a_line() -> None:
    world = World()
    unit, role, other = world.unit(), world.role(), world.role()
    world.role_price(world.price_list(unit=unit), role, "100")
    newest = world.price_list(unit=unit)
    world.role_price(newest, other, "90")
    world.load()
    known = cost_price(actor=MANAGER, unit=unit, role=other, resourcing_unit=unit, on=DAY)
    unknown = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=DAY)
    assert (known.price, known.price_list_id) == (Decimal(90), newest)
    assert (unknown.price, unknown.reason) == (Decimal(0), PriceReason.NO_ROLE_PRICE)


def test_a_sales_list_is_of_the_contract_in_its_currency_and_alone() -> None:
    world = World()
    unit, role = world.unit(), world.role()
    contract, crowded = world.contract(unit, "USD"), world.contract(unit, "USD")
    world.role_price(world.price_list("GBP", contract=contract), role, "150")
    world.role_price(world.price_list("USD", contract=contract), role, "200")
    world.role_price(world.price_list("USD", contract=contract, context="cost"), role, "1")
    world.role_price(world.price_list("USD", contract=crowded), role, "200")
    world.price_list("USD", DAY, DAY, contract=crowded)
    world.load()
    one = sales_price(actor=MANAGER, contract=contract, role=role, resourcing_unit=unit, on=DAY)
    two = sales_price(actor=MANAGER, contract=crowded, role=role, resourcing_unit=unit, on=DAY)
    day_before = sales_price(
        actor=MANAGER, contract=crowded, role=role, resourcing_unit=unit, on=date(2025, 3, 13)
    )
    assert (one.price, one.currency_code, one.reason) == (Decimal(200), "USD", PriceReason.ROLE_PRICE)
    assert (two.price, two.currency_code, two.reason) == (Decimal(0), "USD", PriceReason.AMBIGUOUS_PRICE_LIST)
    assert (day_before.price, day_before.reason) == (Decimal(200), PriceReason.ROLE_PRICE)


def test_cost_is_converted_at_the_last_rate_known_on_the_day() -> None:
    world = World()
    unit, role = world.unit(currency="GBP"), world.role()
    world.role_price(world.price_list("USD", unit=unit), role, "120.50")
    world.rate("USDGBP", "80", date(2025, 1, 1))
    world.rate("USDGBP", "82.5", DAY)
    world.rate("USDGBP", "99", date(2025, 3, 15))
    world.rate("USDGBP", "1", date(2025, 3, 10), kind="budget")
    world.load()
    before = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=date(2025, 3, 13))
    on_day = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=DAY)
    never = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=date(2025, 1, 1))
    assert (before.price, on_day.price, never.price) == (Decimal("96.4"), Decimal("99.4125"), Decimal("96.4"))
    assert {before.currency_code, on_day.currency_code} == {"GBP"}


def test_a_list_that_cannot_be_converted_gives_no_price() -> None:
    world = World()
    unit, role = world.unit(currency="GBP"), world.role()
    world.role_price(world.price_list("USD", unit=unit), role, "120.50")
    world.rate("USDGBP", "80", date(2025, 3, 15))
    world.load()
    found = cost_price(actor=MANAGER, unit=unit, role=role, resourcing_unit=unit, on=DAY)
    assert (found.price, found.reason) == (Decimal(0), PriceReason.NO_EXCHANGE_RATE)


@pytest.mark.parametrize(
    ("currency", "minutes", "price", "quantity", "money"),
    [
        ("GBP", 480, "100", "8", "800"),
        ("GBP", 1, "100", "0.0166666666666667", "1.67"),
        ("GBP", 3, "0.10", "0.05", "0.01"),  # 0.005: half away from zero
        ("GBP", 20, "100.01", "0.3333333333333333", "33.34"),
        ("JPY", 90, "1001", "1.5", "1502"),  # 1501.5
        ("BHD", 7, "33.3333333333333333", "0.1166666666666667", "3.889"),
        # One sixtieth below and at a half: rounding the hours or the quotient first would lift the first.
        ("GBP", 1, "0.2999999999999999", "0.0166666666666667", "0"),
        ("GBP", 1, "0.3", "0.0166666666666667", "0.01"),
    ],
)
def test_an_amount_is_rounded_half_up_once_from_whole_minutes(
    currency: str, minutes: int, price: str, quantity: str, money: str
) -> None:
    world = World()
    world.company()
    unit, role = world.unit(currency=currency), world.role()
    world.role_price(world.price_list(currency, unit=unit), role, price)
    world.time(world.resource(unit), world.project(unit), role, DAY, minutes)
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    stored = rows("select quantity, price, amount from operations_entry_journal_line")
    assert stored == [(Decimal(quantity), Decimal(price), Decimal(money))]


def test_the_referee_agrees_on_whole_hours() -> None:
    world = World()
    world.company()
    unit, role = world.unit(), world.role()
    prices = ["0.005", "1.115", "2.675", "33.335", "99.995", "1234.5650000000000001"]
    entries = {}
    for price in prices:
        owner = world.unit()
        world.role_price(world.price_list(unit=owner), role, price)
        for hours in (1, 3, 7):
            entry = world.time(world.resource(unit), world.project(owner), role, DAY, hours * 60)
            entries[entry] = amount(Decimal(hours), Decimal(price), 2)
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    stored = rows(
        "select s.entry_id, l.amount from operations_entry_journal_line as l"
        " join operations_entry_submission as s on s.id = l.submission_id"
    )
    assert dict(stored) == entries


def test_an_hour_without_price_is_recorded_with_nothing_and_said() -> None:
    world = World()
    world.company()
    unit, role = world.unit(), world.role()
    project, _ = world.sold_project(unit, "time_and_materials")
    world.time(world.resource(unit), project, role)
    world.load()
    done = submit_entries(actor=CLERK, company="GB01")
    assert (done.submitted, done.refused) == (1, ())
    assert rows(
        "select transaction_type, amount, price_reason from operations_entry_journal_line order by 1"
    ) == [
        ("cost", 0, "no_price_list"),
        ("unbilled_sales", 0, "no_price_list"),
    ]
    assert open_problems() == [("APR-102", "entry-1"), ("APR-102", "entry-1")]
    assert not actuals()
