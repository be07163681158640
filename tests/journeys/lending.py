"""Ten hours of a lender's person on a borrower's project: 88 GBP, 120 USD and 200 USD an hour (TV-03)."""

from __future__ import annotations

from pathlib import Path

from tests.databases import kept_world
from tests.journeys import books, council

from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import load, load_set_up
from tieout.operations.approvals.actions import approve_entries, submit_entries

LENDER, BORROWER = books.Books("GBSI", "Lender", "GBP"), books.Books("USPM", "Borrower", "USD")
COMPANIES = (LENDER, BORROWER)
OPERATOR = council.OPERATOR
PEOPLE = Actor("people", frozenset({Role.RESOURCE}), None)
MANAGER = Actor("max", frozenset({Role.PROJECT_MANAGER}), None)
FILES = {
    "exchange_rate": "from_currency,to_currency,date,rate\nGBP,USD,2016-01-01,125\nUSD,GBP,2016-01-01,80\n",
    "customer": "account_number,name,company\nC1,Customer,USPM\nUSPM,Borrower,GBSI\n",
    "vendor": "account_number,name,company\nGBSI,Lender,USPM\n",
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
    "lending_relationship": "company,borrowing_company,accrue_revenue,customer,vendor\n"
    "GBSI,USPM,yes,USPM,GBSI\n",
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


def lend(tmp_path: Path) -> dict[str, PostedJournals]:
    """Set both companies up; enter, approve and post the hours. With the same files that is done once."""
    return kept_world(("lent", *FILES.items()), lambda: _lend(tmp_path))


def _lend(tmp_path: Path) -> dict[str, PostedJournals]:
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
