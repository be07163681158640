"""Staging tables (finance spec 1.1, 1.2). A row is as it arrived; what became of it stands elsewhere."""

from __future__ import annotations

from typing import Final

from django.db import models

from tieout.database import fields
from tieout.outbox.models import ArrivedBatch

VALIDATIONS: Final = ["pending", "valid", "invalid"]


class StagedActual(models.Model):
    """One actual as it arrived. ``company_code`` is the company that must account for it.

    ``contract_line_id`` takes its work, if one does; ``reverses_id`` is the actual that it takes back.
    ``subcontract`` is the number of the one under which it was bought; empty: none. ``amount`` is quantity by
    price; a sale is posted less its discount, its fee beside it (finance spec 2.3, 2.5.1).
    """

    append_only = True

    actual_id = fields.mirrored_identifier()
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    billing_type = fields.code(20)
    quantity = fields.measure()
    price = fields.measure()
    amount = fields.amount()
    discount_amount = fields.amount(default=0, db_default=0)
    fee_amount = fields.amount(default=0, db_default=0)
    tax_amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure(null=True)
    exchange_rate_date = models.DateField(null=True)
    accounting_amount = fields.amount(null=True)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    contract_line_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    role_id = models.UUIDField(null=True)
    resource_id = models.UUIDField(null=True)
    source_kind = fields.code(30)
    source_id = models.UUIDField()
    reverses_id = models.UUIDField(null=True)
    description = fields.code(400)
    subcontract = fields.code(default="", db_default="")
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_staged_actual"
        indexes = [
            # Import takes the rows of one delivery batch (journals/sql/take_intake.sql).
            models.Index(fields=["batch_id"], name="finance_staged_actual_batch"),
            models.Index(fields=["xid"], name="finance_staged_actual_xid"),  # collector (D8)
            # Reversals, few among many: leftout/sql/leave_out.sql
            models.Index(
                fields=["reverses_id"],
                name="finance_staged_actual_reverses",
                condition=models.Q(reverses_id__isnull=False),
            ),
        ]


class StagedConnection(models.Model):
    """One transaction connection as it arrived."""

    append_only = True

    id = fields.mirrored_identifier()
    transaction1_id = models.UUIDField()
    transaction1_type = fields.code(30)
    transaction1_role = fields.code(30)
    transaction2_id = models.UUIDField()
    transaction2_type = fields.code(30)
    transaction2_role = fields.code(30)
    company_code = fields.code(20)
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_staged_connection"
        indexes = [
            models.Index(fields=["transaction1_id"], name="finance_staged_connection_of"),
            models.Index(fields=["xid"], name="finance_staged_connection_xid"),  # collector (D8)
        ]


class Intake(ArrivedBatch):
    """What one delivery batch brought to finance for one company.

    ``prevalidated_at``: operations was asked for all its actuals (finance spec 2.2); null: not yet.
    """

    prevalidated_at = models.DateTimeField(null=True)

    class Meta(ArrivedBatch.Meta):
        db_table = "finance_intake"


class StagingRetry(models.Model):
    """One row is a staged actual that waits outside its delivery batch for an import.

    ``waits_for`` import: one that import refused for ``code``, or, ``code`` being empty, whose journal line
    was deleted; or beginning_balances: one that is dated up to the cut-off (finance spec 2.13); or
    invoice_proposal: billed sales (IMP-110), which no import takes or tries again (2.3).
    ``validation``: whether operations has it as it is staged; where the company prevalidates, only valid ones
    are taken (2.2). Of an invalid one ``code`` says what was found.
    """

    actual_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    waits_for = fields.code(20, db_default="import")
    validation = fields.code(20, default="pending", db_default="pending")
    code = fields.code(20)
    attempts = models.IntegerField(default=1)
    last_tried_at = fields.written_at()

    class Meta:
        db_table = "finance_staging_retry"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(waits_for__in=["import", "beginning_balances", "invoice_proposal"]),
                name="finance_staging_retry_waits_for",
            ),
            fields.one_of("validation", VALIDATIONS, "finance_staging_retry_validation"),
        ]
        indexes = [
            # What is pending or invalid, company by company: a handful, however many wait for their import.
            models.Index(
                fields=["company_code", "validation", "actual_id"],
                name="finance_staging_retry_unknown",
                condition=models.Q(validation__in=["pending", "invalid"]),
            ),
            # What an import tries again, and not the billed sales of years.
            models.Index(
                fields=["company_code", "waits_for", "actual_id"],
                name="finance_staging_retry_tried",
                condition=~models.Q(waits_for="invoice_proposal"),
            ),
        ]
