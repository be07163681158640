"""Master data of operations; companies, currencies, rates and vendors are finance's (``mirrored.py``).

``version`` rises with each change of a row, so that a late arrival never overwrites a newer one.
What work of a project a contract line takes, and which of it is chargeable (operations spec 4.9), is
answered by ``operations_billing`` (sql/definitions/015_billing.sql). That no two lines take the same work,
and that the customers of a line add up, no constraint of one row can say: entering does (actions.py).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from tieout.database import fields

CHARGEABLE, NON_CHARGEABLE = "chargeable", "non_chargeable"
_METHODS = ["time_and_materials", "fixed_price"]


def _billing_type(table: str, field: str = "billing_type") -> models.CheckConstraint:
    """What a contract line can say of work that it takes; complimentary is said by hand, of a transaction."""
    return _one_of(field, [CHARGEABLE, NON_CHARGEABLE], f"{table}_{field}")


def _percent(field: str, name: str) -> models.CheckConstraint:
    """A share of a hundred."""
    inside = models.Q((f"{field}__gte", 0), (f"{field}__lte", 100)) | models.Q((f"{field}__isnull", True))
    return models.CheckConstraint(condition=inside, name=name)


def _one_of(field: str, words: list[str], name: str) -> models.CheckConstraint:
    """Only these words stand in a field."""
    return models.CheckConstraint(condition=models.Q((f"{field}__in", words)), name=name)


def _not_to_exceed() -> models.DecimalField[Any, Any]:
    """A limit of what may be billed, in the contract's currency; null is no limit (operations spec 4.8)."""
    return fields.measure(null=True)


_PARAMETERS = models.Q(
    interorganizational__in=["time_and_materials", "all"],
    daily_minutes__range=(0, 1440),
    approval_threshold__gte=0,
    journal_validation__in=["none", "strict"],
    general_journal_sales__in=["typed", "price_list"],
)


class ProjectParameters(models.Model):
    """How one company runs its projects; without a row it has the defaults (spec 5.2, 6, 8).

    ``interorganizational`` is on which contracts work between two units of the company makes resourcing unit
    cost and interorganizational sales, ``daily_minutes`` the most time that a resource enters for a day,
    ``approval_threshold`` up to how many entries are approved at once (0: every set is a job's),
    ``general_journal_sales`` the worth of sales of general journals that nobody typed a price for.
    """

    id = fields.identifier()
    company_code = fields.code(20, unique=True)
    interorganizational = fields.code(20, default="time_and_materials")
    daily_minutes = models.IntegerField(default=1440)
    approval_threshold = models.IntegerField(default=50)
    journal_validation = fields.code(20, default="none")
    general_journal_sales = fields.code(20, db_default="typed")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_project_parameters"
        constraints = [
            models.CheckConstraint(condition=_PARAMETERS, name="operations_project_parameters_known")
        ]


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
    """One person (or machine) that works, in one organizational unit and one company.

    ``manager`` approves its absences and vacations (operations spec 5.3).
    """

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    unit = models.ForeignKey(OrganizationalUnit, on_delete=models.PROTECT)
    company_code = fields.code(20)
    user_name = fields.code(150, default="")
    manager = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_resource"


class Role(models.Model):
    """One role under which a resource works; ``default_billing`` is what its time is if no line says more."""

    id = fields.identifier()
    code = fields.code(unique=True)
    name = fields.code(200)
    default_billing = fields.code(20, db_default=CHARGEABLE)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_role"
        constraints = [_billing_type("operations_role", "default_billing")]


class Category(models.Model):
    """One transaction category and the transaction class of the actuals booked under it.

    ``default_billing`` is what its expenses are if no contract line says more.
    """

    id = fields.identifier()
    code = fields.code(120, unique=True)
    name = fields.code(200)
    transaction_class = fields.code(20, default="expense")
    default_billing = fields.code(20, db_default=CHARGEABLE)
    active = models.BooleanField(db_default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_category"
        constraints = [
            _one_of("transaction_class", ["time", "expense", "material", "fee"], "operations_category_class"),
            _billing_type("operations_category", "default_billing"),
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
    """One contract with one customer; once confirmed its terms stay, once lost its lines take no work."""

    id = fields.identifier()
    number = fields.code(unique=True)
    name = fields.code(200)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    company_code = fields.code(20)
    unit = models.ForeignKey(OrganizationalUnit, on_delete=models.PROTECT)
    currency_code = fields.code(3)
    not_to_exceed = _not_to_exceed()
    state = fields.code(20, db_default="draft")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract"
        constraints = [_one_of("state", ["draft", "confirmed", "lost"], "operations_contract_state")]


class SplitCustomer(models.Model):
    """What a customer bears, in percent; the rounding customer takes what rounding leaves.

    Zero percent retires a customer who has actuals (operations spec 4.10).
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    percent = fields.measure()
    is_rounding = models.BooleanField(db_default=False)
    not_to_exceed = _not_to_exceed()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class ContractCustomer(SplitCustomer):
    """One customer of a contract; the percents are what its new lines begin with."""

    id = fields.identifier()
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)

    class Meta:
        db_table = "operations_contract_customer"
        constraints = [
            models.UniqueConstraint(fields=["contract", "customer"], name="operations_contract_customer_key"),
            _percent("percent", "operations_contract_customer_percent"),
        ]


class SalesLine(models.Model):
    """What a line of a contract or a quote says: which classes of work it takes, and how they are billed.

    With ``included_tasks`` all it takes whole projects, with selected the tasks that are named. Discount, fee
    percent and limit are for time and materials only (operations spec 1.6).
    """

    line_number = models.IntegerField()
    name = fields.code(200)
    billing_method = fields.code(20)
    include_time = models.BooleanField(db_default=True)
    include_expense = models.BooleanField(db_default=True)
    include_material = models.BooleanField(db_default=True)
    include_fee = models.BooleanField(db_default=True)
    included_tasks = fields.code(20, db_default="all")
    amount = fields.measure(null=True)
    not_to_exceed = _not_to_exceed()
    discount_percent = fields.measure(null=True)
    fee_percent = fields.measure(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True
        constraints = [
            _one_of(
                "billing_method",
                ["time_and_materials", "fixed_price"],
                "%(app_label)s_%(class)s_billing_method",
            ),
            _one_of("included_tasks", ["all", "selected"], "%(app_label)s_%(class)s_included_tasks"),
            models.CheckConstraint(
                condition=models.Q(billing_method="time_and_materials")
                | models.Q(
                    not_to_exceed__isnull=True, discount_percent__isnull=True, fee_percent__isnull=True
                ),
                name="%(app_label)s_%(class)s_fixed_price",
            ),
            _percent("discount_percent", "%(app_label)s_%(class)s_discount"),
        ]


class ContractLine(SalesLine):
    """One line of a contract."""

    id = fields.identifier()
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT)

    class Meta(SalesLine.Meta):
        db_table = "operations_contract_line"
        constraints = [
            models.UniqueConstraint(fields=["contract", "line_number"], name="operations_contract_line_key"),
            *SalesLine.Meta.constraints,
        ]


class Project(models.Model):
    """One project. A sold project is mapped to the contract line that says how it is billed.

    Further lines, which take other classes or tasks of it, are :class:`ContractLineProject`.
    """

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
            _one_of("stage", ["presales", "sold", "internal", "closed"], "operations_project_stage"),
            models.CheckConstraint(
                condition=~models.Q(stage="sold") | models.Q(contract_line__isnull=False),
                name="operations_project_sold_has_contract_line",
            ),
        ]


class Task(models.Model):
    """One task of a project; ``parent`` is the summary task it belongs to, of the same project."""

    id = fields.identifier()
    project = models.ForeignKey(Project, on_delete=models.PROTECT)
    number = fields.code()
    name = fields.code(200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    active = models.BooleanField(db_default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_task"
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="operations_task_key")]


class ContractLineProject(models.Model):
    """One row maps a project to a contract line, beside ``Project.contract_line``; not active: it did."""

    id = fields.identifier()
    contract_line = models.ForeignKey(ContractLine, on_delete=models.PROTECT)
    project = models.ForeignKey(Project, on_delete=models.PROTECT)
    active = models.BooleanField(db_default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract_line_project"
        constraints = [
            # The project first: which lines take work of a project is asked for every transaction.
            models.UniqueConstraint(
                fields=["project", "contract_line"], name="operations_contract_line_project_key"
            )
        ]


class ContractLineTask(models.Model):
    """One task that a line of selected tasks takes, and whether its work is chargeable there."""

    id = fields.identifier()
    contract_line = models.ForeignKey(ContractLine, on_delete=models.PROTECT)
    task = models.ForeignKey(Task, on_delete=models.PROTECT)
    billing_type = fields.code(20, db_default=CHARGEABLE)
    active = models.BooleanField(db_default=True)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract_line_task"
        constraints = [
            models.UniqueConstraint(
                fields=["contract_line", "task"], name="operations_contract_line_task_key"
            ),
            _billing_type("operations_contract_line_task"),
        ]


class ContractLineRole(models.Model):
    """What the time of one role is on one contract line, whatever the role's default."""

    id = fields.identifier()
    contract_line = models.ForeignKey(ContractLine, on_delete=models.PROTECT)
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    billing_type = fields.code(20)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract_line_role"
        constraints = [
            models.UniqueConstraint(
                fields=["contract_line", "role"], name="operations_contract_line_role_key"
            ),
            _billing_type("operations_contract_line_role"),
        ]


class ContractLineCategory(models.Model):
    """What the expenses of one category are on one contract line, whatever the category's default."""

    id = fields.identifier()
    contract_line = models.ForeignKey(ContractLine, on_delete=models.PROTECT)
    category = models.ForeignKey(Category, on_delete=models.PROTECT)
    billing_type = fields.code(20)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_contract_line_category"
        constraints = [
            models.UniqueConstraint(
                fields=["contract_line", "category"], name="operations_contract_line_category_key"
            ),
            _billing_type("operations_contract_line_category"),
        ]


class ContractLineCustomer(SplitCustomer):
    """One customer of a contract line; the percents of a line's customers total 100, one takes the rounding.

    A line without any is billed to the contract's customer.
    """

    id = fields.identifier()
    contract_line = models.ForeignKey(ContractLine, on_delete=models.PROTECT)

    class Meta:
        db_table = "operations_contract_line_customer"
        constraints = [
            models.UniqueConstraint(
                fields=["contract_line", "customer"], name="operations_contract_line_customer_key"
            ),
            _percent("percent", "operations_contract_line_customer_percent"),
        ]
