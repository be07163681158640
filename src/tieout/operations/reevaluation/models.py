"""Which projects are to be evaluated again, or lose the sales that a lost contract has not billed."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.organization.models import Contract, ContractLine, Project


class Reevaluation(models.Model):
    """One row is one project whose approved entries are to be made anew, and how far the job has come.

    ``is_whole``: all of them, because a quote was won or a contract confirmed; otherwise those whose contract
    line or billing type is not what was recorded. With a ``contract``, which is lost, nothing is made anew:
    what it has not billed of the project is reversed. With a ``contract_line``, whose shares changed, the
    entries that it has sold and not billed are made anew.

    ``after_entry`` is the last entry (of a lost contract also document or journal line) that was tried,
    ``refused`` counts those that stay as they were (the problem log says why).
    """

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, db_index=False)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, db_index=False)
    contract_line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, null=True, db_index=False)
    is_whole = models.BooleanField()
    reason = fields.code(30)
    asked_by = fields.code(150)
    asked_at = fields.written_at()
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    after_entry = models.UUIDField(null=True)
    done = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    class Meta:
        db_table = "operations_reevaluation"
        indexes = [
            # What the job does next: costs what waits.
            models.Index(
                fields=["company_code", "id"],
                condition=models.Q(finished_at__isnull=True),
                name="operations_reevaluation_due",
            )
        ]
        constraints = [
            # What waits needs no second request; what has begun may have passed the entry in question.
            models.UniqueConstraint(
                fields=["project", "is_whole", "contract", "contract_line"],
                condition=models.Q(begun_at__isnull=True),
                nulls_distinct=False,
                name="operations_reevaluation_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    reason__in=["contract_line", "default_billing", "quote_won", "contract_confirmed"],
                    contract__isnull=True,
                    contract_line__isnull=True,
                )
                | models.Q(reason="contract_lost", contract__isnull=False, contract_line__isnull=True)
                | models.Q(reason="shares", contract__isnull=True, contract_line__isnull=False),
                name="operations_reevaluation_reason",
            ),
        ]
