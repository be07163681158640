"""Subcontracts, and mirrors of posted vendor invoices (operations spec 1.8)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.mirrored import FinanceDocumentLine, Vendor
from tieout.operations.purchasing.rules import SubcontractStatus


class Subcontract(models.Model):
    """One contract with a vendor, whose work and goods entries of its company may name.

    What names it costs by its purchase lists, which are in its currency (operations spec 2.6, 3.2). Only a
    confirmed one is taken by new work; vendor, company and currency are those of its draft.
    """

    id = fields.identifier()
    number = fields.code(unique=True)
    name = fields.code(200)
    company_code = fields.code(20)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT)
    currency_code = fields.code(3)
    status = fields.code(20, db_default=SubcontractStatus.DRAFT)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_subcontract"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=list(SubcontractStatus)), name="operations_subcontract_status"
            )
        ]


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
        indexes = [models.Index(fields=["xid"], name="operations_vendor_invoice_xid")]  # collector (D8)


class VendorInvoiceLine(FinanceDocumentLine):
    """One line of a posted vendor invoice, ``document_id``; ``unit`` is what its quantity counts.

    The cost of a ``stocked`` line stands in the ledger of finance already. The rest it says of its invoice,
    whose header travels apart: who entered it, whether the project manager verifies its lines, and whether
    its payment waits for that.
    """

    unit = fields.code(20, default="each", db_default="each")
    stocked = models.BooleanField(default=False, db_default=False)
    subcontract_id = models.UUIDField(null=True)
    manual_verification = models.BooleanField(default=False, db_default=False)
    block_payment = models.BooleanField(default=False, db_default=False)
    entered_by = fields.code(150, default="", db_default="")

    class Meta(FinanceDocumentLine.Meta):
        db_table = "operations_vendor_invoice_line"
