"""Sales tax codes, the groups that hold them, and whose groups they are (finance spec 2.11)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class SalesTaxCode(models.Model):
    """One tax of one company, in percent of what is sold."""

    id = fields.identifier()
    company_code = fields.code(20)
    code = fields.code(20)
    name = fields.code(200)
    percent = fields.measure()

    class Meta:
        db_table = "finance_sales_tax_code"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "code"], name="finance_sales_tax_code_key")
        ]


class SalesTaxGroup(models.Model):
    """One row: a sales tax group (``sales``: who is billed) or an item one (``item``: what) holds a tax."""

    id = fields.identifier()
    company_code = fields.code(20)
    kind = fields.code(10)
    tax_group = fields.code(20)
    tax_code = fields.code(20)

    class Meta:
        db_table = "finance_sales_tax_group"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "kind", "tax_group", "tax_code"], name="finance_sales_tax_group_key"
            ),
            fields.one_of("kind", ["sales", "item"], "finance_sales_tax_group_kind"),
        ]


class SalesTaxGroupUse(models.Model):
    """One row: the group of its owner.

    Of a project, contract or customer its sales tax group, of a category or product its item sales tax group;
    ``owner_code`` is what files call it.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    owner_kind = fields.code(20)
    owner_id = models.UUIDField()
    owner_code = fields.code(120)
    tax_group = fields.code(20)

    class Meta:
        db_table = "finance_sales_tax_group_use"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "owner_id"], name="finance_sales_tax_group_use_key"
            ),
            fields.one_of(
                "owner_kind",
                ["project", "contract", "customer", "category", "product"],
                "finance_sales_tax_group_use_owner",
            ),
        ]
