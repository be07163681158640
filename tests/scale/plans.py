"""``make bench-plans``: what the server reads for the statements that matter, how often and by which index.

The chain is run as in the bench. When a statement that is asked for comes by with a full batch, it is first
explained and undone (``explain analyze`` in a savepoint), then run: the plan is that of the very call.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.db import connections, transaction

from tests.scale import world
from tests.scale.server import own_server

PAGE: Final = """\
# Plans

<!-- Made by `make bench-plans WRITE=1`; do not edit. -->

How the server answers the statements of the stages, each at the last full batch of {size:,} vendor invoice
lines and as many time entries ({cores} cores, {today}). What is read by key or index costs as much on a
million rows as here; *whole* is a table read from its first row to its last, which only tables may be that
set-up fills, or tables that are empty here (no rows). A table that holds one batch alone (`import_row`,
`posting_line` and the like) is read whole, because all of it is wanted.
"""
STATEMENTS: Final = (
    "tieout.operations.entries.submit_entries",
    "tieout.operations.approvals.approve_entries",
    "tieout.operations.approvals.approve_documents",
    "tieout.finance.imports.judge_rows",
    "tieout.finance.imports.write_lines",
    "tieout.finance.journals.take_lines",
    "tieout.finance.journals.judge_lines",
    "tieout.finance.journals.write_vouchers",
    "tieout.finance.journals.write_voucher_lines",
)

WRITES: Final = frozenset({"insert", "update", "delete"})
"""Ways that give no rows to count: what was written is not read."""

Node = dict[str, Any]
Plans = dict[str, Node]


def main(arguments: list[str]) -> int:
    """Run the chain and print what the server read for each statement, as Markdown."""
    parser = argparse.ArgumentParser(prog="plans", description=__doc__)
    parser.add_argument("--size", type=int, default=60_000, help="vendor invoice lines, and time entries")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    options = parser.parse_args(arguments)
    with own_server("plans") as folder:
        plans = _plans(folder, options.size)
        page = PAGE.format(size=options.size, cores=os.cpu_count(), today=datetime.now(UTC).date())
        page += "".join(_section(name, plans[name]) for name in STATEMENTS)
    sys.stdout.write(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return 0


def _plans(folder: Path, size: int) -> Plans:
    from tests.scale.stages import Chain
    from tieout.database import batches

    plans: Plans = {}
    vars(batches)["AT_ONCE"] = 1  # one batch after another: nothing else disturbs what is explained
    _explain_first(plans)
    chain = Chain(folder)
    chain.load_setup()
    invoices, times = folder / "invoices.csv", folder / "time.csv"
    world.write_invoices(invoices, 0, size // world.LINES_PER_INVOICE * world.LINES_PER_INVOICE)
    world.write_time(times, 0, size)
    for _, _, run in [*chain.stages(invoices), *chain.time_stages(times)]:
        run()
    return plans


def _explain_first(plans: Plans) -> None:
    """Let each statement of ``STATEMENTS`` be explained, and undone, before it is run."""
    from tieout.database import sql

    runs = {"run": sql.run, "rows": sql.rows}

    def explained(run: Any) -> Any:
        def first(alias: str, statement: sql.Statement, **parameters: Any) -> Any:
            if statement.name in STATEMENTS:
                found = _explained(alias, statement.text, parameters)
                if _work(found) >= _work(plans.get(statement.name, {})):
                    plans[statement.name] = found
            return run(alias, statement, **parameters)

        return first

    for name, run in runs.items():
        setattr(sql, name, explained(run))


def _explained(alias: str, text: str, parameters: dict[str, Any]) -> Node:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(f"explain (analyze, timing off, format json) {text}", parameters)
        answer: list[Node] = cursor.fetchone()[0]
        transaction.set_rollback(True, using=alias)
    return answer[0]


def _work(plan: Node) -> float:
    """Return how many rows the nodes of a plan gave: the call with a full batch gives the most."""
    return sum(_rows(node) for node in _nodes(plan["Plan"])) if plan else -1.0


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _rows(node: Node) -> float:
    return float(node["Actual Rows"] * node["Actual Loops"])


def _section(name: str, plan: Node) -> str:
    """Return what one statement read and wrote, as a table; what was never asked is left out."""
    reads: Counter[tuple[str, str]] = Counter()
    times: Counter[tuple[str, str]] = Counter()
    for node in _nodes(plan["Plan"]):
        if (way := _way(node)) and node["Actual Loops"]:
            reads[way] += round(_rows(node))
            times[way] += round(node["Actual Loops"])
    lines = [f"\n## {name.removeprefix('tieout.').replace('.', ' / ')}\n"]
    lines += [f"Planned in {plan['Planning Time']:.1f} ms.\n", "| table | how | times | rows |"]
    lines += ["|---|---|---:|---:|"]
    lines += [
        f"| `{table}` | {how} | {times[table, how]:,} | {'' if how in WRITES else f'{rows:,}'} |"
        for (table, how), rows in sorted(reads.items())
    ]
    return "\n".join([*lines, ""])


def _way(node: Node) -> tuple[str, str] | None:
    """Return which table a node reads or writes, and how; None for one that does neither."""
    kind, table = node["Node Type"], node.get("Relation Name", "")
    if kind == "ModifyTable":
        return table, node["Operation"].lower()
    if kind == "Bitmap Heap Scan":
        by = {one["Index Name"] for one in _nodes(node) if "Index Name" in one}
        return table, "by " + ", ".join(f"`{name}`" for name in sorted(by))
    if "Index Name" in node and table:
        return table, f"by `{node['Index Name']}`"
    if kind == "Tid Scan":
        return table, "by place"
    return (table, "whole") if table and kind == "Seq Scan" else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
