"""Entries: time entered here, expenses mirrored from posted expense reports (operations spec 1.5)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.mirrored import FinanceDocumentLine
from tieout.operations.organization.models import Project, Resource, Role


class TimeEntry(models.Model):
    """One resource's time on one project on one day. ``minutes`` as entered, priced per hour.

    A draft may change; a submitted entry may not. Its state is what has happened to it: no submission is
    a draft, a submission without approval is submitted, an approval makes it approved.
    """

    id = fields.identifier()
    external_id = fields.code(unique=True)
    company_code = fields.code(20)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    project = models.ForeignKey(Project, on_delete=models.PROTECT)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    date = models.DateField()
    minutes = models.IntegerField()
    description = fields.code(400)
    entered_by = fields.code(150)
    entered_at = fields.written_at()

    class Meta:
        db_table = "operations_time_entry"
        constraints = [
            # The daily cap is settable between 0 and 1,440 minutes (operations spec 8).
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0, minutes__lte=1440), name="operations_time_entry_minutes"
            )
        ]


class EntrySubmission(models.Model):
    """One row says that an entry was submitted, when and by whom."""

    append_only = True

    entry_id = models.UUIDField(primary_key=True)
    submitted_by = fields.code(150)
    submitted_at = fields.written_at()

    class Meta:
        db_table = "operations_entry_submission"


class EntryJournalLine(models.Model):
    """One priced line that a submission made: cost, or unbilled sales on time and materials.

    The price is defaulted here, at submission, not at approval (operations spec 2.0.1). ``price_reason``
    says which list and line gave it, or why it is 0.
    """

    append_only = True

    id = fields.identifier()
    entry_id = models.UUIDField()
    transaction_type = fields.code(30)
    billing_type = fields.code(20)
    quantity = fields.measure()
    price = fields.measure()
    amount = fields.amount()
    currency_code = fields.code(3)
    price_list_id = models.UUIDField(null=True)
    role_price_id = models.UUIDField(null=True)
    price_reason = fields.code(60)

    class Meta:
        db_table = "operations_entry_journal_line"
        constraints = [
            models.UniqueConstraint(
                fields=["entry_id", "transaction_type"], name="operations_entry_journal_line_key"
            )
        ]


class Expense(FinanceDocumentLine):
    """One line of an expense report that was posted in finance; ``document_id`` is the report."""

    report_number = fields.code()
    resource_code = fields.code()

    class Meta(FinanceDocumentLine.Meta):
        db_table = "operations_expense"
