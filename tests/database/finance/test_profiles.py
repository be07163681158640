"""Project cost and revenue profiles: which one applies, and what it posts (finance spec 1.11)."""

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
    EXPENSE_OFFSET_ACCOUNT,
    ITEM_ACCOUNT,
    PAYROLL_ACCOUNT,
    WIP_COST_ACCOUNT,
    WIP_ITEM_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    rate,
    table,
    value,
)

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.ledgers.models import ExchangeRate, LineProperty, PostingProfile
from tieout.finance.mirrors.models import Project
from tieout.finance.profiles.models import ProfileRule, ProjectProfile

ACCRUING: dict[str, Any] = dict.fromkeys(
    ("accrue_time", "accrue_expense", "accrue_material", "accrue_fee"), True
)
WIP: dict[str, Any] = dict.fromkeys(("time_costs", "expense_costs", "material_costs"), "balance")
ENTRIES = "select account, accounting_amount from finance_voucher_line order by voucher_id, line_no"
ALL_AMOUNTS = (
    "select account, amount, currency_code, accounting_amount, reporting_amount"
    " from finance_voucher_line order by voucher_id, line_no"
)
BALANCES = (
    "select account, sum(amount), sum(accounting_amount), sum(reporting_amount) from finance_voucher_line"
    " group by account order by account"
)
REASON = "select details ->> 'reason' from problem_log order by id desc limit 1"
HOUR: dict[str, Any] = {"source_kind": "time_entry", "category_id": None}
SALE = HOUR | {"transaction_type": "unbilled_sales"}


def post_all() -> PostedJournals:
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY)


# ------------------------------------------------------------ which profile


def test_a_company_without_profiles_posts_cost_to_profit_and_loss_and_accrues_nothing(world: World) -> None:
    world.stage("50.00", **HOUR)
    world.stage("75.00", **SALE)
    assert post_all() == PostedJournals(1, 0, 2, Decimal(50), 0)
    assert table(ENTRIES) == [(COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50)]


def test_the_most_specific_rule_wins(world: World) -> None:
    """Project, then contract, then all; each a profile that sends time elsewhere."""
    contract = uuid.uuid4()
    line = world.line_of("time_and_materials", contract)
    other = world.project_of(COMPANY, number="P-2", contract_line_id=line.id)
    world.rule(world.profile("ALL", time_costs="no_ledger"))
    world.rule(world.profile("CONTRACT", time_costs="balance"), contract_id=contract)
    world.rule(world.profile("PROJECT"), project_id=other.id)
    world.stage("1.00", **HOUR)
    world.stage("2.00", **HOUR, contract_line_id=line.id)
    world.stage("4.00", **HOUR | {"project_id": other.id})
    assert post_all().lines == 3
    found = "select accounting_amount, account from finance_voucher_line where line_no = 1 order by 1"
    assert table(found) == [(2, WIP_COST_ACCOUNT), (4, COST_ACCOUNT)]
    ProfileRule.objects.filter(project_id=other.id).delete()
    world.stage("8.00", **HOUR | {"project_id": other.id})  # its own line is of the contract
    assert post_all().lines == 1
    assert (8, WIP_COST_ACCOUNT) in table(found)


def test_the_line_that_takes_the_work_decides_the_billing_method(world: World) -> None:
    """One project on two lines: its time is sold by the hour, its expenses at a fixed price (TV-07)."""
    world.rule(world.profile("TM", **ACCRUING))
    world.rule(world.profile("FP", "fixed_price", **WIP))
    fixed = world.line_of("fixed_price")
    world.stage("2000.00", source_kind="expense_entry", contract_line_id=fixed.id)
    world.stage("800.00", **HOUR, contract_line_id=world.line_of("time_and_materials").id)
    world.stage("1200.00", **SALE)
    assert post_all() == PostedJournals(1, 0, 3, Decimal(4000), 0)
    assert table(ENTRIES) == [
        (WIP_COST_ACCOUNT, 2000), (EXPENSE_OFFSET_ACCOUNT, -2000),
        (COST_ACCOUNT, 800), (PAYROLL_ACCOUNT, -800),
        (WIP_SALES_ACCOUNT, 1200), (ACCRUED_ACCOUNT, -1200),
    ]  # fmt: skip


def test_a_sold_project_without_a_rule_waits_where_the_company_has_profiles(world: World) -> None:
    profile = world.profile("TM")
    world.stage("50.00", **HOUR)
    done = import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert (done.lines, done.refused) == (0, 1)
    assert table("select code, details ->> 'project' from problem_log") == [("IMP-107", "P-1")]
    world.rule(profile)
    assert post_all() == PostedJournals(1, 0, 1, Decimal(50), 0)


def test_posting_asks_for_the_profile_again(world: World) -> None:
    """A draft posts by the profile of the day; without one it is in error, and says why."""
    rule = world.rule(world.profile("TM"))
    world.stage("50.00", **HOUR)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    rule.delete()
    assert post_all().refused == 1
    assert value(REASON) == "IMP-107, no project cost and revenue profile applies to project P-1"
    world.rule(world.profile("WIP", time_costs="balance"))
    assert update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0001")
    assert post_all().lines == 1
    assert table(ENTRIES) == [(WIP_COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50)]


@pytest.mark.parametrize("situation", ["internal", "presales"])
def test_an_internal_project_posts_cost_to_profit_and_loss_and_sells_nothing(
    world: World, situation: str
) -> None:
    """TV-11: time, expense and material of an internal project; rules of sold work do not reach it."""
    world.rule(world.profile("TM", **WIP))
    project = world.project_of(COMPANY, number="P-2", situation=situation)
    for amount, source in (("1.00", "time_entry"), ("2.00", "expense_entry"), ("4.00", "material_usage")):
        world.stage(amount, source_kind=source, project_id=project.id)
    assert post_all() == PostedJournals(1, 0, 3, Decimal(7), 0)
    assert table(ENTRIES) == [
        (COST_ACCOUNT, 1), (PAYROLL_ACCOUNT, -1),
        (COST_ACCOUNT, 2), (EXPENSE_OFFSET_ACCOUNT, -2),
        (COST_ACCOUNT, 4), (ITEM_ACCOUNT, -4),
    ]  # fmt: skip


def test_an_investment_profile_is_of_the_internal_projects_that_a_rule_names(world: World) -> None:
    project = world.project_of(COMPANY, number="P-2", situation="internal")
    profile = world.profile("CAPEX", "investment", time_costs="balance")
    world.rule(profile)  # of all: an internal project is meant by name only
    world.stage("1.00", **HOUR | {"project_id": project.id})
    post_all()
    world.rule(profile, project_id=project.id)
    world.stage("2.00", **HOUR | {"project_id": project.id})
    post_all()
    assert [account for account, amount in table(ENTRIES) if amount > 0] == [COST_ACCOUNT, WIP_COST_ACCOUNT]


# ------------------------------------------------------------ what it posts


def test_an_hour_of_time_and_materials_accrues_what_it_sells_for(world: World) -> None:
    """TV-05: cost 50, price 75, so that the profit of 25 stands before the invoice."""
    world.rule(world.profile("TM", **ACCRUING))
    world.stage("50.00", **HOUR)
    world.stage("75.00", **SALE)
    assert post_all() == PostedJournals(1, 0, 2, Decimal(125), 0)
    assert table(ENTRIES) == [
        (COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50), (WIP_SALES_ACCOUNT, 75), (ACCRUED_ACCOUNT, -75),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "profile", "posted"),
    [
        ("time_and_materials", {}, [(COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50)]),
        (
            "time_and_materials",
            ACCRUING,
            [(COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50), (WIP_SALES_ACCOUNT, 75), (ACCRUED_ACCOUNT, -75)],
        ),
        ("fixed_price", {}, [(COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50)]),
        ("fixed_price", WIP, [(WIP_COST_ACCOUNT, 50), (PAYROLL_ACCOUNT, -50)]),
        ("time_and_materials", {"time_costs": "no_ledger"}, []),
        ("time_and_materials", {"time_costs": "never_ledger"}, []),
    ],
)
def test_the_events_of_each_profile(
    world: World, method: str, profile: dict[str, Any], posted: list[tuple[str, int]]
) -> None:
    """TV-10, the rows of posting; every line has its voucher number, with ledger entries or without."""
    Project.objects.update(situation=method)
    world.rule(world.profile("P", method, **profile))
    world.stage("50.00", **HOUR)
    if method == "time_and_materials":
        world.stage("75.00", **SALE)
    assert post_all().lines == value("select count(*) from finance_voucher") == 1 + (method != "fixed_price")
    assert table(ENTRIES) == posted


def test_materials_in_progress_have_an_account_of_their_own(world: World) -> None:
    world.rule(world.profile("TM", **WIP))
    world.stage("9.00", source_kind="material_usage")
    world.stage("5.00", source_kind="vendor_invoice_line", transaction_class="material")
    assert post_all().lines == 2
    assert table(ENTRIES)[0::2] == [(WIP_ITEM_ACCOUNT, 9), (WIP_ITEM_ACCOUNT, 5)]


@pytest.mark.parametrize("billing_type", ["non_chargeable", "complimentary", "not_available"])
def test_only_what_is_chargeable_accrues(world: World, billing_type: str) -> None:
    world.rule(world.profile("TM", **ACCRUING))
    world.stage("75.00", **SALE, billing_type=billing_type)
    assert post_all() == PostedJournals(1, 0, 1, Decimal(0), 0)
    assert table(ENTRIES) == []


def test_a_line_property_may_forbid_the_accrual(world: World) -> None:
    world.rule(world.profile("TM", **ACCRUING))
    LineProperty.objects.filter(billing_type="chargeable").update(accrue_revenue=False)
    world.stage("75.00", **SALE)
    assert post_all().lines == 1
    assert table(ENTRIES) == []


def test_only_accounts_that_are_posted_to_must_be_there(world: World) -> None:
    """Bug 598758: a line failed for an account that it does not post to.

    Finance spec 7, pain 11 (598758).
    """
    PostingProfile.objects.filter(posting_type__in=["accrued_revenue", "wip_cost_value"]).delete()
    profile = world.profile("TM")
    world.rule(profile)
    world.stage("50.00", **HOUR)
    world.stage("75.00", **SALE)
    assert post_all().refused == 0
    ProjectProfile.objects.update(**ACCRUING)
    world.stage("75.00", **SALE)
    assert post_all().refused == 1
    assert value(REASON) == "DOC-101, no accrued revenue account for project P-1 and category none"


# ------------------------------------------------------------ currencies


def test_a_sale_is_converted_at_the_rate_of_its_transaction_date_into_both_currencies(world: World) -> None:
    """Sold in pounds in March, posted in May: books in euro, reported in dollar."""
    world.rule(world.profile("TM", **ACCRUING))
    rate("GBP", "EUR", "117.3", valid_from=date(2024, 3, 1))
    rate("GBP", "EUR", "150", valid_from=date(2024, 4, 1))
    rate("EUR", "USD", "200", valid_from=date(2024, 4, 1))
    world.status(date(2024, 3, 1), "permanently_closed")
    world.status(date(2024, 4, 1), "permanently_closed")
    world.parameters(auto_open_period=True)
    world.stage("1000.01", **SALE, currency_code="GBP")
    assert post_all().lines == 1
    assert value("select accounting_date from finance_voucher") == date(2024, 5, 1)
    euro, dollar = Decimal("1173.01"), Decimal("1271.19")  # 1173.01173; 1173.01 x 1.0837 = 1271.190937
    assert table(ALL_AMOUNTS) == [
        (WIP_SALES_ACCOUNT, Decimal("1000.01"), "GBP", euro, dollar),
        (ACCRUED_ACCOUNT, Decimal("-1000.01"), "GBP", -euro, -dollar),
    ]


def test_a_sale_in_the_reporting_currency_is_reported_as_it_was_sold(world: World) -> None:
    """Through the books and back it would be a cent off: 1,000.01 x 0.9271 x 1.0837 = 1,004.70."""
    world.rule(world.profile("TM", **ACCRUING))
    rate("USD", "EUR", "92.71")
    world.stage("1000.01", **SALE, currency_code="USD")
    post_all()
    assert next(row[1:] for row in table(ALL_AMOUNTS)) == (
        Decimal("1000.01"), "USD", Decimal("927.11"), Decimal("1000.01"),
    )  # fmt: skip


@pytest.mark.parametrize("per_100", ["33.333333", "50", "49.999999", "149.999999", "0.0001"])
def test_a_cent_never_unbalances_a_voucher(world: World, per_100: str) -> None:
    """Bugs 586034 and 4623332: vouchers off by 0.01 in the reporting currency.

    Finance spec 7, pain 10 (586034): of journal lines.
    """
    world.rule(world.profile("TM", **ACCRUING))
    ExchangeRate.objects.all().delete()
    rate("EUR", "USD", per_100)
    cents = ["0.01", "0.02", "0.03", "0.05", "-0.01", "99.99", "-0.05", "33.33"]
    world.stage(*cents, **HOUR)
    world.stage(*cents, **SALE)
    assert post_all().lines == 16
    assert table("select sum(accounting_amount), sum(reporting_amount) from finance_voucher_line") == [(0, 0)]
    assert value("select count(*) from finance_voucher_line") == 32


# ------------------------------------------------------------ reversals


def reversed_of(world: World, keys: list[uuid.UUID], *amounts: str, **actual: Any) -> None:
    for key, amount in zip(keys, amounts, strict=True):
        world.stage(amount, **actual, reverses_id=key, quantity=Decimal(-1))


def test_a_reversal_posts_the_amount_and_rate_of_its_original(world: World) -> None:
    """N10: rates, accounts and profile have changed since; nothing is left in any currency.

    Finance spec 7, pain 9: WIP and accrued revenue are reversed exactly.
    """
    rule = world.rule(world.profile("TM", **ACCRUING))
    rate("GBP", "EUR", "117.3")
    pounds: dict[str, Any] = {"currency_code": "GBP"}
    cost = world.stage("333.33", **HOUR, **pounds)
    sale = world.stage("444.44", **SALE, **pounds)
    assert post_all().lines == 2
    ExchangeRate.objects.all().delete()
    rate("GBP", "EUR", "90")
    rate("EUR", "USD", "70")
    PostingProfile.objects.filter(posting_type="cost").update(account="6666")
    rule.delete()
    world.rule(world.profile("WIP", **WIP))
    reversed_of(world, cost, "-333.33", **HOUR, **pounds)
    reversed_of(world, sale, "-444.44", **SALE, **pounds)
    assert post_all().lines == 2
    assert table(BALANCES) == [
        (WIP_SALES_ACCOUNT, 0, 0, 0),
        (COST_ACCOUNT, 0, 0, 0),
        (PAYROLL_ACCOUNT, 0, 0, 0),
        (ACCRUED_ACCOUNT, 0, 0, 0),
    ]
    assert table(
        "select exchange_rate, sum(accounting_amount) from finance_integration_journal_line"
        " group by exchange_rate"
    ) == [(Decimal("117.3"), 0)]
    assert value("select count(*) from finance_voucher_line") == 8


def test_the_reversal_of_what_has_no_ledger_entries_has_none(world: World) -> None:
    rule = world.rule(world.profile("NONE", time_costs="no_ledger"))
    keys = world.stage("50.00", **HOUR)
    post_all()
    rule.delete()
    world.rule(world.profile("TM"))
    reversed_of(world, keys, "-50.00", **HOUR)
    assert post_all() == PostedJournals(1, 0, 1, Decimal(0), 0)
    assert table(ENTRIES) == []


def test_original_and_reversal_of_one_batch_cancel_out(world: World) -> None:
    world.rule(world.profile("TM", **ACCRUING))
    [key] = world.stage("75.00", **SALE)
    world.stage("-75.00", **SALE, reverses_id=key)
    assert post_all().lines == 2
    assert table(BALANCES) == [(WIP_SALES_ACCOUNT, 0, 0, 0), (ACCRUED_ACCOUNT, 0, 0, 0)]


def test_a_reversal_waits_for_its_original_at_import(world: World) -> None:
    profile = world.profile("TM", **ACCRUING)
    [key] = world.stage("75.00", **SALE)  # refused: no rule
    internal = world.project_of(COMPANY, number="P-2", situation="internal")
    world.stage("-75.00", **SALE | {"project_id": internal.id}, reverses_id=key)
    done = import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert (done.lines, done.refused) == (0, 2)
    assert table("select code from finance_staging_retry order by 1") == [("IMP-107",), ("IMP-111",)]
    world.rule(profile)
    assert post_all().lines == 2
    assert table("select code, details ->> 'original' from problem_log where code = 'IMP-111'") == [
        ("IMP-111", str(key))
    ]
    assert value("select count(*) from problem_resolution") == 2
    assert {amount for _, *amounts in table(BALANCES) for amount in amounts} == {0}


def test_a_reversal_whose_original_is_not_posted_is_in_error_until_it_is(world: World) -> None:
    world.rule(world.profile("TM", **ACCRUING))
    world.parameters(line_limit=1)
    [key] = world.stage("75.00", **SALE, on=date(2024, 2, 10))
    world.stage("-75.00", **SALE, reverses_id=key)
    world.status(date(2024, 2, 1), "on_hold")
    assert post_all() == PostedJournals(0, 2, 0, Decimal(0), 2)
    assert value(REASON) == "IMP-111, it reverses voucher IJV0001, which is not posted"
    world.status(date(2024, 2, 1), "open")
    for number in ("IJ0001", "IJ0002"):
        update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number=number)
    assert post_all().lines == 2
    assert value("select count(*) from problem_resolution") == 2
    assert {amount for _, *amounts in table(BALANCES) for amount in amounts} == {0}
