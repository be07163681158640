"""Rules by project group: which profile and which accounts they give (finance spec 1.11, decision 0026)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    COMPANY,
    COST_ACCOUNT,
    PAYROLL_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    table,
    value,
)

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.mirrors.models import Project
from tieout.finance.profiles.models import ProfileRule, ProjectGroup, ProjectGroupMember

HOUR: dict[str, Any] = {"source_kind": "time_entry", "category_id": None}
ENTRIES = "select account, accounting_amount from finance_voucher_line order by voucher_id, line_no"
DEBITS = "select accounting_amount, account from finance_voucher_line where line_no = 1 order by 1"
OF_PROJECT = (
    "select account from finance_profile_accounts(%s, array['cost'], array[%s]::uuid[], array[%s]::uuid[],"
    " array[%s])"
)


def post_all() -> PostedJournals:
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY)


def hour(world: World, amount: str, project: Project, **actual: Any) -> list[uuid.UUID]:
    return world.stage(amount, **HOUR | {"project_id": project.id} | actual)


def test_572370_a_journal_is_posted_by_the_profile_rule_of_a_project_group(world: World) -> None:
    """Finance spec 7, pain 11 (572370): a group is all that has a rule; who is in no group waits for one."""
    other = world.project_of(COMPANY, number="P-2")
    ships = world.group("SHIPS", world.project)
    world.rule(world.profile("TM", accrue_time=True), project_group_id=ships)
    hour(world, "50.00", world.project)
    hour(world, "75.00", world.project, transaction_type="unbilled_sales")
    hour(world, "9.00", other)
    assert post_all() == PostedJournals(1, 0, 2, Decimal(125), 0)
    assert table(ENTRIES) == [
        (COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50), (WIP_SALES_ACCOUNT, 75), (ACCRUED_ACCOUNT, -75),
    ]  # fmt: skip
    assert table("select code, details ->> 'project' from problem_log") == [("IMP-107", "P-2")]
    ProjectGroupMember.objects.create(company_code=COMPANY, project_id=other.id, project_group_id=ships)
    assert post_all() == PostedJournals(1, 0, 1, Decimal(9), 0)
    assert value("select count(*) from problem_resolution") == 1


def test_the_rule_of_a_project_comes_before_its_group_and_that_before_its_contract(world: World) -> None:
    """Each rule sends time elsewhere than the one after it; they are taken away one by one."""
    contract = uuid.uuid4()
    line = world.line_of("time_and_materials", contract)
    project = world.project_of(COMPANY, number="P-2", contract_line_id=line.id)
    ships = world.group("SHIPS", project)
    to_balance, to_cost = world.profile("WIP", time_costs="balance"), world.profile("PL")
    world.rule(to_cost, project_id=project.id)
    world.rule(to_balance, project_group_id=ships)
    world.rule(to_cost, contract_id=contract)
    world.rule(to_balance)
    hour(world, "1.00", project)
    post_all()
    ProfileRule.objects.filter(project_id=project.id).delete()
    hour(world, "2.00", project)
    post_all()
    ProfileRule.objects.filter(project_group_id=ships).delete()
    hour(world, "4.00", project)
    post_all()
    ProfileRule.objects.filter(contract_id=contract).delete()
    hour(world, "8.00", project)
    post_all()
    assert table(DEBITS) == [
        (1, COST_ACCOUNT), (2, WIP_COST_ACCOUNT), (4, COST_ACCOUNT), (8, WIP_COST_ACCOUNT),
    ]  # fmt: skip


def test_an_internal_project_takes_the_investment_profile_of_its_group(world: World) -> None:
    project = world.project_of(COMPANY, number="P-2", situation="internal")
    ships = world.group("SHIPS", project)
    world.rule(world.profile("CAPEX", "investment", time_costs="balance"), project_group_id=ships)
    hour(world, "2.00", project)
    hour(world, "1.00", world.project_of(COMPANY, number="P-3", situation="internal"))
    assert post_all().lines == 2
    assert table(DEBITS) == [(1, COST_ACCOUNT), (2, WIP_COST_ACCOUNT)]


def test_a_group_counts_in_the_books_of_its_company_only(world: World) -> None:
    """The project is in a group of the same code in other books, which have a rule by it."""
    theirs = world.group("SHIPS", world.project, company="US01")
    world.group("SHIPS")
    world.rule(world.profile("WIP", time_costs="balance"), project_group_id=theirs)
    world.rule(world.profile("PL"))
    hour(world, "1.00", world.project)
    post_all()
    assert table(DEBITS) == [(1, COST_ACCOUNT)]


def test_a_project_that_moves_to_another_group_leaves_what_is_posted(world: World) -> None:
    """What is posted from then on goes by the other group; a reversal counters where its original stands."""
    ships, land = world.group("SHIPS", world.project), world.group("LAND")
    world.rule(world.profile("WIP", time_costs="balance"), project_group_id=ships)
    world.rule(world.profile("PL"), project_group_id=land)
    [first] = hour(world, "50.00", world.project)
    post_all()
    ProjectGroupMember.objects.update(project_group_id=land)
    hour(world, "3.00", world.project)
    hour(world, "-50.00", world.project, reverses_id=first, quantity=Decimal(-1))
    assert post_all().lines == 2
    balances = "select account, sum(accounting_amount) from finance_voucher_line group by 1 order by 1"
    assert table(balances) == [
        (WIP_COST_ACCOUNT, 0), (COST_ACCOUNT, 3), (PAYROLL_ACCOUNT, -3),
    ]  # fmt: skip


@pytest.mark.parametrize("partner", ["", "US01"])
def test_the_most_specific_row_of_the_posting_profile_wins(world: World, partner: str) -> None:
    """Project, group, contract, all, and of each the category first: eight rows, the least specific first."""
    line = world.line_of("time_and_materials")
    project = world.project_of(COMPANY, number="P-2", contract_line_id=line.id)
    category, stranger = world.category.id, uuid.uuid4()
    ships, land = world.group("SHIPS", project), world.group("LAND", world.project)

    def account() -> str | None:
        found: str | None = value(OF_PROJECT, COMPANY, project.id, category, partner)
        return found

    # Of others, as specific as can be: none of them counts.
    for where in (
        {"project_id": world.project.id, "category_id": category},
        {"project_group_id": land, "category_id": category},
        {"contract_id": stranger, "category_id": category},
        {"project_id": project.id, "category_id": stranger},
    ):
        world.account("cost", "7000", partner_company=partner, **where)
    assert account() == (None if partner else COST_ACCOUNT)
    levels: list[dict[str, uuid.UUID]] = [
        {},
        {"contract_id": line.contract_id},
        {"project_group_id": ships},
        {"project_id": project.id},
    ]
    expected = 7000
    for level in levels:
        for where in (level, level | {"category_id": category}):
            if not where and not partner:
                continue  # the world has the row of all
            expected += 1
            world.account("cost", str(expected), partner_company=partner, **where)
            assert account() == str(expected), where
    assert expected == (7008 if partner else 7007)


def test_a_group_has_its_accounts_in_documents_and_journals(world: World) -> None:
    """Payroll and cost of the group stand apart; a project outside of it goes on as before."""
    other = world.project_of(COMPANY, number="P-2")
    ships = world.group("SHIPS", world.project)
    world.account("cost", "6001", project_group_id=ships)
    world.account("payroll_allocation", "6901", project_group_id=ships)
    hour(world, "1.00", world.project)
    hour(world, "2.00", other)
    world.stage("4.00", source_kind="vendor_invoice_line", on=date(2024, 3, 15))
    assert post_all().lines == 3
    assert dict(table("select account, sum(accounting_amount) from finance_voucher_line group by 1")) == {
        "6001": 5,
        "6901": -1,
        COST_ACCOUNT: 2,
        PAYROLL_ACCOUNT: -2,
        "1920": -4,
    }
    assert ProjectGroup.objects.count() == 1
