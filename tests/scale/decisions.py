"""``make bench-decisions``: the figures of the decisions, measured again.

::

    voucher-lines   decision 0006: a posting as two lines, with the guard trigger, or as one pair
    batch-index     decision 0005: the rows of a delivery batch by a btree or by a BRIN index
    jit             config/databases.py: full reconciliation with statements compiled or not

The server is an embedded one of its own, or that of ``TIEOUT_TEST_SERVER_URL``, on this machine. The embedded
PostgreSQL has no compiler, so that ``jit`` needs the other. Times are processor time of the server, which
other work on the machine disturbs least; what is compared is measured in turn in one run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, LiteralString

import django
import psycopg

from tests import databases as test_databases
from tests.scale import world
from tieout.config import logs
from tieout.database import embedded
from tieout.database.aliases import ALIASES, FINANCE, RECONCILIATION

if TYPE_CHECKING:
    from tests.scale.stages import Chain

Connection = psycopg.Connection[tuple[object, ...]]

BATCHES: Final = 50
ROUNDS: Final = 10

# Postings as the chain makes them: an invoice opens the integration account, a journal line clears it.
POSTINGS: Final = """
select
    v.id as voucher_id,
    'BIGCO' as company_code,
    date '2016-01-01' + (v.id %% 366)::integer as accounting_date,
    case v.id %% 2 when 0 then '300100' else '540100' end as debit_account,
    case v.id %% 2 when 0 then 'procurement_integration' else 'cost' end as debit_posting_type,
    case v.id %% 2 when 0 then '200100' else '300100' end as credit_account,
    case v.id %% 2 when 0 then 'vendor' else 'procurement_integration' end as credit_posting_type,
    (v.id / 2 * 7919 %% 1000000 + 1) / 100.0 as amount,
    lpad(to_hex(v.id %% 200), 32, '0')::uuid as project_id,
    lpad(to_hex(v.id / 2), 32, '0')::uuid as source_line_id
from generate_series(%(first)s::bigint, %(last)s::bigint) as v (id)
"""
MAKE_PAIR: Final = """
create table decision_pair as
select
    voucher_id, company_code, accounting_date,
    account as debit_account, posting_type as debit_posting_type,
    account as credit_account, posting_type as credit_posting_type,
    amount, currency_code, accounting_amount, reporting_amount, project_id, source_line_id
from finance_voucher_line
with no data;
alter table decision_pair add primary key (voucher_id)
"""
INSERT_VOUCHERS: Final = """
insert into finance_voucher
    (id, company_code, number, accounting_date, document_kind, document_id, posted_by)
select
    p.voucher_id, p.company_code, 'PV-' || lpad(p.voucher_id::text, 8, '0'), p.accounting_date, 'decision',
    lpad(to_hex(p.voucher_id), 32, '0')::uuid, 'bench'
"""
INSERT_LINES: Final = """
insert into finance_voucher_line
    (voucher_id, line_no, line_count, company_code, accounting_date, account, posting_type, amount,
     currency_code, accounting_amount, reporting_amount, project_id, source_line_id)
select
    p.voucher_id, s.line_no, 2, p.company_code, p.accounting_date,
    case s.line_no when 1 then p.debit_account else p.credit_account end,
    case s.line_no when 1 then p.debit_posting_type else p.credit_posting_type end,
    s.sign * p.amount, 'GBP', s.sign * p.amount, s.sign * p.amount, p.project_id, p.source_line_id
"""
INSERT_PAIRS: Final = """
insert into decision_pair
select
    p.voucher_id, p.company_code, p.accounting_date, p.debit_account, p.debit_posting_type,
    p.credit_account, p.credit_posting_type, p.amount, 'GBP', p.amount, p.amount, p.project_id,
    p.source_line_id
"""
SIDES: Final = " cross join (values (1, 1), (2, -1)) as s (line_no, sign)"
BALANCE_OF_LINES: Final = """
select account, sum(accounting_amount) from finance_voucher_line group by account order by account
"""
BALANCE_OF_PAIRS: Final = """
select side.account, sum(side.amount)
from (
    select debit_account as account, accounting_amount as amount from decision_pair
    union all
    select credit_account, -accounting_amount from decision_pair
) as side
group by side.account
order by side.account
"""
ACCOUNT_OF_LINES: Final = """
select count(*), count(*) filter (where line.balance <> 0)
from (
    select sum(accounting_amount) as balance
    from finance_voucher_line
    where account = '300100'
    group by source_line_id
) as line
"""
ACCOUNT_OF_PAIRS: Final = """
select count(*), count(*) filter (where line.balance <> 0)
from (
    select sum(case debit_account when '300100' then accounting_amount else -accounting_amount end) as balance
    from decision_pair
    where '300100' in (debit_account, credit_account)
    group by source_line_id
) as line
"""
READS: Final[dict[str, tuple[LiteralString, LiteralString]]] = {
    "balance per account": (BALANCE_OF_LINES, BALANCE_OF_PAIRS),
    "integration account by source line": (ACCOUNT_OF_LINES, ACCOUNT_OF_PAIRS),
}
INSERT_ACTUALS: Final = """
insert into {table}
    (actual_id, transaction_type, transaction_class, billing_type, quantity, price, amount, tax_amount,
     currency_code, accounting_amount, transaction_date, accounting_date, company_code, project_id,
     category_id, source_kind, source_id, description, batch_id)
select
    lpad(to_hex(a.id), 32, '0')::uuid, 'cost', 'expense', 'not_specified', 1, a.id %% 10000, a.id %% 10000, 0,
    'GBP', a.id %% 10000, date '2016-01-01' + (a.id %% 366)::integer,
    date '2016-01-01' + (a.id %% 366)::integer, 'BIGCO', lpad(to_hex(a.id %% 200), 32, '0')::uuid,
    lpad(to_hex(a.id %% 20), 32, '0')::uuid, 'vendor_invoice_line', lpad(to_hex(a.id), 32, '0')::uuid,
    'Line of invoice ' || a.id, %(batch)s
from generate_series(%(first)s::bigint, %(last)s::bigint) as a (id)
"""
FIND_BATCH: Final = """
select company_code, count(*), sum(coalesce(accounting_amount, amount))
from {table} where batch_id = %(batch)s group by company_code
"""


def main(arguments: list[str]) -> int:
    """Measure one decision, or all of them, and print each as Markdown; return the exit code."""
    parser = argparse.ArgumentParser(prog="decisions", description=__doc__)
    parser.add_argument("what", nargs="?", choices=[*DECISIONS])
    parser.add_argument("--size", type=int, default=100_000, help="postings, staged actuals, or lines")
    options = parser.parse_args(arguments)
    with _databases():
        for name in [options.what] if options.what else DECISIONS:
            sys.stdout.write(f"\n## {name}, {options.size:,}\n\n")
            DECISIONS[name](options.size)
    return 0


@contextmanager
def _databases() -> Iterator[None]:
    """Give three migrated databases; they are removed afterwards."""
    test_databases.point_at_test_databases()
    logs.configure()
    django.setup()
    from tieout.config.migrate import migrate

    server = None
    if not test_databases.GIVEN:
        server = embedded.start(data_directory=test_databases.DATA_DIRECTORY)
    try:
        _on_server("create database {}")
        migrate()
        with _connected(FINANCE) as connection:
            (version,) = connection.execute("show server_version").fetchone() or ("",)
        sys.stdout.write(f"PostgreSQL {version}, {os.cpu_count()} cores, {datetime.now(UTC).date()}\n")
        yield
    finally:
        test_databases.close_connections()
        _on_server("drop database if exists {} with (force)")
        if server is not None:
            server.stop()
            embedded.remove(data_directory=test_databases.DATA_DIRECTORY)


def _on_server(command: str) -> None:
    with psycopg.connect(test_databases.server_url("postgres"), autocommit=True) as connection:
        for alias in ALIASES:
            connection.execute(command.format(test_databases.database_of(alias)).encode())


def _connected(alias: str) -> Connection:
    """Return a connection of the owner, each statement its own transaction, none in parallel."""
    url = test_databases.server_url(test_databases.database_of(alias))
    options = "-c jit=off -c max_parallel_workers_per_gather=0"
    return psycopg.connect(url, autocommit=True, options=options)


def _row(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")


def voucher_lines(size: int) -> None:
    """Post ``size`` debits and credits as lines and as pairs, in turn; processor time of the server."""
    with _connected(FINANCE) as connection:
        connection.execute(MAKE_PAIR)
        voucher, lines, pairs = _insert(connection, size)
        connection.execute("vacuum analyze finance_voucher_line, decision_pair")
        _row("", "lines (2 rows)", "pair (1 row)")
        sys.stdout.write("|---|---:|---:|\n")
        _row(
            f"insert, {BATCHES} batches, with the guard (pairs need none)", f"{lines:.1f} s", f"{pairs:.1f} s"
        )
        _row("the voucher rows that both need", *[f"{voucher:.1f} s"] * 2)
        _row("whole posting", f"{voucher + lines:.1f} s", f"{voucher + pairs:.1f} s")
        sizes = [_megabytes(connection, one) for one in ("finance_voucher_line", "decision_pair")]
        _row("table and index", *sizes)
        for name, (of_lines, of_pairs) in READS.items():
            if connection.execute(of_lines).fetchall() != connection.execute(of_pairs).fetchall():
                raise AssertionError(f"{name}: lines and pairs differ")
            reads = [partial(connection.execute, query) for query in (of_lines, of_pairs)]
            times = _in_turn(connection, reads)
            _row(name, *(f"{seconds:.2f} s" for seconds in times))


def _insert(connection: Connection, size: int) -> tuple[float, float, float]:
    """Insert the postings in batches; return the processor time of vouchers, lines and pairs."""
    spent = [0.0, 0.0, 0.0]
    postings = f" from ({POSTINGS}) as p"
    statements = (INSERT_VOUCHERS + postings, INSERT_LINES + postings + SIDES, INSERT_PAIRS + postings)
    for number in range(BATCHES):
        first, last = number * size // BATCHES + 1, (number + 1) * size // BATCHES
        for place, statement in enumerate(statements):
            before = _processor_time(connection)
            connection.execute(statement.encode(), {"first": first, "last": last})
            spent[place] += _processor_time(connection) - before
    return spent[0], spent[1], spent[2]


def _processor_time(connection: Connection) -> float:
    """Return the seconds that the server has worked for this connection."""
    counters = Path(f"/proc/{connection.info.backend_pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(counters[11]) + int(counters[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(connection: Connection, relation: str) -> str:
    (size,) = connection.execute("select pg_total_relation_size(%s)", [relation]).fetchone() or (0,)
    return f"{int(str(size)) / 1024**2:,.1f} MB"


def _in_turn(connection: Connection, calls: Iterable[Callable[[], object]]) -> list[float]:
    """Return the mean processor time of each call, made in turn."""
    spent: dict[Callable[[], object], float] = dict.fromkeys(calls, 0.0)
    for _ in range(ROUNDS):
        for call in spent:
            before = _processor_time(connection)
            call()
            spent[call] += _processor_time(connection) - before
    return [seconds / ROUNDS for seconds in spent.values()]


def batch_index(size: int) -> None:
    """Deliver ``size`` staged actuals in batches, nothing vacuumed; find the last batch by each index."""
    from tieout.dualwrite.delivery.actions import BATCH_SIZE

    with _connected(FINANCE) as connection:
        for method in ("btree", "brin"):
            connection.execute(
                f"create table decision_{method} (like finance_staged_actual including defaults)"
                " with (autovacuum_enabled = false);"
                f"create index decision_{method}_batch on decision_{method}"
                f" using {method} (batch_id)".encode()
            )
        for first in range(1, size + 1, BATCH_SIZE):
            batch, last = first // BATCH_SIZE, min(first + BATCH_SIZE - 1, size)
            for method in ("btree", "brin"):
                statement = INSERT_ACTUALS.format(table=f"decision_{method}")
                connection.execute(statement.encode(), {"first": first, "last": last, "batch": batch})
        connection.execute("analyze")
        sys.stdout.write(f"A batch of {last - first + 1:,} rows among {size:,}:\n\n")
        _row("index", "found in", "a row", "size of the index")
        sys.stdout.write("|---|---:|---:|---:|\n")
        finds = [
            partial(
                connection.execute, FIND_BATCH.format(table=f"decision_{method}").encode(), {"batch": batch}
            )
            for method in ("btree", "brin")
        ]
        for method, seconds in zip(("btree", "brin"), _in_turn(connection, finds), strict=True):
            a_row = seconds / (last - first + 1) * 1_000_000
            index = _megabytes(connection, f"decision_{method}_batch")
            _row(method, f"{seconds * 1000:.1f} ms", f"{a_row:.2f} µs", index)


def jit(size: int) -> None:
    """Take ``size`` lines through the chain and reconcile all, with statements compiled and not, in turn."""
    from django.db import connections

    with _connected(RECONCILIATION) as connection:
        connection.execute("set jit = on")
        if connection.execute("select pg_jit_available()").fetchone() == (False,):
            sys.stdout.write("This server has no compiler.\n")
            return
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as folder:
        chain = _chain(Path(folder), size)

    def reconcile(setting: str) -> None:
        with connections[RECONCILIATION].cursor() as cursor:
            cursor.execute("select set_config('jit', %s, false)", [setting])
            cursor.execute("set max_parallel_workers_per_gather = 0")
        chain.reconcile()

    connections[RECONCILIATION].ensure_connection()
    ours = connections[RECONCILIATION].connection
    off, on = _in_turn(ours, [partial(reconcile, "off"), partial(reconcile, "on")])
    sys.stdout.write(f"Full reconciliation: {off:.2f} s, with compilation {on:.2f} s.\n")


def _chain(folder: Path, size: int) -> Chain:
    from tests.scale.stages import Chain

    chain = Chain(folder)
    chain.load_setup()
    world.write_invoices(folder / "invoices.csv", 0, size)
    for stage, _, run in chain.stages(folder / "invoices.csv"):
        run()
        sys.stderr.write(f"{stage}\n")
    return chain


DECISIONS: Final = {"voucher-lines": voucher_lines, "batch-index": batch_index, "jit": jit}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
