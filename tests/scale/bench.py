"""``make bench``: our rate beside the engine's limit for the same rows, stage by stage (DESIGN section 6).

The rows go through the chain in parts; after each part of a stage the limit is measured on the rows that the
part wrote, so that ours and the limit are interleaved in one run. The median of the parts' ratios counts.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import connections

from tests.scale import world
from tests.scale.limit import Measured, measure
from tests.scale.server import own_server

if TYPE_CHECKING:
    from tests.scale.stages import Chain

# A full outer join of the facts that the reconciliation reads, and nothing else: what full reconciliation is
# measured against.
BARE_JOIN = """
select count(*), sum(s.accounting_amount)
from fact_source_line s
full outer join fact_document d on d.line_id = s.line_id
full outer join fact_approval p on p.document_id = s.line_id
full outer join fact_actual a on a.source_id = s.line_id
full outer join fact_staged t on t.actual_id = a.actual_id
full outer join fact_journal_line j on j.actual_id = a.actual_id
full outer join fact_posting g on g.line_id = j.line_id
"""


PAGE: Final = """\
# Performance

<!-- Made by `make bench WRITE=1`; do not edit. -->

What each stage of the chain does per second beside the *engine's limit*: a binary `COPY` of the very rows
that the stage wrote, into tables with the same columns, indexes and constraints, no triggers, one session, in
the same run. Rates differ between machines and hours; the ratio is what counts. *Keys only* is the same into
tables with nothing but their primary keys. The rows go through the chain in three parts, and the limit is
measured after each part of each stage; a figure is the median of the three. The server is the embedded
PostgreSQL, durable.
"""


def main(arguments: list[str]) -> int:
    """Run the bench for each size and print its tables as Markdown; return the exit code."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="vendor invoice lines; may be repeated")
    parser.add_argument("--parts", type=int, default=3, help="parts that the rows go through the chain in")
    parser.add_argument(
        "--time", action="store_true", help="also load, submit and approve as many time entries"
    )
    parser.add_argument("--write", type=Path, help="write the page to this file")
    options = parser.parse_args(arguments)
    sizes = options.size or [100_000]
    if len(sizes) == 1 and not options.write:
        _bench(sizes[0], options.parts, with_time=options.time)
        return 0
    # One program per size, so that its peak memory is its own.
    time_too = ["--time"] if options.time else []
    command = [sys.executable, "-m", "tests.scale.bench", *time_too, "--parts", str(options.parts), "--size"]
    tables = [
        subprocess.run([*command, str(size)], check=True, stdout=subprocess.PIPE, text=True).stdout
        for size in sizes
    ]
    page = "\n".join(
        [PAGE, *(f"## {size:,} lines\n\n{table}" for size, table in zip(sizes, tables, strict=True))]
    )
    sys.stdout.write(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return 0


def _bench(size: int, parts: int, *, with_time: bool) -> None:
    with own_server("bench") as folder:
        _run(folder, size, parts, with_time=with_time)


def _run(folder: Path, size: int, parts: int, *, with_time: bool) -> None:
    from tests.scale.stages import Chain

    chain = Chain(folder)
    chain.load_setup()
    measured: list[Measured] = []
    per_part = size // parts // world.LINES_PER_INVOICE * world.LINES_PER_INVOICE
    for part in range(parts):
        path = folder / f"invoices-{part}.csv"
        world.write_invoices(path, part * per_part, per_part)
        for stage, writes, run in chain.stages(path):
            measured.append(measure(stage, per_part, writes, run))
            sys.stderr.write(f"part {part + 1}/{parts}: {stage}\n")
        path.unlink()
    reconciled = _reconciliation(chain.reconcile, per_part * parts) + _seals(chain)
    # After the documents, whose stages would else carry time as well.
    for part in range(parts if with_time else 0):
        path = folder / f"time-{part}.csv"
        world.write_time(path, part * per_part, per_part)
        for stage, writes, run in chain.time_stages(path):
            measured.append(measure(stage, per_part, writes, run))
            sys.stderr.write(f"part {part + 1}/{parts}: {stage}\n")
        path.unlink()
    _print_stages(measured, per_part * parts)
    sys.stdout.write(reconciled)
    if with_time:
        from tests.scale import pricing

        sys.stdout.write(pricing.one_by_one(folder, per_part * parts))
        sys.stdout.write(pricing.growth())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        f"\nPeak memory of our process: {peak} MB. Balance of the procurement integration account: "
    )
    sys.stdout.write(f"{chain.balance()}.\n")


def _print_stages(measured: list[Measured], rows: int) -> None:
    today = datetime.now(UTC).date()
    sys.stdout.write(f"{rows:,} vendor invoice lines, {os.cpu_count()} cores, {today}\n\n")
    sys.stdout.write("| stage | lines/s | of the limit | of the limit, keys only | rows written per line |\n")
    sys.stdout.write("|---|---:|---:|---:|---:|\n")
    for stage in dict.fromkeys(one.stage for one in measured):
        of_stage = [one for one in measured if one.stage == stage]
        rate = statistics.median(one.rows / one.ours for one in of_stage)
        limit = statistics.median(one.limit / one.ours for one in of_stage)
        bare = statistics.median(one.limit_bare / one.ours for one in of_stage)
        written = sum(sum(one.written.values()) for one in of_stage) / sum(one.rows for one in of_stage)
        sys.stdout.write(f"| {stage} | {rate:,.0f} | {limit:.2f} | {bare:.2f} | {written:.1f} |\n")


def _reconciliation(reconcile: Callable[[], object], rows: int) -> str:
    """Return what full reconciliation takes beside a bare join, as a sentence."""
    ours, bare = [], []
    for _ in range(3):
        started = time.perf_counter()
        reconcile()
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        with connections["reconciliation"].cursor() as cursor:
            cursor.execute(BARE_JOIN)
            cursor.fetchall()
        bare.append(time.perf_counter() - started)
    ratio = statistics.median(ours) / statistics.median(bare)
    return (
        f"\nFull reconciliation of {rows:,} lines: {statistics.median(ours):.2f} s, {ratio:.2f} x a bare full"
        f" outer join of the same facts ({statistics.median(bare):.2f} s).\n"
    )


def _seals(chain: Chain) -> str:
    """Return what it takes to seal all that was posted, and to read it again, as a sentence."""
    started = time.perf_counter()
    vouchers = chain.seal()
    sealed = time.perf_counter()
    sound = chain.verify()
    verified = time.perf_counter()
    return (
        f"\nSealing {vouchers:,} vouchers: {sealed - started:.1f} s. Reading them again, each night:"
        f" {verified - sealed:.1f} s, {'sound' if sound else 'NOT sound'}.\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
