"""Records of operations that finance mirrors: projects, categories, roles, customers, contracts."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Project(models.Model):
    """One project, mirrored from operations. ``situation`` is its column of the decision table.

    ``contract_line_id`` is the line that takes what no other line of a contract does.
    """

    id = fields.mirrored_identifier()
    number = fields.code(120)
    name = fields.code(200)
    company_code = fields.code(20)
    stage = fields.code(20)
    situation = fields.code(30)
    contract_line_id = models.UUIDField(null=True)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "finance_project"
        # Loading finds a project by its number. Not unique: a mirror takes what its master says.
        indexes = [models.Index(fields=["number"], name="finance_project_number")]


class Category(models.Model):
    """One transaction category, mirrored from operations."""

    id = fields.mirrored_identifier()
    code = fields.code(120)
    name = fields.code(200)
    transaction_class = fields.code(20)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "finance_category"
        indexes = [models.Index(fields=["code"], name="finance_category_code")]


class Role(models.Model):
    """One role under which a resource works, mirrored from operations."""

    id = fields.mirrored_identifier()
    code = fields.code()
    name = fields.code(200)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "finance_role"


class Customer(models.Model):
    """One customer of one company, mirrored from operations."""

    id = fields.mirrored_identifier()
    company_code = fields.code(20)
    account_number = fields.code()
    name = fields.code(200)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "finance_customer"


class Contract(models.Model):
    """One project contract with one customer, mirrored from operations; its sales are in ``currency_code``.

    ``unit_code`` is its contracting unit. No foreign key: a mirror takes what its master says, in any order.
    """

    id = fields.mirrored_identifier()
    number = fields.code()
    name = fields.code(200)
    customer_id = models.UUIDField()
    company_code = fields.code(20)
    unit_code = fields.code()
    currency_code = fields.code(3)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "finance_contract"
        indexes = [models.Index(fields=["number"], name="finance_contract_number")]  # as of a project


class ContractLine(models.Model):
    """One line of a contract, mirrored from operations: how the work of the projects on it is billed."""

    id = fields.mirrored_identifier()
    contract_id = models.UUIDField()
    line_number = models.IntegerField()
    name = fields.code(200)
    billing_method = fields.code(20)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "finance_contract_line"
