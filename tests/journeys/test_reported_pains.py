"""What others have reported of such systems (finance spec 7), done from the file to both sides and back.

One company keeps its books in pounds; its project is sold on time and materials, at cost, in pounds.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys import books, council, proofs

from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.documents.actions import PostedDocuments, post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import load, load_set_up
from tieout.operations.approvals.actions import (
    approve_documents,
    approve_entries,
    cancel_approval,
    submit_entries,
)
from tieout.reconciliation.collectors.actions import collect

COMPANY = "HOME"
OPERATOR = council.OPERATOR
PEOPLE = Actor("people", frozenset({Role.RESOURCE}), None)
MANAGER = Actor("max", frozenset({Role.PROJECT_MANAGER}), None)
FILES = {
    "currency": "code,name,digits\nGBP,Pound,2\nEUR,Euro,2\n",
    "exchange_rate": "from_currency,to_currency,date,rate\nEUR,GBP,2016-01-01,80\nGBP,EUR,2016-01-01,125\n",
    "customer": "account_number,name,company\nC1,Customer,HOME\n",
    "vendor": "company,account_number,name\nHOME,V1,Smith\n",
    "contract": "number,customer,company,contracting_unit,currency\nK1,C1,HOME,HOME,EUR\n",
    "contract_line": "contract,line_number,name,billing_method\nK1,1,Work,time_and_materials\n",
    "project": "number,company,contracting_unit,stage,contract,contract_line\nP1,HOME,HOME,sold,K1,1\n",
    "category": "code,transaction_class\nTRAVEL,expense\n",
    "resource": "code,name,organizational_unit,company\nBEA,Bea,HOME,HOME\n",
    "price_list": "code,context,currency,valid_from,valid_to,organizational_unit,contract\n"
    "SALES,sales,EUR,2016-01-01,2016-12-31,,K1\n",
    "category_price": "price_list,category,unit,method,price,percent\nSALES,TRAVEL,each,at_cost,,\n",
    "project_profile": "company,billing_method,code,accrue_expense\nHOME,time_and_materials,TM,yes\n",
    "profile_rule": "company,billing_method,profile\nHOME,time_and_materials,TM\n",
}
MORE = {
    "account": "MAIN,1500,Tax to be refunded,asset\n",
    "posting_profile": "HOME,tax_receivable,1500\n",
}
COST_AND_SALE = (
    "select transaction_type, amount, currency_code from operations_actual where not skip_sync order by 1, 2"
)
WRITTEN_BACK = (
    "select a.transaction_type, a.amount, a.currency_code, p.exchange_rate, p.accounting_amount,"
    " p.tax_amount, p.voucher from operations_actual_posting as p"
    " join operations_actual as a on a.id = p.actual_id order by p.voucher"
)
POSTED = (
    "select v.number, e.posting_type, e.accounting_amount from finance_voucher as v"
    " join finance_voucher_line as e on e.voucher_id = v.id and e.line_no = 1"
    " where v.document_kind = 'integration_journal_line' order by 1"
)


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """The company is set up on both sides."""
    setup = books.write(tmp_path / "setup", (books.Books(COMPANY, "Home", "GBP"),), first_year=2016)
    for entity, text in FILES.items():
        (setup / f"{entity}.csv").write_text(text, encoding="utf-8")
    for entity, text in MORE.items():
        path = setup / f"{entity}.csv"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    assert not any(done.codes for done in load_set_up(actor=OPERATOR, folder=setup))
    deliver_all(actor=OPERATOR)
    return tmp_path


def enter(folder: Path, entity: str, text: str) -> None:
    path = folder / f"{entity}.csv"
    path.write_text(text, encoding="utf-8")
    assert not load(actor=OPERATOR, entity=entity, files=[path]).codes


def to_vouchers_and_back() -> PostedJournals:
    """Take what is approved to the ledger, and what was posted back."""
    deliver_all(actor=OPERATOR)
    import_from_staging(actor=OPERATOR, company=COMPANY)
    posted = post_integration_journals(actor=OPERATOR, company=COMPANY)
    deliver_all(actor=OPERATOR)
    return posted


def each_source_line() -> list[tuple[object, ...]]:
    """Return the states and causes of what stands on integration accounts, with their number."""
    collect(actor=OPERATOR)
    return proofs.rows(
        RECONCILIATION, "select state, cause, count(*) from reconciliation_line_cause group by 1, 2"
    )


def test_480962_what_was_posted_is_written_back_with_its_rate_amount_and_tax(folder: Path) -> None:
    """Finance spec 7, pain 8 (480962): voucher, rate, accounting amount and tax reach operations.

    An expense of 100.26 EUR with 20.05 EUR of tax, at 80 pounds for 100 euro; then taken back.
    """
    enter(
        folder,
        "expense_entry",
        "company,external_id,resource,project,category,date,price,currency,tax\n"
        "HOME,X1,BEA,P1,TRAVEL,2016-03-01,100.26,EUR,20.05\n",
    )
    assert submit_entries(actor=PEOPLE, company=COMPANY).submitted == 1
    assert approve_entries(actor=MANAGER, company=COMPANY).approved == 1
    pounds, euro = Decimal("80.21"), Decimal("100.26")  # 80.208
    assert to_vouchers_and_back() == PostedJournals(1, 0, 2, 2 * pounds, 0)
    cost = (pounds, "GBP", Decimal(100), pounds, Decimal("16.04"))  # of 20.05, as the cost is of its price
    sale = (euro, "EUR", Decimal(80), pounds, Decimal("20.05"))
    written = proofs.rows(OPERATIONS, WRITTEN_BACK)
    assert {row[0]: row[1:-1] for row in written} == {"cost": cost, "unbilled_sales": sale}
    assert [row[-1] for row in written] == ["IV000001", "IV000002"]
    assert sorted(row[1:] for row in proofs.rows(FINANCE, POSTED)) == [
        ("cost", pounds),
        ("wip_sales_value", pounds),
    ]

    ((entry,),) = proofs.rows(OPERATIONS, "select id from operations_entry")
    assert cancel_approval(actor=MANAGER, company=COMPANY, entry_ids=[entry]).refused == ()
    assert to_vouchers_and_back().lines == 2
    taken_back = {row[0]: row[1:-1] for row in proofs.rows(OPERATIONS, WRITTEN_BACK)[2:]}
    assert taken_back == {
        "cost": (-pounds, "GBP", Decimal(100), -pounds, Decimal("-16.04")),
        "unbilled_sales": (-euro, "EUR", Decimal(80), -pounds, Decimal("-20.05")),
    }
    assert set(proofs.trial(COMPANY).values()) == {Decimal(0)}
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()


def test_633470_tax_that_is_not_recovered_is_cost_of_the_project(folder: Path) -> None:
    """Finance spec 7, pain 15 (633470): the cause is RC-14, where tax that is not recovered is left out.

    100.00 and 20.00 of tax, of which 15.00 are recovered: K = 105.00 is cost and sold, and clears to 0.00.
    """
    enter(
        folder,
        "expense_line",
        "company,report_number,line_number,resource,category,project,transaction_date,amount,tax,currency\n"
        "HOME,R1,1,BEA,TRAVEL,P1,2016-03-01,105.00,15.00,GBP\n",
    )
    posted = post_expense_reports(actor=OPERATOR, company=COMPANY)
    assert posted == PostedDocuments(1, 1, Decimal(105), 0)
    assert proofs.trial(COMPANY) == {"1500": 15, "1910": 105, "2100": -120}
    deliver_all(actor=OPERATOR)
    assert each_source_line()[0][0] == "missing_actuals"
    assert approve_documents(actor=OPERATOR, company=COMPANY).approved == 1
    sold = Decimal("131.25")
    assert proofs.rows(OPERATIONS, COST_AND_SALE) == [("cost", 105, "GBP"), ("unbilled_sales", sold, "EUR")]
    assert to_vouchers_and_back().lines == 2
    accrued = Decimal("105.00")  # 131.25 at 80 for 100
    assert proofs.trial(COMPANY) == {
        "1430": accrued,
        "1500": 15,
        "1910": 0,
        "2100": -120,
        "6000": 105,
        "8100": -accrued,
    }
    assert [row[3:6] for row in proofs.rows(OPERATIONS, WRITTEN_BACK)] == [
        (Decimal(100), Decimal(105), Decimal(0)),
        (Decimal(80), accrued, Decimal(0)),
    ]
    assert each_source_line() == [("reconciled", "", 1)]


def test_an_invoice_of_1200_lines_goes_to_both_sides_and_back_in_one_go(folder: Path) -> None:
    """Finance spec 7, pain 13: more than 1000 lines of one vendor invoice are a document like another."""
    count = 1200
    enter(
        folder,
        "vendor_invoice_line",
        "company,vendor,invoice_number,line_number,invoice_date,project,category,amount,currency\n"
        + "".join(f"HOME,V1,I1,{n},2016-03-01,P1,TRAVEL,{n}.01,GBP\n" for n in range(1, count + 1)),
    )
    total = sum((Decimal(n) + Decimal("0.01") for n in range(1, count + 1)), Decimal(0))
    assert total == Decimal("720612.00")
    assert post_vendor_invoices(actor=OPERATOR, company=COMPANY) == PostedDocuments(1, count, total, 0)
    one_voucher = "select count(distinct voucher_id), count(*), sum(abs(accounting_amount))"
    assert proofs.rows(FINANCE, f"{one_voucher} from finance_voucher_line") == [(1, count + 1, 2 * total)]
    deliver_all(actor=OPERATOR)
    arrived = "select count(distinct document_id), count(*), sum(amount) from operations_vendor_invoice_line"
    assert proofs.rows(OPERATIONS, arrived) == [(1, count, total)]
    approved = approve_documents(actor=OPERATOR, company=COMPANY)
    assert (approved.approved, approved.amount_approved, approved.refused) == (count, total, 0)
    assert to_vouchers_and_back().lines == 2 * count
    assert proofs.trial(COMPANY)["1920"] == 0
    assert proofs.cost_is_what_finance_posted() == {("HOME", "GBP"): (count, total)}
    assert proofs.every_synced_actual_has_its_voucher() == 2 * count
    assert each_source_line() == [("reconciled", "", count)]
    proofs.nothing_waits()
    assert date(2016, 3, 1) == proofs.rows(FINANCE, "select max(accounting_date) from finance_voucher")[0][0]
