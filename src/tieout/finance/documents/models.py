"""Documents that finance posts (finance spec 1.8, 1.9, 2.9)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class DocumentLine(models.Model):
    """One line with a project. Quantity and price as given; amounts rounded half up where they are born.

    ``amount`` is net in ``currency_code``; ``accounting_amount`` the same in the company's accounting
    currency at ``exchange_rate`` (per 100), the last known on ``exchange_rate_date``.
    """

    append_only = True

    id = fields.identifier()
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
    tax_amount = fields.amount(default=0)
    currency_code = fields.code(3)
    exchange_rate = fields.measure()
    exchange_rate_date = models.DateField()
    accounting_amount = fields.amount()

    class Meta:
        abstract = True


class VendorInvoice(models.Model):
    """One vendor invoice. It is posted when a voucher names it.

    ``manual_verification``: operations waits with its lines for the project manager; ``block_payment``: the
    vendor is not paid before that (``PaymentRelease``). Both are the parameters of the company where the
    invoice says nothing (finance spec 1.9).
    """

    append_only = True

    id = fields.identifier()
    company_code = fields.code(20)
    vendor_id = models.UUIDField()
    invoice_number = fields.code()
    invoice_date = models.DateField()
    accounting_date = models.DateField()
    currency_code = fields.code(3)
    manual_verification = models.BooleanField(db_default=False)
    block_payment = models.BooleanField(db_default=False)
    entered_by = fields.code(150)
    entered_at = fields.written_at()

    class Meta:
        db_table = "finance_vendor_invoice"
        # The invoices of a company that are verified, of which there are few (sql/verified_invoices.sql).
        indexes = [
            models.Index(
                fields=["company_code", "-id"],
                condition=models.Q(manual_verification=True),
                name="finance_vendor_invoice_verifie",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(block_payment=False) | models.Q(manual_verification=True),
                name="finance_vendor_invoice_block",
            ),
            models.UniqueConstraint(
                fields=["company_code", "vendor_id", "invoice_number"], name="finance_vendor_invoice_key"
            ),
        ]


class VendorInvoiceLine(DocumentLine):
    """One line of a vendor invoice; ``unit`` is what its quantity counts.

    The cost of a ``stocked`` line posts with the invoice, so that it never comes back as a journal line.
    ``subcontract_id`` is the subcontract of operations under which it was bought.
    """

    invoice_id = models.UUIDField()
    unit = fields.code(20, default="each", db_default="each")
    stocked = models.BooleanField(db_default=False)
    subcontract_id = models.UUIDField(null=True)

    class Meta:
        db_table = "finance_vendor_invoice_line"
        constraints = [
            models.UniqueConstraint(
                fields=["invoice_id", "line_number"], name="finance_vendor_invoice_line_key"
            )
        ]


class InvoiceVerification(models.Model):
    """What the project manager decided of one vendor invoice line, as operations sent it.

    A line is verified once; the payment of an invoice that is blocked is released when all its lines are.
    """

    append_only = True

    id = fields.mirrored_identifier()
    line_id = models.UUIDField()
    invoice_id = models.UUIDField()
    company_code = fields.code(20)
    outcome = fields.code(20)
    reason = fields.code(400)
    decided_by = fields.code(150)
    decided_at = models.DateTimeField()
    batch_id = models.BigIntegerField()

    class Meta:
        db_table = "finance_invoice_verification"
        indexes = [models.Index(fields=["invoice_id"], name="finance_invoice_verification_o")]


class ExpenseReport(models.Model):
    """One expense report of one resource. It is posted when a voucher names it."""

    append_only = True

    id = fields.identifier()
    company_code = fields.code(20)
    report_number = fields.code()
    resource_code = fields.code()
    accounting_date = models.DateField()
    entered_by = fields.code(150)
    entered_at = fields.written_at()

    class Meta:
        db_table = "finance_expense_report"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "report_number"], name="finance_expense_report_key"
            )
        ]


class ExpenseLine(DocumentLine):
    """One line of an expense report. ``payment_method`` names who is credited (``PaymentMethod``).

    ``amount`` includes what tax cannot be recovered: it is cost, and travels. ``tax_amount`` is recoverable:
    it is posted beside, and never travels (DESIGN section 5). A line that is distributed over projects is
    several rows of its number, each a ``distribution``; their amounts come to ``line_amount``.
    """

    report_id = models.UUIDField()
    distribution = models.IntegerField(db_default=1)
    line_amount = fields.amount(null=True)
    payment_method = fields.code(20, default="employee")

    class Meta:
        db_table = "finance_expense_line"
        constraints = [
            models.UniqueConstraint(
                fields=["report_id", "line_number", "distribution"], name="finance_expense_line_key"
            )
        ]


class PostingQueue(models.Model):
    """One row is a document that was entered and is not posted yet; posting deletes it.

    ``code`` is the problem that the last attempt met, empty when none was made.
    """

    document_id = models.UUIDField(primary_key=True)
    document_kind = fields.code(30)
    company_code = fields.code(20)
    accounting_date = models.DateField()
    code = fields.code(20, default="")

    class Meta:
        db_table = "finance_posting_queue"
        # Posting takes the waiting documents of one kind and company (documents/sql/post_*.sql).
        indexes = [
            models.Index(
                fields=["document_kind", "company_code", "document_id"], name="finance_posting_queue_of"
            )
        ]


class DocumentLinePosting(models.Model):
    """One row is what a line of a vendor invoice or expense report was posted with.

    The journal line that clears it takes the same account, dimensions and reporting rate (per 100), so that
    the integration account is zero on each account, in each set and in both currencies, whatever was set up
    since (finance spec 2.9; 9, N15).
    """

    append_only = True

    line_id = models.UUIDField(primary_key=True)
    account = fields.code(20)
    dimension_set_id = models.IntegerField()
    reporting_rate = fields.measure()

    class Meta:
        db_table = "finance_document_line_posting"
