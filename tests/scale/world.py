"""A world of any size for measuring, in one company.

Internal projects with vendor invoices of ten lines each, and projects on time and materials with the time of
five hundred people.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

PROJECTS: Final = 200
VENDORS: Final = 1_000
CATEGORIES: Final = 20
LINES_PER_INVOICE: Final = 10
RESOURCES: Final = 3_000  # a million entries are one a day for each of them
ROLES: Final = 20
SOLD_PROJECTS: Final = 100
COMPANY: Final = "BIGCO"

_SETUP: Final[dict[str, list[dict[str, object]]]] = {
    "currency": [{"code": "GBP", "name": "Pound sterling", "digits": 2}],
    "company": [
        {
            "code": COMPANY,
            "name": "Big Company",
            "currency": "GBP",
            "reporting_currency": "GBP",
            "chart": "MAIN",
            "calendar": "CAL",
        }
    ],
    "account": [
        {"chart": "MAIN", "number": number, "name": name, "kind": kind}
        for number, name, kind in (
            ("200100", "Vendors", "liability"),
            ("250100", "Employees", "liability"),
            ("300100", "Procurement integration", "asset"),
            ("300200", "Expense integration", "asset"),
            ("540100", "Project cost", "expense"),
            ("600300", "Payroll allocation", "expense"),
            ("600400", "Expense offset", "expense"),
            ("600500", "Cost of items used", "expense"),
        )
    ],
    "integration_parameters": [
        {
            "company": COMPANY,
            "expense_integration_account": "300200",
            "procurement_integration_account": "300100",
            "period_unit": "months",
            "line_limit": 0,
            "auto_open_period": "no",
        }
    ],
    "line_property": [
        {"company": COMPANY, "billing_type": billing_type, "line_property": "standard"}
        for billing_type in (
            "not_specified",
            "chargeable",
            "non_chargeable",
            "complimentary",
            "not_available",
        )
    ],
    "number_sequence": [
        {"company": COMPANY, "reference": reference, "prefix": prefix, "digits": 8, "next_number": 1}
        for reference, prefix in (
            ("vendor_invoice_voucher", "VI-"),
            ("expense_voucher", "EX-"),
            ("integration_journal", "IJ-"),
            ("integration_journal_voucher", "PV-"),
        )
    ],
    "posting_profile": [
        {"company": COMPANY, "posting_type": posting_type, "project": "", "category": "", "account": account}
        for posting_type, account in (
            ("vendor", "200100"),
            ("employee", "250100"),
            ("cost", "540100"),
            ("payroll_allocation", "600300"),
            ("expense_offset", "600400"),
            ("cost_item", "600500"),
        )
    ],
    "organizational_unit": [{"code": "UNIT", "name": "Unit", "company": COMPANY, "currency": "GBP"}],
}


_SOLD: Final[dict[str, list[dict[str, object]]]] = {
    "customer": [{"company": COMPANY, "account_number": "CUST", "name": "Customer"}],
    "contract": [
        {
            "number": "K1",
            "name": "Contract",
            "company": COMPANY,
            "customer": "CUST",
            "contracting_unit": "UNIT",
            "currency": "GBP",
        }
    ],
    "contract_line": [
        {"contract": "K1", "line_number": 1, "name": "Work", "billing_method": "time_and_materials"}
    ],
    "price_list": [
        {
            "code": "COST",
            "context": "cost",
            "currency": "GBP",
            "valid_from": "2016-01-01",
            "valid_to": "2016-12-31",
            "organizational_unit": "UNIT",
            "contract": "",
        },
        {
            "code": "SALES",
            "context": "sales",
            "currency": "GBP",
            "valid_from": "2016-01-01",
            "valid_to": "2016-12-31",
            "organizational_unit": "",
            "contract": "K1",
        },
    ],
}


def write_setup(folder: Path, *, with_time: bool = False) -> None:
    """Write the set-up files of the world into ``folder``, one per entity; with what time needs, if asked."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = dict(_SETUP)
    tables["fiscal_period"] = [
        {
            "calendar": "CAL",
            "year": "2016",
            "name": f"2016-{month:02}",
            "kind": "operating",
            "start": date(2016, month, 1),
            "end": (date(2016, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1),
        }
        for month in range(1, 13)
    ]
    tables["vendor"] = [
        {"company": COMPANY, "account_number": f"V{i:05}", "name": f"Vendor {i}"} for i in range(VENDORS)
    ]
    tables["category"] = [
        {"code": f"C{i:02}", "name": f"Category {i}", "transaction_class": "expense"}
        for i in range(CATEGORIES)
    ]
    tables["project"] = [
        {
            "number": f"P{i:04}",
            "name": f"Project {i}",
            "company": COMPANY,
            "contracting_unit": "UNIT",
            "stage": "internal",
        }
        for i in range(PROJECTS)
    ]
    if with_time:
        tables |= _sold_setup(tables["project"])
    for entity, rows in tables.items():
        _write(folder / f"{entity}.csv", rows)


def _sold_setup(internal: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    """Return the tables of projects on time and materials and of the people who work on them."""
    sold: list[dict[str, object]] = [
        {
            "number": f"S{i:04}",
            "name": f"Sold project {i}",
            "company": COMPANY,
            "contracting_unit": "UNIT",
            "stage": "sold",
            "contract": "K1",
            "contract_line": 1,
        }
        for i in range(SOLD_PROJECTS)
    ]
    return _SOLD | {
        "project": [*({**row, "contract": "", "contract_line": ""} for row in internal), *sold],
        "role": [{"code": f"R{i:02}", "name": f"Role {i}"} for i in range(ROLES)],
        "resource": [
            {"code": f"B{i:03}", "name": f"Person {i}", "organizational_unit": "UNIT", "company": COMPANY}
            for i in range(RESOURCES)
        ],
        "role_price": [
            {"price_list": price_list, "role": f"R{i:02}", "price": price + i}
            for price_list, price in (("COST", 40), ("SALES", 90))
            for i in range(ROLES)
        ],
    }


def write_invoices(path: Path, first: int, lines: int) -> None:
    """Write ``lines`` invoice lines from number ``first`` on, ten to an invoice, spread over a year."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "company",
                "vendor",
                "invoice_number",
                "line_number",
                "invoice_date",
                "accounting_date",
                "project",
                "category",
                "description",
                "quantity",
                "unit_price",
                "amount",
                "currency",
            ]
        )
        start = date(2016, 1, 1)
        for number in range(first, first + lines):
            invoice, line = divmod(number, LINES_PER_INVOICE)
            day = start + timedelta(days=invoice * 7 % 366)
            cents = (number * 7919) % 1_000_000 + 1
            amount = f"{cents // 100}.{cents % 100:02}"
            writer.writerow(
                [
                    COMPANY,
                    f"V{invoice % VENDORS:05}",
                    f"INV{invoice:08}",
                    line + 1,
                    day,
                    day,
                    f"P{number % PROJECTS:04}",
                    f"C{number % CATEGORIES:02}",
                    f"Line {line + 1} of invoice {invoice}",
                    "1",
                    amount,
                    amount,
                    "GBP",
                ]
            )


def write_time(path: Path, first: int, entries: int) -> None:
    """Write time entries from number ``first`` on: each of the people once a day, day after day of a year."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["company", "external_id", "resource", "project", "role", "date", "hours", "description"]
        )
        start = date(2016, 1, 1)
        for number in range(first, first + entries):
            day, person = divmod(number, RESOURCES)
            writer.writerow(
                [
                    COMPANY,
                    f"T{number:09}",
                    f"B{person:03}",
                    f"S{person % SOLD_PROJECTS:04}",
                    f"R{person % ROLES:02}",
                    start + timedelta(days=day % 366),
                    f"{number % 8 + 1}.25",
                    f"Work of day {day}",
                ]
            )


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
