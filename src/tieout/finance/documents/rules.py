"""What tells the two kinds of documents apart (finance spec 2.9), and which of them need no judging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from tieout.kernel.calendar import Module
from tieout.kernel.identifiers import new_ids


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """How documents of one kind are posted: what is debited per line, the sequence, and by which module.

    Who is credited says the line: the vendor of an invoice, of an expense its payment method.
    """

    name: str
    debit_type: str
    sequence: str
    module: Module


VENDOR_INVOICE: Final = DocumentKind(
    "vendor_invoice", "procurement_integration", "vendor_invoice_voucher", Module.ACCOUNTS_PAYABLE
)
EXPENSE_REPORT: Final = DocumentKind(
    "expense_report", "expense_integration", "expense_voucher", Module.EXPENSE
)

_HEADER: Final = (
    "invoice_date",
    "accounting_date",
    "currency_code",
    "manual_verification",
    "block_payment",
)
_SAME: Final = "100"
"""The rate of a currency to itself, per 100 (finance spec 5, N10)."""


def whole_invoices(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the headers of the invoices whose lines leave nothing to judge, if the invoice is new.

    Their lines say the same of the header, have a number each, and are in the accounting currency: at its
    rate of 100 the accounting amount *is* the amount, if it has no more decimals than that currency.
    """
    decimals = pl.col("amount").str.extract(r"\.([0-9]*[1-9])").str.len_chars().fill_null(0)
    is_own = (pl.col("exchange_rate") == _SAME) & (decimals <= pl.col("accounting_digits"))
    return (
        lines.group_by("document", maintain_order=True)
        .agg(
            pl.col("company_code", "vendor_id", "invoice_number", *_HEADER).first(),
            is_whole=(pl.struct(_HEADER).n_unique() == 1)
            & (pl.col("line_number").n_unique() == pl.len())
            & is_own.all(),
        )
        .filter("is_whole")
        .drop("is_whole")
    )


@dataclass(frozen=True, slots=True)
class SortedLines:
    """Vendor invoice lines of one load, with those apart that need no judging if their invoice is new.

    ``invoices`` are the headers of the latter, each with an ``id``; ``straight`` their lines as rows of
    ``VendorInvoiceLine``, and ``document``, their number in this load; ``others`` are as they came.
    """

    lines: pl.DataFrame
    invoices: pl.DataFrame
    straight: pl.DataFrame
    others: pl.DataFrame


def sort_lines(lines: pl.DataFrame) -> SortedLines:
    """Set the lines of whole invoices apart."""
    invoices = whole_invoices(lines)
    invoices = invoices.with_columns(pl.Series("id", new_ids(len(invoices)), dtype=pl.String))
    numbered = lines.join(
        invoices.select("document", invoice_id="id"), on="document", how="left", maintain_order="left"
    )
    is_straight = numbered["invoice_id"].is_not_null()
    others = lines.clear() if is_straight.all() else lines.filter(~is_straight)
    return SortedLines(lines, invoices, as_stored(numbered.filter(is_straight)), others)


def as_stored(lines: pl.DataFrame) -> pl.DataFrame:
    """Return lines of whole invoices, with their ``invoice_id``, as rows of ``VendorInvoiceLine``."""
    return lines.select(
        "document",
        pl.Series("id", new_ids(len(lines)), dtype=pl.String),
        "invoice_id",
        "line_number",
        "company_code",
        "project_id",
        "category_id",
        "description",
        pl.col("invoice_date").alias("transaction_date"),
        "accounting_date",
        "quantity",
        "unit",
        "stocked",
        "subcontract_id",
        "unit_price",
        "amount",
        "tax_amount",
        "currency_code",
        "exchange_rate",
        pl.col("accounting_date").alias("exchange_rate_date"),
        pl.col("amount").alias("accounting_amount"),
    )
