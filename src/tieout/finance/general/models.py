"""General journals, their lines, and how far operations has got with them (finance spec 1.7, 2.14)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tieout.database import fields


class GeneralJournal(models.Model):
    """One general journal, by its batch number in its company: who made it, and when.

    While it is a draft it has an :class:`OpenGeneralJournal`; then it has its
    :class:`GeneralJournalOutcome`. A number is never given twice.
    """

    append_only = True

    id = fields.identifier()
    company_code = fields.code(20)
    number = fields.code()
    made_by = fields.code(150)
    made_at = fields.written_at()

    class Meta:
        db_table = "finance_general_journal"
        # The journals of a company, the newest first (general_journals.sql).
        indexes = [models.Index(fields=["company_code", "-id"], name="finance_general_journal_of")]
        constraints = [
            models.UniqueConstraint(fields=["company_code", "number"], name="finance_general_journal_number")
        ]


class OpenGeneralJournal(models.Model):
    """One draft: its lines change until it is posted or deleted (decision 0005)."""

    journal_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    description = fields.code(400)

    class Meta:
        db_table = "finance_open_general_journal"


class GeneralJournalOutcome(models.Model):
    """One row says what became of a draft, once: it was posted, or deleted.

    The key is the journal's, so that nothing is posted twice. ``project_lines`` of its lines have a project:
    operations gets those.
    """

    append_only = True

    journal_id = models.UUIDField(primary_key=True)
    outcome = fields.code(20)
    description = fields.code(400)
    lines = models.IntegerField()
    project_lines = models.IntegerField()
    done_by = fields.code(150)
    done_at = fields.written_at()

    class Meta:
        db_table = "finance_general_journal_outcome"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["posted", "deleted"]), name="finance_general_journal_outcome_known"
            )
        ]


class _Line(models.Model):
    """What somebody types: two sides, of which one at most is a project; the others are ledger accounts.

    ``debit`` or ``credit`` is of the account side. ``unit_cost`` null: the amount by the quantity. Without
    ``sales_price`` none was typed. ``task_id``, ``role_id``, ``resource_id`` and ``contract_line_id`` are
    operations' records; finance has no mirror of tasks and resources, so it keeps what they were called.
    """

    id = fields.identifier()
    journal_id = models.UUIDField()
    line_number = models.IntegerField()
    account_type = fields.code(10)
    offset_account_type = fields.code(10)
    account = fields.code(20)
    offset_account = fields.code(20)
    debit = fields.amount()
    credit = fields.amount()
    currency_code = fields.code(3)
    accounting_date = models.DateField()
    transaction_date = models.DateField()
    project_id = models.UUIDField(null=True)
    contract_line_id = models.UUIDField(null=True)
    task_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    role_id = models.UUIDField(null=True)
    resource_id = models.UUIDField(null=True)
    task_number = fields.code(60, db_default="")
    resource_code = fields.code(60, db_default="")
    quantity = fields.measure()
    unit_cost = fields.measure(null=True)
    sales_price = fields.measure(null=True)
    description = fields.code(400)
    entered_by = fields.code(150)
    entered_at = fields.written_at()

    class Meta:
        abstract = True


class OpenGeneralJournalLine(_Line):
    """One line of a draft; whether it may be posted says ``finance_general_draft``, as things are now."""

    class Meta:
        db_table = "finance_open_general_journal_line"
        constraints = [
            models.UniqueConstraint(
                fields=["journal_id", "line_number"], name="finance_open_general_journal_line_key"
            ),
            models.CheckConstraint(
                condition=Q(
                    account_type__in=["project", "ledger"],
                    offset_account_type__in=["project", "ledger"],
                    line_number__gt=0,
                ),
                name="finance_open_general_line_known",
            ),
        ]


class GeneralJournalLine(_Line):
    """One posted line. With a project it is a project cost transaction (negative: a project credit).

    ``amount`` is the cost in ``currency_code``, ``accounting_amount`` the same in the accounting currency at
    ``exchange_rate`` (per 100); of a line between ledger accounts they are those of the account side.
    ``transaction_class`` is that of its category, empty without a project. ``voucher`` is its own.
    """

    append_only = True

    company_code = fields.code(20)
    transaction_class = fields.code(20)
    amount = fields.amount()
    accounting_amount = fields.amount()
    exchange_rate = fields.measure()
    voucher = fields.code(40)

    class Meta:
        db_table = "finance_general_journal_line"
        constraints = [
            models.UniqueConstraint(
                fields=["journal_id", "line_number"], name="finance_general_journal_line_key"
            )
        ]


class GeneralJournalSync(models.Model):
    """One row is a posted journal that operations has not confirmed (finance spec 2.14); then it goes.

    ``attempts`` failed so far, the last with ``code`` and ``details`` (their words are the catalogue's); at
    the most (``rules.ATTEMPTS_MAX``) it is left alone until somebody presses Sync or deletes the message.
    """

    journal_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    attempts = models.IntegerField(default=0)
    code = fields.code(20, default="")
    details = models.JSONField(default=dict)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "finance_general_journal_sync"
        # What a run takes, and the tab of the workspace.
        indexes = [models.Index(fields=["company_code"], name="finance_general_sync_of")]


class GeneralJournalConfirmation(models.Model):
    """One row says that operations has confirmed a posted journal, as its own journal ``number``."""

    append_only = True

    journal_id = models.UUIDField(primary_key=True)
    number = fields.code()
    attempts = models.IntegerField()
    confirmed_at = fields.written_at()

    class Meta:
        db_table = "finance_general_journal_confirmation"
