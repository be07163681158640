"""Set-up of companies that share a chart of accounts and a calendar: open months, posting, numbers."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.utils import timezone

ACCOUNTS: Final = {
    "1910": ("Expense integration", "asset"),
    "1920": ("Procurement integration", "asset"),
    "1410": ("Work in progress: cost value", "asset"),
    "1420": ("Work in progress: cost value of items", "asset"),
    "1430": ("Work in progress: sales value", "asset"),
    "1300": ("Trade debtors", "asset"),
    "2000": ("Trade creditors", "liability"),
    "2100": ("Due to employees", "liability"),
    "8000": ("Intercompany revenue", "revenue"),
    "8100": ("Accrued revenue", "revenue"),
    "6000": ("Project cost", "expense"),
    "6100": ("Intercompany cost", "expense"),
    "6900": ("Payroll allocation", "expense"),
    "6910": ("Expense offset", "expense"),
    "6920": ("Cost of items used", "expense"),
}

_Table = tuple[str, Iterable[Sequence[object]]]

_BILLING_TYPES = ("not_specified", "chargeable", "non_chargeable", "complimentary", "not_available")
_SEQUENCES = {
    "vendor_invoice_voucher": "VI",
    "expense_voucher": "EX",
    "integration_journal": "IJ",
    "integration_journal_voucher": "IV",
    "post_costs_voucher": "PC",
    "intercompany_invoice": "II",
    "intercompany_invoice_voucher": "IC",
    "intercompany_vendor_voucher": "IP",
}
_POSTING = {
    "cost": "6000",
    "payroll_allocation": "6900",
    "expense_offset": "6910",
    "cost_item": "6920",
    "wip_cost_value": "1410",
    "wip_cost_value_item": "1420",
    "wip_sales_value": "1430",
    "accrued_revenue": "8100",
    "vendor": "2000",
    "employee": "2100",
    "customer": "1300",
    "intercompany_revenue": "8000",
    "intercompany_cost": "6100",
}


@dataclass(frozen=True, slots=True)
class Books:
    """One company, its accounting currency, and the unit of the same code that works in it."""

    company: str
    name: str
    currency: str


def write(folder: Path, companies: Sequence[Books], *, first_year: int) -> Path:
    """Write the set-up of companies as a folder that ``tieout load setup`` takes; return the folder.

    Months are open from the first year to the end of next year: today's preset window needs its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for entity, (header, rows) in (_shared(companies, first_year) | _of_each(companies, first_year)).items():
        write_file(folder / f"{entity}.csv", header, rows)
    return folder


def write_file(path: Path, header: str, rows: Iterable[Sequence[object]]) -> Path:
    """Write one file; return its path."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


def _months(first_year: int) -> list[tuple[date, date]]:
    return [
        (date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        for year in range(first_year, timezone.localdate().year + 2)
        for month in range(1, 13)
    ]


def _shared(companies: Sequence[Books], first_year: int) -> dict[str, _Table]:
    currencies = sorted({one.currency for one in companies})
    return {
        "currency": ("code,name,digits", [(code, code, 2) for code in currencies]),
        "account": (
            "chart,number,name,kind",
            [("MAIN", number, name, kind) for number, (name, kind) in ACCOUNTS.items()],
        ),
        "fiscal_period": (
            "calendar,year,name,start,end",
            [("MONTHS", first.year, f"{first:%Y-%m}", first, last) for first, last in _months(first_year)],
        ),
    }


def _of_each(companies: Sequence[Books], first_year: int) -> dict[str, _Table]:
    return {
        "company": (
            "code,name,currency,chart,calendar",
            [(one.company, one.name, one.currency, "MAIN", "MONTHS") for one in companies],
        ),
        "period_status": (
            "company,calendar,year,name,status",
            [
                (one.company, "MONTHS", first.year, f"{first:%Y-%m}", "open")
                for one in companies
                for first, _ in _months(first_year)
            ],
        ),
        "integration_parameters": (
            "company,expense_integration_account,procurement_integration_account,period_unit,line_limit",
            [(one.company, "1910", "1920", "months", 0) for one in companies],
        ),
        "line_property": (
            "company,billing_type,line_property",
            [(one.company, kind, kind) for one in companies for kind in _BILLING_TYPES],
        ),
        "number_sequence": (
            "company,reference,prefix,digits",
            [
                (one.company, reference, prefix, 6)
                for one in companies
                for reference, prefix in _SEQUENCES.items()
            ],
        ),
        "organizational_unit": (
            "code,name,company,currency",
            [(one.company, one.name, one.company, one.currency) for one in companies],
        ),
        "posting_profile": (
            "company,posting_type,account",
            [
                (one.company, posting_type, account)
                for one in companies
                for posting_type, account in _POSTING.items()
            ],
        ),
    }
