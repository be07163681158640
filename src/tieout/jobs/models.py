"""What the runs of jobs did: kept for who asked, and for who wonders later. Nothing here is ever changed."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Run(models.Model):
    """One row is one run of a job: which, in which company, for which kind of document (empty: all), by whom.

    ``day_from`` and ``day_to`` are the dates it was asked for; null where the preset window says them.
    ``journals``: which integration journals it was asked to post (``JournalChoice``); empty: all.
    A run that the clock started is written only when it moved or met something.
    """

    append_only = True

    id = fields.identifier()
    job = fields.code(40)
    company_code = fields.code(20, default="")
    kind = fields.code(30, default="")
    day_from = models.DateField(null=True)
    day_to = models.DateField(null=True)
    journals = models.JSONField(default=dict, db_default={})
    asked_by = fields.code(150)
    asked_at = fields.written_at()

    class Meta:
        db_table = "jobs_run"
        indexes = [models.Index(fields=["-asked_at"], name="jobs_run_recent")]  # the latest runs


class Step(models.Model):
    """One row is one step that a run has finished: its progress. ``counts`` is what the verb answered."""

    append_only = True

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="steps")
    step_number = models.IntegerField()
    name = fields.code(60)
    company_code = fields.code(20, default="")
    counts = models.JSONField(default=dict)
    problem = models.JSONField(null=True)
    ended_at = fields.written_at()

    class Meta:
        db_table = "jobs_step"
        constraints = [models.UniqueConstraint(fields=["run", "step_number"], name="jobs_step_key")]


class End(models.Model):
    """One row says that a run has ended, and how: succeeded, or failed on ``problem``."""

    append_only = True

    run = models.OneToOneField(Run, on_delete=models.PROTECT, primary_key=True, related_name="end")
    succeeded = models.BooleanField()
    problem = models.JSONField(null=True)
    ended_at = fields.written_at()

    class Meta:
        db_table = "jobs_end"
