"""Which staged actuals were left out, by whom and why, and which were taken back in (decision 0024)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class LeftOut(models.Model):
    """One row says that a staged actual is imported no more: prevalidation had found it invalid.

    Or it reverses one that was left out. ``code``: what kept it from being imported. It counts until a
    :class:`TakenBackIn` names it; then the actual may be left out again, by another row.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    actual_id = models.UUIDField()
    company_code = fields.code(20)
    code = fields.code(20)
    reason = fields.code(400)
    left_out_by = fields.code(150)
    left_out_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_left_out"
        indexes = [
            models.Index(fields=["actual_id"], name="finance_left_out_of"),  # 038_staged_row.sql
            models.Index(fields=["company_code", "actual_id"], name="finance_left_out_company"),
            models.Index(fields=["xid"], name="finance_left_out_xid"),  # collector (D8)
        ]


class TakenBackIn(models.Model):
    """One row says that an actual is left out no more: it waits to be looked at again, and for its import."""

    append_only = True

    left_out_id = models.BigIntegerField(primary_key=True)
    company_code = fields.code(20)
    taken_back_by = fields.code(150)
    taken_back_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_taken_back_in"
        indexes = [models.Index(fields=["xid"], name="finance_taken_back_in_xid")]  # collector (D8)
