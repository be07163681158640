"""Which company lends to which, and what it invoices for that (finance spec 1.13, 2.8)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class LendingRelationship(models.Model):
    """One row "When lending resources" of a lender: to whom, and how it books what it lends.

    ``accrue_revenue``: whether its interorganizational sales accrue. The categories are those of lent time
    and of lent expenses that name none. The trading relationship: ``customer_id`` is the borrower as a
    customer of the lender, ``vendor_id`` the lender as a vendor of the borrower; without them nothing is
    invoiced.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    borrowing_company = fields.code(20)
    accrue_revenue = models.BooleanField()
    time_category_id = models.UUIDField(null=True)
    expense_category_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    vendor_id = models.UUIDField(null=True)

    class Meta:
        db_table = "finance_lending_relationship"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "borrowing_company"], name="finance_lending_relationship_key"
            ),
            models.CheckConstraint(
                condition=~models.Q(company_code=models.F("borrowing_company")),
                name="finance_lending_to_another",
            ),
        ]


class LentQueue(models.Model):
    """One posted interorganizational sale, or its taking back, that no invoice has: the lender's worklist.

    Written with the voucher of its journal line, deleted with the invoice that takes it, or when it turns out
    that there is nothing to invoice: a sale and the line that took it back before its invoice leave together.
    The columns are those of the line that decide on which invoice it is.
    """

    line_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    borrowing_company = fields.code(20)
    currency_code = fields.code(3)
    is_credit = models.BooleanField()
    project_id = models.UUIDField()
    transaction_date = models.DateField()

    class Meta:
        db_table = "finance_lent_queue"
        indexes = [
            # In the order of invoices, of a borrower or of a project: a run reads on from where it was.
            models.Index(
                fields=[
                    "company_code",
                    "borrowing_company",
                    "currency_code",
                    "is_credit",
                    "project_id",
                    "line_id",
                ],
                name="finance_lent_queue_of",
            )
        ]


class IntercompanyInvoice(models.Model):
    """One invoice, or one credit note, of a lender to a borrower, posted by the voucher that names it.

    Invoice and voucher are one transaction: there is no draft. ``project_id``: the only project on it, where
    it was made by project. Amounts are those of its lines without tax: in ``currency_code``, and in the
    lender's accounting currency; of a credit note they are negative. ``tax_amount``: the sales tax on top.
    """

    append_only = True

    id = fields.identifier()
    company_code = fields.code(20)
    borrowing_company = fields.code(20)
    customer_id = models.UUIDField()
    number = fields.code(40)
    is_credit = models.BooleanField()
    project_id = models.UUIDField(null=True)
    invoice_date = models.DateField()
    currency_code = fields.code(3)
    line_count = models.IntegerField()
    amount = fields.amount()
    accounting_amount = fields.amount()
    tax_amount = fields.amount(db_default=0)

    class Meta:
        db_table = "finance_intercompany_invoice"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "number"], name="finance_intercompany_invoice_number"
            )
        ]
        indexes = [
            # The list of a company, the newest first: keys rise with time.
            models.Index(fields=["company_code", "id"], name="finance_intercompany_of")
        ]


class IntercompanyInvoiceLine(models.Model):
    """One line: the line of the lender's integration journal named here is intercompany billed.

    ``journal_line_id`` is there once: no sale is billed twice. ``credits_id`` is the invoice line that a line
    of a credit note takes back, at the amounts and the rate which that one posted. The sales tax of the line
    comes on top of its amounts, in the same three currencies.
    """

    append_only = True

    id = fields.identifier()
    invoice_id = models.UUIDField()
    line_number = models.IntegerField()
    journal_line_id = models.UUIDField()
    credits_id = models.UUIDField(null=True)
    project_id = models.UUIDField()
    category_id = models.UUIDField(null=True)
    transaction_date = models.DateField()
    quantity = fields.measure()
    price = fields.measure()
    amount = fields.amount()
    exchange_rate = fields.measure()
    accounting_amount = fields.amount()
    reporting_amount = fields.amount()
    tax_amount = fields.amount(db_default=0)
    tax_accounting_amount = fields.amount(db_default=0)
    tax_reporting_amount = fields.amount(db_default=0)

    class Meta:
        db_table = "finance_intercompany_invoice_line"
        constraints = [
            models.UniqueConstraint(fields=["journal_line_id"], name="finance_intercompany_line_billed"),
            models.UniqueConstraint(
                fields=["invoice_id", "line_number"], name="finance_intercompany_line_key"
            ),
        ]


class IntercompanyVendorInvoice(models.Model):
    """One invoice of a lender as the borrower has it: pending until a voucher names it.

    Made from ``invoice_id``, once, with its number. Amounts as there; the accounting amount is in the
    borrower's accounting currency, by the rate of the invoice date.
    """

    append_only = True

    id = fields.identifier()
    company_code = fields.code(20)
    lending_company = fields.code(20)
    vendor_id = models.UUIDField()
    invoice_id = models.UUIDField(unique=True)
    number = fields.code(40)
    is_credit = models.BooleanField()
    invoice_date = models.DateField()
    currency_code = fields.code(3)
    line_count = models.IntegerField()
    amount = fields.amount()
    accounting_amount = fields.amount()
    tax_amount = fields.amount(db_default=0)
    made_by = fields.code(150)
    made_at = fields.written_at()

    class Meta:
        db_table = "finance_intercompany_vendor_invoice"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "vendor_id", "number"], name="finance_intercompany_vendor_number"
            )
        ]
        indexes = [
            # The list of a company, the newest first.
            models.Index(fields=["company_code", "id"], name="finance_intercompany_vendor_of")
        ]


class IntercompanyVendorInvoiceLine(models.Model):
    """One line of a lender's invoice in the borrower's books; ``invoice_line_id`` is the lender's line.

    Its tax is recovered: it is none of the project's cost.
    """

    append_only = True

    id = fields.identifier()
    vendor_invoice_id = models.UUIDField()
    line_number = models.IntegerField()
    invoice_line_id = models.UUIDField(unique=True)
    project_id = models.UUIDField()
    category_id = models.UUIDField(null=True)
    transaction_date = models.DateField()
    quantity = fields.measure()
    amount = fields.amount()
    exchange_rate = fields.measure()
    accounting_amount = fields.amount()
    tax_amount = fields.amount(db_default=0)
    tax_accounting_amount = fields.amount(db_default=0)

    class Meta:
        db_table = "finance_intercompany_vendor_invoice_line"
        constraints = [
            models.UniqueConstraint(
                fields=["vendor_invoice_id", "line_number"], name="finance_intercompany_vendor_line_key"
            )
        ]


class IntercompanyCost(models.Model):
    """The project cost transaction of one posted line of a lender's invoice (finance spec 2.8, 5).

    Operations has this cost already, as its cost actual that stays there: none of these rows is stated to it,
    and none needs a line of an integration journal (finance spec 3.2, b).
    """

    append_only = True

    line_id = models.UUIDField(primary_key=True)
    voucher_id = models.BigIntegerField()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    category_id = models.UUIDField(null=True)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    quantity = fields.measure()
    amount = fields.amount()
    currency_code = fields.code(3)
    accounting_amount = fields.amount()

    class Meta:
        db_table = "finance_intercompany_cost"
        indexes = [models.Index(fields=["project_id"], name="finance_intercompany_cost_of")]


class IntercompanyQueue(models.Model):
    """One posted invoice of a lender that its borrower has not posted: the worklist between two companies.

    Written with the invoice, deleted with the borrower's voucher. ``vendor_invoice_id`` is null until the
    borrower's pending invoice is made; ``code`` is why the last step was refused.
    """

    invoice_id = models.UUIDField(primary_key=True)
    company_code = fields.code(20)
    vendor_invoice_id = models.UUIDField(null=True)
    code = fields.code(20, db_default="")

    class Meta:
        db_table = "finance_intercompany_queue"
        indexes = [models.Index(fields=["company_code", "invoice_id"], name="finance_intercompany_queue_of")]
