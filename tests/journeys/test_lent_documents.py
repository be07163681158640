"""A lender spends and buys for a borrower's project: two journals, then the invoice (finance spec 2.8)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.journeys import lending, proofs
from tests.journeys.lending import through_finance

from tieout.database.aliases import OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.intercompany.actions import post_intercompany_invoices
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import load
from tieout.operations.approvals.actions import approve_documents
from tieout.reconciliation.collectors.actions import collect

OPERATOR = lending.OPERATOR
JOB = Actor("system", frozenset({Role.SYSTEM}), None)


@pytest.fixture
def lent(databases: None, tmp_path: Path) -> None:
    """Ten hours of the lender's person on the borrower's project, approved and posted."""
    lending.lend(tmp_path)


def enter_and_post(tmp_path: Path) -> None:
    """Let the lender have an expense of 80.00 GBP and an invoice of 100.00 USD, booked at 80.00 GBP."""
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


@pytest.mark.usefixtures("lent")
def test_what_the_lender_spends_and_buys_clears_its_integration_accounts(tmp_path: Path) -> None:
    """An expense of 80.00 GBP and an invoice of 100.00 USD, booked at 80.00 GBP (finance spec 2.8, 6)."""
    enter_and_post(tmp_path)
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
    assert {company: done.lines for company, done in through_finance().items()} == {
        "GBSI": 4,
        "USPM": 2,
    }
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

    # The lender invoices all that it lent: hours, expense and purchase.
    march = date(2016, 3, 31)
    invoiced = post_intercompany_invoices(actor=OPERATOR, company="GBSI", until=march, invoice_date=march)
    assert invoiced.accounting_amount == 1120
    lender = proofs.trial("GBSI")
    assert [lender[account] for account in ("1300", "8000", "1430", "8100")] == [1120, -1120, 0, 0]
