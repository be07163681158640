"""What project managers decided of vendor invoice lines."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.verification.rules import Outcome


class VerificationDecision(models.Model):
    """One decision of one line. Verified is final; a rejected line waits on, and may be verified later.

    ``reason`` is why it was rejected, blank where it was verified.
    """

    append_only = True

    id = fields.identifier()
    line_id = models.UUIDField()
    invoice_id = models.UUIDField()
    company_code = fields.code(20)
    outcome = fields.code(20)
    reason = fields.code(400)
    decided_by = fields.code(150)
    decided_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_verification"
        indexes = [
            models.Index(fields=["line_id", "-id"], name="operations_verification_line"),
            models.Index(fields=["xid"], name="operations_verification_xid"),  # collector (D8)
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=Outcome.VERIFIED, reason="")
                | (models.Q(outcome=Outcome.REJECTED) & ~models.Q(reason="")),
                name="operations_verification_outcome",
            ),
            # Of two who verify a line at once, one is refused.
            models.UniqueConstraint(
                fields=["line_id"],
                condition=models.Q(outcome=Outcome.VERIFIED),
                name="operations_verification_once",
            ),
        ]
