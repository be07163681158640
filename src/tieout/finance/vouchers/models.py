"""The general ledger (finance spec 1.10). Whole vouchers are inserted by one statement (DESIGN D6)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Voucher(models.Model):
    """One posting: a number, an accounting date, and the document that was posted.

    ``document_id`` is a vendor invoice, an expense report, a line of an integration or general journal, or a
    cost transfer;
    its uniqueness makes a second posting of the same document impossible. A voucher may have no lines
    (No ledger).
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    number = fields.code(40)
    accounting_date = models.DateField()
    document_kind = fields.code(30)
    document_id = models.UUIDField(unique=True)
    posted_by = fields.code(150)
    posted_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "finance_voucher"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "number"], name="finance_voucher_number")
        ]
        indexes = [models.Index(fields=["xid"], name="finance_voucher_xid")]  # collector (D8)


class VoucherLine(models.Model):
    """One ledger entry; debit positive, credit negative, in three currencies.

    ``source_line_id`` is the document line that opened (or whose cost cleared) an integration account. Each
    line carries the number of lines of its voucher: the statement-level check demands all of them, and zero
    in accounting and in reporting currency. ``dimension_set_id`` is its combination of dimension values, 0
    for none (``DimensionSet``).
    """

    append_only = True

    voucher_id = models.BigIntegerField()
    line_no = models.IntegerField()
    line_count = models.IntegerField()
    company_code = fields.code(20)
    accounting_date = models.DateField()
    account = fields.code(20)
    posting_type = fields.code(40)
    amount = fields.amount()
    currency_code = fields.code(3)
    accounting_amount = fields.amount()
    reporting_amount = fields.amount()
    project_id = models.UUIDField(null=True)
    source_line_id = models.UUIDField(null=True)
    dimension_set_id = models.IntegerField(db_default=0)
    pk = models.CompositePrimaryKey("voucher_id", "line_no")

    class Meta:
        db_table = "finance_voucher_line"
        indexes = [
            # Post costs: what a project has in progress, and whether the sale of a cost is accrued.
            models.Index(
                fields=["project_id"],
                condition=models.Q(posting_type__in=["wip_cost_value", "wip_cost_value_item"]),
                name="finance_voucher_line_wip",
            ),
            models.Index(
                fields=["source_line_id"],
                condition=models.Q(posting_type="wip_sales_value"),
                name="finance_voucher_line_accrued",
            ),
        ]


class AccountTotal(models.Model):
    """What one statement posted to one account on one accounting date with one set of dimension values.

    In vouchers ``first`` to ``last``.

    Written by a trigger on ledger entries. ``debit`` and ``credit`` are both positive, in the accounting
    currency; ``reporting_amount`` is debit minus credit in the reporting currency.
    """

    append_only = True

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    account = fields.code(20)
    accounting_date = models.DateField()
    dimension_set_id = models.IntegerField(db_default=0)
    entries = models.BigIntegerField()
    debit = fields.amount()
    credit = fields.amount()
    reporting_amount = fields.amount()
    first_voucher_id = models.BigIntegerField()
    last_voucher_id = models.BigIntegerField()

    class Meta:
        db_table = "finance_account_total"
        indexes = [
            models.Index(
                fields=["company_code", "account", "accounting_date"], name="finance_account_total_of"
            )
        ]
