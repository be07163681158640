"""Files of a small firm: two companies in euro and dollar, with everything that documents refer to."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from django.db import connections
from tests.databases import kept_world

from tieout.kernel.access import Actor, Role
from tieout.loading.actions import Loaded, load, load_set_up

OPERATOR: Final = Actor(
    name="operator",
    roles=frozenset({Role.ADMINISTRATOR, Role.INTEGRATOR, Role.PROJECT_ACCOUNTANT, Role.SYSTEM}),
    companies=None,
)
SET_UP: Final = {
    "currency": "code,name,digits\nEUR,Euro,2\nUSD,US dollar,2\nJPY,Yen,0\n",
    "company": "code,name,currency,chart,calendar\nNL01,Tide,EUR,main,cal\nUS01,Ebb,USD,main,cal\n",
    "account": "chart,number,name,kind\nmain,1910,Expense integration,asset\n"
    "main,1920,Procurement integration,asset\nmain,2000,Vendors,liability\n",
    "fiscal_period": "calendar,year,name,start,end\ncal,2024,2024-01,2024-01-01,2024-01-31\n",
    "period_status": "company,calendar,year,name,status\nNL01,cal,2024,2024-01,open\n",
    "exchange_rate": "from_currency,to_currency,date,rate\nUSD,EUR,2024-01-10,90\n"
    "USD,EUR,2024-01-20,92.345\n",
    "integration_parameters": "company,expense_integration_account,procurement_integration_account\n"
    "NL01,1910,1920\n",
    "line_property": "company,billing_type,line_property\nNL01,chargeable,Billable\n",
    "number_sequence": "company,reference,prefix,digits\nNL01,vendor_invoice_voucher,VI,4\n",
    "vendor": "company,account_number,name\nNL01,V1,Rope & Co\nUS01,V1,Anchor Inc\n",
    "organizational_unit": "code,name,company,currency\nNL,Netherlands,NL01,EUR\nUS,America,US01,USD\n",
    "role": "code\nDEV\n",
    "resource": "code,name,organizational_unit,company\nBEA,Bea,NL,NL01\nSAM,Sam,US,US01\n",
    "category": "code,transaction_class\nTRAVEL,expense\nGOODS,material\n",
    "customer": "account_number,name,company\nC1,Harbour,NL01\n",
    "contract": "number,customer,company,contracting_unit,currency\nK1,C1,NL01,NL,EUR\n",
    "contract_line": "contract,line_number,name,billing_method\nK1,1,Work,time_and_materials\n",
    "project": "number,company,contracting_unit,stage,contract,contract_line\n"
    "QUAY,NL01,NL,sold,K1,1\nOFFICE,NL01,NL,internal,,\nPIER,US01,US,internal,,\n",
    "price_list": "code,context,currency,valid_from,valid_to,organizational_unit,contract\n"
    "COST,cost,EUR,2024-01-01,2024-12-31,NL,\nSALES,sales,EUR,2024-01-01,2024-12-31,,K1\n",
    "role_price": "price_list,role,resourcing_unit,price\nCOST,DEV,,60\nSALES,DEV,NL,125.50\n",
    "posting_profile": "company,posting_type,project,category,account\nNL01,vendor,,,2000\n",
}


def set_up(folder: Path, **files: str) -> list[Loaded]:
    """Write the set-up, with some files replaced, and load it; the same files are loaded once."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {**SET_UP, **files}
    for entity, text in texts.items():
        (folder / f"{entity}.csv").write_text(text, encoding="utf-8")
    return kept_world(tuple(texts.items()), lambda: load_set_up(actor=OPERATOR, folder=folder))


def enter(folder: Path, entity: str, text: str, actor: Actor = OPERATOR, **options: Any) -> Loaded:
    """Load one file of one entity."""
    path = folder / f"{entity}.csv"
    path.write_text(text, encoding="utf-8")
    return load(actor=actor, entity=entity, files=[path], **options)


def outcome(done: Loaded) -> tuple[int, int, int, int]:
    """Return the rows read, loaded, already there and rejected."""
    read, loaded, there, rejected = (done.totals.rows(one) for one in done.totals.outcomes)
    return read, loaded, there, rejected


def reasons(done: Loaded) -> list[tuple[str, str, str]]:
    """Return row, codes and messages of the rejected rows."""
    return [
        (row["rejected_row"], row["rejected_code"], row["rejected_message"])
        for path in done.rejected_files
        for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())
    ]


def rows(alias: str, query: str, *parameters: str) -> list[tuple[Any, ...]]:
    """Return the rows that a query answers."""
    with connections[alias].cursor() as cursor:
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]


def lines(header: str, records: Iterable[str]) -> str:
    """Return a file of a header and records."""
    return "\n".join([header, *records]) + "\n"
