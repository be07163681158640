"""What tells the two kinds of documents apart when they are posted (finance spec 2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """How documents of one kind are posted: what is debited per line, what is credited, the sequence."""

    name: str
    debit_type: str
    credit_type: str
    sequence: str


VENDOR_INVOICE: Final = DocumentKind(
    "vendor_invoice", "procurement_integration", "vendor", "vendor_invoice_voucher"
)
EXPENSE_REPORT: Final = DocumentKind("expense_report", "expense_integration", "employee", "expense_voucher")
