"""What names no category; a sale is posted less its discount, its fee beside it (finance spec 2.3, 2.5.1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.database.finance.test_profiles import ACCRUING, HOUR, SALE, post_all
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    COMPANY,
    COST_ACCOUNT,
    PAYROLL_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    rate,
    table,
    value,
)

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.ledgers.models import PostingProfile
from tieout.finance.mirrors.models import Category

FEE_WIP, FEE_ACCRUED, TIME_COST = "1431", "8101", "6001"
ENTRIES = (
    "select line_no, account, amount, accounting_amount from finance_voucher_line"
    " order by voucher_id, line_no"
)
LINES = (
    "select amount, discount_amount, fee_amount, accounting_amount, fee_accounting_amount"
    " from finance_integration_journal_line order by id"
)
SOLD: dict[str, Any] = SALE | {"discount_amount": Decimal("10.00"), "fee_amount": Decimal("5.00")}


def category(code: str) -> Category:
    return Category.objects.create(
        id=value("select tieout_id()"), code=code, name=code, transaction_class="fee"
    )


@pytest.fixture
def fees(world: World) -> World:
    """Fees are booked under a category of their own, on accounts of its own; everything accrues."""
    fee = category("FEES")
    world.account("wip_sales_value", FEE_WIP, category_id=fee.id)
    world.account("accrued_revenue", FEE_ACCRUED, category_id=fee.id)
    world.parameters(default_fee_category="FEES")
    world.rule(world.profile("TM", **ACCRUING))
    return world


def entries() -> list[tuple[Any, ...]]:
    return table(ENTRIES)


def test_a_sale_is_posted_less_its_discount_and_its_fee_beside_it(fees: World) -> None:
    fees.stage("100.00", **SOLD)
    assert post_all().accounting_amount == 95
    assert entries() == [
        (1, WIP_SALES_ACCOUNT, 90, 90), (2, ACCRUED_ACCOUNT, -90, -90),
        (3, FEE_WIP, 5, 5), (4, FEE_ACCRUED, -5, -5),
    ]  # fmt: skip
    assert table(LINES) == [(95, 10, 5, 95, 5)]


def test_without_a_category_of_fees_the_fee_takes_the_accounts_of_all(fees: World) -> None:
    fees.parameters(default_fee_category="")
    fees.stage("100.00", **SOLD)
    post_all()
    assert [(account, amount) for _, account, amount, _ in entries()] == [
        (WIP_SALES_ACCOUNT, 90), (ACCRUED_ACCOUNT, -90), (WIP_SALES_ACCOUNT, 5), (ACCRUED_ACCOUNT, -5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("accrues", "posted", "lines"),
    [
        ({"accrue_fee": False}, 90, [(1, WIP_SALES_ACCOUNT, 90, 90), (2, ACCRUED_ACCOUNT, -90, -90)]),
        ({"accrue_time": False}, 5, [(1, FEE_WIP, 5, 5), (2, FEE_ACCRUED, -5, -5)]),
        ({"accrue_time": False, "accrue_fee": False}, 0, []),
    ],
)
def test_sale_and_fee_accrue_each_as_its_class_does(
    fees: World, accrues: dict[str, bool], posted: int, lines: list[tuple[Any, ...]]
) -> None:
    profile = fees.profile("OTHER", **ACCRUING | accrues)
    fees.rule(profile, project_id=fees.project.id)
    fees.stage("100.00", **SOLD)
    done = post_all()
    assert (done.lines, done.accounting_amount) == (1, Decimal(posted))
    assert entries() == lines


def test_a_sale_that_is_all_discount_posts_its_fee_alone(fees: World) -> None:
    fees.stage("10.00", **SOLD)
    assert post_all().accounting_amount == 5
    assert entries() == [(1, FEE_WIP, 5, 5), (2, FEE_ACCRUED, -5, -5)]


def test_rounding_leaves_nothing_in_any_currency(fees: World) -> None:
    """33.33 dollars less 3.35 and with 1.67, at 91.7 for 100: 29.01 euro, of which the fee is 1.53."""
    rate("USD", "EUR", "91.7")
    of_sale = {"currency_code": "USD", "discount_amount": Decimal("3.35"), "fee_amount": Decimal("1.67")}
    fees.stage("33.33", **SALE | of_sale)
    post_all()
    assert table(LINES) == [tuple(map(Decimal, ("31.65", "3.35", "1.67", "29.02", "1.53")))]
    assert [(account, amount, worth) for _, account, amount, worth in entries()] == [
        (WIP_SALES_ACCOUNT, Decimal("29.98"), Decimal("27.49")),
        (ACCRUED_ACCOUNT, Decimal("-29.98"), Decimal("-27.49")),
        (FEE_WIP, Decimal("1.67"), Decimal("1.53")),
        (FEE_ACCRUED, Decimal("-1.67"), Decimal("-1.53")),
    ]
    # the sale is in the reporting currency: it is worth there what it is
    assert table("select distinct abs(reporting_amount) from finance_voucher_line order by 1") == [
        (Decimal("1.67"),),
        (Decimal("29.98"),),
    ]


def test_what_is_taken_back_takes_back_its_fee(fees: World) -> None:
    (sale,) = fees.stage("100.00", **SOLD)
    post_all()
    fees.parameters(default_fee_category="")  # the counter-entry is that of the original
    of_sale = {"reverses_id": sale, "discount_amount": Decimal(-10), "fee_amount": Decimal(-5)}
    fees.stage("-100.00", **SALE | of_sale)
    assert post_all().accounting_amount == -95
    sums = (
        "select account, sum(amount), sum(accounting_amount), sum(reporting_amount) from finance_voucher_line"
    )
    assert table(f"{sums} group by 1 order by 1") == [
        (WIP_SALES_ACCOUNT, 0, 0, 0), (FEE_WIP, 0, 0, 0), (ACCRUED_ACCOUNT, 0, 0, 0), (FEE_ACCRUED, 0, 0, 0),
    ]  # fmt: skip


def test_an_account_that_the_fee_lacks_is_named_with_its_category(fees: World) -> None:
    fees.stage("100.00", **SOLD)
    of_sales = PostingProfile.objects.filter(posting_type__in=("wip_sales_value", "accrued_revenue"))
    of_sales.filter(category_id__isnull=False).delete()
    of_sales.update(category_id=fees.category.id)
    fees.parameters(default_time_category=fees.category.code)
    assert post_all().lines == 0
    assert value("select details ->> 'reason' from problem_log where code = 'PST-203'") == (
        "DOC-101, no wip sales value account for project P-1 and category FEES"
    )


# ------------------------------------------------------------ default categories


def test_what_names_no_category_is_booked_under_the_default_of_its_class(world: World) -> None:
    hours = category("HOURS")
    world.account("cost", TIME_COST, category_id=hours.id)
    world.parameters(default_time_category="HOURS")
    world.stage("50.00", **HOUR)
    world.stage("20.00", **HOUR | {"category_id": world.category.id})
    world.stage("7.00", source_kind="material_usage", category_id=None)
    post_all()
    assert [(account, amount) for _, account, amount, _ in entries()][:4] == [
        (TIME_COST, 50), (PAYROLL_ACCOUNT, -50), (COST_ACCOUNT, 20), (PAYROLL_ACCOUNT, -20),
    ]  # fmt: skip
    found = "select category_id from finance_integration_journal_line order by id"
    assert table(found) == [(hours.id,), (world.category.id,), (None,)]


@pytest.mark.parametrize(
    ("parameter", "staged"),
    [("default_time_category", HOUR), ("default_fee_category", SOLD)],
)
def test_a_default_category_that_is_not_there_is_named(
    world: World, parameter: str, staged: dict[str, Any]
) -> None:
    world.parameters(**{parameter: "NOWHERE"})
    world.stage("100.00", **staged)
    done = import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert (done.lines, done.refused) == (0, 1)
    assert table("select code, details ->> 'category' from problem_log") == [("IMP-105", "NOWHERE")]
    category("NOWHERE")
    assert post_all().lines == 1
    assert value("select count(*) from finance_voucher where accounting_date = %s", date(2024, 3, 15)) == 1
