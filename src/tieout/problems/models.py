"""The problem log; it exists in all three databases, written in the transaction that met the problem."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class LoggedProblem(models.Model):
    """One row is one problem that one record met in one run of one process.

    Rows are never changed; that a problem is over is a row of :class:`Resolution`. The words shown to a
    user come from the catalogue by ``code`` and are filled from ``details``.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    code = fields.code(20)
    process = fields.code(40)
    company_code = fields.code(20, default="")
    record_kind = fields.code(40, default="")
    record_id = models.UUIDField(null=True)
    record_name = fields.code(200, default="")
    details = models.JSONField(default=dict)
    run_id = models.UUIDField(null=True)
    logged_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "problem_log"
        indexes = [
            models.Index(
                fields=["record_id"], name="problem_log_record"
            ),  # trace and resolution of one record
            models.Index(fields=["-logged_at"], name="problem_log_recent"),  # the 100 most recent
            models.Index(fields=["xid"], name="problem_log_xid"),  # collector (D8)
        ]


class Resolution(models.Model):
    """One row says that a logged problem is over: its record passed the process later."""

    append_only = True

    problem = models.OneToOneField(LoggedProblem, on_delete=models.PROTECT, primary_key=True)
    resolved_at = fields.written_at()
    resolved_by = fields.code(150, default="system")
    xid = fields.transaction_id()

    class Meta:
        db_table = "problem_resolution"
        indexes = [models.Index(fields=["xid"], name="problem_resolution_xid")]  # collector (D8)


class Sighting(models.Model):
    """How often an open problem was met again after it was logged, and when last; no row: never.

    It is counted in place, so that what fails every night for years takes one row and not one per night.
    """

    problem = models.OneToOneField(LoggedProblem, on_delete=models.PROTECT, primary_key=True)
    times = models.IntegerField()
    last_seen = models.DateTimeField()

    class Meta:
        db_table = "problem_sighting"
        # as problem_log_recent
        indexes = [models.Index(fields=["-last_seen"], name="problem_sighting_recent")]


class Hidden(models.Model):
    """One row says that somebody deleted a logged problem from the screens; the log keeps it, and who did."""

    append_only = True

    problem = models.OneToOneField(LoggedProblem, on_delete=models.PROTECT, primary_key=True)
    hidden_at = fields.written_at()
    hidden_by = fields.code(150)

    class Meta:
        db_table = "problem_hidden"
