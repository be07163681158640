"""The columns that every line of a document born in finance has on this side.

A document posted in finance is never recomputed here (DESIGN section 5): its cost carries the posted
accounting amount, the accounting date, and the original currency, amount and rate.
"""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class FinanceDocumentLine(models.Model):
    """One posted line: ``amount`` net in ``currency_code``, ``accounting_amount`` in the company's own."""

    append_only = True

    id = fields.mirrored_identifier()
    document_id = models.UUIDField()
    line_number = models.IntegerField()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    category_id = models.UUIDField()
    description = fields.code(400)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    quantity = fields.measure()
    unit_price = fields.measure()
    amount = fields.amount()
    tax_amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    exchange_rate_date = models.DateField()
    accounting_amount = fields.amount()
    voucher = fields.code(40)
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        abstract = True
        indexes = [
            # Approval takes the lines of one delivery batch (approvals/sql/approve_documents.sql). A btree:
            # the rows of a batch share its number, so it stays small; a BRIN index scans what came since
            # the last vacuum.
            models.Index(fields=["batch_id"], name="%(app_label)s_%(class)s_batch"),
            # The collector reads what changed since its snapshot (DESIGN D8).
            models.Index(fields=["xid"], name="%(app_label)s_%(class)s_xid"),
        ]
