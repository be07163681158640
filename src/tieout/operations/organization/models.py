"""Master data of the operations side.

Mastered here: units, resources, roles, categories, customers, contracts and their lines, projects.
Mirrored from finance by a map (key and version are finance's): companies, currencies, rates, vendors.
``version`` rises with each change of a row, so that a late arrival never overwrites a newer one.
"""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Company(models.Model):
    """One legal entity, mirrored from finance. ``currency_code`` is its accounting currency."""

    id = fields.mirrored_identifier()
    code = fields.code(20, unique=True)
    name = fields.code(200)
    currency_code = fields.code(3)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_company"


class Currency(models.Model):
    """One currency, mirrored from finance. ``digits`` is the number of decimals of its amounts (0 to 4)."""

    id = fields.mirrored_identifier()
    code = fields.code(3, unique=True)
    name = fields.code(200)
    digits = models.SmallIntegerField()
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_currency"


class ExchangeRate(models.Model):
    """One rate, mirrored from finance: ``rate`` units of ``to_currency`` for 100 of ``from_currency``."""

    id = fields.mirrored_identifier()
    rate_type = fields.code(20)
    from_currency = fields.code(3)
    to_currency = fields.code(3)
    valid_from = models.DateField()
    rate = fields.measure()
    source = fields.code(60, default="")
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_exchange_rate"
        # The last known rate before a date (pricing/sql, approvals/sql).
        indexes = [
            models.Index(
                fields=["from_currency", "to_currency", "rate_type", "-valid_from"],
                name="operations_exchange_rate_pair",
            )
        ]


class Vendor(models.Model):
    """One vendor of one company, mirrored from finance."""

    id = fields.mirrored_identifier()
    company_code = fields.code(20)
    account_number = fields.code(60)
    name = fields.code(200)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "operations_vendor"


class OrganizationalUnit(models.Model):
    """One unit that owns projects (contracting unit) or resources (resourcing unit)."""

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    company_code = fields.code(20)
    currency_code = fields.code(3)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_organizational_unit"


class Resource(models.Model):
    """One person (or machine) that works, in one organizational unit and one company."""

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    unit = models.ForeignKey(OrganizationalUnit, on_delete=models.PROTECT)
    company_code = fields.code(20)
    user_name = fields.code(150, default="")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_resource"


class Role(models.Model):
    """One role under which a resource works; role prices are kept for it."""

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_role"


class Category(models.Model):
    """One transaction category and the transaction class of the actuals booked under it."""

    id = fields.identifier()
    code = fields.code(120, unique=True)
    name = fields.code(200)
    transaction_class = fields.code(20, default="expense")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_category"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(transaction_class__in=["time", "expense", "material", "fee"]),
                name="operations_category_class",
            )
        ]


class Customer(models.Model):
    """One customer of one company."""

    id = fields.identifier()
    company_code = fields.code(20)
    account_number = fields.code()
    name = fields.code(200)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_customer"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "account_number"], name="operations_customer_key")
        ]


class Contract(models.Model):
    """One project contract with one customer. Amounts of its sales are in ``currency_code``."""

    id = fields.identifier()
    number = fields.code(unique=True)
    name = fields.code(200)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    company_code = fields.code(20)
    unit = models.ForeignKey(OrganizationalUnit, on_delete=models.PROTECT)
    currency_code = fields.code(3)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract"


class ContractLine(models.Model):
    """One line of a contract: how the work of the projects on it is billed."""

    id = fields.identifier()
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)
    line_number = models.IntegerField()
    name = fields.code(200)
    billing_method = fields.code(20)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract_line"
        constraints = [
            models.UniqueConstraint(fields=["contract", "line_number"], name="operations_contract_line_key"),
            models.CheckConstraint(
                condition=models.Q(billing_method__in=["time_and_materials", "fixed_price"]),
                name="operations_contract_line_billing_method",
            ),
        ]


class Project(models.Model):
    """One project. A sold project is mapped to the contract line that says how it is billed."""

    id = fields.identifier()
    number = fields.code(120, unique=True)
    name = fields.code(200)
    company_code = fields.code(20)
    unit = models.ForeignKey(OrganizationalUnit, on_delete=models.PROTECT)
    stage = fields.code(20)
    contract_line = models.ForeignKey(ContractLine, null=True, on_delete=models.PROTECT)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_project"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["presales", "sold", "internal", "closed"]),
                name="operations_project_stage",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage="sold") | models.Q(contract_line__isnull=False),
                name="operations_project_sold_has_contract_line",
            ),
        ]
