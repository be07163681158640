"""Project groups, cost and revenue profiles, and the rules that choose a profile (finance spec 1.11)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields

_TREATMENTS = ["profit_and_loss", "balance"]


class ProjectProfile(models.Model):
    """One project cost and revenue profile: where the cost of each class goes, and which sales accrue.

    Revenue accrues only while the cost of its class goes to profit and loss (finance spec 9, N6).
    """

    id = fields.identifier()
    company_code = fields.code(20)
    code = fields.code(40)
    name = fields.code(200)
    billing_method = fields.code(20)
    time_costs = fields.code(20)
    expense_costs = fields.code(20)
    material_costs = fields.code(20)
    accrue_time = models.BooleanField()
    accrue_expense = models.BooleanField()
    accrue_material = models.BooleanField()
    accrue_fee = models.BooleanField()

    class Meta:
        db_table = "finance_project_profile"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "billing_method", "code"], name="finance_project_profile_key"
            ),
            fields.one_of(
                "billing_method",
                ["time_and_materials", "fixed_price", "investment"],
                "finance_profile_method",
            ),
            fields.one_of("time_costs", [*_TREATMENTS, "no_ledger", "never_ledger"], "finance_profile_time"),
            fields.one_of("expense_costs", _TREATMENTS, "finance_profile_expense"),
            fields.one_of("material_costs", _TREATMENTS, "finance_profile_material"),
            models.CheckConstraint(
                condition=models.Q(accrue_time=False) | models.Q(time_costs="profit_and_loss"),
                name="finance_profile_accrue_time",
            ),
            models.CheckConstraint(
                condition=models.Q(accrue_expense=False) | models.Q(expense_costs="profit_and_loss"),
                name="finance_profile_accrue_expense",
            ),
            models.CheckConstraint(
                condition=models.Q(accrue_material=False) | models.Q(material_costs="profit_and_loss"),
                name="finance_profile_accrue_material",
            ),
        ]


class ProjectGroup(models.Model):
    """One group of projects of one company: finance gives them a profile, or accounts, in common."""

    id = fields.identifier()
    company_code = fields.code(20)
    code = fields.code(40)
    name = fields.code(200)

    class Meta:
        db_table = "finance_project_group"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "code"], name="finance_project_group_key")
        ]


class ProjectGroupMember(models.Model):
    """One row: the group to which a project belongs in the books of a company, its own or a lender's."""

    id = fields.identifier()
    company_code = fields.code(20)
    project_id = models.UUIDField()
    project_group = models.ForeignKey(ProjectGroup, on_delete=models.PROTECT)

    class Meta:
        db_table = "finance_project_group_member"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "project_id"], name="finance_project_group_member_key"
            )
        ]


class ProfileRule(models.Model):
    """One row: the profile of a project, a project group, a contract, or of all, by billing method.

    The most specific row wins: project, group, contract, all (finance spec 1.11; decision 0026).
    """

    id = fields.identifier()
    company_code = fields.code(20)
    billing_method = fields.code(20)
    project_id = models.UUIDField(null=True)
    project_group = models.ForeignKey(ProjectGroup, on_delete=models.PROTECT, null=True)
    contract_id = models.UUIDField(null=True)
    profile = models.ForeignKey(ProjectProfile, on_delete=models.PROTECT)

    class Meta:
        db_table = "finance_profile_rule"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "billing_method", "project_id", "project_group", "contract_id"],
                name="finance_profile_rule_key",
                nulls_distinct=False,
            )
        ]
