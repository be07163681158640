"""Which sales tax group and item sales tax group a sale takes (finance spec 2.11)."""

from __future__ import annotations

import pytest

from tieout.finance.journals.rules import TransactionClass
from tieout.finance.taxes.rules import (
    ITEM_TAX_RULES,
    ItemTaxFrom,
    TaxGroupFrom,
    billing_tax_group,
    item_tax_group,
)

PAYERS = (TaxGroupFrom.PROJECT, TaxGroupFrom.CONTRACT, TaxGroupFrom.CUSTOMER)


@pytest.mark.parametrize(
    ("asked", "groups", "expected"),
    [
        ("project", "P C K", "P"),
        ("contract", "P C K", "C"),
        ("customer", "P C K", "K"),
        ("search", "P C K", "P"),
        ("search", "- C K", "C"),
        ("search", "- - K", "K"),
        ("search", "- - -", ""),
        # one that is named never falls back on another
        ("project", "- C K", ""),
        ("contract", "P - K", ""),
        ("customer", "P C -", ""),
    ],
)
def test_the_parameter_says_whose_group_bills_a_sale(asked: str, groups: str, expected: str) -> None:
    """Finance spec 7, pain 15 (620979): a project's group is taken only where the parameter asks for it."""
    held = {one: text.strip("-") for one, text in zip(PAYERS, groups.split(), strict=True)}
    assert billing_tax_group(TaxGroupFrom(asked), held) == expected


@pytest.mark.parametrize(
    ("transaction_class", "groups", "expected"),
    [
        ("time", "C P M", "C"),
        ("expense", "C P M", "C"),
        ("fee", "- P M", ""),
        ("material", "C P M", "P"),
        ("material", "C - M", "C"),
        ("milestone", "C P M", "M"),
        ("retainer", "C P -", ""),
        ("tax", "C P M", ""),
    ],
)
def test_the_class_says_what_gives_the_item_group(transaction_class: str, groups: str, expected: str) -> None:
    items = (ItemTaxFrom.CATEGORY, ItemTaxFrom.PRODUCT, ItemTaxFrom.MILESTONE)
    held = {one: text.strip("-") for one, text in zip(items, groups.split(), strict=True)}
    assert item_tax_group(transaction_class, held) == expected


def test_every_class_is_decided() -> None:
    assert {one.transaction_class for one in ITEM_TAX_RULES} == set(TransactionClass)
