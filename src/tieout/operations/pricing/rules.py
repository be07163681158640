"""Words of pricing: why a price is what it is (operations spec 3.1), and what every firm prices by.

Pricing itself is a set of SQL functions (``operations/sql/definitions/030_pricing.sql`` and
``031_item_prices.sql``), called by the statements that submit entries; a price that is not found is 0 with
the reason, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table

CODE_MAX: Final = 60
NAME_MAX: Final = 200
"""Characters of the code and of the name of a price list."""


class ListsOnWin(StrEnum):
    """What the contract of a won quote gets of the lists that the quote is priced by (operations spec 3.3).

    The same lists; the overrides of the quote on them besides; or copies of the lists, without overrides.
    """

    SAME = "same"
    SAME_WITH_OVERRIDES = "same_with_overrides"
    COPIES = "copies"


class PriceReason(StrEnum):
    """Why an actual or a journal line has its price."""

    ROLE_PRICE = "role_price"
    CATEGORY_PRICE = "category_price"
    PRODUCT_PRICE = "product_price"
    TYPED_PRICE = "typed_price"
    AT_COST = "at_cost"
    MARKUP_OVER_COST = "markup_over_cost"
    POSTED_AMOUNT = "posted_amount"
    NO_PRICE_LIST = "no_price_list"
    AMBIGUOUS_PRICE_LIST = "ambiguous_price_list"
    NO_ROLE_PRICE = "no_role_price"
    AMBIGUOUS_ROLE_PRICE = "ambiguous_role_price"
    NO_CATEGORY_PRICE = "no_category_price"
    NO_PRODUCT_PRICE = "no_product_price"
    METHOD_NOT_ON_COST = "method_not_on_cost"
    NO_COST = "no_cost"
    NO_EXCHANGE_RATE = "no_exchange_rate"


SAYINGS: Final = {
    PriceReason.ROLE_PRICE: "a line of a role price list, or its override",
    PriceReason.CATEGORY_PRICE: "a category's price per unit",
    PriceReason.PRODUCT_PRICE: "a product's price per unit",
    PriceReason.TYPED_PRICE: "as typed on the entry",
    PriceReason.AT_COST: "sales: what it cost, in the contract's currency",
    PriceReason.MARKUP_OVER_COST: "sales: what it cost and a percentage of that, in the contract's currency",
    PriceReason.POSTED_AMOUNT: "cost of a document born in finance, as posted there",
    PriceReason.NO_PRICE_LIST: "no list of the unit, contract or subcontract covers the date",
    PriceReason.AMBIGUOUS_PRICE_LIST: "several lists cover the date, and none is the one",
    PriceReason.NO_ROLE_PRICE: "the list has no line that fits",
    PriceReason.AMBIGUOUS_ROLE_PRICE: "its best lines differ in nothing but price",
    PriceReason.NO_CATEGORY_PRICE: "the list has no line for the category and unit",
    PriceReason.NO_PRODUCT_PRICE: "the list has no line for the product and unit",
    PriceReason.METHOD_NOT_ON_COST: "a cost list says at cost, and nothing was typed",
    PriceReason.NO_COST: "it is priced by its cost, and that is not known",
    PriceReason.NO_EXCHANGE_RATE: "the price cannot be converted on the date",
}
"""What each reason says; those that price nothing come last."""

REMEDIES: Final = {
    PriceReason.NO_PRICE_LIST: "Give the unit, contract or subcontract an active list that covers the date.",
    PriceReason.AMBIGUOUS_PRICE_LIST: "End all lists but one before the date, or deactivate them.",
    PriceReason.NO_ROLE_PRICE: "Add a line for the role to the list.",
    PriceReason.AMBIGUOUS_ROLE_PRICE: "Leave one of the lines, or let them differ in a dimension.",
    PriceReason.NO_CATEGORY_PRICE: "Add a line for the category and unit to the list.",
    PriceReason.NO_PRODUCT_PRICE: "Add a line for the product and unit to the list.",
    PriceReason.METHOD_NOT_ON_COST: "Type a price on the entry, or give the cost list a price per unit.",
    PriceReason.NO_COST: "Mend the cost price first; the sales price follows it.",
    PriceReason.NO_EXCHANGE_RATE: "Enter an exchange rate that is valid on the date.",
}
"""What mends a price that is not there; then the work is taken back and submitted again."""

PRICED: Final = frozenset(
    {
        PriceReason.ROLE_PRICE,
        PriceReason.CATEGORY_PRICE,
        PriceReason.PRODUCT_PRICE,
        PriceReason.TYPED_PRICE,
        PriceReason.AT_COST,
        PriceReason.MARKUP_OVER_COST,
        PriceReason.POSTED_AMOUNT,
    }
)
"""Reasons that a price has; with any other it is 0 and wants mending."""


def typed_price(text: str) -> tuple[Decimal | None, str | None] | None:
    """Return the price and the currency of ``12.50 EUR``, both None for a blank; None for anything else."""
    if not text.strip():
        return None, None
    amount, _, currency = text.strip().partition(" ")
    try:
        price = Decimal(amount)
    except ArithmeticError:
        return None
    return (price, currency.strip().upper()) if price.is_finite() and price >= 0 and currency else None


@dataclass(frozen=True, slots=True)
class StandardUnit:
    """One row of ``units.csv``: a unit of measure that every firm has."""

    code: str
    name: str
    unit_group: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class StandardDimension:
    """One row of ``dimensions.csv``: a dimension that every firm has, with its usual priorities."""

    name: str
    kind: str
    cost_priority: int | None
    sales_priority: int | None
    purchase_priority: int | None


UNITS: Final[Table[StandardUnit]] = load_table(
    files("tieout.operations.pricing") / "units.csv", StandardUnit, key=("code",)
)
DIMENSIONS: Final[Table[StandardDimension]] = load_table(
    files("tieout.operations.pricing") / "dimensions.csv", StandardDimension, key=("name",)
)
