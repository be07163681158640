"""Fixed rate agreements: the sales of a contract are converted at its own rate (finance spec 2.3, TV-04)."""

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
    WIP_SALES_ACCOUNT,
    World,
    rate,
    table,
)

from tieout.finance.agreements.models import FixedRateAgreement
from tieout.finance.imports.actions import Imported, import_from_staging
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.ledgers.models import Company, Currency, ExchangeRate
from tieout.finance.mirrors.models import Project

HOURS: dict[str, Any] = {"source_kind": "time_entry", "category_id": None, "quantity": Decimal(4)}
SALE = HOURS | {"transaction_type": "unbilled_sales", "currency_code": "GBP"}
LINES = (
    "select transaction_type, amount, currency_code, exchange_rate, accounting_amount"
    " from finance_integration_journal_line order by accounting_amount"
)
ENTRIES = (
    "select account, amount, currency_code, accounting_amount, reporting_amount"
    " from finance_voucher_line order by voucher_id, line_no"
)


@pytest.fixture
def contract(world: World) -> uuid.UUID:
    """A company in dollars that accrues; a contract in pounds at 125, where the day's rate is 131."""
    Currency.objects.create(code="GBP", name="Pound", digits=2)
    Company.objects.filter(code=COMPANY).update(accounting_currency="USD", reporting_currency="USD")
    rate("GBP", "USD", "131")
    world.rule(world.profile("TM", accrue_time=True))
    line = world.line_of("time_and_materials")
    Project.objects.filter(id=world.project.id).update(contract_line_id=line.id)
    FixedRateAgreement.objects.create(
        company_code=COMPANY, contract_id=line.contract_id, currency_code="GBP", rate=Decimal(125)
    )
    return line.contract_id


def test_tv_04_the_sales_of_a_contract_post_at_its_own_rate(world: World, contract: uuid.UUID) -> None:
    """4 h at 120 USD cost, sold at 250 GBP: 480 USD at 100; 1,000 GBP at 125, 1,250 USD.

    TV-04.
    """
    world.stage("480.00", **HOURS, currency_code="USD", price=Decimal(120))
    world.stage("1000.00", **SALE, price=Decimal(250))
    assert import_from_staging(actor=ACCOUNTANT, company=COMPANY) == Imported(2, Decimal(1730), 1, 0)
    assert table(LINES) == [
        ("cost", 480, "USD", 100, 480),
        ("unbilled_sales", 1000, "GBP", 125, 1250),
    ]
    assert post_integration_journals(actor=ACCOUNTANT, company=COMPANY) == PostedJournals(
        1, 0, 2, Decimal(1730), 0
    )
    assert table(ENTRIES) == [
        (COST_ACCOUNT, 480, "USD", 480, 480),
        (PAYROLL_ACCOUNT, -480, "USD", -480, -480),
        (WIP_SALES_ACCOUNT, 1000, "GBP", 1250, 1250),
        (ACCRUED_ACCOUNT, -1000, "GBP", -1250, -1250),
    ]


def test_only_the_sales_of_that_contract_currency_and_company(world: World, contract: uuid.UUID) -> None:
    other = world.line_of("time_and_materials")
    world.stage("1.00", **SALE, contract_line_id=other.id)  # of another contract
    world.stage("2.00", **SALE | {"currency_code": "EUR"})  # in another currency
    world.stage("4.00", **SALE | {"transaction_type": "cost"})  # no sale
    world.stage("8.00", **SALE)
    FixedRateAgreement.objects.create(
        company_code="DE01", contract_id=other.contract_id, currency_code="GBP", rate=Decimal(1)
    )
    assert import_from_staging(actor=ACCOUNTANT, company=COMPANY).lines == 4
    assert table("select amount, exchange_rate from finance_integration_journal_line order by 1") == [
        (1, 131), (2, Decimal("108.37")), (4, 131), (8, 125),
    ]  # fmt: skip


def test_an_agreement_needs_no_rate_of_the_day_and_a_reversal_keeps_its_originals(
    world: World, contract: uuid.UUID
) -> None:
    ExchangeRate.objects.filter(from_currency="GBP").delete()
    [original] = world.stage("8.00", **SALE)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    FixedRateAgreement.objects.update(rate=Decimal(150))
    world.stage("-8.00", **SALE, reverses_id=original, on=date(2024, 4, 1))
    world.stage("10.00", **SALE)
    assert import_from_staging(actor=ACCOUNTANT, company=COMPANY).lines == 2
    assert table("select accounting_amount from finance_integration_journal_line order by 1") == [
        (-10,), (10,), (15,),
    ]  # fmt: skip
