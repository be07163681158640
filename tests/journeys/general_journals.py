"""The small world with a company that accrues expenses, and general journals of it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import connections
from tests.journeys import chain
from tests.scale import world

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.kernel.access import Actor
from tieout.loading.actions import load, load_set_up

COMPANY = world.COMPANY
MAKER = Actor("ada", frozenset({"project_accountant"}), frozenset({COMPANY}))
POSTER = Actor("cleo", frozenset({"project_accountant"}), frozenset({COMPANY}))
OFFSET, COST, WIP_SALES, ACCRUED = "695000", "540100", "161300", "420200"

_SETUP: dict[str, tuple[str, Sequence[Sequence[object]]]] = {
    "account": (
        "chart,number,name,kind",
        [
            ("MAIN", OFFSET, "General journal offset", "expense"),
            ("MAIN", WIP_SALES, "WIP - sales value", "asset"),
            ("MAIN", ACCRUED, "Accrued revenue - sales value", "revenue"),
        ],
    ),
    "number_sequence": (
        "company,reference,prefix,digits",
        [(COMPANY, "general_journal_voucher", "GV-", 6), (COMPANY, "general_journal", "GJ-", 6)],
    ),
    "posting_profile": (
        "company,posting_type,account",
        [(COMPANY, "wip_sales_value", WIP_SALES), (COMPANY, "accrued_revenue", ACCRUED)],
    ),
    "contract_line": ("contract,line_number,name,billing_method", [("K1", 2, "Lump", "fixed_price")]),
    "project": (
        "number,name,company,contracting_unit,stage,contract,contract_line",
        [("LUMP", "Fixed price", COMPANY, "UNIT", "sold", "K1", 2)],
    ),
    "project_profile": (
        "company,billing_method,code,accrue_time,accrue_expense,accrue_material",
        [
            (COMPANY, "time_and_materials", "TM", "yes", "yes", "yes"),
            (COMPANY, "fixed_price", "FP", "no", "no", "no"),
        ],
    ),
    "profile_rule": (
        "company,billing_method,profile",
        [(COMPANY, "time_and_materials", "TM"), (COMPANY, "fixed_price", "FP")],
    ),
}


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def set_up(folder: Path) -> None:
    """Load the small world, the accounts of its accruals and a project at a fixed price."""
    chain.write_world(folder)
    chain.set_up(folder)
    for entity, (header, rows) in _SETUP.items():
        write(folder / "more" / f"{entity}.csv", header.split(","), rows)
    load_set_up(actor=chain.CLERK, folder=folder / "more")
    deliver_all(actor=chain.CLERK)


def enter(folder: Path, journal: str, *lines: Mapping[str, object]) -> None:
    """Load a journal from a file: expenses of 100 on SOLD, but as each line says."""
    usual = {
        "company": COMPANY,
        "journal": journal,
        "accounting_date": "2016-03-10",
        "project": "SOLD",
        "category": "C01",
        "debit": "100",
        "currency": "GBP",
        "offset_account": OFFSET,
    }
    rows: list[dict[str, Any]] = [{**usual, "line_number": n, **said} for n, said in enumerate(lines, 1)]
    header = list(dict.fromkeys(name for row in rows for name in row))
    path = write(folder / f"{journal}.csv", header, [[row.get(name, "") for name in header] for row in rows])
    done = load(actor=MAKER, entity="general_journal_line", files=[path])
    assert done.codes == {}, done


def finance(query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on finance."""
    return _rows(FINANCE, query)


def operations(query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on operations."""
    return _rows(OPERATIONS, query)


def _rows(alias: str, query: str) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]
