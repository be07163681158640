"""What takes an invoice between companies, or an accrual, back posts what that posted (finance spec 2.8)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.journeys import lending, proofs
from tests.journeys.test_intercompany import APRIL, CLERK, MARCH, RECEIVER, cancel, change, invoice

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.intercompany.actions import make_vendor_invoices, post_intercompany_vendor_invoices
from tieout.finance.intercompany.queries import vendor_invoices

COMPANIES = "code,name,currency,reporting_currency,chart,calendar\n"
BOOKS = """
    select e.company_code, e.account, coalesce(d.combination ->> 'Unit', ''), sum(e.accounting_amount),
           sum(e.reporting_amount)
    from finance_voucher_line as e
    join finance_voucher as v on v.id = e.voucher_id and v.document_kind like 'intercompany%%'
    left join finance_dimension_set as d on d.id = e.dimension_set_id
    where e.account not in ('1430', '8100')
    group by 1, 2, 3 order by 1, 2, 3
"""
UNIT = "company,project,customer,vendor,dimension,value\n"


@pytest.fixture
def _invoiced(databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten hours lent without accrual, invoiced with dimension U1; each reports in the other's currency."""
    relationship = "company,borrowing_company,accrue_revenue,customer,vendor\n"
    given: dict[str, str] = {
        "company": COMPANIES + "GBSI,Lender,GBP,USD,MAIN,MONTHS\nUSPM,Borrower,USD,GBP,MAIN,MONTHS\n",
        "lending_relationship": relationship + "GBSI,USPM,no,USPM,GBSI\n",
        "dimension": "code\nUnit\n",
        "dimension_value": "dimension,value\nUnit,U1\nUnit,U2\n",
    }
    for entity, text in given.items():
        monkeypatch.setitem(lending.FILES, entity, text)
    lending.lend(tmp_path)
    change(
        tmp_path, "dimension_default", UNIT + "GBSI,,USPM,,Unit,U1\nUSPM,P1,,,Unit,U1\nUSPM,,,GBSI,Unit,U1\n"
    )
    assert invoice(MARCH).posted == 1
    assert make_vendor_invoices(actor=RECEIVER, company="USPM").made == 1


def everything_changes(tmp_path: Path) -> None:
    """Other rates, other defaults, other accounts, what they demand; and the project is closed."""
    change(
        tmp_path,
        "exchange_rate",
        "from_currency,to_currency,date,rate\nUSD,GBP,2016-04-01,50\nGBP,USD,2016-04-01,200\n",
    )
    change(
        tmp_path, "dimension_default", UNIT + "GBSI,,USPM,,Unit,U2\nUSPM,P1,,,Unit,U2\nUSPM,,,GBSI,Unit,U2\n"
    )
    accounts = {"1310": "asset", "8010": "revenue", "2010": "liability", "6110": "expense"}
    lines = "".join(f"MAIN,{number},Partner,{kind}\n" for number, kind in accounts.items())
    change(tmp_path, "account", "chart,number,name,kind\n" + lines)
    change(
        tmp_path,
        "posting_profile",
        "company,posting_type,partner_company,account\n"
        "GBSI,customer,USPM,1310\nGBSI,intercompany_revenue,USPM,8010\n"
        "USPM,vendor,GBSI,2010\nUSPM,intercompany_cost,GBSI,6110\n",
    )
    demands = "company,account,dimension,demand\n"
    change(tmp_path, "account_dimension", demands + "GBSI,8000,Unit,forbidden\nUSPM,6100,Unit,forbidden\n")
    closed = "number,company,contracting_unit,stage,contract,contract_line\nP1,USPM,USPM,closed,K1,1\n"
    change(tmp_path, "project", closed)
    deliver_all(actor=lending.OPERATOR)
    assert proofs.rows(OPERATIONS, "select stage from operations_project") == [("closed",)]


@pytest.mark.usefixtures("_invoiced")
def test_nothing_is_left_on_any_account_dimension_or_currency(tmp_path: Path) -> None:
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 1
    cancel()
    posted: list[tuple[Any, ...]] = [
        ("GBSI", "1300", "U1", 960, 1200),
        ("GBSI", "8000", "U1", -960, -1200),
        ("USPM", "2000", "U1", -1200, -960),
        ("USPM", "6100", "U1", 1200, 960),
    ]
    assert proofs.rows(FINANCE, BOOKS) == posted
    everything_changes(tmp_path)
    assert invoice(APRIL).posted == 1
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 1
    assert proofs.rows(FINANCE, BOOKS) == [(*one[:3], Decimal(0), Decimal(0)) for one in posted]


@pytest.mark.usefixtures("_invoiced")
def test_a_credit_note_is_posted_after_what_it_takes_back(tmp_path: Path) -> None:
    cancel()
    assert invoice(APRIL).posted == 1
    assert make_vendor_invoices(actor=RECEIVER, company="USPM").made == 1
    credit, taken_back = vendor_invoices(actor=CLERK, company="USPM")
    assert (credit.is_credit, taken_back.is_credit) == (True, False)
    done = post_intercompany_vendor_invoices(actor=CLERK, company="USPM", chosen=[credit.id])
    assert (done.invoices, done.refused) == (0, 1)
    assert [one.code for one in vendor_invoices(actor=CLERK, company="USPM")] == ["DOC-124", ""]
    assert post_intercompany_vendor_invoices(actor=CLERK, company="USPM").invoices == 2
    assert {row[3:] for row in proofs.rows(FINANCE, BOOKS)} == {(0, 0)}
    resolved = "select l.code from problem_log as l join problem_resolution as r on r.problem_id = l.id"
    assert proofs.rows(FINANCE, resolved) == [("DOC-124",)]


def test_what_was_accrued_is_taken_back_at_its_own_rate_whatever_that_of_the_invoice_is(
    databases: None, tmp_path: Path
) -> None:
    """Finance spec 7, pain 9 (557017, 526522): accrued at 80, invoiced at 75 pounds for 100 dollar."""
    lending.lend(tmp_path)
    change(tmp_path, "exchange_rate", "from_currency,to_currency,date,rate\nUSD,GBP,2016-03-02,75\n")
    accrued = proofs.trial("GBSI")
    assert [accrued[account] for account in ("1430", "8100")] == [960, -960]
    assert invoice(MARCH).accounting_amount == 900
    lender = proofs.trial("GBSI")
    assert lender == {"1300": 900, "1430": 0, "6000": 880, "6900": -880, "8000": -900, "8100": 0}
    in_dollar = "select account, sum(amount) from finance_voucher_line where currency_code = 'USD'"
    assert proofs.rows(FINANCE, f"{in_dollar} and company_code = 'GBSI' group by 1 order by 1") == [
        ("1300", 1200),
        ("1430", 0),
        ("8000", -1200),
        ("8100", 0),
    ]
