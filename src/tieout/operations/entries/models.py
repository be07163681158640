"""Entries: time, expenses and material usage entered here, and expenses posted in finance (spec 1.5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tieout.database import fields
from tieout.operations.entries.rules import EntryClass, TimeType
from tieout.operations.mirrored import FinanceDocumentLine
from tieout.operations.organization.models import Category, Project, Resource, Role, Task
from tieout.operations.pricing.models import Product
from tieout.operations.purchasing.models import Subcontract


class Entry(models.Model):
    """One resource's time, one expense or one usage of material, on one project and day.

    ============ ================= ====================== ============================ ====================
    class        how much          what                   price                        project
    ============ ================= ====================== ============================ ====================
    ``time``     ``minutes``       ``role``               of lists                     none of an absence
    ``expense``  ``quantity``      ``category``           typed, or of lists           always
    ``material`` ``quantity``      ``product``, or as a   of lists; a write-in's typed always
                                   write-in its name
    ============ ================= ====================== ============================ ====================

    ``quantity`` is in ``unit``, ``price`` per ``unit`` in ``currency_code``. What names a ``subcontract``
    costs by its purchase lists. ``tax_amount`` is beside the price, of all of it, in the same currency; an
    expense and a write-in may have one. Its content is as it was entered. Where it stands is not kept here:
    an entry that is on its way has an :class:`OpenEntry`, and what happened to it are its submissions, events
    and approvals.
    """

    id = fields.identifier()
    external_id = fields.code()
    transaction_class = fields.code(20)
    company_code = fields.code(20)
    resource = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, db_index=False)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, db_index=False)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, db_index=False)
    time_type = fields.code(20, db_default="")
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, db_index=False)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, db_index=False)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, db_index=False)
    product_name = fields.code(200, db_default="")
    subcontract = models.ForeignKey(Subcontract, null=True, on_delete=models.PROTECT, db_index=False)
    date = models.DateField()
    minutes = models.IntegerField(null=True)
    quantity = fields.measure(null=True)
    unit = fields.code(20, db_default="")
    price = fields.measure(null=True)
    currency_code = fields.code(3, db_default="")
    tax_amount = fields.amount(db_default=0)
    description = fields.code(400)
    external_description = fields.code(400, db_default="")
    custom = fields.custom()
    entered_by = fields.code(150)
    entered_at = fields.written_at()

    class Meta:
        db_table = "operations_entry"
        indexes = [
            # What a resource has on a day (enter_entries.sql).
            models.Index(
                fields=["resource", "date"],
                condition=Q(transaction_class=EntryClass.TIME),
                name="operations_entry_day",
            ),
            # The entries of a project, to be evaluated anew (approvals/sql/approved_entries.sql).
            models.Index(fields=["project", "id"], name="operations_entry_of_project"),
        ]
        constraints = [
            # The number is the firm's own, and each class has its own numbers.
            models.UniqueConstraint(fields=["external_id", "transaction_class"], name="operations_entry_key"),
            models.CheckConstraint(
                condition=Q(
                    Q(
                        transaction_class=EntryClass.TIME,
                        time_type__in=list(TimeType),
                        minutes__gt=0,
                        minutes__lte=1440,
                        resource__isnull=False,
                    )
                    & (Q(project__isnull=True) | Q(role__isnull=False))
                )
                | Q(
                    transaction_class=EntryClass.EXPENSE,
                    quantity__isnull=False,
                    category__isnull=False,
                    resource__isnull=False,
                    project__isnull=False,
                )
                | Q(
                    Q(transaction_class=EntryClass.MATERIAL, quantity__isnull=False, project__isnull=False)
                    & (Q(product__isnull=False) | ~Q(product_name=""))
                ),
                name="operations_entry_class",
            ),
            # Only what is no work needs no project (operations spec 5.3).
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(time_type__in=[TimeType.ABSENCE, TimeType.VACATION]),
                name="operations_entry_project",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True, tax_amount=0) | ~Q(currency_code=""),
                name="operations_entry_currency",
            ),
            models.CheckConstraint(
                condition=Q(tax_amount=0)
                | Q(transaction_class=EntryClass.EXPENSE)
                | Q(transaction_class=EntryClass.MATERIAL, product__isnull=True),
                name="operations_entry_tax",
            ),
        ]


class CustomField(models.Model):
    """One field of the firm's own that entries of some classes have; it travels to journal line and actual.

    ``kind`` is what its values are: text, number, date, or one of ``choices`` (``red|green``).
    """

    id = fields.identifier()
    name = fields.code(unique=True)
    title = fields.code(200)
    kind = fields.code(20)
    choices = fields.code(400, db_default="")
    on_time = models.BooleanField(db_default=True)
    on_expense = models.BooleanField(db_default=True)
    on_material = models.BooleanField(db_default=True)
    is_required = models.BooleanField(db_default=False)
    active = models.BooleanField(db_default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_custom_field"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["text", "number", "date"]) | (Q(kind="choice") & ~Q(choices="")),
                name="operations_custom_field_kind",
            )
        ]


class TimeDelegate(models.Model):
    """One user enters, submits and recalls for a resource from one day to another (operations spec 7).

    At a time a resource has one delegate.
    """

    id = fields.identifier()
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, db_index=False)
    user_name = fields.code(150)
    valid_from = models.DateField()
    valid_to = models.DateField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_time_delegate"
        constraints = [
            models.UniqueConstraint(fields=["resource", "valid_from"], name="operations_time_delegate_key"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=models.F("valid_from")), name="operations_time_delegate_days"
            ),
        ]


class ProjectApprover(models.Model):
    """One user of a project's team who approves its entries; not active: they did (operations spec 7).

    A project without an active one is open to every approver of its company.
    """

    id = fields.identifier()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, db_index=False)
    user_name = fields.code(150)
    active = models.BooleanField(db_default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_project_approver"
        constraints = [
            # The project first: whether it names somebody else is asked for every approval.
            models.UniqueConstraint(fields=["project", "user_name"], name="operations_project_approver_key")
        ]


class OpenEntry(models.Model):
    """One entry that is not approved, or is asked back: the worklist of submission and approval.

    It is made with the entry and leaves with the approval, so that finding what waits costs what waits
    (decision 0005). ``minutes`` are those of time. ``submission_id`` is the submission in force, ``lines_id``
    the one that made its journal lines; none before the first.
    """

    entry_id = models.UUIDField(primary_key=True)
    transaction_class = fields.code(20)
    company_code = fields.code(20)
    status = fields.code(20)
    minutes = models.IntegerField(null=True)
    submission_id = models.UUIDField(null=True)
    lines_id = models.UUIDField(null=True)
    submitted_by = fields.code(150, null=True)
    since = fields.written_at()

    class Meta:
        db_table = "operations_open_entry"
        indexes = [
            # What of a company waits for submission, for approval, for an answer (open_entries.sql).
            models.Index(
                fields=["company_code", "status", "transaction_class", "entry_id"],
                name="operations_open_entry_of",
            )
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
    """One row is what else happened to an entry or its submission: changed, rejected, recalled, cancelled ...

    ``comment`` is what the person said, of a change what was there before (operations spec 2.1, E3 to E11).
    """

    append_only = True

    id = fields.identifier()
    entry_id = models.UUIDField()
    submission_id = models.UUIDField(null=True)
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
                        "contract_lost",
                        "changed",
                    ]
                ),
                name="operations_entry_event_kind",
            )
        ]


class EntryJournalLine(models.Model):
    """One priced line that a submission made: cost, or unbilled sales on time and materials.

    The price is defaulted here, at submission, not at approval (operations spec 2.0.1); of sales, for the
    contract line that takes the entry then. ``price_reason`` says what kind of price it is or why it is 0,
    the trace which list and line gave it. ``tax_amount`` is the typed tax in the currency of the line, of
    cost and of sales; of sales it is what all of it would carry if it is chargeable.
    """

    append_only = True

    id = fields.identifier()
    submission_id = models.UUIDField()
    transaction_type = fields.code(30)
    contract_line_id = models.UUIDField(null=True)
    billing_type = fields.code(20)
    quantity = fields.measure()
    price = fields.measure()
    amount = fields.amount()
    tax_amount = fields.amount()
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
