"""What was found of staged actuals when operations was asked for them (finance spec 2.2)."""

from __future__ import annotations

from typing import Final

from django.db import models

from tieout.database import fields

OUTCOMES: Final = ["valid", "invalid"]


class Prevalidation(models.Model):
    """One row says what one look at one staged actual found: valid, or invalid for the reason ``code``.

    An actual that was found valid with its whole delivery batch has no row: the batch says so
    (:class:`~tieout.finance.staging.models.Intake`). The latest row of an actual counts.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    actual_id = models.UUIDField()
    company_code = fields.code(20)
    outcome = fields.code(20)
    code = fields.code(20)
    checked_by = fields.code(150)
    checked_at = fields.written_at()

    class Meta:
        db_table = "finance_prevalidation"
        # The last look at an actual (staged_rows.sql).
        indexes = [models.Index(fields=["actual_id", "-id"], name="finance_prevalidation_of")]
        constraints = [fields.one_of("outcome", OUTCOMES, "finance_prevalidation_outcome")]
