"""What was approved, and what waits for approval."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.entries.rules import KINDS
from tieout.outbox.models import ArrivedBatch


class Approval(models.Model):
    """One row says that a document became actuals; its key makes a second approval impossible.

    ``id`` is what was approved: the submission of an entry, or an expense or vendor invoice line that arrived
    from finance; ``document_id`` is the entry or that line. ``billable`` (minutes of time, else in the
    entry's unit) and ``billing_type`` are what the approver changed of the unbilled sales, null where
    nothing.
    """

    append_only = True

    id = models.UUIDField(primary_key=True)
    document_id = models.UUIDField()
    document_kind = fields.code(30)
    billable = fields.measure(null=True)
    billing_type = fields.code(20, null=True)
    approved_by = fields.code(150)
    approved_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_approval"
        indexes = [
            models.Index(fields=["xid"], name="operations_approval_xid"),  # collector (D8)
            # The approvals of an entry, of which the key says nothing: those of a document are its own.
            models.Index(
                fields=["document_id"],
                condition=models.Q(document_kind__in=list(KINDS.values())),
                name="operations_approval_of_entry",
            ),
        ]


class Intake(ArrivedBatch):
    """What one delivery batch brought to operations for one company."""

    class Meta(ArrivedBatch.Meta):
        db_table = "operations_intake"


class OpenVerification(models.Model):
    """One row is a vendor invoice line that approval leaves to the project manager, until it is verified."""

    line_id = models.UUIDField(primary_key=True)
    invoice_id = models.UUIDField()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    waits_since = fields.written_at()

    class Meta:
        db_table = "operations_open_verification"
        # The worklist of a company, and the lines of one invoice (verification/sql).
        indexes = [
            models.Index(fields=["company_code", "line_id"], name="operations_open_verification_o"),
            models.Index(fields=["invoice_id"], name="operations_open_verification_i"),
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
