"""The posting matrix: one answer for every kind of actual that operations can send (finance spec 2.5.1)."""

from __future__ import annotations

from collections import Counter

import pytest

from tieout.finance.journals.rules import (
    ORIGINS,
    POSTING_MATRIX,
    TREATMENTS,
    GoesTo,
    MatrixRow,
    ProjectCompany,
    SourceKind,
    TransactionClass,
    TransactionType,
    Treatment,
)
from tieout.loading.formats import FORMATS

COSTS = (TransactionType.COST, TransactionType.RESOURCING_UNIT_COST)
LENT = (TransactionType.RESOURCING_UNIT_COST, TransactionType.INTERORGANIZATIONAL_SALES)
RECEIVED = {SourceKind.EXPENSE_ENTRY, SourceKind.JOURNAL_LINE}  # of a subcontract, by product receipt
NO_LEDGER = {Treatment.NO_LEDGER, Treatment.NEVER_LEDGER}
BORN_IN_FINANCE = {SourceKind.VENDOR_INVOICE_LINE, SourceKind.EXPENSE}
OF_DOCUMENTS = {"vendor", "employee", "tax_receivable"}  # beside the cost of invoices and expense reports
OF_INTERCOMPANY_INVOICES = {"customer", "intercompany_revenue", "intercompany_cost", "tax_payable"}
OF_JOURNALS = {"journal_offset"}  # chosen on the line
AT_SOURCE = {SourceKind.GENERAL_JOURNAL_LINE, SourceKind.STOCKED_INVOICE_LINE}
OF_PARAMETERS = {"procurement_integration", "expense_integration"}


def _is_cost_in_a_journal(row: MatrixRow) -> bool:
    return row.transaction_type in COSTS and row.goes_to is GoesTo.INTEGRATION_JOURNAL


@pytest.mark.parametrize("transaction_type", COSTS)
def test_a_cost_is_credited_by_its_document_of_origin(transaction_type: TransactionType) -> None:
    rows = [row for row in POSTING_MATRIX if row.transaction_type is transaction_type and row.credit]
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
    } | {
        (kind, of_class): credit  # at its source, never by lent work
        for kind, of_class, credit in (
            ("general_journal_line", "time", "journal_offset"),
            ("general_journal_line", "expense", "journal_offset"),
            ("general_journal_line", "material", "journal_offset"),
            ("stocked_invoice_line", "material", "vendor"),
        )
        if transaction_type is TransactionType.COST
    }


def test_a_cost_is_debited_by_its_treatment() -> None:
    """Materials in progress have an account of their own (finance spec 2.5.1)."""
    for row in POSTING_MATRIX:
        if row.transaction_type in COSTS and row.debit is not None:
            is_material = row.transaction_class is TransactionClass.MATERIAL
            wip = "wip_cost_value_item" if is_material else "wip_cost_value"
            assert row.debit == (wip if row.treatment is Treatment.BALANCE else "cost"), row


def test_what_is_in_a_journal_posts_but_for_time_of_no_ledger_and_what_is_not_accrued() -> None:
    for row in POSTING_MATRIX:
        if row.goes_to is GoesTo.INTEGRATION_JOURNAL:
            is_silent = row.treatment is Treatment.NOT_ACCRUED or (
                row.treatment in NO_LEDGER and row.source_kind not in BORN_IN_FINANCE
            )
            assert (row.debit is None) == is_silent, row
            is_received = row.treatment is Treatment.NEVER_LEDGER and row.source_kind in RECEIVED
            assert (
                row.treatment not in NO_LEDGER
                or row.transaction_class is TransactionClass.TIME
                or (is_received and row.transaction_class is TransactionClass.EXPENSE)
            ), row


def test_a_document_born_in_finance_always_leaves_its_integration_account() -> None:
    rows = [
        row for row in POSTING_MATRIX if row.source_kind in BORN_IN_FINANCE and _is_cost_in_a_journal(row)
    ]
    assert {row.credit for row in rows} == OF_PARAMETERS
    assert {row.debit for row in rows if row.treatment in NO_LEDGER} == {"cost"}


def test_costs_of_general_journals_and_of_stock_are_posted_at_their_source_and_nothing_else_is() -> None:
    at_source = [row for row in POSTING_MATRIX if row.goes_to is GoesTo.AT_SOURCE]
    assert {row.source_kind for row in at_source} == AT_SOURCE
    assert {row.transaction_type for row in at_source} == {TransactionType.COST}
    assert {row.debit for row in at_source if row.treatment in NO_LEDGER} == {"cost"}
    assert {row.credit for row in at_source} == OF_JOURNALS | {"vendor"}


def test_only_sales_accrue_and_only_one_way() -> None:
    accrued = [row for row in POSTING_MATRIX if row.treatment is Treatment.ACCRUED and row.debit]
    assert {(row.debit, row.credit) for row in accrued} == {("wip_sales_value", "accrued_revenue")}
    assert Counter(row.transaction_type for row in accrued) == {
        TransactionType.UNBILLED_SALES: 15,
        TransactionType.INTERORGANIZATIONAL_SALES: 10,
    }
    assert TransactionClass.FEE in {row.transaction_class for row in accrued}


def test_billed_sales_and_only_they_wait_for_an_invoice_proposal() -> None:
    for row in POSTING_MATRIX:
        is_billed = row.transaction_type is TransactionType.BILLED_SALES
        assert (row.goes_to is GoesTo.INVOICE_PROPOSAL) == is_billed, row


def test_what_has_no_accounts_is_refused_by_name() -> None:
    """A fee, a tax, a retainer and a milestone are sold; they cost nothing, and nobody lends them."""
    refused = [row for row in POSTING_MATRIX if row.goes_to is GoesTo.NOT_APPLICABLE]
    sold_only = {
        TransactionClass.FEE,
        TransactionClass.TAX,
        TransactionClass.RETAINER,
        TransactionClass.MILESTONE,
    }
    assert Counter(row.transaction_type for row in refused if row.transaction_class in sold_only) == {
        TransactionType.COST: 4 * 4,
        TransactionType.RESOURCING_UNIT_COST: 4,
        TransactionType.INTERORGANIZATIONAL_SALES: 4 * 2,
        TransactionType.UNBILLED_SALES: 3,  # tax, retainer and milestone are on account: nothing accrues
    }
    # What finance itself posts at its source is of its own projects only.
    lent = [row for row in refused if row.source_kind in AT_SOURCE]
    assert Counter(row.transaction_type for row in lent if row.transaction_type in LENT) == {
        TransactionType.RESOURCING_UNIT_COST: 4,
        TransactionType.INTERORGANIZATIONAL_SALES: 4 * 2,
    }
    others = [
        row
        for row in refused
        if row.transaction_class not in sold_only and not (row in lent and row.transaction_type in LENT)
    ]
    assert {row.treatment for row in others} == NO_LEDGER  # only time can be kept out of the ledger
    assert {row.transaction_class for row in others} == {TransactionClass.EXPENSE, TransactionClass.MATERIAL}


def test_only_the_lender_names_the_project_of_another_company() -> None:
    for row in POSTING_MATRIX:
        assert (row.project_company is ProjectCompany.OTHER) == (row.transaction_type in LENT), row


def test_every_type_of_every_origin_has_its_row_and_no_other_exists() -> None:
    assert len(ORIGINS) == 18
    assert len(POSTING_MATRIX) == len(TREATMENTS) * len(ORIGINS) == 180
    assert {row.transaction_type for row in TREATMENTS} == set(TransactionType)
    with pytest.raises(KeyError):
        POSTING_MATRIX.one(
            TransactionType.COST, TransactionClass.TIME, SourceKind.TIME_ENTRY, Treatment.ACCRUED
        )


def test_a_row_that_posts_half_or_posts_without_a_line_is_refused() -> None:
    with pytest.raises(ValueError, match="cost of class time from time_entry, balance, posts one side only"):
        MatrixRow(
            TransactionType.COST,
            TransactionClass.TIME,
            SourceKind.TIME_ENTRY,
            Treatment.BALANCE,
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
            Treatment.PROFIT_AND_LOSS,
            GoesTo.NOT_APPLICABLE,
            ProjectCompany.OWN,
            "cost",
            "cost_item",
        )


def test_the_file_format_takes_exactly_the_posting_types_that_something_posts() -> None:
    """A posting profile for a misspelt posting type would be loaded and never found."""
    posted = {side for row in POSTING_MATRIX for side in (row.debit, row.credit) if side}
    choices = FORMATS["posting_profile"].fields["posting_type"].choices
    assert set(choices) == (posted - OF_PARAMETERS - OF_JOURNALS) | OF_DOCUMENTS | OF_INTERCOMPANY_INVOICES
