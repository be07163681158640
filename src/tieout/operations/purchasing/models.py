"""Mirrors of posted vendor invoices (operations spec 1.8)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.mirrored import FinanceDocumentLine


class VendorInvoice(models.Model):
    """One posted vendor invoice that has at least one line with a project."""

    append_only = True

    id = fields.mirrored_identifier()
    company_code = fields.code(20)
    vendor_id = models.UUIDField()
    invoice_number = fields.code()
    invoice_date = models.DateField()
    accounting_date = models.DateField()
    currency_code = fields.code(3)
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_vendor_invoice"


class VendorInvoiceLine(FinanceDocumentLine):
    """One line of a posted vendor invoice, ``document_id``; ``unit`` is what its quantity counts."""

    unit = fields.code(20, default="each", db_default="each")

    class Meta(FinanceDocumentLine.Meta):
        db_table = "operations_vendor_invoice_line"
