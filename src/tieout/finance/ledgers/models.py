"""Set-up of the finance side (finance spec 1.10 to 1.12)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.finance.taxes.rules import TaxGroupFrom
from tieout.kernel.calendar import Module, PeriodKind, PeriodUnit
from tieout.kernel.calendar import PeriodStatus as Status

_ACCOUNT_KINDS = ("asset", "liability", "equity", "revenue", "expense")
_CREDITED = ("employee", "vendor", "cash", "card")
_RULED = ("project_id", "project_group_id", "contract_id", "category_id")


class Company(models.Model):
    """One legal entity: its accounting and reporting currency, chart of accounts and fiscal calendar."""

    id = fields.identifier()
    code = fields.code(20, unique=True)
    name = fields.code(200)
    accounting_currency = fields.code(3)
    reporting_currency = fields.code(3)
    chart = fields.code(20)
    calendar = fields.code(20)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "finance_company"


class Currency(models.Model):
    """One currency; ``digits`` is the number of decimals of its amounts (0 to 4)."""

    id = fields.identifier()
    code = fields.code(3, unique=True)
    name = fields.code(200)
    digits = models.SmallIntegerField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "finance_currency"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digits__gte=0, digits__lte=4), name="finance_currency_digits"
            )
        ]


class ExchangeRate(models.Model):
    """One rate: ``rate`` units of ``to_currency`` for 100 of ``from_currency``, from ``valid_from`` on."""

    id = fields.identifier()
    rate_type = fields.code(20, default="default")
    from_currency = fields.code(3)
    to_currency = fields.code(3)
    valid_from = models.DateField()
    rate = fields.measure()
    source = fields.code(60, default="")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "finance_exchange_rate"
        constraints = [
            # Also the index for "the last known rate on or before a date".
            models.UniqueConstraint(
                fields=["from_currency", "to_currency", "rate_type", "valid_from"],
                name="finance_exchange_rate_key",
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="finance_exchange_rate_positive"),
        ]


class Account(models.Model):
    """One main account of one chart of accounts."""

    id = fields.identifier()
    chart = fields.code(20)
    number = fields.code(20)
    name = fields.code(200)
    kind = fields.code(20)

    class Meta:
        db_table = "finance_account"
        constraints = [
            models.UniqueConstraint(fields=["chart", "number"], name="finance_account_key"),
            fields.one_of("kind", _ACCOUNT_KINDS, "finance_account_kind"),
        ]


class FiscalPeriod(models.Model):
    """One period of one fiscal year of one calendar, both days inclusive; closing ones no date finds."""

    id = fields.identifier()
    calendar = fields.code(20)
    fiscal_year = fields.code(20)
    name = fields.code(40)
    kind = fields.code(20, default="operating")
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        db_table = "finance_fiscal_period"
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "fiscal_year", "name"], name="finance_fiscal_period_key"
            ),
            fields.one_of("kind", [one.value for one in PeriodKind], "finance_fiscal_period_kind"),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="finance_fiscal_period_dates"
            ),
        ]


class PeriodStatus(models.Model):
    """One row is the ledger calendar's status of a period for one company and module; without one it is open.

    No ``module``: for all of them. A module may post where both that row and its own are open.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    period = models.ForeignKey(FiscalPeriod, on_delete=models.PROTECT)
    module = fields.code(20, default="", db_default="")
    status = fields.code(20)

    class Meta:
        db_table = "finance_period_status"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "period", "module"], name="finance_period_status_key"
            ),
            fields.one_of("module", ["", *(one.value for one in Module)], "finance_period_status_module"),
            fields.one_of("status", [one.value for one in Status], "finance_period_status_status"),
        ]


class PeriodChange(models.Model):
    """One row is one change of the status of a period: for which module, from what, by whom and when."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    company_code = fields.code(20)
    period = models.ForeignKey(FiscalPeriod, on_delete=models.PROTECT, db_index=False)
    module = fields.code(20)
    status_before = fields.code(20)
    status = fields.code(20)
    changed_by = fields.code(150)
    changed_at = fields.written_at()

    class Meta:
        db_table = "finance_period_change"
        indexes = [models.Index(fields=["company_code", "id"], name="finance_period_change_of")]


class IntegrationParameters(models.Model):
    """One row per company: how it is integrated (finance spec 1.12). A limit of 0 means no limit.

    ``general_journal_line_limit``: most project lines of a general journal (2.14). ``transfer_error_lines``:
    refused lines move to a journal of their own; off, one keeps its whole journal from being posted (2.5).
    ``beginning_balances_until``: actuals up to that date enter no ledger (2.13). ``worker_dimensions``: lines
    take the resource's too (2.10). ``billing_tax_group_from``: whose sales tax group bills a sale (2.11).
    ``manual_verification``, ``block_payment``: of vendor invoices that say nothing else (1.9).
    ``product_receipt_to_ledger``: what product receipts post of subcontracted work is that of its time and
    expenses too, so that those never enter the ledger (2.5.1).
    ``default_*_category``: of what names none, by class; that of fees of the fee of any sale (2.3).
    ``prevalidation``: import what operations has, asked ``prevalidation_minutes`` after it came (2.2).
    """

    company_code = fields.code(20, primary_key=True)
    expense_integration_account = fields.code(20)
    procurement_integration_account = fields.code(20)
    period_unit = fields.code(10, default="months")
    line_limit = models.IntegerField(default=200)
    auto_open_period = models.BooleanField(default=False)
    general_journal_line_limit = models.IntegerField(db_default=0)
    transfer_error_lines = models.BooleanField(default=True, db_default=True)
    beginning_balances_until = models.DateField(null=True)
    worker_dimensions = models.BooleanField(db_default=False, default=False)
    billing_tax_group_from = fields.code(20, default="search", db_default="search")
    milestone_item_tax_group = fields.code(20, default="", db_default="")
    workspace_enabled = models.BooleanField(db_default=True, default=True)
    manual_verification = models.BooleanField(default=False, db_default=False)
    block_payment = models.BooleanField(default=False, db_default=False)
    product_receipt_to_ledger = models.BooleanField(default=False, db_default=False)
    default_time_category = fields.code(120, default="", db_default="")
    default_expense_category = fields.code(120, default="", db_default="")
    default_item_category = fields.code(120, default="", db_default="")
    default_fee_category = fields.code(120, default="", db_default="")
    prevalidation = models.BooleanField(default=False, db_default=False)
    prevalidation_minutes = models.IntegerField(default=5, db_default=5)

    class Meta:
        db_table = "finance_integration_parameters"
        constraints = [
            fields.one_of("period_unit", [one.value for one in PeriodUnit], "finance_parameters_unit"),
            fields.one_of(
                "billing_tax_group_from", [one.value for one in TaxGroupFrom], "finance_parameters_tax"
            ),
        ]


class LineProperty(models.Model):
    """One row maps a billing type to the line property under which finance books it (all five values).

    ``accrue_revenue``: whether chargeable sales with it accrue where their profile accrues them.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    billing_type = fields.code(20)
    line_property = fields.code(40)
    accrue_revenue = models.BooleanField(default=True)

    class Meta:
        db_table = "finance_line_property"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "billing_type"], name="finance_line_property_key")
        ]


class NumberSequence(models.Model):
    """One sequence of numbers of a company, handed out in blocks: prefix, then ``digits`` digits or more."""

    id = fields.identifier()
    company_code = fields.code(20)
    reference = fields.code(40)
    prefix = fields.code(20)
    digits = models.SmallIntegerField(default=6)
    next_number = models.BigIntegerField(default=1)

    class Meta:
        db_table = "finance_number_sequence"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "reference"], name="finance_number_sequence_key")
        ]


class PostingProfile(models.Model):
    """One row: the account of a posting type, for a project, a project group, a contract or for all.

    The most specific wins: project, group, contract, all; in each, its category's first (decision 0026).
    One with a ``partner_company`` counts for what is posted between the two, and before all that name none.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    posting_type = fields.code(40)
    project_id = models.UUIDField(null=True)
    project_group_id = models.UUIDField(null=True)
    contract_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    partner_company = fields.code(20, db_default="")
    account = fields.code(20)

    class Meta:
        db_table = "finance_posting_profile"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "posting_type", *_RULED, "partner_company"],
                name="finance_posting_profile_key",
                nulls_distinct=False,
            )
        ]


class PaymentMethod(models.Model):
    """One way in which expenses of a company are paid, and who is credited for them (finance spec 2.9).

    ``account`` is credited; blank for an employee or a vendor: that of the posting profile. A company without
    a row for ``employee`` reimburses the resource all the same.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    code = fields.code(20)
    credits = fields.code(20)
    account = fields.code(20)

    class Meta:
        db_table = "finance_payment_method"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "code"], name="finance_payment_method_key"),
            fields.one_of("credits", _CREDITED, "finance_payment_method_credits"),
        ]


class Vendor(models.Model):
    """One vendor of one company."""

    id = fields.identifier()
    company_code = fields.code(20)
    account_number = fields.code(60)
    name = fields.code(200)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "finance_vendor"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "account_number"], name="finance_vendor_key")
        ]
