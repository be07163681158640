"""The two tables of journals: what strict validation takes, and what finance can post (operations spec 6)."""

from __future__ import annotations

import pytest

from tieout.finance.journals.rules import POSTING_MATRIX, GoesTo, SourceKind
from tieout.operations.journals.rules import KINDS, VALIDATION, Allowed, Kind, TransactionClass, Validation

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


@pytest.mark.parametrize("row", tuple(VALIDATION), ids=str)
def test_strict_validation_is_the_table_of_the_specification(row: Validation) -> None:
    taken = SPEC.get((row.situation.value, row.transaction_type.value), "").split()
    is_taken = row.transaction_class.value in taken
    assert (row.allowed is not Allowed.NO) == is_taken
    assert (row.allowed is Allowed.PAIR) == (is_taken and row.transaction_class is TransactionClass.RETAINER)


@pytest.mark.parametrize("row", tuple(KINDS), ids=str)
def test_operations_takes_what_finance_can_post(row: Kind) -> None:
    goes_to = {
        one.goes_to
        for one in POSTING_MATRIX
        if one.source_kind is SourceKind.JOURNAL_LINE
        and (one.transaction_type.value, one.transaction_class.value)
        == (row.transaction_type.value, row.transaction_class.value)
    }
    assert row.posted == (goes_to != {GoesTo.NOT_APPLICABLE})
