"""The two tables of journals: what strict validation takes, and what finance can post (operations spec 6)."""

from __future__ import annotations

import pytest

from tieout.finance.journals.rules import POSTING_MATRIX, GoesTo, SourceKind
from tieout.operations.journals.rules import KINDS, VALIDATION, Allowed

# The table of operations spec 6, and for work that nobody bought its cost side.
COST, LENDING = "time expense material", "time expense"
SPEC = {
    ("fixed_price", "cost"): COST,
    ("fixed_price", "unbilled_sales"): "retainer",
    ("fixed_price", "billed_sales"): "retainer milestone",
    ("time_and_materials", "cost"): COST,
    ("time_and_materials", "unbilled_sales"): "time expense material fee retainer",
    ("time_and_materials", "billed_sales"): "time expense material fee retainer",
    **{
        (situation, lending): LENDING
        for situation in ("fixed_price", "time_and_materials", "presales", "internal")
        for lending in ("resourcing_unit_cost", "interorganizational_sales")
    },
    **{(situation, "cost"): COST for situation in ("presales", "internal")},
}


@pytest.mark.parametrize("row", VALIDATION, ids=str)
def test_strict_validation_is_the_table_of_the_specification(row: object) -> None:
    assert row in tuple(VALIDATION)
    [found] = [one for one in VALIDATION if one == row]
    taken = SPEC.get((found.situation.value, found.transaction_type.value), "").split()
    assert (found.allowed is not Allowed.NO) == (found.transaction_class.value in taken)
    assert (found.allowed is Allowed.PAIR) == (
        found.transaction_class.value in taken and found.transaction_class.value == "retainer"
    )


@pytest.mark.parametrize("row", POSTING_MATRIX, ids=str)
def test_operations_takes_what_finance_posts(row: object) -> None:
    [found] = [one for one in POSTING_MATRIX if one == row]
    if found.source_kind is not SourceKind.JOURNAL_LINE:
        return
    here = KINDS.one(found.transaction_type.value, found.transaction_class.value)
    assert here.posted == (found.goes_to is not GoesTo.NOT_APPLICABLE)
