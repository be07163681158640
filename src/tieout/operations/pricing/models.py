"""Price lists and their lines (operations spec 3)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.organization.models import Contract, OrganizationalUnit, Role


class PriceList(models.Model):
    """One price list: a context, a currency and the dates (both inclusive) on which it applies.

    A cost list is attached to an organizational unit, a sales list to a contract. A list without both
    dates applies never (operations spec 3.1).
    """

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    context = fields.code(20)
    currency_code = fields.code(3)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    unit = models.ForeignKey(OrganizationalUnit, null=True, on_delete=models.PROTECT)
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT)
    created_at = fields.written_at()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_price_list"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(context__in=["cost", "sales", "purchase"]),
                name="operations_price_list_context",
            )
        ]


class RolePrice(models.Model):
    """One price per hour of a role on one list; with a resourcing unit it applies to that unit only."""

    id = fields.identifier()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    resourcing_unit = models.ForeignKey(OrganizationalUnit, null=True, on_delete=models.PROTECT)
    unit = fields.code(20, default="hour")
    price = fields.measure()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_role_price"
        constraints = [
            # One price per combination of dimensions (operations spec 3.4); null is a value here.
            models.UniqueConstraint(
                fields=["price_list", "role", "resourcing_unit", "unit"],
                name="operations_role_price_key",
                nulls_distinct=False,
            )
        ]
