"""Sales tax of what is lent: charged by the lender, recovered by the borrower (finance spec 2.8, 2.11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys import lending, proofs

from tieout.database.aliases import FINANCE
from tieout.finance.intercompany import actions
from tieout.finance.intercompany.actions import (
    post_intercompany_invoices,
    post_intercompany_vendor_invoices,
)
from tieout.finance.intercompany.queries import posted_invoices, vendor_invoices
from tieout.finance.intercompany.rules import PostedInvoices
from tieout.loading.actions import load
from tieout.operations.approvals.actions import cancel_approval

CLERK, OPERATOR = lending.OPERATOR, lending.OPERATOR
MARCH, APRIL = date(2016, 3, 31), date(2016, 4, 30)
ACCOUNTS = ["1300", "1430", "2000", "2600", "2610", "6000", "6100", "6900", "8000", "8100"]
TAXES = {
    "account": "chart,number,name,kind\nMAIN,2600,Sales tax owed,liability\nMAIN,2610,Tax recovered,asset\n",
    "sales_tax_code": "company,code,percent\nGBSI,VAT,17.5\nGBSI,CITY,1.25\nGBSI,OTHER,50\nUSPM,VAT,99\n",
    "sales_tax_group": "company,kind,tax_group,tax_code\nGBSI,sales,ABROAD,VAT\nGBSI,sales,ABROAD,CITY\n"
    "GBSI,item,LABOUR,VAT\nGBSI,item,LABOUR,CITY\nGBSI,item,LABOUR,OTHER\n",
    "sales_tax_group_use": "company,customer,tax_group\nGBSI,USPM,ABROAD\n",
    "item_sales_tax_group_use": "company,category,tax_group\nGBSI,LENT,LABOUR\n",
}


def change(tmp_path: Path, entity: str, text: str) -> None:
    (tmp_path / f"{entity}.csv").write_text(text)
    assert not load(actor=OPERATOR, entity=entity, files=[tmp_path / f"{entity}.csv"]).codes


def invoice(day: date) -> PostedInvoices:
    return post_intercompany_invoices(actor=OPERATOR, company="GBSI", until=day, invoice_date=day)


def account(company: str, posting_type: str, number: str) -> str:
    return f"company,posting_type,account\n{company},{posting_type},{number}\n"


@pytest.fixture
def taxed(databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What TV-03 lends, under a category of the lender; its customer and that category have groups."""
    relationship = "company,borrowing_company,accrue_revenue,customer,vendor,time_category\n"
    monkeypatch.setitem(lending.FILES, "category", "code,name,transaction_class\nLENT,Lent,time\n")
    monkeypatch.setitem(
        lending.FILES, "lending_relationship", f"{relationship}GBSI,USPM,yes,USPM,GBSI,LENT\n"
    )
    lending.lend(tmp_path)
    for entity, text in TAXES.items():
        change(tmp_path, entity, text)
    return tmp_path


def test_the_lender_owes_the_tax_and_the_borrower_recovers_it(taxed: Path) -> None:
    """1,200.00 USD at 17.5 and 1.25 percent: 225.00 USD, 180.00 GBP at 80; neither revenue nor cost."""
    (one,) = invoice(MARCH).invoices
    assert one.problem is not None
    assert one.problem.message == "No tax payable account for project any in company GBSI."
    change(taxed, "posting_profile", account("GBSI", "tax_payable", "2600"))
    (one,) = invoice(MARCH).invoices
    assert [one.amount, one.tax_amount, one.accounting_amount] == [1200, 225, 960]
    lender = proofs.trial("GBSI")
    assert {number: lender[number] for number in ("1300", "2600", "8000", "1430", "8100")} == {
        "1300": 1140, "2600": -180, "8000": -960, "1430": 0, "8100": 0,
    }  # fmt: skip
    assert [one.tax_amount for one in posted_invoices(actor=OPERATOR, company="GBSI")] == [225]

    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").refused == 1
    assert [one.code for one in vendor_invoices(actor=CLERK, company="USPM")] == ["DOC-101"]
    change(taxed, "posting_profile", account("USPM", "tax_receivable", "2610"))
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").accounting_amount == 1200
    borrower = proofs.trial("USPM")
    assert {number: borrower[number] for number in ("2000", "2610", "6100")} == {
        "2000": -1425, "2610": 225, "6100": 1200,
    }  # fmt: skip
    assert proofs.rows(FINANCE, "select amount, accounting_amount from finance_intercompany_cost") == [
        (1200, 1200)
    ]
    proofs.nothing_waits()
    for company in ("GBSI", "USPM"):
        proofs.the_ledger_is_checked(taxed, company)


def test_a_credit_note_takes_the_tax_back_as_it_was_charged_whatever_it_is_now(
    taxed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another percent, rate and account by then."""
    monkeypatch.setattr(actions, "LINES_MAX", 1)
    change(taxed, "posting_profile", account("GBSI", "tax_payable", "2600"))
    change(taxed, "posting_profile", account("USPM", "tax_receivable", "2610"))
    assert invoice(MARCH).posted == 1
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 1
    rates = "from_currency,to_currency,date,rate\nUSD,GBP,2016-04-01,50\nUSD,GBP,2016-03-01,50\n"
    change(taxed, "exchange_rate", rates)
    change(taxed, "sales_tax_code", "company,code,percent\nGBSI,VAT,20\n")
    change(taxed, "posting_profile", account("GBSI", "tax_payable", "8000"))
    change(taxed, "posting_profile", account("USPM", "tax_receivable", "6100"))
    entries = [key for (key,) in proofs.rows("operations", "select id from operations_entry")]
    assert cancel_approval(actor=lending.MANAGER, company="USPM", entry_ids=entries).done == 1
    lending.through_finance()
    (credit,) = invoice(APRIL).invoices
    assert credit.is_credit
    assert [credit.amount, credit.tax_amount] == [-1200, -225]
    assert set(proofs.trial("GBSI").values()) == {Decimal(0)}
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 1
    borrower = proofs.trial("USPM")
    assert [borrower[number] for number in ("2000", "2610", "6100")] == [0, 0, 0]
    assert (
        proofs.rows(
            FINANCE,
            "select v.company_code, sum(e.reporting_amount) from finance_voucher_line e"
            " join finance_voucher v on v.id = e.voucher_id group by 1 having sum(e.reporting_amount) <> 0",
        )
        == []
    )
