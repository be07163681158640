"""Journals and their lines (operations spec 1.4, 6): a draft changes, what was confirmed does not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tieout.database import fields
from tieout.operations.journals.rules import (
    AmountMethod,
    JournalType,
    TransactionClass,
    TransactionType,
)

_BILLING_TYPES = ["", "chargeable", "non_chargeable", "complimentary", "not_available"]


class JournalKind(models.Model):
    """One row of ``kinds.csv``, loaded so that SQL can join it."""

    id = models.BigAutoField(primary_key=True)
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    posted = models.BooleanField()

    class Meta:
        db_table = "operations_journal_kind"
        constraints = [
            models.UniqueConstraint(
                fields=["transaction_type", "transaction_class"], name="operations_journal_kind_key"
            )
        ]


class JournalRule(models.Model):
    """One row of ``validation.csv``, loaded so that SQL can join it."""

    id = models.BigAutoField(primary_key=True)
    situation = fields.code(30)
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    allowed = fields.code(10)

    class Meta:
        db_table = "operations_journal_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "transaction_type", "transaction_class"],
                name="operations_journal_rule_key",
            )
        ]


class Journal(models.Model):
    """One journal, by its number in its company: who made it, and when.

    While it is a draft it has an :class:`OpenJournal`; then it has its :class:`JournalOutcome`. A number is
    never given twice, so what was deleted can still be named.
    """

    append_only = True

    id = fields.identifier()
    company_code = fields.code(20)
    number = fields.code()
    journal_type = fields.code(30)
    made_by = fields.code(150)
    made_at = fields.written_at()

    class Meta:
        db_table = "operations_journal"
        # The journals of a company, the newest first (journals.sql).
        indexes = [models.Index(fields=["company_code", "-id"], name="operations_journal_of")]
        constraints = [
            models.UniqueConstraint(fields=["company_code", "number"], name="operations_journal_number"),
            models.CheckConstraint(
                condition=Q(journal_type__in=list(JournalType)), name="operations_journal_type"
            ),
        ]


class OpenJournal(models.Model):
    """One draft: the worklist of confirmation. It leaves with the outcome (decision 0005).

    Of a correction journal, the new values that all of its actuals get; null or blank: as it was. With
    ``clears_subcontract`` they are bought under none.
    """

    journal_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    journal_type = fields.code(30)
    description = fields.code(400)
    project_id = models.UUIDField(null=True)
    task_id = models.UUIDField(null=True)
    role_id = models.UUIDField(null=True)
    resource_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    product_id = models.UUIDField(null=True)
    product_name = fields.code(200, db_default="")
    subcontract_id = models.UUIDField(null=True)
    clears_subcontract = models.BooleanField(db_default=False)
    date = models.DateField(null=True)
    custom = fields.custom()

    class Meta:
        db_table = "operations_open_journal"
        constraints = [
            models.CheckConstraint(
                condition=Q(subcontract_id__isnull=True) | Q(clears_subcontract=False),
                name="operations_open_journal_subcontract",
            )
        ]


class JournalOutcome(models.Model):
    """One row says what became of a draft, once: it was confirmed, or deleted. ``values`` are what it said.

    The key is the journal's, so that nothing is confirmed twice.
    """

    append_only = True

    journal_id = models.UUIDField(primary_key=True)
    outcome = fields.code(20)
    description = fields.code(400)
    values = models.JSONField()
    done_by = fields.code(150)
    done_at = fields.written_at()

    class Meta:
        db_table = "operations_journal_outcome"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["confirmed", "deleted"]), name="operations_journal_outcome_known"
            )
        ]


class OpenJournalLine(models.Model):
    """One line of a draft entry journal, as typed; a null or blank is defaulted (operations spec 2.5).

    ``price`` is the typed one, or where ``typed_price`` is null that of the price lists when the line was
    saved, in ``price_currency``, with its reason and trace. What else is defaulted, what the line comes to
    and whether it may be confirmed says ``operations_journal_draft``, as things are now.
    ``arrived_line_id`` is the line of a general journal of finance that it is made from; null: typed here.
    """

    id = fields.identifier()
    journal_id = models.UUIDField()
    line_number = models.IntegerField()
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    billing_type = fields.code(20)
    amount_method = fields.code(20)
    quantity = fields.measure()
    unit = fields.code(20)
    typed_price = fields.measure(null=True)
    tax_amount = fields.measure()
    currency_code = fields.code(3)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    project_id = models.UUIDField()
    task_id = models.UUIDField(null=True)
    role_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    product_id = models.UUIDField(null=True)
    product_name = fields.code(200)
    resource_id = models.UUIDField(null=True)
    contract_line_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    description = fields.code(400)
    external_description = fields.code(400)
    custom = fields.custom()
    price = fields.measure(null=True)
    price_currency = fields.code(3)
    price_reason = fields.code(60)
    price_trace_id = models.UUIDField(null=True)
    arrived_line_id = models.UUIDField(null=True)
    entered_by = fields.code(150)
    entered_at = fields.written_at()

    class Meta:
        db_table = "operations_open_journal_line"
        constraints = [
            models.UniqueConstraint(
                fields=["journal_id", "line_number"], name="operations_open_journal_line_key"
            ),
            models.CheckConstraint(
                condition=Q(
                    transaction_type__in=list(TransactionType),
                    transaction_class__in=list(TransactionClass),
                    billing_type__in=_BILLING_TYPES,
                    amount_method__in=list(AmountMethod),
                    line_number__gt=0,
                ),
                name="operations_open_journal_line_known",
            ),
        ]


class TakenActual(models.Model):
    """One actual that a draft of a correction or cancellation holds: no other draft can take it.

    While it is taken it is in process (:class:`~tieout.operations.actuals.models.ActualStatus`).
    """

    actual_id = models.UUIDField(primary_key=True)
    journal_id = models.UUIDField()
    source_id = models.UUIDField()
    taken_by = fields.code(150)

    class Meta:
        db_table = "operations_taken_actual"
        # What a draft holds, source by source.
        indexes = [models.Index(fields=["journal_id", "source_id"], name="operations_taken_actual_of")]


class JournalLine(models.Model):
    """One confirmed line and the one actual that it made; what it says financially is what the actual says.

    ``step`` is entry (of an entry journal), reversing or corrected; the latter two point to the actual that
    they reverse or replace. ``entered_by`` entered the line, or took the actual.
    """

    append_only = True

    id = fields.identifier()
    journal_id = models.UUIDField()
    line_number = models.IntegerField()
    step = fields.code(20)
    actual_id = models.UUIDField()
    original_id = models.UUIDField(null=True)
    amount_method = fields.code(20)
    entered_by = fields.code(150)

    class Meta:
        db_table = "operations_journal_line"
        constraints = [
            models.UniqueConstraint(fields=["journal_id", "line_number"], name="operations_journal_line_key"),
            # Exactly one actual per line, and of a corrected actual the line that made it.
            models.UniqueConstraint(fields=["actual_id"], name="operations_journal_line_actual"),
            models.CheckConstraint(
                condition=Q(step="entry", original_id__isnull=True)
                | Q(step__in=["reversing", "corrected"], original_id__isnull=False),
                name="operations_journal_line_step",
            ),
        ]
