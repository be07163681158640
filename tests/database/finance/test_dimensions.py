"""Dimensions of ledger entries: where they come from, what keeps them, which accounts demand them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.database.finance import general
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    AUDITOR,
    COMPANY,
    COST_ACCOUNT,
    EXPENSE_ACCOUNT,
    PAYROLL_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    VENDOR_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    new_id,
    table,
)

from tieout.finance.costs.actions import PostedCosts, post_costs
from tieout.finance.costs.rules import CostsTo
from tieout.finance.dimensions.models import AccountDimension, DimensionDefault
from tieout.finance.dimensions.queries import SetBalance, balances_of_account
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.intercompany.models import LendingRelationship
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.vouchers.queries import voucher

ENTRIES = (
    "select v.number, l.account, coalesce(s.combination::text, '') from finance_voucher_line l"
    " join finance_voucher v on v.id = l.voucher_id"
    " left join finance_dimension_set s on s.id = l.dimension_set_id order by v.id, l.line_no"
)
SETS = "select combination::text from finance_dimension_set order by id"
HOUR: dict[str, Any] = {"source_kind": "time_entry"}
END = date(2024, 12, 31)


def gives(kind: str, owner: UUID, code: str = "", **values: str) -> None:
    """Let a project, vendor, resource or customer give these values to postings of the company."""
    for dimension, given in values.items():
        DimensionDefault.objects.update_or_create(
            company_code=COMPANY,
            owner_id=owner,
            dimension=dimension,
            defaults={"owner_kind": kind, "owner_code": code or str(owner)[:20], "value": given},
        )


def demands(account: str, dimension: str, demand: str = "required", last: str = "") -> None:
    """Add a rule to the account structure."""
    AccountDimension.objects.create(
        company_code=COMPANY, account=account, last_account=last, dimension=dimension, demand=demand
    )


def posted(world: World, *amounts: str, **actual: Any) -> tuple[int, int]:
    """Import and post cost actuals; return how many lines were posted and refused."""
    world.stage(*amounts, **actual)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    done = post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    return done.lines, done.refused


def balances(account: str, as_of: date = END) -> list[SetBalance]:
    return balances_of_account(actor=AUDITOR, company=COMPANY, account=account, as_of=as_of)


def move(number: str) -> PostedCosts:
    return post_costs(
        actor=ACCOUNTANT,
        company=COMPANY,
        costs=[number],
        to=CostsTo.PROFIT_AND_LOSS,
        accounting_date=END,
    )


def test_work_takes_the_dimensions_of_its_project_and_the_setting_adds_the_resource(world: World) -> None:
    assert posted(world, "1.00", **HOUR) == (1, 0)
    gives("project", world.project.id, CC="10")
    sam = new_id()
    gives("resource", sam, "SAM", CC="77", TEAM="W")
    hour = HOUR | {"resource_id": sam}
    assert posted(world, "2.00", "3.00", **hour) == (2, 0)
    world.parameters(worker_dimensions=True)
    assert posted(world, "4.00", **hour) == (1, 0)
    assert posted(world, "5.00", source_kind="expense_entry", resource_id=sam) == (1, 0)
    project, both = '{"CC": "10"}', '{"CC": "10", "TEAM": "W"}'
    assert [(account, dimensions) for _, account, dimensions in table(ENTRIES)] == [
        (COST_ACCOUNT, ""),
        (PAYROLL_ACCOUNT, ""),
        *[(COST_ACCOUNT, project), (PAYROLL_ACCOUNT, project)] * 2,
        # where both say something the project wins, but on the payroll allocation of time (finance spec 2.10)
        (COST_ACCOUNT, both),
        (PAYROLL_ACCOUNT, '{"CC": "77", "TEAM": "W"}'),
        (COST_ACCOUNT, both),
        ("6910", both),
    ]
    assert {one for (one,) in table(SETS)} == {project, both, '{"CC": "77", "TEAM": "W"}'}
    found = voucher(actor=AUDITOR, company=COMPANY, number="IJV0004")
    assert found is not None
    assert [one.dimensions for one in found.entries] == ["CC 10, TEAM W", "CC 77, TEAM W"]


def test_an_integration_account_is_zero_in_each_set_whatever_defaults_become(world: World) -> None:
    """Finance spec 9, N15: what clears a document takes the dimensions that the document was posted with."""
    gives("project", world.project.id, CC="10")
    gives("vendor", world.vendor.id, CC="99", REGION="N")
    invoice = world.invoice("100.00", "-30.00")
    assert post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).documents == 1
    own = '{"CC": "10", "REGION": "N"}'
    assert table(ENTRIES) == [
        *[("VI0001", PROCUREMENT_ACCOUNT, own)] * 2,
        ("VI0001", VENDOR_ACCOUNT, '{"CC": "99", "REGION": "N"}'),
    ]
    gives("project", world.project.id, CC="20")
    gives("vendor", world.vendor.id, REGION="S")
    lines = table("select id from finance_vendor_invoice_line where invoice_id = %s order by 1", invoice)
    for (line,), amount in zip(lines, ("100.00", "-30.00"), strict=True):
        assert posted(world, amount, source_id=line) == (1, 0)
    assert {one[1:] for one in table(ENTRIES)[3:]} == {(COST_ACCOUNT, own), (PROCUREMENT_ACCOUNT, own)}
    kept = {"CC": "10", "REGION": "N"}
    assert balances(PROCUREMENT_ACCOUNT) == [SetBalance(kept, 4, Decimal(0), Decimal(0))]
    assert balances(COST_ACCOUNT) == [SetBalance(kept, 2, Decimal(70), Decimal("75.86"))]
    assert balances(COST_ACCOUNT, date(2024, 3, 14)) == []


def test_lent_work_takes_the_dimensions_of_the_borrower_as_a_customer(world: World) -> None:
    """Finance spec 2.10, 2.8 step 3. Worker dimensions are merged with those of the customer."""
    lent, customer, sam = world.project_of("USPM"), new_id(), new_id()
    gives("project", lent.id, CC="10")
    gives("customer", customer, CC="500", REGION="US")
    gives("resource", sam, "SAM", CC="77", TEAM="W")
    world.lend("USPM", accrue_revenue=True)
    hour = HOUR | {"project_id": lent.id, "resource_id": sam}
    kinds = ("resourcing_unit_cost", "interorganizational_sales")

    def both() -> list[tuple[str, str]]:
        before = len(table(ENTRIES))
        for kind in kinds:
            assert posted(world, "5.00", transaction_type=kind, **hour) == (1, 0)
        return [(account, combination) for _, account, combination in table(ENTRIES)[before:]]

    accounts = (COST_ACCOUNT, PAYROLL_ACCOUNT, WIP_SALES_ACCOUNT, ACCRUED_ACCOUNT)
    # without a trading relationship nobody but the project gives any
    assert both() == [(account, '{"CC": "10"}') for account in accounts]
    LendingRelationship.objects.update(customer_id=customer)
    assert both() == [(account, '{"CC": "500", "REGION": "US"}') for account in accounts]
    world.parameters(worker_dimensions=True)
    merged = '{"CC": "500", "TEAM": "W", "REGION": "US"}'
    assert both() == [
        (COST_ACCOUNT, merged),
        (PAYROLL_ACCOUNT, '{"CC": "77", "TEAM": "W", "REGION": "US"}'),
        (WIP_SALES_ACCOUNT, merged),
        (ACCRUED_ACCOUNT, merged),
    ]


def test_a_lent_document_is_cleared_in_its_own_set_and_costs_in_that_of_the_customer(world: World) -> None:
    """Finance spec 2.8 step 6; 9, N15: the integration account of the lender is zero in each set."""
    lent, customer = world.project_of("USPM"), new_id()
    gives("project", lent.id, CC="10")
    gives("vendor", world.vendor.id, REGION="N")
    gives("customer", customer, CC="500")
    world.lend("USPM", accrue_revenue=True, customer_id=customer)
    invoice = world.invoice("100.00", project_id=lent.id)
    assert post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).documents == 1
    ((line,),) = table("select id from finance_vendor_invoice_line where invoice_id = %s", invoice)
    lines = {"source_kind": "vendor_invoice_line", "source_id": line, "project_id": lent.id}
    assert posted(world, "100.00", transaction_type="resourcing_unit_cost", **lines) == (1, 0)
    assert posted(world, "100.00", transaction_type="interorganizational_sales", **lines) == (1, 0)
    assert [one[1:] for one in table(ENTRIES)[2:]] == [
        (COST_ACCOUNT, '{"CC": "500"}'),
        (PROCUREMENT_ACCOUNT, '{"CC": "10", "REGION": "N"}'),
        (WIP_SALES_ACCOUNT, '{"CC": "500"}'),
        (ACCRUED_ACCOUNT, '{"CC": "500"}'),
    ]
    kept = {"CC": "10", "REGION": "N"}
    assert balances(PROCUREMENT_ACCOUNT) == [SetBalance(kept, 2, Decimal(0), Decimal(0))]


def test_a_reversal_and_a_moved_cost_keep_the_dimensions_of_what_was_posted(world: World) -> None:
    world.rule(world.profile("WIP", time_costs="balance"))
    gives("project", world.project.id, CC="10")
    (actual,) = world.stage("9.00", **HOUR)
    assert posted(world, "5.00", **HOUR) == (2, 0)
    gives("project", world.project.id, CC="20")
    assert posted(world, "-9.00", reverses_id=actual, **HOUR) == (1, 0)
    demands(COST_ACCOUNT, "REGION")
    refused = move("IJV0002")
    assert [one.code for one in refused.problems] == ["PST-218"]
    assert "Dimension REGION is required" in refused.problems[0].message
    AccountDimension.objects.all().delete()
    assert move("IJV0002").moved == 1
    assert {dimensions for _, _, dimensions in table(ENTRIES)} == {'{"CC": "10"}'}
    assert balances(WIP_COST_ACCOUNT) == [SetBalance({"CC": "10"}, 4, Decimal(0), Decimal(0))]


def test_only_accounts_that_are_posted_to_demand_dimensions(world: World) -> None:
    """Bug 598758: an integration journal failed for an account that it does not post to.

    Finance spec 7, pain 11 (598758).
    """
    gives("project", world.project.id, CC="10")
    for account in (EXPENSE_ACCOUNT, WIP_COST_ACCOUNT, "6910", "6920"):
        demands(account, "REGION")
    demands(PAYROLL_ACCOUNT, "REGION", "forbidden")
    demands(COST_ACCOUNT, "CC")
    assert posted(world, "1.00", **HOUR) == (1, 0)
    demands(PAYROLL_ACCOUNT, "TEAM")
    assert posted(world, "2.00", "0.00", **HOUR) == (1, 1)  # a line of nothing posts to no account
    assert posted(world, "3.00", source_kind="vendor_invoice_line") == (0, 1)
    assert [reason for (reason,) in table("select details ->> 'reason' from problem_log order by id")] == [
        f"PST-218, dimension TEAM is required on account {PAYROLL_ACCOUNT}",
        f"PST-218, dimension CC is required on account {COST_ACCOUNT}",
    ]
    gives("project", world.project.id, REGION="N")
    AccountDimension.objects.filter(account=PAYROLL_ACCOUNT, dimension="TEAM").delete()
    assert posted(world, "4.00", **HOUR) == (0, 1)
    ((reason,),) = table("select details ->> 'reason' from problem_log order by id desc limit 1")
    assert reason == f"PST-218, dimension REGION is forbidden on account {PAYROLL_ACCOUNT}"


def test_of_the_rules_for_an_account_the_most_specific_counts(world: World) -> None:
    demands("1000", "REGION", last="9999")
    demands("1000", "TEAM", "forbidden", last="9999")
    demands(COST_ACCOUNT, "REGION", "optional", last=COST_ACCOUNT + "9")
    assert posted(world, "1.00", **HOUR) == (0, 1)
    demands(PAYROLL_ACCOUNT, "REGION", "optional")
    assert posted(world, "2.00", **HOUR) == (1, 0)
    demands(COST_ACCOUNT, "REGION")
    gives("project", world.project.id, TEAM="W")
    assert posted(world, "3.00", **HOUR) == (0, 1)
    assert [reason for (reason,) in table("select details ->> 'reason' from problem_log order by id")] == [
        f"PST-218, dimension REGION is required on account {PAYROLL_ACCOUNT}",
        f"PST-218, dimension REGION is required on account {COST_ACCOUNT}",
    ]
    gives("project", world.project.id, REGION="N")
    assert posted(world, "4.00", **HOUR) == (0, 1)
    ((reason,),) = table("select details ->> 'reason' from problem_log order by id desc limit 1")
    assert reason == f"PST-218, dimension TEAM is forbidden on account {COST_ACCOUNT}"


def test_a_document_is_refused_whole_and_names_account_and_dimension(world: World) -> None:
    gives("project", world.project.id, CC="10")
    demands(VENDOR_ACCOUNT, "CC", "forbidden")
    demands("2100", "REGION")  # employees: no matter to an invoice
    world.invoice("1.00")
    world.report("2.00")
    assert post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).documents == 1
    gives("vendor", world.vendor.id, CC="99")
    world.invoice("3.00")
    assert post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY).refused == 1
    assert post_expense_reports(actor=ACCOUNTANT, company=COMPANY).refused == 1
    query = "select code, details ->> 'account', details ->> 'dimension' from problem_log order by id"
    assert table(query) == [("DOC-111", VENDOR_ACCOUNT, "CC"), ("DOC-111", "2100", "REGION")]
    gives("resource", new_id(), "R1", REGION="N", CC="5")
    assert post_expense_reports(actor=ACCOUNTANT, company=COMPANY).documents == 1
    assert table(ENTRIES)[2:] == [
        ("EX0001", EXPENSE_ACCOUNT, '{"CC": "10", "REGION": "N"}'),
        ("EX0001", "2100", '{"CC": "5", "REGION": "N"}'),
    ]


def test_a_general_journal_takes_the_dimensions_of_its_project(world: World) -> None:
    gives("project", world.project.id, CC="10")
    demands(general.OFFSET_ACCOUNT, "REGION")
    general.enter(general.line(world, 1))
    assert [one.code for one in general.post().refusals] == ["GJ-423"]
    AccountDimension.objects.all().delete()
    assert general.post().posted == 1
    assert [one[1:] for one in table(ENTRIES)] == [
        (COST_ACCOUNT, '{"CC": "10"}'),
        (general.OFFSET_ACCOUNT, '{"CC": "10"}'),
    ]
