"""Which sales tax group and which item sales tax group a sale takes, and what follows (finance spec 2.11).

The sales tax group says who is billed, the item sales tax group what; a tax applies where both hold it
(``finance_sales_taxes``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table


class TaxGroupFrom(StrEnum):
    """Whose sales tax group bills a sale: a parameter of the company."""

    PROJECT = "project"
    CONTRACT = "contract"
    CUSTOMER = "customer"
    SEARCH = "search"  # project, then contract, then customer: the first that has one


class ItemTaxFrom(StrEnum):
    """What gives a sale its item sales tax group."""

    CATEGORY = "category"
    PRODUCT = "product"
    MILESTONE = "milestone"  # a parameter of the company
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ItemTaxRule:
    """One row of ``item_tax_groups.csv``: what gives a class of sales its item sales tax group.

    ``otherwise`` is asked where the first gives none.
    """

    transaction_class: str
    first: ItemTaxFrom
    otherwise: ItemTaxFrom


ITEM_TAX_RULES: Final[Table[ItemTaxRule]] = load_table(
    files("tieout.finance.taxes") / "item_tax_groups.csv", ItemTaxRule, key=("transaction_class",)
)

_SEARCHED: Final[Mapping[TaxGroupFrom, tuple[TaxGroupFrom, ...]]] = {
    **{one: (one,) for one in (TaxGroupFrom.PROJECT, TaxGroupFrom.CONTRACT, TaxGroupFrom.CUSTOMER)},
    TaxGroupFrom.SEARCH: (TaxGroupFrom.PROJECT, TaxGroupFrom.CONTRACT, TaxGroupFrom.CUSTOMER),
}


def billing_tax_group(asked: TaxGroupFrom, groups: Mapping[TaxGroupFrom, str]) -> str:
    """Return the sales tax group that bills a sale; empty where nobody who is asked has one.

    ``groups`` holds those of its project, contract and customer, empty or left out for none. A parameter that
    names one of them never falls back on another.
    """
    return next((groups[one] for one in _SEARCHED[asked] if groups.get(one)), "")


def item_tax_group(transaction_class: str, groups: Mapping[ItemTaxFrom, str]) -> str:
    """Return the item sales tax group of a sale of a class; empty where nothing gives one.

    ``groups`` holds those of its category and product, and the company's of milestones. A class that is not
    in the table raises :class:`KeyError`: it is never sold without somebody having decided.
    """
    rule = ITEM_TAX_RULES.one(transaction_class)
    return next((groups[one] for one in (rule.first, rule.otherwise) if groups.get(one)), "")
