"""The vectors of the operations spec (section 9) on both sides of the referee, row by row.

Bob works 8 hours on 3 March 2025; an hour costs 100 USD and sells for 200. Vectors of prices (T18, T19, T22)
and of terms (T32, T33) are tables of their own in ``tests/database/operations``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from tests.reference import engine
from tests.reference.bob import DAY, Case
from tests.reference.ledger.books import Actual, Books
from tests.reference.ledger.kept import Change
from tests.reference.ledger.steps import Model, Part, Step, expect
from tests.reference.pricing_world import declare
from tests.reference.writing import write

pytestmark = pytest.mark.usefixtures("databases")
SHORT = {"chargeable": "C", "non_chargeable": "NC", "complimentary": "CMP", "not_available": "NA"}


def words(actual: Actual) -> str:
    """Return an actual as the vectors say it."""
    billed = actual.billing_status.removeprefix("unbilled_sales_")
    said = (
        actual.transaction_type,
        SHORT[actual.billing_type],
        f"{actual.quantity.normalize():f} x {actual.price.normalize():f} = {actual.amount.normalize():f}",
        actual.currency_code,
        "" if actual.adjustment_status == "live" else actual.adjustment_status,
        "" if billed == "created" else billed,
        "here" if actual.skip_sync else "",
    )
    return " ".join(part for part in said if part)


Does = tuple[str, str]
UNCHANGED = Change()


@dataclass(frozen=True)
class Vector:
    """What is done, and the rows that stand then; ``prepare`` changes the case before anything is entered."""

    name: str
    expected: tuple[str, ...]
    then: tuple[Does, ...] = ()
    change: Change = UNCHANGED
    stage: str = "sold"
    method: str = "time_and_materials"
    prepare: Callable[[Case], object] = field(default=lambda _: None)
    enter: Callable[[Case], UUID] = Case.time


COST = "cost C 8 x 100 = 800 USD"
SALES = "unbilled_sales C 8 x 200 = 1600 USD"
UNDONE = (
    "cost C 8 x 100 = 800 USD adjusted",
    "cost C -8 x 100 = -800 USD unadjustable",
    "unbilled_sales C 8 x 200 = 1600 USD adjusted canceled",
    "unbilled_sales C -8 x 200 = -1600 USD unadjustable canceled",
)


def hours(number: int) -> Change:
    """Return the change of billable hours."""
    return Change(billable=Fraction(number))


def lend(case: Case) -> None:
    """T17: 10 h of GBPM at 88 GBP, transferred at 120 USD, billed at 200 USD."""
    firm = case.firm
    lender = firm.unit("GB01", "GBP")
    case.bob = firm.resource(lender, "GB01")
    firm.line_price(case.cost_list, 120, role=case.role, resourcing_unit=lender)
    own = firm.price_list("GBP", unit=lender)
    firm.the("price_list", own)["is_active"] = True
    firm.line_price(own, 88, role=case.role)


def share(case: Case) -> None:
    """Let two customers bear 60 % and 40 %, with a discount of 10 % and a fee of 2.5 %."""
    case.firm.bear(case.line, 60)
    case.firm.bear(case.line, 40, rounding=True)


def mileage(case: Case) -> None:
    """T24: 10 USD a mile, 6 a kilometre."""
    for unit, price in (("mile", 10), ("km", 6)):
        case.firm.item_price("category", case.cost_list, case.category, unit, price=price)
    case.firm.item_price("category", case.sales_list, case.category, "mile", method="at_cost")


def typed(case: Case) -> None:
    """T27: what is typed in another currency is sold at cost; pounds stand for the vector's euros."""
    for pair, rate in (("JPYUSD", "0.8130081300813008"), ("GBPUSD", "106.3829787234042553")):
        case.firm.rate(pair, rate, DAY)
    case.firm.item_price("category", case.sales_list, case.category, "piece", method="at_cost")


def spend(amount: int, currency: str) -> Callable[[Case], UUID]:
    """Enter an expense of an amount."""
    return lambda case: case.item(
        "expense", 1, "piece", category=case.category, typed_price=Decimal(amount), currency=currency
    )


def material(method: str, **figures: int) -> Callable[[Case], None]:
    """T25: a material that costs 100, sold by a method."""

    def prepare(case: Case) -> None:
        product = case.firm.product()
        case.firm.item_price("product", case.cost_list, product, "piece", price=100)
        case.firm.item_price("product", case.sales_list, product, "piece", method=method, **figures)

    return prepare


def piece(case: Case) -> UUID:
    """Use one piece of the last product."""
    return case.item("material", 1, "piece", product=case.firm.tables["operations_product"][-1]["id"])


VECTORS = (
    Vector("T01", (COST, SALES)),
    Vector(
        "T02",
        (COST, "unbilled_sales C 6 x 200 = 1200 USD", "unbilled_sales NC 2 x 200 = 400 USD"),
        change=hours(6),
    ),
    Vector("T03", (COST, "unbilled_sales C 10 x 200 = 2000 USD"), change=hours(10)),
    Vector(
        "E8", (COST, "unbilled_sales CMP 8 x 200 = 1600 USD"), change=Change(billing_type="complimentary")
    ),
    Vector("T04", UNDONE, (("cancel", "max"),)),
    Vector("T05", UNDONE, (("request_recall", "bob"), ("grant_recall", "max"))),
    Vector("T04 and again", (*UNDONE, COST, SALES), (("cancel", "max"), ("approve", "max"))),
    Vector("E11", (COST, SALES), (("request_recall", "bob"), ("refuse_recall", "max"))),
    Vector(
        "T06", (*(one.removesuffix(" canceled") for one in UNDONE), COST, SALES), (("reevaluate", "max"),)
    ),
    Vector(
        "BUG 4606055: re-evaluated, then cancelled, nothing is there twice",
        (*(one.removesuffix(" canceled") for one in UNDONE), *UNDONE),
        (("reevaluate", "max"), ("cancel", "max")),
    ),
    Vector(
        "BUG 4872141: cancelled, approved again and cancelled, every actual is adjusted",
        (*UNDONE, *UNDONE),
        (("cancel", "max"), ("approve", "max"), ("cancel", "max")),
    ),
    Vector(
        "BUG 4872141: every part of a decrease is adjusted",
        (
            *UNDONE[:2],
            "unbilled_sales C 6 x 200 = 1200 USD adjusted canceled",
            "unbilled_sales C -6 x 200 = -1200 USD unadjustable canceled",
            "unbilled_sales NC 2 x 200 = 400 USD adjusted canceled",
            "unbilled_sales NC -2 x 200 = -400 USD unadjustable canceled",
        ),
        (("cancel", "max"),),
        change=hours(6),
    ),
    Vector("E24", (COST, *UNDONE[2:]), (("close_contract", "max"),)),
    Vector("E24, then cancelled", UNDONE, (("close_contract", "max"), ("cancel", "max"))),
    Vector(
        "E24, then recalled",
        UNDONE,
        (("request_recall", "bob"), ("close_contract", "max"), ("grant_recall", "max")),
    ),
    Vector(
        "E24 of a decrease: each part is reversed",
        (
            COST,
            "unbilled_sales C 6 x 200 = 1200 USD adjusted canceled",
            "unbilled_sales C -6 x 200 = -1200 USD unadjustable canceled",
            "unbilled_sales NC 2 x 200 = 400 USD adjusted canceled",
            "unbilled_sales NC -2 x 200 = -400 USD unadjustable canceled",
        ),
        (("close_contract", "max"), ("close_contract", "max")),
        change=hours(6),
    ),
    Vector(
        "E24 on a fixed price",
        ("cost NA 8 x 100 = 800 USD",),
        (("close_contract", "max"),),
        method="fixed_price",
    ),
    Vector(
        "BUG 2586097: a shared project is unlinked, and the sale of each customer is reversed",
        (
            "cost C 7.3333333333333333 x 100 = 733.33 USD adjusted",
            "cost C -7.3333333333333333 x 100 = -733.33 USD unadjustable",
            "unbilled_sales C 4.4 x 200 = 880 USD adjusted",
            "unbilled_sales C -4.4 x 200 = -880 USD unadjustable",
            "unbilled_sales C 2.9333333333333333 x 200 = 586.67 USD adjusted",
            "unbilled_sales C -2.9333333333333333 x 200 = -586.67 USD unadjustable",
            "cost NA 7.3333333333333333 x 100 = 733.33 USD",
        ),
        (("unlink", "max"), ("reevaluate", "max")),
        prepare=share,
        enter=lambda case: case.time(Fraction(22, 3)),
    ),
    Vector("T13", ("cost NA 8 x 100 = 800 USD",), method="fixed_price"),
    Vector(
        "T13 cancelled",
        ("cost NA 8 x 100 = 800 USD adjusted", "cost NA -8 x 100 = -800 USD unadjustable"),
        (("cancel", "max"),),
        method="fixed_price",
    ),
    Vector(
        "T15",
        (
            "cost NA 8 x 100 = 800 USD adjusted",
            "cost NA -8 x 100 = -800 USD unadjustable",
            COST,
            SALES,
        ),
        (("set_up", "max"), ("reevaluate", "max")),
        stage="presales",
    ),
    Vector("T16", ("cost NA 8 x 100 = 800 USD",), stage="internal"),
    Vector(
        "T17",
        (
            "cost C 10 x 120 = 1200 USD here",
            "unbilled_sales C 10 x 200 = 2000 USD",
            "resourcing_unit_cost C 10 x 88 = 880 GBP",
            "interorganizational_sales C 10 x 120 = 1200 USD",
        ),
        prepare=lend,
        enter=lambda case: case.time(Fraction(10)),
    ),
    Vector(
        "4.10 of 7:20 h, 4.40 and the rest",
        (
            "cost C 7.3333333333333333 x 100 = 733.33 USD",
            "unbilled_sales C 4.4 x 200 = 880 USD",
            "unbilled_sales C 2.9333333333333333 x 200 = 586.67 USD",
        ),
        prepare=share,
        enter=lambda case: case.time(Fraction(22, 3)),
    ),
    Vector(
        "T24",
        ("cost C 10 x 10 = 100 USD", "unbilled_sales C 10 x 10 = 100 USD"),
        prepare=mileage,
        enter=lambda case: case.item("expense", 10, "mile", category=case.category, currency="USD"),
    ),
    Vector(
        "T24 in a unit without a price",
        ("cost C 10 x 0 = 0 USD", "unbilled_sales C 10 x 0 = 0 USD"),
        prepare=mileage,
        enter=lambda case: case.item("expense", 10, "piece", category=case.category, currency="USD"),
    ),
    *(
        Vector(
            f"T27 {amount} {currency}",
            (f"cost C 1 x {price} = {sum_} USD", f"unbilled_sales C 1 x {price} = {sum_} USD"),
            prepare=typed,
            enter=spend(amount, currency),
        )
        for amount, currency, price, sum_ in (
            (160_000, "JPY", "1300.81300813008128", "1300.81"),
            (250, "GBP", "265.9574468085106383", "265.96"),
            (150, "GBP", "159.574468085106383", "159.57"),
        )
    ),
    *(
        Vector(
            f"T25 {method}",
            ("cost C 1 x 100 = 100 USD", f"unbilled_sales C 1 x {sold} = {sold} USD"),
            prepare=material(method, **figures),
            enter=piece,
        )
        for method, figures, sold in (
            ("at_cost", {}, 100),
            ("markup_over_cost", {"percent": 10}, 110),
            ("price_per_unit", {"price": 200}, 200),
        )
    ),
)


def play(vector: Vector) -> Iterable[Books]:
    """Do what a vector says on the model and on the engine; return the books of each."""
    case = Case(vector.stage, vector.method)
    vector.prepare(case)
    entry = vector.enter(case)
    model = Model(case.firm)
    engine.empty()
    declare(case.common.units, case.common.dimensions, case.common.purchase)
    write([case.common, case.firm])
    for verb, by in (("submit", "bob"), ("approve", "max"), *vector.then):
        change = vector.change if verb == "approve" else UNCHANGED
        part = {
            "reevaluate": Part(project=case.project),
            "close_contract": Part(contract=case.contract),
            "set_up": Part(set_up=("project", case.project, {"stage": "sold"})),
            "unlink": Part(set_up=("project", case.project, {"stage": "internal"})),
        }.get(verb, Part({entry: change}))
        step = Step("set_up" if verb == "unlink" else verb, by, "US01")
        assert expect(model, step, part) == set()
        assert engine.act(step, [part]) == set()
    return model.books(), engine.read_books()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(vector: Vector) -> None:
    for books in play(vector):
        assert sorted(map(words, books.actuals.elements())) == sorted(vector.expected)


def test_discount_and_fee_are_on_the_gross_amount_of_what_is_sold() -> None:
    case = Case()
    share(case)
    case.firm.the("contract_line", case.line).update(discount_percent=Decimal(10), fee_percent=Decimal("2.5"))
    entry = case.time(Fraction(22, 3))
    model = Model(case.firm)
    for verb, by in (("submit", "bob"), ("approve", "max"), ("cancel", "max")):
        expect(model, Step(verb, by, "US01"), Part({entry: Change()}))
    found = sorted(
        (row.transaction_type, row.amount, row.discount_amount, row.fee_amount)
        for row in model.books().actuals
    )
    assert [tuple(map(str, one)) for one in found] == [
        ("cost", "-733.33", "0", "0"),
        ("cost", "733.33", "0", "0"),
        ("unbilled_sales", "-880.00", "-88.00", "-22.00"),
        ("unbilled_sales", "-586.67", "-58.67", "-14.67"),
        ("unbilled_sales", "586.67", "58.67", "14.67"),
        ("unbilled_sales", "880.00", "88.00", "22.00"),
    ]
