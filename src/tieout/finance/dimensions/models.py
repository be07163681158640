"""Financial dimensions (finance spec 2.10): values, defaults, account structures, and sets of them.

A ledger entry carries one set of dimension values, as a number (``VoucherLine.dimension_set_id``): a set is
kept once, however many entries have it, so that posting writes four bytes per entry.
"""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Dimension(models.Model):
    """One financial dimension, e.g. cost center."""

    id = fields.identifier()
    code = fields.code(20, unique=True)
    name = fields.code(200)

    class Meta:
        db_table = "finance_dimension"


class DimensionValue(models.Model):
    """One value of one dimension."""

    id = fields.identifier()
    dimension = fields.code(20)
    value = fields.code(40)
    name = fields.code(200)

    class Meta:
        db_table = "finance_dimension_value"
        constraints = [
            models.UniqueConstraint(fields=["dimension", "value"], name="finance_dimension_value_key")
        ]


class DimensionDefault(models.Model):
    """One row: the value of one dimension that what a company posts gets from its owner.

    The owner is a project, a vendor, a resource, or a customer; ``owner_code`` is what files call it. A
    customer that stands for a borrower gives what its lender posts for it.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    owner_kind = fields.code(20)
    owner_id = models.UUIDField()
    owner_code = fields.code(120)
    dimension = fields.code(20)
    value = fields.code(40)

    class Meta:
        db_table = "finance_dimension_default"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "owner_id", "dimension"], name="finance_dimension_default_key"
            ),
            fields.one_of(
                "owner_kind", ["project", "vendor", "resource", "customer"], "finance_dimension_default_owner"
            ),
        ]
        indexes = [
            # Files and expense reports name a resource by its code; finance has no resources.
            models.Index(fields=["company_code", "owner_kind", "owner_code"], name="finance_dimension_owner")
        ]


class AccountDimension(models.Model):
    """One rule of the account structure of a company: what accounts demand of one dimension.

    It is for ``account``, or for all from there to ``last_account``, by their characters. For an account and
    dimension the most specific rule counts: that which begins last, of two the one that ends first. Without
    one the dimension may be there or not, as where ``demand`` is optional.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    account = fields.code(20)
    last_account = fields.code(20)
    dimension = fields.code(20)
    demand = fields.code(20)

    class Meta:
        db_table = "finance_account_dimension"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "account", "last_account", "dimension"],
                name="finance_account_dimension_key",
            ),
            fields.one_of(
                "demand", ["required", "forbidden", "optional"], "finance_account_dimension_demand"
            ),
        ]


class DimensionSet(models.Model):
    """One combination of dimension values, ``{"CC": "042"}``, kept once. Set 0, of none, has no row."""

    append_only = True

    id = models.AutoField(primary_key=True)
    combination = models.JSONField(unique=True)

    class Meta:
        db_table = "finance_dimension_set"
