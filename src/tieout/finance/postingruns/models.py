"""Runs that post integration journals, and how long they may hold them (finance spec 5, L14)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class PostingRun(models.Model):
    """One run that posts journals of a company: whoever has a journal in hand, and until when.

    It holds its journals while its session is there and ``alive_until`` is not past; ``lock_key`` is the
    advisory lock of that session, which the server frees when the program dies. ``ended_at`` is null while it
    runs, and after a crash until the next run takes over.
    """

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    lock_key = models.BigIntegerField()
    started_by = fields.code(150)
    started_at = fields.written_at()
    alive_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "finance_posting_run"
        constraints = [
            # One run per company: a run that was lost is ended by the one that takes over.
            models.UniqueConstraint(
                fields=["company_code"],
                condition=models.Q(ended_at__isnull=True),
                name="finance_posting_run_of_company",
            )
        ]
