"""Fact tables (DESIGN D8): one table per published ``fact_*`` view of a side, same columns, same types.

Day numbers (days since 1970-01-01) stand beside dates, because a portable check compares numbers (D9).
Amounts are in the currency that their column names; ``accounting_amount`` in the company's own.
"""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class FactSourceLine(models.Model):
    """One posted project line of an expense report or vendor invoice (``SRC`` of finance spec 3.2)."""

    line_id = fields.mirrored_identifier()
    kind = fields.code(30)
    company_code = fields.code(20)
    document_id = models.UUIDField()
    document_number = fields.code()
    line_number = models.IntegerField()
    party_account = fields.code(60)
    party_name = fields.code(200)
    category_name = fields.code(200)
    project_id = models.UUIDField()
    project_number = fields.code(120)
    project_name = fields.code(200)
    document_date = models.DateField()
    accounting_date = models.DateField()
    day = models.IntegerField()
    amount = fields.amount()
    tax_amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    accounting_amount = fields.amount()
    voucher = fields.code(40)
    account = fields.code(20)
    needs_journal = models.BooleanField()
    # The transaction type under which operations returns its cost: cost, or resourcing unit cost (finance
    # spec 3.2).
    cost_type = fields.code(30)
    posted_at = models.DateTimeField()

    class Meta:
        db_table = "fact_source_line"
        # Grids and windows: the lines of one kind and company by date.
        indexes = [
            models.Index(fields=["kind", "company_code", "day", "line_id"], name="fact_source_line_window")
        ]


class FactDocument(models.Model):
    """One document line that arrived in operations (``OPSD``)."""

    line_id = fields.mirrored_identifier()
    arrived_at = models.DateTimeField()
    manual_verification = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "fact_document"


class FactVerification(models.Model):
    """One decision of a project manager on a vendor invoice line that waits to be verified."""

    verification_id = fields.mirrored_identifier()
    line_id = models.UUIDField()
    outcome = fields.code(20)
    decided_by = fields.code(150)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "fact_verification"
        indexes = [models.Index(fields=["line_id"], name="fact_verification_line")]


class FactInvoiceHeader(models.Model):
    """One header of a vendor invoice that arrived in operations, apart from its lines."""

    document_id = fields.mirrored_identifier()
    arrived_at = models.DateTimeField()

    class Meta:
        db_table = "fact_invoice_header"


class FactApproval(models.Model):
    """One approval in operations. A document born in finance has one; an entry may be approved again."""

    approval_id = fields.mirrored_identifier()
    document_id = models.UUIDField()
    document_kind = fields.code(30)
    approved_by = fields.code(150)
    approved_at = models.DateTimeField()

    class Meta:
        db_table = "fact_approval"
        # What approved a line or entry (line state, trace).
        indexes = [models.Index(fields=["document_id"], name="fact_approval_document")]


class FactActual(models.Model):
    """One actual in operations (``A``)."""

    actual_id = fields.mirrored_identifier()
    source_kind = fields.code(30)
    source_id = models.UUIDField()
    transaction_type = fields.code(30)
    company_code = fields.code(20)
    amount = fields.amount()
    currency_code = fields.code(3)
    skip_sync = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "fact_actual"
        indexes = [models.Index(fields=["source_id"], name="fact_actual_source")]


class FactConnection(models.Model):
    """One relation between two actuals in operations; ``actual_id`` is the newer or derived one (``C``)."""

    connection_id = fields.mirrored_identifier()
    actual_id = models.UUIDField()

    class Meta:
        db_table = "fact_connection"
        indexes = [models.Index(fields=["actual_id"], name="fact_connection_actual")]


class FactStagedConnection(models.Model):
    """One relation between two actuals that arrived in finance's staging."""

    connection_id = fields.mirrored_identifier()

    class Meta:
        db_table = "fact_staged_connection"


class FactStaged(models.Model):
    """One actual that arrived in finance's staging (``S``)."""

    actual_id = fields.mirrored_identifier()
    source_id = models.UUIDField()
    transaction_type = fields.code(30)
    company_code = fields.code(20)
    batch_id = models.BigIntegerField()
    arrived_at = models.DateTimeField()

    class Meta:
        db_table = "fact_staged"
        indexes = [models.Index(fields=["source_id"], name="fact_staged_source")]


class FactJournalLine(models.Model):
    """One line of an integration journal (``L``), where it stands; posted if a :class:`FactPosting` is.

    ``made_at`` is when the journal was made that import put it in.
    """

    line_id = fields.mirrored_identifier()
    actual_id = models.UUIDField()
    source_id = models.UUIDField()
    company_code = fields.code(20)
    journal_number = fields.code(40)
    line_number = models.IntegerField()
    voucher = fields.code(40)
    transaction_type = fields.code(30)
    amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    accounting_amount = fields.amount()
    made_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "fact_journal_line"
        indexes = [
            models.Index(fields=["source_id"], name="fact_journal_line_source"),
            models.Index(fields=["actual_id"], name="fact_journal_line_actual"),
        ]


class FactLineDeparture(models.Model):
    """One departure of a line from a journal: to that of what was refused, or deleted, by whom and when."""

    id = models.BigIntegerField(primary_key=True)
    line_id = models.UUIDField()
    is_deleted = models.BooleanField()
    moved_by = fields.code(150)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "fact_line_departure"


class FactLineError(models.Model):
    """One refusal of a journal line by a posting run."""

    id = models.BigIntegerField(primary_key=True)
    line_id = models.UUIDField()
    code = fields.code(20)
    refused_at = models.DateTimeField()

    class Meta:
        db_table = "fact_line_error"
        indexes = [models.Index(fields=["line_id"], name="fact_line_error_of")]


class FactPosting(models.Model):
    """One posted journal line: its voucher, and what it debited as cost in accounting currency."""

    line_id = fields.mirrored_identifier()
    company_code = fields.code(20)
    voucher = fields.code(40)
    accounting_date = models.DateField()
    day = models.IntegerField()
    posted_at = models.DateTimeField()

    class Meta:
        db_table = "fact_posting"


class FactLedgerEntry(models.Model):
    """One ledger entry on an integration account (``G``); debit positive, in accounting currency.

    ``dimension_set_id`` is the number by which finance knows its combination of dimension values, 0 for none.
    """

    voucher_id = models.BigIntegerField()
    line_no = models.IntegerField()
    company_code = fields.code(20)
    account = fields.code(20)
    voucher = fields.code(40)
    document_kind = fields.code(30)
    document_id = models.UUIDField()
    source_line_id = models.UUIDField(null=True)
    accounting_date = models.DateField()
    day = models.IntegerField()
    dimension_set_id = models.IntegerField()
    accounting_amount = fields.amount()
    pk = models.CompositePrimaryKey("voucher_id", "line_no")

    class Meta:
        db_table = "fact_ledger_entry"
        indexes = [models.Index(fields=["source_line_id"], name="fact_ledger_entry_source")]


class FactWriteBack(models.Model):
    """One posting that operations knows of: the write-back arrived."""

    line_id = fields.mirrored_identifier()
    actual_id = models.UUIDField()
    voucher = fields.code(40)
    arrived_at = models.DateTimeField()

    class Meta:
        db_table = "fact_write_back"


class _Retry(models.Model):
    """One time that Sync asked for a record of a source line again, and who did."""

    id = models.BigIntegerField(primary_key=True)
    line_id = models.UUIDField()
    asked_by = fields.code(150)
    asked_at = models.DateTimeField()

    class Meta:
        abstract = True


class FactDocumentRetry(_Retry):
    """Sync asked finance to send a source line again."""

    class Meta:
        db_table = "fact_document_retry"
        # Last retried, in the grids.
        indexes = [models.Index(fields=["line_id"], name="fact_document_retry_of")]


class FactActualRetry(_Retry):
    """Sync asked operations to send an actual of a source line again."""

    class Meta:
        db_table = "fact_actual_retry"
        # Last retried, in the grids.
        indexes = [models.Index(fields=["line_id"], name="fact_actual_retry_of")]


class FactPeriod(models.Model):
    """One fiscal period of one company with its status; read whole each time."""

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    fiscal_year = fields.code(20)
    name = fields.code(40)
    kind = fields.code(20)
    starts = models.DateField()
    ends = models.DateField()
    status = fields.code(20)

    class Meta:
        db_table = "fact_period"


class FactIntegrationAccount(models.Model):
    """One integration account of one company and the kind of document it clears; read whole each time."""

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    company_name = fields.code(200)
    kind = fields.code(30)
    account = fields.code(20)
    currency_code = fields.code(3)
    currency_digits = models.SmallIntegerField()

    class Meta:
        db_table = "fact_integration_account"
