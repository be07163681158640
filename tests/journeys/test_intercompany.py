"""A person is lent: from the time sheet to both companies' integration journals (finance spec 2.8)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys import books, council, proofs

from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.journals.actions import PostedJournals, import_from_staging, post_integration_journals
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import load, load_set_up
from tieout.operations.approvals.actions import (
    approve_documents,
    approve_entries,
    cancel_approval,
    submit_entries,
)
from tieout.reconciliation.collectors.actions import collect

LENDER, BORROWER = books.Books("GBSI", "Lender", "GBP"), books.Books("USPM", "Borrower", "USD")
COMPANIES = (LENDER, BORROWER)
OPERATOR = council.OPERATOR
PEOPLE = Actor("people", frozenset({Role.RESOURCE}), None)
JOB = Actor("system", frozenset({Role.SYSTEM}), None)
MANAGER = Actor("max", frozenset({Role.PROJECT_MANAGER}), None)
LEDGER = (
    "select v.company_code, e.account, e.amount, e.currency_code, e.accounting_amount,"
    " e.project_id is not null"
    " from finance_voucher as v join finance_voucher_line as e on e.voucher_id = v.id"
)
FILES = {
    "exchange_rate": "from_currency,to_currency,date,rate\nGBP,USD,2016-01-01,125\nUSD,GBP,2016-01-01,80\n",
    "customer": "account_number,name,company\nC1,Customer,USPM\n",
    "contract": "number,customer,company,contracting_unit,currency\nK1,C1,USPM,USPM,USD\n",
    "contract_line": "contract,line_number,name,billing_method\nK1,1,Work,time_and_materials\n",
    "project": "number,company,contracting_unit,stage,contract,contract_line\nP1,USPM,USPM,sold,K1,1\n",
    "role": "code\nDEV\n",
    "resource": "code,name,organizational_unit,company\nLEN,Len,GBSI,GBSI\n",
    "price_list": "code,context,currency,valid_from,valid_to,organizational_unit,contract\n"
    "COST-GBSI,cost,GBP,2016-01-01,2016-12-31,GBSI,\nCOST-USPM,cost,USD,2016-01-01,2016-12-31,USPM,\n"
    "SALES,sales,USD,2016-01-01,2016-12-31,,K1\n",
    "role_price": "price_list,role,resourcing_unit,price\n"
    "COST-GBSI,DEV,,88\nCOST-USPM,DEV,GBSI,120\nSALES,DEV,,200\n",
    "project_profile": "company,billing_method,code,accrue_time\nUSPM,time_and_materials,TM,yes\n",
    "profile_rule": "company,billing_method,profile\nUSPM,time_and_materials,TM\n",
    "lending_relationship": "company,borrowing_company,accrue_revenue\nGBSI,USPM,yes\n",
}


def through_finance() -> dict[str, PostedJournals]:
    """Take what is approved to the ledgers of both companies and back."""
    deliver_all(actor=OPERATOR)
    done = {}
    for one in COMPANIES:
        import_from_staging(actor=OPERATOR, company=one.company)
        done[one.company] = post_integration_journals(actor=OPERATOR, company=one.company)
    deliver_all(actor=OPERATOR)
    return done


@pytest.fixture
def lent(databases: None, tmp_path: Path) -> dict[str, PostedJournals]:
    """Ten hours of the lender's person on the borrower's project, approved and posted."""
    folder = books.write(tmp_path / "setup", COMPANIES, first_year=2016)
    for entity, text in FILES.items():
        (folder / f"{entity}.csv").write_text(text, encoding="utf-8")
    assert not any(done.codes for done in load_set_up(actor=OPERATOR, folder=folder))
    deliver_all(actor=OPERATOR)
    path = tmp_path / "time_entry.csv"
    path.write_text(
        "company,external_id,resource,project,role,date,hours\nUSPM,T1,LEN,P1,DEV,2016-03-01,10\n"
    )
    assert not load(actor=OPERATOR, entity="time_entry", files=[path]).codes
    assert submit_entries(actor=PEOPLE, company="USPM").submitted == 1
    assert approve_entries(actor=MANAGER, company="USPM").approved == 1
    return through_finance()


def test_tv_03_ten_hours_in_both_companies(lent: dict[str, PostedJournals]) -> None:
    """88 GBP, 120 USD and 200 USD an hour, at 1 GBP = 1.25 USD; the article prints prices for amounts."""
    assert proofs.rows(
        OPERATIONS,
        "select transaction_type, company_code, price, amount, currency_code, skip_sync"
        " from operations_actual order by transaction_type",
    ) == [
        ("cost", "USPM", 120, 1200, "USD", True),
        ("interorganizational_sales", "GBSI", 120, 1200, "USD", False),
        ("resourcing_unit_cost", "GBSI", 88, 880, "GBP", False),
        ("unbilled_sales", "USPM", 200, 2000, "USD", False),
    ]
    assert lent == {
        "GBSI": PostedJournals(1, 0, 2, Decimal(1840), 0),  # 880.00 of cost, 960.00 of sales
        "USPM": PostedJournals(1, 0, 1, Decimal(2000), 0),
    }
    assert sorted(proofs.rows(FINANCE, LEDGER)) == [
        ("GBSI", "1430", 1200, "USD", 960, False),  # no project transaction in the lender's books
        ("GBSI", "6000", 880, "GBP", 880, False),
        ("GBSI", "6900", -880, "GBP", -880, False),
        ("GBSI", "8100", -1200, "USD", -960, False),
        ("USPM", "1430", 2000, "USD", 2000, True),
        ("USPM", "8100", -2000, "USD", -2000, True),
    ]
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()


@pytest.mark.usefixtures("lent")
def test_what_was_lent_is_taken_back_in_both_companies_whatever_the_rate_is_now(tmp_path: Path) -> None:
    rates = "from_currency,to_currency,date,rate\nUSD,GBP,2016-03-01,50\n"
    (tmp_path / "exchange_rate.csv").write_text(rates)
    assert not load(actor=OPERATOR, entity="exchange_rate", files=[tmp_path / "exchange_rate.csv"]).codes
    entries = [key for (key,) in proofs.rows(OPERATIONS, "select id from operations_entry")]
    assert cancel_approval(actor=MANAGER, company="USPM", entry_ids=entries).done == 1
    assert {company: done.lines for company, done in through_finance().items()} == {"GBSI": 2, "USPM": 1}
    for one in COMPANIES:
        assert set(proofs.trial(one.company).values()) == {Decimal(0)}
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()


@pytest.mark.usefixtures("lent")
def test_what_the_lender_spends_and_buys_clears_its_integration_accounts(tmp_path: Path) -> None:
    """An expense of 80.00 GBP and an invoice of 100.00 USD, booked at 80.00 GBP (finance spec 2.8, 6)."""
    files = {
        "category": "code,transaction_class\nHOTEL,expense\nSTEEL,material\n",
        "vendor": "company,account_number\nGBSI,V1\n",
        "expense_line": "company,report_number,line_number,resource,category,project,transaction_date,"
        "amount,currency\nGBSI,E1,1,LEN,HOTEL,P1,2016-03-01,80.00,GBP\n",
        "vendor_invoice_line": "company,vendor,invoice_number,line_number,invoice_date,project,category,"
        "amount,currency\nGBSI,V1,I1,1,2016-03-01,P1,STEEL,100.00,USD\n",
    }
    for entity, text in files.items():
        (tmp_path / f"{entity}.csv").write_text(text, encoding="utf-8")
        assert not load(actor=OPERATOR, entity=entity, files=[tmp_path / f"{entity}.csv"]).codes
        deliver_all(actor=OPERATOR)
    clerk = Actor("ann", frozenset({Role.AP_CLERK}), None)
    assert post_expense_reports(actor=clerk, company="GBSI").documents == 1
    assert post_vendor_invoices(actor=clerk, company="GBSI").documents == 1
    deliver_all(actor=OPERATOR)
    assert [proofs.trial("GBSI")[account] for account in ("1910", "1920")] == [80, 80]

    # Who may not touch the borrower leaves the lines; the job approves them.
    alone = Actor("max", frozenset({Role.PROJECT_MANAGER}), frozenset({"GBSI"}))
    assert approve_documents(actor=alone, company="GBSI").refused == 2
    assert approve_documents(actor=JOB, company="GBSI").approved == 2
    assert proofs.rows(
        OPERATIONS,
        "select source_kind, transaction_type, company_code, amount, currency_code, accounting_amount,"
        " skip_sync from operations_actual where source_kind <> 'time_entry' order by 1, 2",
    ) == [
        ("expense", "cost", "USPM", 100, "USD", None, True),
        ("expense", "interorganizational_sales", "GBSI", 100, "USD", None, False),
        ("expense", "resourcing_unit_cost", "GBSI", 80, "GBP", 80, False),
        ("expense", "unbilled_sales", "USPM", 100, "USD", None, False),
        ("vendor_invoice_line", "cost", "USPM", 100, "USD", None, True),
        ("vendor_invoice_line", "interorganizational_sales", "GBSI", 100, "USD", None, False),
        ("vendor_invoice_line", "resourcing_unit_cost", "GBSI", 100, "USD", 80, False),
        ("vendor_invoice_line", "unbilled_sales", "USPM", 100, "USD", None, False),
    ]
    assert {company: done.lines for company, done in through_finance().items()} == {"GBSI": 4, "USPM": 2}
    # Cost 880 + 80 + 80, accrued to the borrower 960 + 80 + 80; vendor and employee are owed 80 each.
    assert proofs.trial("GBSI") == {
        "1430": 1120,
        "1910": 0,
        "1920": 0,
        "2000": -80,
        "2100": -80,
        "6000": 1040,
        "6900": -880,
        "8100": -1120,
    }
    assert proofs.trial("USPM") == {"1430": 2000, "8100": -2000}  # its profile accrues time only
    collect(actor=OPERATOR)
    assert proofs.rows(
        RECONCILIATION, "select state, cause, count(*) from reconciliation_line_cause group by 1, 2"
    ) == [("reconciled", "", 2)]
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()
