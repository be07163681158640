"""The words of the screens for what actuals are; a word that is not here is shown as it is written."""

from __future__ import annotations

from typing import Final

TYPE_LABELS: Final = {
    "cost": "Cost",
    "unbilled_sales": "Unbilled sales",
    "billed_sales": "Billed sales",
    "resourcing_unit_cost": "Resourcing unit cost",
    "interorganizational_sales": "Interorganizational sales",
}
CLASS_LABELS: Final = {
    "time": "Time",
    "expense": "Expense",
    "material": "Material",
    "fee": "Fee",
    "milestone": "Milestone",
    "retainer": "Retainer",
    "tax": "Tax",
}
BILLING_LABELS: Final = {
    "chargeable": "Chargeable",
    "non_chargeable": "Non-chargeable",
    "complimentary": "Complimentary",
    "not_available": "Not available",
}
SOURCE_LABELS: Final = {
    "time_entry": "Time entry",
    "expense_entry": "Expense entry",
    "material_usage": "Material usage",
    "journal_line": "Entry journal",
    "general_journal_line": "General journal",
    "expense": "Expense report",
    "vendor_invoice_line": "Vendor invoice",
    "stocked_invoice_line": "Vendor invoice, stocked",
}
STATUS_LABELS: Final = {
    "live": "",
    "in_process": "In process",
    "adjusted": "Adjusted",
    "unadjustable": "Unadjustable",
    "unbilled_sales_created": "Not ready to invoice",
    "ready_to_invoice": "Ready to invoice",
    "customer_invoice_created": "Customer invoice created",
    "customer_invoice_posted": "Customer invoice posted",
    "canceled": "Canceled",
}


def words(code: str) -> str:
    """Return a word of the program as people write it: ``resourcing_unit_cost`` is Resourcing unit cost."""
    return code.replace("_", " ").capitalize()
