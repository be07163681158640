"""Ends the chain with ``kill -9`` at random moments while documents arrive, and reads the books afterwards.

Each run of the chain is a process of its own that runs ``tieout run chain``. It is forked from a program that
has read the code and opened nothing, because reading it takes longer than most runs live.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import connections

from tests.scale import world
from tieout.database.aliases import ALIASES, FINANCE, OPERATIONS
from tieout.faultlab.sessions import owner

ROOT: Final = Path(__file__).parents[2]
SHARE_OF_TWO: Final = 4  # in one round of so many, two programs run at once, and both are killed
LINES_AT_LEAST: Final = 20  # that arrive in a round, so that there is something to be killed at
ROUNDS_UNDISTURBED: Final = 2  # the second says how long a round takes when the caches are warm
CONNECTS: Final = 0.2  # the share of that time in which a program connects
SECONDS_TO_END: Final = 600
_KILLED: Final = -signal.SIGKILL

Watching = list[psycopg.Connection[tuple[Any, ...]]]
"""A session of the owner in each database, who sees what others are at."""

_WRITTEN: Final = """
    select distinct c.relname from pg_locks l join pg_class c on c.oid = l.relation
     where l.mode = 'RowExclusiveLock' and c.relkind = 'r' and l.pid <> pg_backend_pid()
       and l.database = (select oid from pg_database where datname = current_database())
"""
_OPEN: Final = """
    select 1 from pg_stat_activity
     where datname = any(%s) and xact_start is not null and backend_type = 'client backend'
       and pid <> pg_backend_pid()
"""
# By the first of these tables that is being written; what a table's name begins with is enough.
_STAGES: Final = {
    "fact_": "collect",
    "finance_seal": "seal",
    "finance_posting_queue": "post documents",
    "finance_integration_journal_line": "import from staging",
    "finance_voucher": "post integration journals",
    "finance_staged": "deliver actuals",
    "operations_actual_posting": "deliver write-back",
    "operations_actual": "approve",
    "operations_vendor_invoice": "deliver documents",
    "outbox": "take from the outbox, or acknowledge",
    "jobs_": "keep what the run did",
}


class Programs:
    """Starts programs that run the chain, and hears how they ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self) -> int:
        """Start ``tieout run chain``; return the number of its process."""
        return self._answer("start")

    def ended(self, process: int) -> int:
        """Wait for the end of a program; return how it ended, negative by a signal."""
        return self._answer(f"wait {process}")

    def _answer(self, line: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def programs(log: Path) -> Iterator[Programs]:
    """Yield what starts programs; what they say is kept in ``log``."""
    command = [sys.executable, "-m", "tests.scale.killer", str(log)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as process:
        yield Programs(process)
        assert process.stdin is not None
        process.stdin.close()


def main(arguments: list[str]) -> int:
    """Fork programs as the lines of the input say: this one itself opens no connection and no thread."""
    from tieout.cli.main import main as call
    from tieout.config import bootstrap
    from tieout.config.program import TieoutProgram

    bootstrap.start(server=False)
    import tieout.jobs.actions  # noqa: F401  read once, before the forks

    for line in sys.stdin:
        word, *numbers = line.split()
        answer = _how_it_ended(int(numbers[0])) if word == "wait" else os.fork()
        if not answer and word == "start":
            said = os.open(arguments[0], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(said, 1)
            os.dup2(said, 2)
            os._exit(call(TieoutProgram(), ["run", "chain"]))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    return 0


def _how_it_ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@dataclass
class Killing:
    """What was done to the chain: where each kill met it, and how many programs came to their end first."""

    met: Counter[str] = field(default_factory=Counter)
    in_transaction: int = 0
    spared: int = 0
    beside: int = 0
    seconds: float = 0.0

    @property
    def kills(self) -> int:
        """How many programs were ended."""
        return self.met.total()


def disturbed(folder: Path, *, lines: int, kills: int, seed: int) -> Killing:
    """Let documents arrive round by round, end the chain in each at a random moment, then let it finish.

    Without kills it is run once, undisturbed. The moment of a kill lies anywhere in the time that one round
    takes when nobody disturbs it, but for its beginning, in which a program only connects; what earlier
    rounds left undone lengthens that time in proportion, so that every stage is met. As a program may be
    faster than its moment, documents are kept back for half as many rounds again.
    """
    moments = random.Random(seed)  # noqa: S311  not a secret
    done, started = Killing(), time.perf_counter()
    with programs(folder / "programs.log") as started_by, ExitStack() as sessions:
        watching = [sessions.enter_context(owner(alias)) for alias in ALIASES]
        arrived, undisturbed, of_round = 0, 0.0, _share(lines, kills)
        for _ in range(ROUNDS_UNDISTURBED if kills else 1):
            arrived = _arrive(folder, arrived, _share(lines - arrived, kills))
            undisturbed = _to_the_end(started_by)
        while done.kills < kills:
            rest = kills - done.kills
            arrived = _arrive(folder, arrived, _share(lines - arrived, rest))
            count = 2 if moments.randrange(SHARE_OF_TWO) == 0 and rest > 1 else 1
            takes = undisturbed * max(1.0, _unfinished(arrived) / of_round)
            until = sorted(moments.uniform(CONNECTS, 1.0) * takes for _ in range(count))
            _kill(started_by, watching, until, done)
        _arrive(folder, arrived, lines - arrived)
        _to_the_end(started_by)
    done.seconds = time.perf_counter() - started
    return done


def _share(lines: int, kills: int) -> int:
    """Return how many of the lines that are left arrive in the next round of those that are left."""
    return min(lines, max(LINES_AT_LEAST, lines // (kills + kills // 2 + 1)))


def _arrive(folder: Path, first: int, lines: int) -> int:
    """Load the invoices of the next lines, whole ones; return how many lines have been loaded."""
    from tests.scale.stages import ACTOR
    from tieout.loading.actions import load

    whole = max(lines, 0) // world.LINES_PER_INVOICE * world.LINES_PER_INVOICE
    if whole:
        file = folder / "vendor_invoice_line.csv"
        world.write_invoices(file, first, whole)
        load(actor=ACTOR, entity="vendor_invoice_line", files=[file])
    return first + whole


def _unfinished(arrived: int) -> int:
    """Return how many of the lines that have arrived have not been written back."""
    return arrived - int(_one(OPERATIONS, "select count(*) from operations_actual_posting"))


def _kill(started_by: Programs, watching: Watching, until: list[float], done: Killing) -> None:
    """Start as many programs as there are moments, and end each at its own."""
    begun = time.monotonic()
    running = [started_by.start() for _ in until]
    done.beside += len(running) - 1
    for moment, process in zip(until, running, strict=True):
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        where, is_open = _at_work(watching)
        os.kill(process, signal.SIGKILL)  # not waited for yet, so that the number is still its own
        if started_by.ended(process) == _KILLED:
            done.met[where] += 1
            done.in_transaction += is_open
        else:
            done.spared += 1


def _at_work(watching: Watching) -> tuple[str, bool]:
    """Return the stage whose table is being written now, and whether a transaction is open at all."""
    written = {str(row[0]) for one in watching for row in one.execute(_WRITTEN)}
    is_open = bool(watching[0].execute(_OPEN, [_names()]).fetchone())
    for table, stage in _STAGES.items():
        if any(one.startswith(table) for one in written):
            return stage, True
    return ("reading, or taking a lock" if is_open else "between transactions"), is_open


def _names() -> list[str]:
    return [str(connections[alias].settings_dict["NAME"]) for alias in ALIASES]


def _to_the_end(started_by: Programs) -> float:
    """Run the chain until it says that all is done; return how long the last run took.

    A session whose program was killed may hold its lock until its statement has ended; who meets that lock
    leaves the work to it. So the chain is run again until nothing is left.
    """
    deadline = time.monotonic() + SECONDS_TO_END
    while True:
        started = time.monotonic()
        ended = started_by.ended(started_by.start())
        took = time.monotonic() - started
        assert ended == 0, f"the chain ended with {ended}; what it said is in programs.log"
        if not any(waiting().values()):
            return took
        assert time.monotonic() < deadline, f"the chain does not come to its end: {waiting()}"


_WORKLISTS: Final = {
    FINANCE: ("outbox_entry", "outbox_parked", "finance_posting_queue", "finance_staging_retry"),
    OPERATIONS: ("outbox_entry", "outbox_parked", "operations_approval_retry"),
}


def waiting() -> dict[str, int]:
    """Return what waits anywhere, by worklist."""
    return {
        f"{alias}: {table}": _one(alias, f"select count(*) from {table}")
        for alias, tables in _WORKLISTS.items()
        for table in tables
    }


# What was posted, said without a key of ours: the same however often it was tried.
_ENTRIES: Final = """
    select coalesce(i.invoice_number, '') as invoice, coalesce(l.line_number, 0) as line, v.document_kind,
           v.accounting_date, e.account, coalesce(p.number, '') as project, e.accounting_amount
      from finance_voucher v
      join finance_voucher_line e on e.voucher_id = v.id
      left join finance_integration_journal_line j on j.id = v.document_id
      left join finance_vendor_invoice_line l on l.id = coalesce(j.source_id, e.source_line_id)
      left join finance_vendor_invoice i on i.id = coalesce(l.invoice_id, v.document_id)
      left join finance_project p on p.id = e.project_id
"""
_SUMS: Final = f"""
    select account || ' ' || project, count(*) || ' entries, ' || sum(accounting_amount)
      from ({_ENTRIES}) entry group by 1 order by 1
"""
_PRINT: Final = f"""
    select md5(string_agg(md5(entry::text), '' order by entry::text)) from ({_ENTRIES}) entry
"""
# Each is how many records have not exactly one; nothing twice, nothing left out.
_NOT_ONE: Final = {
    "invoices without exactly one voucher": (
        FINANCE,
        "finance_vendor_invoice d left join finance_voucher v on v.document_id = d.id",
    ),
    "journal lines without exactly one voucher": (
        FINANCE,
        "finance_integration_journal_line d left join finance_voucher v on v.document_id = d.id",
    ),
    "invoice lines without exactly one journal line": (
        FINANCE,
        "finance_vendor_invoice_line d left join finance_integration_journal_line v on v.source_id = d.id",
    ),
    "arrived lines without exactly one approval": (
        OPERATIONS,
        "operations_vendor_invoice_line d left join operations_approval v on v.document_id = d.id",
    ),
    "arrived lines without exactly one actual": (
        OPERATIONS,
        "operations_vendor_invoice_line d left join operations_actual v on v.source_id = d.id",
    ),
    "actuals without exactly one write-back": (
        OPERATIONS,
        "operations_actual d left join operations_actual_posting v on v.actual_id = d.id",
    ),
}
_COUNTS: Final = {
    "vouchers": (FINANCE, "finance_voucher"),
    "ledger entries": (FINANCE, "finance_voucher_line"),
    "journal lines": (FINANCE, "finance_integration_journal_line"),
    "actuals": (OPERATIONS, "operations_actual"),
}


def books() -> dict[str, Any]:
    """Return what must be the same whatever was killed, as JSON knows it."""
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(_SUMS)
        sums = dict(cursor.fetchall())
    found: dict[str, Any] = {"per account and project": sums, "every entry": _one(FINANCE, _PRINT)}
    found |= {name: _one(alias, f"select count(*) from {table}") for name, (alias, table) in _COUNTS.items()}
    return found | {name: _one(alias, _not_one(joined)) for name, (alias, joined) in _NOT_ONE.items()}


def _not_one(joined: str) -> str:
    return f"select count(*) from (select d.id from {joined} group by d.id having count(v.id) <> 1) wrong"


def reconciled() -> dict[str, Any]:
    """Return what reconciliation says of the year: balance, unexplained rest, and what is not reconciled."""
    from tests.scale.stages import ACTOR
    from tieout.reconciliation.checks.rules import Kind
    from tieout.reconciliation.findings import queries
    from tieout.reconciliation.windows.rules import Window

    company, kind, last = world.COMPANY, Kind.VENDOR_INVOICE_LINE, date(2016, 12, 31)
    proof = queries.proof_of_balance(actor=ACTOR, company=company, kind=kind, as_of=last)
    assert proof is not None
    window = Window(date(2016, 1, 1), last)
    unreconciled = queries.unreconciled(actor=ACTOR, company=company, window=window)[kind]
    late = sum(one.figure.lines for one in queries.out_of_sync(actor=ACTOR, company=company))
    return {
        "balance": _money(proof.balance),
        "unexplained": _money(proof.unexplained),
        "lines not reconciled": unreconciled.lines,
        "actuals out of sync": late,
    }


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _one(alias: str, query: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
