"""The whole chain on a small world: functions, and a program (``python -m tests.journeys.chain FOLDER``)."""

from __future__ import annotations

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
from tieout.kernel.access import Actor

CLERK = Actor("clerk", frozenset({"administrator", "system", "ap_clerk", "project_accountant"}), None)
BEA = Actor("bea", frozenset({"resource"}), None)
MANAGER = Actor("max", frozenset({"project_manager"}), None)
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
    set_up(folder)
    run_documents(folder)


def set_up(folder: Path) -> None:
    """Load the set-up of the world and carry its mirrors to the other side."""
    from tieout.dualwrite.delivery.actions import deliver_all
    from tieout.loading.actions import load_set_up

    load_set_up(actor=CLERK, folder=folder / "setup")
    deliver_all(actor=CLERK, batch_size=100)


def run_documents(folder: Path) -> None:
    """Load documents and time, and take them through every hop."""
    from tieout.dualwrite.delivery.actions import deliver_all
    from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
    from tieout.finance.imports.actions import import_from_staging
    from tieout.finance.journals.actions import post_integration_journals
    from tieout.loading.actions import load
    from tieout.operations.approvals.actions import approve_documents, approve_entries, submit_entries
    from tieout.reconciliation.collectors.actions import collect

    for entity in ("vendor_invoice_line", "expense_line", "time_entry"):
        load(actor=CLERK, entity=entity, files=[folder / f"{entity}.csv"])
    company = {"company": world.COMPANY}
    verbs: list[tuple[Callable[..., object], Actor]] = [
        (post_vendor_invoices, CLERK),
        (post_expense_reports, CLERK),
        (submit_entries, BEA),
        (approve_entries, MANAGER),
    ]
    for verb, actor in verbs:
        verb(actor=actor, **company)
    deliver_all(actor=CLERK, batch_size=25)
    approve_documents(actor=CLERK, **company)
    deliver_all(actor=CLERK, batch_size=25)
    import_from_staging(actor=CLERK, **company)
    post_integration_journals(actor=CLERK, company=world.COMPANY)
    deliver_all(actor=CLERK, batch_size=25)
    collect(actor=CLERK)


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
    "finance": (
        "voucher",
        "voucher_line",
        "staged_actual",
        "staged_connection",
        "integration_journal_line",
        "posting_queue",
        "staging_retry",
        "project",
        "category",
    ),
    "operations": (
        "actual",
        "approval",
        "transaction_connection",
        "transaction_origin",
        "actual_posting",
        "approval_retry",
        "vendor_invoice",
        "company",
        "vendor",
    ),
    "reconciliation": (),
}
FACTS = ("fact_source_line", "fact_posting", "fact_ledger_entry", "fact_write_back", "fact_actual")


def books() -> dict[str, Any]:
    """Return what must be the same however the chain got there: ledger entries by document, all counts."""
    from django.db import connections

    found: dict[str, Any] = {}
    for alias, names in COUNTS.items():
        tables = [f"{alias}_{name}" for name in names] or list(FACTS)
        tables += ["outbox_entry"] if names else []
        with connections[alias].cursor() as cursor:
            for table in tables:
                cursor.execute(f"select count(*) from {table}")
                found[table] = found.get(table, 0) + cursor.fetchone()[0]
    with connections["finance"].cursor() as cursor:
        cursor.execute(BOOKS)
        found["entries"] = [(*row[:4], Decimal(row[4])) for row in cursor.fetchall()]
    return found


def kill_after(commits: int) -> Callable[[], int]:
    """End this program with ``kill -9`` right after that many commits (0: never); return their counter."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    made = 0
    # The one place through which every commit goes; typed stubs leave it out.
    wrapper: Any = BaseDatabaseWrapper
    commit = wrapper._commit  # noqa: SLF001

    def counted(self: BaseDatabaseWrapper) -> None:
        nonlocal made
        commit(self)
        made += 1
        if made == commits:
            os.kill(os.getpid(), signal.SIGKILL)

    wrapper._commit = counted  # noqa: SLF001
    return lambda: made


def main(arguments: list[str]) -> int:
    """Run the chain on the world in a folder, in the databases of the environment.

    With ``--kill`` it is run again and again, by children: a line of the input says what of it (``chain`` or
    ``documents``) and after how many commits the child is killed; how it ended is a line of the output. This
    program itself does nothing that could not be forked: a pool of threads, once started, would stand still
    in a child.
    """
    logs.configure()
    django.setup()
    folder = Path(arguments[0])
    if "--kill" not in arguments:
        run_chain(folder)
        return 0
    for line in sys.stdin:
        part, commits = line.split()
        child = os.fork()
        if child == 0:
            kill_after(int(commits))
            (run_chain if part == "chain" else run_documents)(folder)
            os._exit(0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
