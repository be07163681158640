"""What finance is the master of, mirrored by maps: keys and versions are finance's.

A document posted in finance is never recomputed here (DESIGN section 5): its cost carries the posted
accounting amount, the accounting date, and the original currency, amount and rate.
"""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Company(models.Model):
    """One legal entity, mirrored from finance. ``currency_code`` is its accounting currency."""

    id = fields.mirrored_identifier()
    code = fields.code(20, unique=True)
    name = fields.code(200)
    currency_code = fields.code(3)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_company"


class Currency(models.Model):
    """One currency, mirrored from finance. ``digits`` is the number of decimals of its amounts (0 to 4)."""

    id = fields.mirrored_identifier()
    code = fields.code(3, unique=True)
    name = fields.code(200)
    digits = models.SmallIntegerField()
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_currency"


class ExchangeRate(models.Model):
    """One rate, mirrored from finance: ``rate`` units of ``to_currency`` for 100 of ``from_currency``."""

    id = fields.mirrored_identifier()
    rate_type = fields.code(20)
    from_currency = fields.code(3)
    to_currency = fields.code(3)
    valid_from = models.DateField()
    rate = fields.measure()
    source = fields.code(60, default="")
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_exchange_rate"
        # The last known rate before a date (pricing/sql, approvals/sql).
        indexes = [
            models.Index(
                fields=["from_currency", "to_currency", "rate_type", "-valid_from"],
                name="operations_exchange_rate_pair",
            )
        ]


class Vendor(models.Model):
    """One vendor of one company, mirrored from finance."""

    id = fields.mirrored_identifier()
    company_code = fields.code(20)
    account_number = fields.code(60)
    name = fields.code(200)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_vendor"


class FinanceDocumentLine(models.Model):
    """The columns of one posted line of any document.

    ``amount`` is net in ``currency_code``, ``accounting_amount`` in the company's own.
    """

    append_only = True

    id = fields.mirrored_identifier()
    document_id = models.UUIDField()
    line_number = models.IntegerField()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    category_id = models.UUIDField()
    description = fields.code(400)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    quantity = fields.measure()
    unit_price = fields.measure()
    amount = fields.amount()
    tax_amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    exchange_rate_date = models.DateField()
    accounting_amount = fields.amount()
    voucher = fields.code(40)
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        abstract = True
        indexes = [
            # Approval takes the lines of one delivery batch (approvals/sql/approve_documents.sql). A btree:
            # the rows of a batch share its number, so it stays small; a BRIN index scans what came since
            # the last vacuum.
            models.Index(fields=["batch_id"], name="%(app_label)s_%(class)s_batch"),
            # The collector reads what changed since its snapshot (DESIGN D8).
            models.Index(fields=["xid"], name="%(app_label)s_%(class)s_xid"),
        ]
