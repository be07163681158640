"""Price lists, whose they are, and their lines (operations spec 1.7, 3)."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Func, Q, Value

from tieout.database import fields
from tieout.operations.mirrored import Vendor
from tieout.operations.organization.models import (
    Category,
    Contract,
    Customer,
    OrganizationalUnit,
    Resource,
    Role,
)
from tieout.operations.pricing.rules import CODE_MAX, NAME_MAX, ListsOnWin
from tieout.operations.purchasing.models import Subcontract
from tieout.operations.quoting.models import Quote

# The dimensions that a line names, as one object: those that every firm has are columns, so that the database
# knows what they refer to; the firm's own stand in ``dimensions``.
_NAMED = (
    "jsonb_strip_nulls(jsonb_object(array["
    "'role', role_id::text, 'resourcing_unit', resourcing_unit_id::text,"
    " 'resourcing_company', resourcing_company::text, 'resource', resource_id::text])) || dimensions"
)

_USERS = ("unit", "contract", "quote", "customer", "subcontract", "vendor", "company_code")
_SCOPES = ("contract", "quote", "customer", "subcontract", "vendor", "scope_unit")
_ON_WIN = ListsOnWin.SAME_WITH_OVERRIDES


class LineKey(Func):
    """The dimensions that a line names with their values: what a look-up asks for."""

    template = _NAMED
    arity = 0
    output_field = models.JSONField()


class LineShape(Func):
    """The names of these dimensions: a look-up asks once for each shape that a list has."""

    template = f"jsonb_path_query_array({_NAMED}, '$.keyvalue().key')"
    arity = 0
    output_field = models.JSONField()


class MeasureUnit(models.Model):
    """One unit of measure; ``size`` says how many base units of its group it is."""

    id = fields.identifier()
    code = fields.code(20, unique=True)
    name = fields.code(200)
    unit_group = fields.code()
    size = fields.measure()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_measure_unit"
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="operations_measure_unit_size")]


class PricingDimension(models.Model):
    """One dimension by which role prices differ, or (``markup``) the markups on them.

    In each context it has a priority, the lower the more important; without one it does not apply there.
    """

    id = fields.identifier()
    name = fields.code(unique=True)
    kind = fields.code(20)
    cost_priority = models.IntegerField(null=True)
    sales_priority = models.IntegerField(null=True)
    purchase_priority = models.IntegerField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_pricing_dimension"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["amount", "markup"]), name="operations_pricing_dimension_kind"
            ),
            # At the end of the statement, so that two dimensions can change places.
            *(
                models.UniqueConstraint(
                    fields=[f"{context}_priority"],
                    name=f"operations_pricing_dimension_{context}",
                    deferrable=models.Deferrable.IMMEDIATE,
                )
                for context in ("cost", "sales", "purchase")
            ),
        ]


class PricingParameters(models.Model):
    """How one company prices: which of several cost lists counts, which rates, what a won quote gives."""

    id = fields.identifier()
    company_code = fields.code(20, unique=True)
    cost_overlap = fields.code(20, default="latest_created")
    rate_type = fields.code(20, default="default")
    lists_on_win = fields.code(20, default=_ON_WIN, db_default=_ON_WIN)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_pricing_parameters"
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_overlap__in=["latest_created", "none"]),
                name="operations_pricing_parameters_cost_overlap",
            ),
            models.CheckConstraint(
                condition=Q(lists_on_win__in=list(ListsOnWin)),
                name="operations_pricing_parameters_lists_on_win",
            ),
        ]


class PriceList(models.Model):
    """One price list: a context, a currency and the dates (both inclusive) on which it applies.

    A list without both dates applies never, nor does one that is not active (operations spec 3.1).
    ``time_unit`` is what its prices of time are for where a line does not say.
    """

    id = fields.identifier()
    code = fields.code(CODE_MAX, unique=True)
    name = fields.code(NAME_MAX)
    context = fields.code(20)
    currency_code = fields.code(3)
    time_unit = fields.code(20, default="hour", db_default="hour")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    is_active = models.BooleanField(default=True, db_default=True)
    created_at = fields.written_at()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_price_list"
        constraints = [
            models.CheckConstraint(
                condition=Q(context__in=["cost", "sales", "purchase"]),
                name="operations_price_list_context",
            )
        ]


class PriceListUse(models.Model):
    """One list in use by a unit, contract, quote, customer, subcontract or vendor, or a company's default.

    A company's default cost lists count for its units that have none of their own (operations spec 3.2); the
    sales lists of a customer, then the company's, for contracts and quotes that have none (3.3); the purchase
    lists of a vendor, then the company's, for subcontracts that have none.
    """

    id = fields.identifier()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT)
    unit = models.ForeignKey(OrganizationalUnit, null=True, on_delete=models.PROTECT)
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT)
    quote = models.ForeignKey(Quote, null=True, on_delete=models.PROTECT)
    subcontract = models.ForeignKey(Subcontract, null=True, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.PROTECT)
    company_code = fields.code(20, null=True)
    is_active = models.BooleanField(default=True, db_default=True)
    version = models.IntegerField(default=1, db_default=1)

    class Meta:
        db_table = "operations_price_list_use"
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", *_USERS], name="operations_price_list_use_key", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_,
                    (Q(**{f"{name}__isnull": name != user for name in _USERS}) for user in _USERS),
                ),
                name="operations_price_list_use_one_user",
            ),
        ]
        indexes = [
            # The default lists of a company (definitions/030_pricing.sql).
            models.Index(
                fields=["company_code"],
                name="operations_price_list_default",
                condition=Q(company_code__isnull=False),
            )
        ]


class DimensionedLine(models.Model):
    """One line of a list for what its dimensions name; a dimension that it does not name may be any."""

    id = fields.identifier()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, db_index=False)
    role = models.ForeignKey(Role, null=True, on_delete=models.PROTECT, db_index=False)
    resourcing_unit = models.ForeignKey(
        OrganizationalUnit, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    resourcing_company = fields.code(20, null=True)
    resource = models.ForeignKey(Resource, null=True, on_delete=models.PROTECT, db_index=False)
    dimensions = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    key = models.GeneratedField(expression=LineKey(), output_field=models.JSONField(), db_persist=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class MethodPriced(models.Model):
    """What a line of a list says of a price, by one of three methods (operations spec 3.4 to 3.6).

    Per unit, the ``price``; on a sales list also what it cost, or that and ``percent`` of it.
    """

    method = fields.code(20, default="price_per_unit", db_default="price_per_unit")
    price = fields.measure(null=True)
    percent = fields.measure(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(method="price_per_unit", price__isnull=False)
                | Q(method="at_cost")
                | Q(method="markup_over_cost", percent__isnull=False),
                name="%(app_label)s_%(class)s_method",
            )
        ]


class RolePrice(DimensionedLine, MethodPriced):
    """One price of work on one list, per ``unit`` of time.

    Lines that differ in nothing but what they say of the price (``line`` tells them apart) may be loaded, and
    price nothing.
    """

    shape = models.GeneratedField(expression=LineShape(), output_field=models.JSONField(), db_persist=True)
    unit = fields.code(20, default="hour")
    line = fields.code(default="", db_default="")

    class Meta:
        db_table = "operations_role_price"
        constraints = [
            *MethodPriced.Meta.constraints,
            # Also the way to the best line of a list, however many it has (definitions/030_pricing.sql).
            models.UniqueConstraint(
                fields=["price_list", "shape", "key", "unit", "line"], name="operations_role_price_key"
            ),
        ]


class RolePriceMarkup(DimensionedLine):
    """One percentage on the role prices of a list, by any dimension (operations spec 3.4)."""

    shape = models.GeneratedField(expression=LineShape(), output_field=models.JSONField(), db_persist=True)
    percent = fields.measure()

    class Meta:
        db_table = "operations_role_price_markup"
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "shape", "key"], name="operations_role_price_markup_key"
            )
        ]


class PriceOverride(DimensionedLine):
    """From one day on, another price or percentage for the line of a list that names the same dimensions.

    Without a scope (contract, quote, customer, subcontract, vendor, unit) it is for all; with one only there.
    """

    target = fields.code(10)
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, db_index=False)
    quote = models.ForeignKey(Quote, null=True, on_delete=models.PROTECT, db_index=False)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, db_index=False)
    subcontract = models.ForeignKey(Subcontract, null=True, on_delete=models.PROTECT, db_index=False)
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.PROTECT, db_index=False)
    scope_unit = models.ForeignKey(
        OrganizationalUnit, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    effective_from = models.DateField()
    unit = fields.code(20, default="hour")
    price = fields.measure(null=True)
    percent = fields.measure(null=True)

    class Meta:
        db_table = "operations_price_override"
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "target", "key", "effective_from", *_SCOPES],
                name="operations_price_override_key",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(target="price", price__isnull=False, percent__isnull=True)
                | Q(target="markup", price__isnull=True, percent__isnull=False),
                name="operations_price_override_target",
            ),
        ]
        indexes = [
            # What becomes the contract's when the quote is won (pricing/sql/give_overrides.sql).
            models.Index(
                fields=["quote"], name="operations_price_override_quote", condition=Q(quote__isnull=False)
            )
        ]


class PricedItem(MethodPriced):
    """One line of a list for a thing per unit (operations spec 3.5, 3.6)."""

    id = fields.identifier()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, db_index=False)
    unit = fields.code(20)
    version = models.IntegerField(default=1)

    class Meta(MethodPriced.Meta):
        abstract = True


class CategoryPrice(PricedItem):
    """One price of a transaction category on one list, per unit."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "operations_category_price"
        constraints = [
            *PricedItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["price_list", "category", "unit"], name="operations_category_price_key"
            ),
        ]


class Product(models.Model):
    """One product of the catalogue; it is counted in the units of one group."""

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    unit_group = fields.code()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_product"


class ProductPrice(PricedItem):
    """One price of a product on one list, per unit."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "operations_product_price"
        constraints = [
            *PricedItem.Meta.constraints,
            models.UniqueConstraint(
                fields=["price_list", "product", "unit"], name="operations_product_price_key"
            ),
        ]


class PriceTrace(models.Model):
    """Why a price is what it is: one row for all lines that were priced alike at one submission.

    ``price`` per unit in ``currency_code``; what the list says before override, markup and conversion is in
    ``list_currency``, or is ``cost_percent`` over ``cost_price``, what the work or thing cost or was typed.
    The names are those of what ``operations_cost_price`` answers (operations spec 3; a price of 0 says why).
    """

    append_only = True

    id = fields.identifier()
    price = fields.measure()
    currency_code = fields.code(3, null=True)
    price_list_id = models.UUIDField(null=True)
    line_id = models.UUIDField(null=True)
    override_id = models.UUIDField(null=True)
    markup_id = models.UUIDField(null=True)
    markup_percent = fields.measure(null=True)
    list_price = fields.measure(null=True)
    list_currency = fields.code(3, null=True)
    cost_price = fields.measure(null=True)
    cost_currency = fields.code(3, null=True)
    cost_percent = fields.measure(null=True)
    exchange_rate = fields.measure(null=True)
    reason = fields.code(60)

    class Meta:
        db_table = "operations_price_trace"
