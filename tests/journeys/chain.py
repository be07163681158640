"""The whole chain on a small world, as a function and as a program that can be killed.

``python -m tests.journeys.chain --kill-after N`` runs it in the databases of the environment and ends itself
with ``kill -9`` right after the N-th commit, whichever database and stage that is. Without the option it runs
to the end and prints how many commits it made.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
from tests.scale import world

from tieout.config import logs

INVOICES = 6
EXPENSES = 12
TIME_ENTRIES = 8


def write_world(folder: Path) -> None:
    """Write set-up and documents of the small world: invoices, expenses, and time on a sold project."""
    world.write_setup(folder / "setup")
    _append(
        folder / "setup" / "project.csv",
        [["SOLD", "Sold project", world.COMPANY, "UNIT", "sold", "K1", "1"]],
        header=["number", "name", "company", "contracting_unit", "stage", "contract", "contract_line"],
        old=["", ""],
    )
    for entity, header, rows in _sold_setup():
        _append(folder / "setup" / f"{entity}.csv", rows, header=header)
    world.write_invoices(folder / "vendor_invoice_line.csv", 0, INVOICES * world.LINES_PER_INVOICE)
    _append(
        folder / "expense_line.csv",
        [
            [
                world.COMPANY,
                f"R{i // 4}",
                i % 4 + 1,
                "BEA",
                "C01",
                "SOLD" if i % 2 else "P0001",
                "2016-03-01",
                f"{10 + i}.25",
                "GBP",
                f"Expense {i}",
            ]
            for i in range(EXPENSES)
        ],
        header=[
            "company",
            "report_number",
            "line_number",
            "resource",
            "category",
            "project",
            "transaction_date",
            "amount",
            "currency",
            "description",
        ],
    )
    _append(
        folder / "time_entry.csv",
        [
            [
                world.COMPANY,
                f"T{i}",
                "BEA",
                "SOLD",
                "DEV",
                date(2016, 2, 1) + timedelta(days=i),
                "7.5",
                f"Work {i}",
            ]
            for i in range(TIME_ENTRIES)
        ],
        header=["company", "external_id", "resource", "project", "role", "date", "hours", "description"],
    )


def _sold_setup() -> Iterable[tuple[str, list[str], list[list[object]]]]:
    company = world.COMPANY
    yield "customer", ["account_number", "name", "company"], [["CU1", "Customer", company]]
    yield (
        "contract",
        ["number", "name", "customer", "company", "contracting_unit", "currency"],
        [["K1", "Contract", "CU1", company, "UNIT", "GBP"]],
    )
    yield (
        "contract_line",
        ["contract", "line_number", "name", "billing_method"],
        [["K1", 1, "Work", "time_and_materials"]],
    )
    yield "role", ["code", "name"], [["DEV", "Developer"]]
    yield (
        "resource",
        ["code", "name", "organizational_unit", "company"],
        [["BEA", "Bea", "UNIT", company]],
    )
    yield (
        "price_list",
        ["code", "name", "context", "currency", "valid_from", "valid_to", "organizational_unit", "contract"],
        [
            ["COST", "Cost", "cost", "GBP", "2016-01-01", "2016-12-31", "UNIT", ""],
            ["SALES", "Sales", "sales", "GBP", "2016-01-01", "2016-12-31", "", "K1"],
        ],
    )
    yield (
        "role_price",
        ["price_list", "role", "resourcing_unit", "unit", "price"],
        [["COST", "DEV", "", "hour", "80"], ["SALES", "DEV", "", "hour", "120"]],
    )


def _append(path: Path, rows: list[list[Any]], *, header: list[str], old: list[str] | None = None) -> None:
    """Add ``rows`` to a file; rows that are there get ``old`` in the columns that the new header adds."""
    before: list[list[str]] = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            before = [line + (old or []) for line in list(csv.reader(file))[1:]]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(before + rows)


def run_chain(folder: Path) -> None:
    """Load the world in ``folder`` and take it through every hop; may be run again after any crash."""
    from tieout.dualwrite.delivery.actions import deliver_all
    from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
    from tieout.finance.journals.actions import import_from_staging, post_integration_journals
    from tieout.kernel.access import Actor
    from tieout.loading.actions import load, load_set_up
    from tieout.operations.approvals.actions import approve_documents, approve_time, submit_time
    from tieout.reconciliation.collectors.actions import collect

    clerk = Actor("clerk", frozenset({"administrator", "system", "ap_clerk", "project_accountant"}), None)
    bea = Actor("bea", frozenset({"resource"}), None)
    manager = Actor("max", frozenset({"project_manager"}), None)
    load_set_up(actor=clerk, folder=folder / "setup")
    deliver_all(actor=clerk, batch_size=100)
    for entity in ("vendor_invoice_line", "expense_line", "time_entry"):
        load(actor=clerk, entity=entity, files=[folder / f"{entity}.csv"])
    company = {"company": world.COMPANY}
    verbs: list[tuple[Callable[..., object], Actor]] = [
        (post_vendor_invoices, clerk),
        (post_expense_reports, clerk),
        (submit_time, bea),
        (approve_time, manager),
    ]
    for verb, actor in verbs:
        verb(actor=actor, **company)
    deliver_all(actor=clerk, batch_size=25)
    approve_documents(actor=clerk, **company)
    deliver_all(actor=clerk, batch_size=25)
    import_from_staging(actor=clerk, **company)
    post_integration_journals(actor=clerk, **company)
    deliver_all(actor=clerk, batch_size=25)
    collect(actor=clerk)


BOOKS = """
select coalesce(i.invoice_number, r.report_number, l.source_kind) as document,
       coalesce(il.line_number, el.line_number, 0) as line,
       v.document_kind, e.account, e.accounting_amount
from finance_voucher v
join finance_voucher_line e on e.voucher_id = v.id
left join finance_integration_journal_line l on l.id = v.document_id
left join finance_vendor_invoice_line il on il.id = coalesce(l.source_id, e.source_line_id)
left join finance_vendor_invoice i on i.id = coalesce(il.invoice_id, v.document_id)
left join finance_expense_line el on el.id = coalesce(l.source_id, e.source_line_id)
left join finance_expense_report r on r.id = coalesce(el.report_id, v.document_id)
order by 1, 2, 3, 4, 5
"""

COUNTS = {
    "finance": "select (select count(*) from finance_voucher), (select count(*) from finance_staged_actual),"
    " (select count(*) from finance_staged_connection), (select count(*) from finance_integration_journal_line),"
    " (select count(*) from finance_posting_queue), (select count(*) from outbox_entry),"
    " (select count(*) from finance_intake where processed_at is null)",
    "operations": "select (select count(*) from operations_actual), (select count(*) from operations_approval),"
    " (select count(*) from operations_transaction_connection), (select count(*) from operations_actual_posting),"
    " (select count(*) from operations_transaction_origin), (select count(*) from outbox_entry),"
    " (select count(*) from operations_intake where processed_at is null)",
    "reconciliation": "select (select count(*) from fact_source_line), (select count(*) from fact_posting),"
    " (select count(*) from fact_ledger_entry), (select count(*) from fact_write_back)",
}


def books() -> dict[str, Any]:
    """Return what must be the same however the chain got there: every ledger entry by document, all counts."""
    from django.db import connections

    found: dict[str, Any] = {}
    for alias, query in COUNTS.items():
        with connections[alias].cursor() as cursor:
            cursor.execute(query)
            found[alias] = cursor.fetchone()
    with connections["finance"].cursor() as cursor:
        cursor.execute(BOOKS)
        found["entries"] = [(*row[:4], Decimal(row[4])) for row in cursor.fetchall()]
    return found


def kill_after(commits: int) -> Callable[[], int]:
    """End this program with ``kill -9`` after that many commits (0: never); return a counter."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    made = 0
    commit = BaseDatabaseWrapper._commit  # noqa: SLF001  the one place through which every commit goes

    def counted(self: BaseDatabaseWrapper) -> None:
        nonlocal made
        commit(self)
        made += 1
        if made == commits:
            os.kill(os.getpid(), signal.SIGKILL)

    BaseDatabaseWrapper._commit = counted  # type: ignore[method-assign]  # noqa: SLF001
    return lambda: made


def main(arguments: list[str]) -> int:
    """Run the chain in the databases of the environment; print the number of commits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kill-after", type=int, default=0)
    options = parser.parse_args(arguments)
    logs.configure()
    django.setup()
    made = kill_after(options.kill_after)
    run_chain(options.folder)
    sys.stdout.write(f"{made()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
