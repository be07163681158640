"""Entries: time entered here, expenses mirrored from posted expense reports (operations spec 1.5)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.mirrored import FinanceDocumentLine
from tieout.operations.organization.models import Project, Resource, Role, Task


class TimeEntry(models.Model):
    """One resource's time on one project on one day. ``minutes`` as entered, priced per hour.

    Its content is as it was entered. Where it stands is not kept here: an entry that is on its way has an
    :class:`OpenEntry`, and what happened to it are its submissions, events and approvals.
    """

    id = fields.identifier()
    external_id = fields.code(unique=True)
    company_code = fields.code(20)
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    project = models.ForeignKey(Project, on_delete=models.PROTECT)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT)
    date = models.DateField()
    minutes = models.IntegerField()
    description = fields.code(400)
    custom = fields.custom()
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


class OpenEntry(models.Model):
    """One entry that is not approved, or is asked back: the worklist of submission and approval.

    It is made with the entry and leaves with the approval, so that finding what waits costs what waits
    (decision 0005). ``submission_id`` is the submission in force, ``lines_id`` the one that made its journal
    lines; none before the first.
    """

    entry_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    status = fields.code(20)
    minutes = models.IntegerField()
    submission_id = models.UUIDField(null=True)
    lines_id = models.UUIDField(null=True)
    submitted_by = fields.code(150, null=True)
    since = fields.written_at()

    class Meta:
        db_table = "operations_open_entry"
        indexes = [
            # What of a company waits for submission, for approval, for an answer (open_entries.sql).
            models.Index(fields=["company_code", "status", "entry_id"], name="operations_open_entry_of")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "submitted", "returned", "recall_requested"]),
                name="operations_open_entry_status",
            )
        ]


class EntrySubmission(models.Model):
    """One row says that an entry was submitted, when and by whom; it may be submitted again after its return.

    ``lines_id`` is the submission whose journal lines count: itself, but after a cancelled approval, which
    submits the entry again as it was (operations spec 5.1, 10 C8), the one before.
    """

    append_only = True

    id = fields.identifier()
    entry_id = models.UUIDField()
    lines_id = models.UUIDField()
    submitted_by = fields.code(150)
    submitted_at = fields.written_at()

    class Meta:
        db_table = "operations_entry_submission"
        # The submissions of one entry (its history).
        indexes = [models.Index(fields=["entry_id"], name="operations_entry_submission_of")]


class EntryEvent(models.Model):
    """One row is what else happened to a submission: it was rejected, recalled, asked back, cancelled ...

    ``comment`` is what the person said (operations spec 2.1, E3 to E11).
    """

    append_only = True

    id = fields.identifier()
    entry_id = models.UUIDField()
    submission_id = models.UUIDField()
    event = fields.code(30)
    comment = fields.code(400)
    done_by = fields.code(150)
    done_at = fields.written_at()

    class Meta:
        db_table = "operations_entry_event"
        indexes = [models.Index(fields=["entry_id"], name="operations_entry_event_of")]  # its history
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    event__in=[
                        "rejected",
                        "recalled",
                        "recall_requested",
                        "recall_approved",
                        "recall_rejected",
                        "approval_cancelled",
                        "reevaluated",
                    ]
                ),
                name="operations_entry_event_kind",
            )
        ]


class EntryJournalLine(models.Model):
    """One priced line that a submission made: cost, or unbilled sales on time and materials.

    The price is defaulted here, at submission, not at approval (operations spec 2.0.1). ``price_reason`` says
    what kind of price it is or why it is 0, the trace which list and line gave it.
    """

    append_only = True

    id = fields.identifier()
    submission_id = models.UUIDField()
    transaction_type = fields.code(30)
    billing_type = fields.code(20)
    quantity = fields.measure()
    price = fields.measure()
    amount = fields.amount()
    currency_code = fields.code(3)
    price_trace_id = models.UUIDField(null=True)
    price_reason = fields.code(60)
    custom = fields.custom()

    class Meta:
        db_table = "operations_entry_journal_line"
        constraints = [
            models.UniqueConstraint(
                fields=["submission_id", "transaction_type"], name="operations_entry_journal_line_key"
            )
        ]


class Expense(FinanceDocumentLine):
    """One line of an expense report that was posted in finance; ``document_id`` is the report."""

    report_number = fields.code()
    resource_code = fields.code()

    class Meta(FinanceDocumentLine.Meta):
        db_table = "operations_expense"
