"""What keeps an invoice of a lender from being chosen; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class NoPendingInvoice(Problem):
    """No invoice of a lender with this number is pending in the company."""

    code = "DOC-125"
    company: str
    document: str


class InvoiceOfSeveralLenders(Problem):
    """Invoices of several lenders with this number are pending in the company."""

    code = "DOC-126"
    company: str
    document: str
    lending_companies: tuple[str, ...]
