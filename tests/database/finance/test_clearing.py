"""What clears a document: on its account, with its dimensions, at its reporting rate (finance spec 2.9)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

from tests.database.finance.world import (
    ACCOUNTANT,
    COMPANY,
    COST_ACCOUNT,
    EXPENSE_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    VENDOR_ACCOUNT,
    World,
    rate,
    table,
)

from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.documents.models import ExpenseLine, VendorInvoiceLine
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.models import ExchangeRate

BALANCES = (
    "select account, sum(accounting_amount), sum(reporting_amount) from finance_voucher_line"
    " group by account having sum(accounting_amount) <> 0 or sum(reporting_amount) <> 0 order by account"
)


def lines() -> list[uuid.UUID]:
    return [
        *VendorInvoiceLine.objects.order_by("id").values_list("id", flat=True),
        *ExpenseLine.objects.order_by("id").values_list("id", flat=True),
    ]


def come_home(world: World, source: uuid.UUID, amount: str, on: date, kind: str) -> None:
    world.stage(amount, source_id=source, source_kind=kind, on=on, accounting_date=on)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    done = post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    assert (done.lines, done.refused) == (1, 0)


def test_an_integration_account_that_was_changed_is_cleared_where_it_was_debited(world: World) -> None:
    world.invoice("100.00")
    world.report("7.00")
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    post_expense_reports(actor=ACCOUNTANT, company=COMPANY)
    world.parameters(procurement_integration_account="1921", expense_integration_account="1911")
    world.invoice("30.00")
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    first, second, spent = lines()
    come_home(world, first, "100.00", date(2024, 3, 15), "vendor_invoice_line")
    come_home(world, spent, "7.00", date(2024, 3, 15), "expense")
    standing = {row[0]: row[1] for row in table(BALANCES)}
    assert {PROCUREMENT_ACCOUNT, EXPENSE_ACCOUNT, "1911"}.isdisjoint(standing)
    assert (standing["1921"], standing[COST_ACCOUNT]) == (30, 107)
    come_home(world, second, "30.00", date(2024, 3, 15), "vendor_invoice_line")
    assert "1921" not in {row[0] for row in table(BALANCES)}


def test_the_integration_account_is_zero_in_the_reporting_currency_too(world: World) -> None:
    """Posted in March at 108.37, cleared in April at 120, and after that without any rate."""
    rate("EUR", "USD", "120", date(2024, 4, 1))
    world.invoice("100.00", "0.05")
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    first, second = lines()
    come_home(world, first, "100.00", date(2024, 4, 20), "vendor_invoice_line")
    ExchangeRate.objects.all().delete()
    come_home(world, second, "0.05", date(2024, 4, 21), "vendor_invoice_line")
    dollars = Decimal("108.37") + Decimal("0.05")
    assert table(BALANCES) == [
        (VENDOR_ACCOUNT, Decimal("-100.05"), -dollars),
        (COST_ACCOUNT, Decimal("100.05"), dollars),
    ]
