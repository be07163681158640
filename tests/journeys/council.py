"""The city council's books, set up from files: a company in pounds, its accounts, and open months.

The months reach from the first published year to the end of next year: today's preset window needs its own.
What the twelve published files hold is loaded with ``load_spend``; projects, categories and vendors are made
on the way, as the mapping profile says.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from django.utils import timezone

from tieout.kernel.access import Actor, Role
from tieout.loading.actions import Loaded, load, load_set_up

REPOSITORY: Final = Path(__file__).parents[2]
PROFILE: Final = REPOSITORY / "tests" / "profiles" / "council_spend.toml"
COMPANY: Final = "GBOC"
FIRST_YEAR: Final = 2014
ACCOUNTS: Final = {
    "1910": ("Expense integration", "asset"),
    "1920": ("Procurement integration", "asset"),
    "2000": ("Trade creditors", "liability"),
    "2100": ("Due to employees", "liability"),
    "6000": ("Project cost", "expense"),
    "6900": ("Payroll allocation", "expense"),
    "6910": ("Expense offset", "expense"),
    "6920": ("Cost of items used", "expense"),
}
CLERK: Final = Actor(name="clerk", roles=frozenset({Role.AP_CLERK}), companies=frozenset({COMPANY}))
OPERATOR: Final = Actor(
    name="operator",
    roles=frozenset({Role.ADMINISTRATOR, Role.INTEGRATOR, Role.PROJECT_ACCOUNTANT, Role.SYSTEM}),
    companies=None,
)

_BILLING_TYPES = ("not_specified", "chargeable", "non_chargeable", "complimentary", "not_available")
_SEQUENCES = {
    "vendor_invoice_voucher": "VI",
    "expense_voucher": "EX",
    "integration_journal": "IJ",
    "integration_journal_voucher": "IV",
}
_POSTING = {
    "cost": "6000",
    "payroll_allocation": "6900",
    "expense_offset": "6910",
    "cost_item": "6920",
    "vendor": "2000",
    "employee": "2100",
}


def set_up_files(folder: Path) -> Path:
    """Write the council's set-up as a folder that ``tieout load setup`` takes; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    months = [
        (date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        for year in range(FIRST_YEAR, timezone.localdate().year + 2)
        for month in range(1, 13)
    ]
    tables: dict[str, tuple[str, Iterable[Sequence[object]]]] = {
        "currency": ("code,name,digits", [("GBP", "Pound sterling", 2)]),
        "company": (
            "code,name,currency,chart,calendar",
            [(COMPANY, "City council", "GBP", "COUNCIL", "MONTHS")],
        ),
        "account": (
            "chart,number,name,kind",
            [("COUNCIL", number, name, kind) for number, (name, kind) in ACCOUNTS.items()],
        ),
        "fiscal_period": (
            "calendar,year,name,start,end",
            [("MONTHS", first.year, f"{first:%Y-%m}", first, last) for first, last in months],
        ),
        "period_status": (
            "company,calendar,year,name,status",
            [(COMPANY, "MONTHS", first.year, f"{first:%Y-%m}", "open") for first, _ in months],
        ),
        "integration_parameters": (
            "company,expense_integration_account,procurement_integration_account,period_unit,line_limit",
            [(COMPANY, "1910", "1920", "months", 0)],
        ),
        "line_property": (
            "company,billing_type,line_property",
            [(COMPANY, one, one) for one in _BILLING_TYPES],
        ),
        "number_sequence": (
            "company,reference,prefix,digits",
            [(COMPANY, reference, prefix, 6) for reference, prefix in _SEQUENCES.items()],
        ),
        "organizational_unit": ("code,name,company,currency", [(COMPANY, "City council", COMPANY, "GBP")]),
        "posting_profile": (
            "company,posting_type,account",
            [(COMPANY, posting_type, account) for posting_type, account in _POSTING.items()],
        ),
    }
    for entity, (header, rows) in tables.items():
        with (folder / f"{entity}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header.split(","))
            writer.writerows(rows)
    return folder


def set_up(folder: Path) -> list[Loaded]:
    """Set the council up in the databases, with files in ``folder``."""
    return load_set_up(actor=OPERATOR, folder=set_up_files(folder))


def load_spend(files: Sequence[Path], rejected: Path, *, dry_run: bool = False) -> Loaded:
    """Load published files through the mapping profile, as the accounts payable clerk."""
    return load(
        actor=CLERK,
        entity="vendor_invoice_line",
        files=files,
        profile=PROFILE,
        rejected=rejected,
        dry_run=dry_run,
    )
