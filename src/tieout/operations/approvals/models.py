"""What was approved, and what waits for approval."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Approval(models.Model):
    """One row says that a document became actuals; its key makes a second approval impossible.

    ``document_id`` is a time entry, an expense or a vendor invoice line.
    """

    append_only = True

    document_id = models.UUIDField(primary_key=True)
    document_kind = fields.code(30)
    approved_by = fields.code(150)
    approved_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_approval"
        indexes = [models.Index(fields=["xid"], name="operations_approval_xid")]  # collector (D8)


class Intake(models.Model):
    """One row is what one delivery batch brought for one company, and whether it was processed.

    The totals let every hop be counted without counting rows.
    """

    id = models.BigAutoField(primary_key=True)
    batch_id = models.BigIntegerField()
    map = fields.code()
    company_code = fields.code(20)
    row_count = models.BigIntegerField()
    amount_total = fields.amount()
    received_at = fields.written_at()
    processed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "operations_intake"
        constraints = [
            models.UniqueConstraint(fields=["batch_id", "company_code"], name="operations_intake_key")
        ]
        indexes = [
            # What is still to be processed: a handful of rows, however many were.
            models.Index(
                fields=["map", "company_code"],
                name="operations_intake_open",
                condition=models.Q(processed_at__isnull=True),
            )
        ]


class ApprovalRetry(models.Model):
    """One row is a document that approval refused; it is tried again when its cause may have changed."""

    document_id = models.UUIDField(primary_key=True)
    document_kind = fields.code(30)
    company_code = fields.code(20)
    code = fields.code(20)
    attempts = models.IntegerField(default=1)
    last_tried_at = fields.written_at()

    class Meta:
        db_table = "operations_approval_retry"
