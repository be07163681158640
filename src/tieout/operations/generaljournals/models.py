"""What finance posted by general journals, as it arrived (finance spec 2.14)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class ArrivedJournal(models.Model):
    """One posted general journal of finance; ``line_count`` of its lines have a project and travel too.

    It is confirmed when the journal with its key has its outcome: made and confirmed in one transaction, so
    that it never exists twice or half.
    """

    append_only = True

    id = fields.mirrored_identifier()
    company_code = fields.code(20)
    number = fields.code()
    description = fields.code(400)
    line_count = models.IntegerField()
    made_by = fields.code(150)
    posted_by = fields.code(150)
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()

    class Meta:
        db_table = "operations_arrived_journal"


class ArrivedJournalLine(models.Model):
    """One of its lines with a project: a cost that finance has posted, never computed again here.

    ``amount`` in ``currency_code`` is ``accounting_amount`` in the books of the company. ``sales_price`` is
    what somebody typed as the price of a unit on time and materials; null: nobody did.
    """

    append_only = True

    id = fields.mirrored_identifier()
    journal_id = models.UUIDField()
    line_number = models.IntegerField()
    company_code = fields.code(20)
    transaction_class = fields.code(20)
    project_id = models.UUIDField()
    contract_line_id = models.UUIDField(null=True)
    task_id = models.UUIDField(null=True)
    category_id = models.UUIDField()
    role_id = models.UUIDField(null=True)
    resource_id = models.UUIDField(null=True)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    quantity = fields.measure()
    unit_cost = fields.measure()
    sales_price = fields.measure(null=True)
    amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    accounting_amount = fields.amount()
    description = fields.code(400)
    voucher = fields.code(40)
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()

    class Meta:
        db_table = "operations_arrived_journal_line"
        constraints = [
            # Also the index by which the lines of a journal are found.
            models.UniqueConstraint(
                fields=["journal_id", "line_number"], name="operations_arrived_journal_line_key"
            )
        ]
