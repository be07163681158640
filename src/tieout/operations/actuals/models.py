"""Actuals, how they hang together, where they came from, and what finance posted for them."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Decision(models.Model):
    """One row of the decision table (``decision_table.csv``), loaded so that SQL can join it.

    In the situation ``units`` x ``event`` x ``contract`` one actual of type ``actual`` is made; ``none``
    means that nothing happens, ``not_applicable`` that the event is refused (seed *Actuals*, the two tables).
    """

    id = models.BigAutoField(primary_key=True)
    units = fields.code(20)
    event = fields.code(40)
    contract = fields.code(30)
    actual = fields.code(40)
    billing = fields.code(20, default="")
    quantity = fields.code(20, default="")
    currency = fields.code(30, default="")

    class Meta:
        db_table = "operations_decision"
        constraints = [
            models.UniqueConstraint(
                fields=["units", "event", "contract", "actual", "billing", "quantity"],
                name="operations_decision_key",
            )
        ]


class Actual(models.Model):
    """One business transaction: a cost or a sale of one document, at one price, on one date.

    A row never changes (DESIGN D6): a correction is a new row, a posting a row of :class:`ActualPosting`.
    ``amount`` = quantity x price rounded half up to the currency (or the posted amount of a document born in
    finance, whose ``accounting_amount``, rate and dates are those of its posting). Signed: a reversal is its
    original (``reverses_id``) negated. ``quantity`` is in ``unit``; ``product_name`` is a write-in's,
    ``subcontract_id`` what it was bought under. Sales are to ``customer_id``, of a split line for
    ``contract_line_customer_id``; what is billed for them is ``amount - discount_amount + fee_amount +
    tax_amount`` (operations spec 3.9).
    ``skip_sync`` rows are not sent to finance.
    """

    append_only = True

    id = fields.identifier()
    transaction_type = fields.code(30)
    transaction_class = fields.code(20)
    billing_type = fields.code(20)
    quantity = fields.measure()
    unit = fields.code(20, db_default="")
    price = fields.measure()
    amount = fields.amount()
    discount_amount = fields.amount(db_default=0)
    fee_amount = fields.amount(db_default=0)
    tax_amount = fields.amount()
    currency_code = fields.code(3)
    exchange_rate = fields.measure(null=True)
    exchange_rate_date = models.DateField(null=True)
    accounting_amount = fields.amount(null=True)
    transaction_date = models.DateField()
    accounting_date = models.DateField()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    contract_id = models.UUIDField(null=True)
    contract_line_id = models.UUIDField(null=True)
    contract_line_customer_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    category_id = models.UUIDField(null=True)
    product_id = models.UUIDField(null=True)
    product_name = fields.code(200, db_default="")
    role_id = models.UUIDField(null=True)
    task_id = models.UUIDField(null=True)
    resource_id = models.UUIDField(null=True)
    contracting_unit_id = models.UUIDField()
    resourcing_unit_id = models.UUIDField(null=True)
    subcontract_id = models.UUIDField(null=True)
    source_kind = fields.code(30)
    source_id = models.UUIDField()
    reverses_id = models.UUIDField(null=True)
    price_reason = fields.code(60)
    price_trace_id = models.UUIDField(null=True)
    custom = fields.custom()
    description = fields.code(400)
    external_description = fields.code(400, db_default="")
    skip_sync = models.BooleanField()
    created_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_actual"
        indexes = [
            models.Index(
                fields=["source_id"], name="operations_actual_source"
            ),  # the actuals of one document (trace)
            models.Index(fields=["xid"], name="operations_actual_xid"),  # collector (D8)
            models.Index(
                fields=["project_id", "transaction_date", "id"], name="operations_actual_of_project"
            ),  # the actuals of one project by date, and what they come to; approval is some 5 % slower
        ]
        constraints = [
            # Nothing is reversed twice (operations spec 9, properties).
            models.UniqueConstraint(
                fields=["reverses_id"],
                condition=models.Q(reverses_id__isnull=False),
                name="operations_actual_reversal",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    transaction_type__in=[
                        "cost",
                        "unbilled_sales",
                        "billed_sales",
                        "resourcing_unit_cost",
                        "interorganizational_sales",
                    ]
                ),
                name="operations_actual_type",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    billing_type__in=["chargeable", "non_chargeable", "complimentary", "not_available"]
                ),
                name="operations_actual_billing_type",
            ),
        ]


class ActualStatus(models.Model):
    """One row says that an actual has a status from then on; of each machine the latest counts (DESIGN D6).

    Four machines stand side by side: ``adjustment`` (adjusted, unadjustable; none is live, and so
    is what a draft gave back), ``billing`` (of
    sales), ``not_to_exceed``; approval is the existence of the actual. What an actual has without a row is
    said by ``operations_actual_state`` (operations spec 1.1).
    """

    append_only = True

    id = fields.identifier()
    actual_id = models.UUIDField()
    machine = fields.code(20)
    status = fields.code(30)
    set_by = fields.code(150)
    set_at = fields.written_at()

    class Meta:
        db_table = "operations_actual_status"
        indexes = [models.Index(fields=["actual_id", "machine", "-id"], name="operations_actual_status_of")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    machine="adjustment", status__in=["live", "in_process", "adjusted", "unadjustable"]
                )
                | models.Q(
                    machine="billing",
                    status__in=[
                        "unbilled_sales_created",
                        "ready_to_invoice",
                        "customer_invoice_created",
                        "customer_invoice_posted",
                        "canceled",
                    ],
                )
                | models.Q(
                    machine="not_to_exceed",
                    status__in=["not_applicable", "not_evaluated", "committed", "failed"],
                ),
                name="operations_actual_status_known",
            )
        ]


class TransactionConnection(models.Model):
    """One relation between two transactions; transaction 1 is the newer or derived (operations spec 1.2)."""

    append_only = True

    id = fields.identifier()
    transaction1_id = models.UUIDField()
    transaction1_type = fields.code(30)
    transaction1_role = fields.code(30)
    transaction2_id = models.UUIDField()
    transaction2_type = fields.code(30)
    transaction2_role = fields.code(30)
    company_code = fields.code(20)
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_transaction_connection"
        indexes = [
            # The connections of one actual (trace).
            models.Index(fields=["transaction1_id"], name="operations_connection_first"),
            models.Index(fields=["xid"], name="operations_connection_xid"),  # collector (D8)
        ]


class TransactionOrigin(models.Model):
    """One row per (transaction, ancestor): the full closure, not only the parent (operations spec 1.3)."""

    append_only = True

    transaction_id = models.UUIDField()
    origin_id = models.UUIDField()
    origin_type = fields.code(30)
    pk = models.CompositePrimaryKey("transaction_id", "origin_id")

    class Meta:
        db_table = "operations_transaction_origin"


class ActualPosting(models.Model):
    """One row is what finance posted for one actual: the write-back (finance spec 2.5).

    ``id`` is finance's journal line. ``accounting_amount`` is in the company's accounting currency, converted
    at ``exchange_rate`` (per 100); ``tax_amount`` is in the currency of the actual.
    """

    append_only = True

    id = fields.mirrored_identifier()
    actual_id = models.UUIDField()
    voucher = fields.code(40)
    accounting_amount = fields.amount()
    tax_amount = fields.amount()
    exchange_rate = fields.measure()
    posted_at = models.DateTimeField()
    batch_id = models.BigIntegerField()
    arrived_at = fields.written_at()
    xid = fields.transaction_id()

    class Meta:
        db_table = "operations_actual_posting"
        indexes = [
            models.Index(
                fields=["actual_id"], name="operations_actual_posting_of"
            ),  # trace, out-of-sync actuals
            models.Index(fields=["xid"], name="operations_actual_posting_xid"),  # collector (D8)
        ]
