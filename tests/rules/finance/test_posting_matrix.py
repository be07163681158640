"""The posting matrix: one answer for every kind of actual that operations can send (finance spec 2.5.1)."""

from __future__ import annotations

from collections import Counter

import pytest

from tieout.finance.journals.rules import (
    ORIGINS,
    POSTING_MATRIX,
    GoesTo,
    MatrixRow,
    ProjectCompany,
    SourceKind,
    TransactionClass,
    TransactionType,
)
from tieout.loading.formats import FORMATS

COSTS = (TransactionType.COST, TransactionType.RESOURCING_UNIT_COST)
LENT = (TransactionType.RESOURCING_UNIT_COST, TransactionType.INTERORGANIZATIONAL_SALES)
OF_DOCUMENTS = {"vendor", "employee"}  # what vendor invoices and expense reports credit
OF_PARAMETERS = {"procurement_integration", "expense_integration"}


@pytest.mark.parametrize("transaction_type", COSTS)
def test_a_cost_is_credited_by_its_document_of_origin(transaction_type: TransactionType) -> None:
    rows = [row for row in POSTING_MATRIX if row.transaction_type is transaction_type and row.credit]
    assert {row.debit for row in rows} == {"cost"}
    assert {(row.source_kind.value, row.transaction_class.value): row.credit for row in rows} == {
        ("time_entry", "time"): "payroll_allocation",
        ("expense_entry", "expense"): "expense_offset",
        ("material_usage", "material"): "cost_item",
        ("vendor_invoice_line", "time"): "procurement_integration",
        ("vendor_invoice_line", "expense"): "procurement_integration",
        ("vendor_invoice_line", "material"): "procurement_integration",
        ("expense", "expense"): "expense_integration",
        ("journal_line", "time"): "payroll_allocation",
        ("journal_line", "expense"): "expense_offset",
        ("journal_line", "material"): "cost_item",
    }


def test_only_costs_have_posting_types_and_every_cost_in_a_journal_has_them() -> None:
    for row in POSTING_MATRIX:
        is_posted = row.transaction_type in COSTS and row.goes_to is GoesTo.INTEGRATION_JOURNAL
        assert (row.debit is not None) == is_posted, row


def test_billed_sales_and_only_they_wait_for_an_invoice_proposal() -> None:
    for row in POSTING_MATRIX:
        is_billed = row.transaction_type is TransactionType.BILLED_SALES
        assert (row.goes_to is GoesTo.INVOICE_PROPOSAL) == is_billed, row


def test_what_has_no_accounts_is_refused_by_name() -> None:
    """A fee, a tax, a retainer and a milestone are sold; they cost nothing, and nobody lends them."""
    refused = [row for row in POSTING_MATRIX if row.goes_to is GoesTo.NOT_APPLICABLE]
    assert {row.source_kind for row in refused} == {SourceKind.JOURNAL_LINE}
    assert Counter(row.transaction_type for row in refused) == {
        TransactionType.COST: 4,
        TransactionType.RESOURCING_UNIT_COST: 4,
        TransactionType.INTERORGANIZATIONAL_SALES: 4,
    }
    assert {row.transaction_class for row in refused} == {
        TransactionClass.FEE,
        TransactionClass.TAX,
        TransactionClass.RETAINER,
        TransactionClass.MILESTONE,
    }


def test_only_the_lender_names_the_project_of_another_company() -> None:
    for row in POSTING_MATRIX:
        assert (row.project_company is ProjectCompany.OTHER) == (row.transaction_type in LENT), row


def test_every_type_of_every_origin_has_its_row_and_no_other_exists() -> None:
    assert len(ORIGINS) == 14
    assert len(POSTING_MATRIX) == len(TransactionType) * len(ORIGINS) == 70
    with pytest.raises(KeyError):
        POSTING_MATRIX.one(TransactionType.COST, TransactionClass.TIME, SourceKind.MATERIAL_USAGE)


def test_a_row_that_posts_half_or_posts_without_a_line_is_refused() -> None:
    with pytest.raises(ValueError, match="cost of class time from time_entry posts one side only"):
        MatrixRow(
            TransactionType.COST,
            TransactionClass.TIME,
            SourceKind.TIME_ENTRY,
            GoesTo.INTEGRATION_JOURNAL,
            ProjectCompany.OWN,
            "cost",
            None,
        )
    with pytest.raises(ValueError, match="has posting types, but no journal line"):
        MatrixRow(
            TransactionType.COST,
            TransactionClass.FEE,
            SourceKind.JOURNAL_LINE,
            GoesTo.NOT_APPLICABLE,
            ProjectCompany.OWN,
            "cost",
            "cost_item",
        )


def test_the_file_format_takes_exactly_the_posting_types_that_something_posts() -> None:
    """A posting profile for a misspelt posting type would be loaded and never found."""
    posted = {side for row in POSTING_MATRIX for side in (row.debit, row.credit) if side}
    choices = FORMATS["posting_profile"].fields["posting_type"].choices
    assert set(choices) == (posted - OF_PARAMETERS) | OF_DOCUMENTS
