"""Integration journals (finance spec 1.3, 2.5)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.finance.postingruns.models import PostingRun


class PostingRule(models.Model):
    """One row of the posting matrix (``posting_matrix.csv``): where a kind of actual goes, and what it posts.

    ``treatment`` is what the ledger makes of it (``treatments.csv``). Posting types, not accounts; an empty
    pair posts no ledger entries (finance spec 2.5.1). Negative lines swap debit and credit by their sign.
    ``project_company``: own, or other (the lender's lines).
    """

    id = models.BigAutoField(primary_key=True)
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    source_kind = fields.code(30)
    treatment = fields.code(20)
    goes_to = fields.code(30)
    project_company = fields.code(10)
    debit = fields.code(40, default="")
    credit = fields.code(40, default="")

    class Meta:
        db_table = "finance_posting_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["transaction_type", "transaction_class", "source_kind", "treatment"],
                name="finance_posting_rule_key",
            )
        ]


class IntegrationJournal(models.Model):
    """One header: the lines of one company whose transaction dates share a period key.

    ``status`` and what it may become: ``states.csv``. ``line_count`` lines stand in it; ``last_line`` is the
    highest line number it ever gave, so that no number is given twice. ``run`` has it in hand while it is
    processing. ``original``: the journal whose refused lines it holds. ``kind``: integration, or
    beginning_balance, whose vouchers have no ledger entries (finance spec 2.13).
    """

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    number = fields.code(40)
    kind = fields.code(20, db_default="integration")
    period_key = models.DateField()
    status = fields.code(20, default="draft")
    line_count = models.IntegerField(default=0)
    last_line = models.IntegerField(default=0)
    line_limit = models.IntegerField()
    original = models.ForeignKey("self", models.PROTECT, null=True, db_index=False)
    run = models.ForeignKey(PostingRun, models.PROTECT, null=True, db_index=False)
    created_at = fields.written_at()
    posted_at = models.DateTimeField(null=True)
    posted_by = fields.code(150, default="")

    class Meta:
        db_table = "finance_integration_journal"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "number"], name="finance_integration_journal_number"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "processing", "posted", "error", "deleted"]),
                name="finance_integration_journal_status",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["integration", "beginning_balance"]),
                name="finance_integration_journal_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="processing") | models.Q(run__isnull=False),
                name="finance_integration_journal_in_hand",
            ),
        ]
        indexes = [
            # Journals of a company that are not at an end: those that take lines, those that wait.
            models.Index(
                fields=["company_code", "period_key"],
                name="finance_journal_unposted",
                condition=~models.Q(status="posted"),
            )
        ]


class JournalStep(models.Model):
    """One row is one step of one journal: what was done to it, what it became, who did it and when.

    ``lines``: how many lines it concerned. The steps are those of ``states.csv``.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    journal = models.ForeignKey(IntegrationJournal, models.PROTECT, db_index=False)
    step = fields.code(20)
    status = fields.code(20)
    lines = models.IntegerField()
    done_by = fields.code(150)
    done_at = fields.written_at()

    class Meta:
        db_table = "finance_journal_step"
        indexes = [models.Index(fields=["journal", "id"], name="finance_journal_step_of")]


class IntegrationJournalLine(models.Model):
    """One line, made from one actual, with a voucher number of its own from the day it is made.

    Posted when a voucher names it; in error when :class:`JournalLineError` does and no voucher.
    ``journal_id`` and ``line_number`` are the place where it was made; where it stands now says
    ``finance_standing_line`` (:class:`JournalLineMove`). ``made`` counts the lines of its actual: 1, and one
    more for each that was deleted, so that two imports at once cannot both make the same. ``amount`` is in
    ``currency_code``, ``accounting_amount`` in the company's accounting currency; of a sale they are less its
    discount and with its fee: ``fee_amount`` and ``fee_accounting_amount`` are its part, booked under
    ``fee_category_id`` (2.3).
    ``accounting_date`` is the date proposed at import; posting decides it again (finance spec 2.4), and the
    profile by which it posts. ``may_accrue``: its line property lets revenue accrue. ``reverses_id`` is the
    actual that it takes back: its voucher is the counter-entry of that one's. ``subcontract`` is the number
    of the one under which it was bought; empty: none.
    """

    append_only = True

    id = fields.identifier()
    journal_id = models.BigIntegerField()
    line_number = models.IntegerField()
    actual_id = models.UUIDField()
    made = models.SmallIntegerField(default=1, db_default=1)
    company_code = fields.code(20)
    voucher = fields.code(40)
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    line_property = fields.code(40)
    may_accrue = models.BooleanField()
    project_id = models.UUIDField()
    contract_line_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    quantity = fields.measure()
    price = fields.measure()
    amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    accounting_amount = fields.amount()
    discount_amount = fields.amount(default=0, db_default=0)
    fee_amount = fields.amount(default=0, db_default=0)
    fee_accounting_amount = fields.amount(default=0, db_default=0)
    fee_category_id = models.UUIDField(null=True)
    source_kind = fields.code(30)
    source_id = models.UUIDField()
    reverses_id = models.UUIDField(null=True)
    subcontract = fields.code(default="", db_default="")
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_integration_journal_line"
        constraints = [
            # Also the index by which posting reads a journal.
            models.UniqueConstraint(fields=["journal_id", "line_number"], name="finance_journal_line_key"),
            # An actual has one line; another only after that one was deleted.
            models.UniqueConstraint(fields=["actual_id", "made"], name="finance_journal_line_made"),
        ]
        indexes = [
            models.Index(fields=["xid"], name="finance_journal_line_xid"),  # collector (D8)
            # Whether a journal takes back lines of another one; reversals only.
            models.Index(
                fields=["journal_id"],
                condition=models.Q(reverses_id__isnull=False),
                name="finance_journal_line_reversals",
            ),
            # Which line reverses a cost that is to be moved; reversals only.
            models.Index(
                fields=["reverses_id"],
                condition=models.Q(reverses_id__isnull=False),
                name="finance_journal_line_reverses",
            ),
        ]


class JournalLineError(models.Model):
    """One row is one refusal of one line by one posting run."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    line_id = models.UUIDField()
    code = fields.code(20)
    details = models.JSONField(default=dict)
    refused_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_journal_line_error"
        indexes = [
            models.Index(fields=["line_id"], name="finance_journal_line_error_of"),
            models.Index(fields=["xid"], name="finance_journal_error_xid"),  # collector (D8)
        ]


class JournalLineMove(models.Model):
    """One row takes one line out of a journal: into the journal of what was refused, or back to staging.

    ``to_journal_id`` and ``line_number`` are its place there; both are null when the line was deleted: its
    actual waits for the next import, which makes a new line of it. A line leaves a journal once.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    line_id = models.UUIDField()
    from_journal_id = models.BigIntegerField()
    to_journal_id = models.BigIntegerField(null=True)
    line_number = models.IntegerField(null=True)
    moved_by = fields.code(150)
    moved_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_journal_line_move"
        constraints = [
            models.UniqueConstraint(fields=["line_id", "from_journal_id"], name="finance_journal_move_key"),
            # Also the index by which posting reads a journal of refused lines.
            models.UniqueConstraint(
                fields=["to_journal_id", "line_number"], name="finance_journal_move_place"
            ),
            models.CheckConstraint(
                condition=models.Q(to_journal_id__isnull=True, line_number__isnull=True)
                | models.Q(to_journal_id__isnull=False, line_number__isnull=False),
                name="finance_journal_move_place_whole",
            ),
        ]
        indexes = [models.Index(fields=["xid"], name="finance_journal_move_xid")]  # collector (D8)
