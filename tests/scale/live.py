"""``make bench-live``: from commit on one side to visible on the other, under a steady load and a catch-up.

One process follows the outboxes, as ``tieout deliver --follow`` does. Meanwhile documents are stated one by
one, each in a transaction of its own, at a steady rate; a document has arrived when its header and all of its
lines are visible on the other side. Arrival is looked for fifty times a second, so a figure is too high by up
to 20 ms. Then the two maps are paused, a backlog is posted, and they are started again under the same load.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from tests.scale import world
from tests.scale.server import own_server
from tieout.database.aliases import FINANCE, OPERATIONS

PAGE: Final = """\
# Performance of live delivery

<!-- Made by `make bench-live WRITE=1`; do not edit. -->

From the commit of a document on the finance side until its header and its {lines} lines are visible in
operations. One process follows the outboxes (`tieout deliver --follow`); documents are stated one by one,
each in a transaction of its own, {rate} a second, {seconds} s long. Then the two maps are paused, {backlog:,}
lines are posted meanwhile, and the maps are started again: until they have caught up, new documents are
stated at the same rate. Figures are too high by up to 20 ms, the time between two looks. {cores} cores, which
writing, delivering and looking share with whatever else the machine does; embedded PostgreSQL, durable;
{today}.

| | documents | stated per second | median | 99th percentile | longest | promised |
|---|---:|---:|---:|---:|---:|---:|
"""
AFTER: Final = """
The backlog was {records:,} records (lines and headers); catching up took {seconds:.0f} s,
{per_second:,.0f} records a second beside the new ones. Not measured: the time in which a document is posted
before its commit.
"""
INVOICES: Final = "msdyn_projectvendorinvoices"
LINES: Final = "msdyn_projectvendorinvoicelines"
SECONDS_BETWEEN_LOOKS: Final = 0.02
SECONDS_TO_ARRIVE: Final = 120
WRITERS: Final = 4  # so that a commit that waits for the disk does not hold up the rate


@dataclass(frozen=True, slots=True)
class Document:
    """One invoice that is posted and not stated yet: its key, and those of its lines."""

    key: UUID
    lines: list[UUID]


@dataclass
class Load:
    """States documents at a steady rate, and looks for their arrival; each in threads of its own."""

    documents: Iterator[Document]
    rate: int
    stated: int = 0
    latencies: list[float] = field(default_factory=list)
    _pending: dict[UUID, tuple[float, UUID]] = field(default_factory=dict)
    _end: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _error: BaseException | None = None
    began: float = 0.0
    ended: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """State documents within this block; wait for the last ones to arrive after it."""
        works = [self._state] * WRITERS + [self._look]
        threads = [threading.Thread(target=self._guarded, args=(work,)) for work in works]
        self.began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._end.set()
            for thread in threads:
                thread.join()
        if self._error is not None:
            raise self._error

    def percentile(self, share: float) -> float:
        """Return the latency that ``share`` of the documents keep."""
        found = sorted(self.latencies)
        return found[min(int(len(found) * share), len(found) - 1)]

    def row(self, name: str, promised: str) -> str:
        """Return the row of the page."""
        per_second = self.stated / (self.ended - self.began)
        figures = (self.percentile(0.5), self.percentile(0.99), max(self.latencies))
        cells = [name, f"{len(self.latencies):,}", f"{per_second:.0f}", *(f"{one:.2f} s" for one in figures)]
        return f"| {' | '.join([*cells, promised])} |\n"

    def _guarded(self, work: object) -> None:
        try:
            assert callable(work)
            work()
        except BaseException as error:  # noqa: BLE001  told to who waits for the thread
            self._error = error
            self._end.set()
        finally:
            connections.close_all()

    def _state(self) -> None:
        while not self._end.is_set():
            with self._lock:
                due = self.began + self.stated / self.rate
                document = next(self.documents)
                self.stated += 1
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
            with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
                cursor.execute(
                    "insert into outbox_entry (map, key) values (%s, %s)", [INVOICES, document.key]
                )
                cursor.execute(
                    "insert into outbox_entry (map, key) select %s, k from unnest(%s::uuid[]) k",
                    [LINES, document.lines],
                )
            with self._lock:
                self._pending[document.key] = (time.monotonic(), document.lines[-1])
                self.ended = time.monotonic()

    def _look(self) -> None:
        until: float | None = None
        while True:
            with self._lock:
                pending = dict(self._pending)
            if self._end.is_set():
                until = until or time.monotonic() + SECONDS_TO_ARRIVE
                if not pending and len(self.latencies) == self.stated:
                    return
                if time.monotonic() > until:
                    raise RuntimeError(f"{len(pending)} documents have not arrived")
            self._seen(pending)
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def _seen(self, pending: dict[UUID, tuple[float, UUID]]) -> None:
        if not pending:
            return
        with connections[OPERATIONS].cursor() as cursor:
            # The lines of a document are stated in one statement and arrive in one batch or in their order.
            cursor.execute(
                "select i.id from unnest(%s::uuid[], %s::uuid[]) as p (invoice_id, line_id)"
                " join operations_vendor_invoice i on i.id = p.invoice_id"
                " join operations_vendor_invoice_line l on l.id = p.line_id",
                [list(pending), [line for _, line in pending.values()]],
            )
            now = time.monotonic()
            arrived = [row[0] for row in cursor.fetchall()]
        with self._lock:
            for key in arrived:
                committed, _ = self._pending.pop(key)
                self.latencies.append(now - committed)


def main(arguments: list[str]) -> int:
    """Measure, and print the page as Markdown."""
    parser = argparse.ArgumentParser(prog="live", description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="documents stated per second")
    parser.add_argument("--seconds", type=int, default=30, help="how long the steady load lasts")
    parser.add_argument("--backlog", type=int, default=100_000, help="lines of the backlog")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    options = parser.parse_args(arguments)
    with own_server("live") as folder:
        page = _measured(folder, options.rate, options.seconds, options.backlog)
    sys.stdout.write(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return 0


def _measured(folder: Path, rate: int, seconds: int, backlog: int) -> str:
    from tieout.dualwrite.maps.rules import State

    # A catch-up is given the time that a slow machine needs; what is left over stays unstated.
    prepared = rate * (seconds + 60 + backlog // 5_000)
    _prepare(folder, prepared * world.LINES_PER_INVOICE)
    documents = _documents(prepared)
    first, steady, catching_up = (Load(documents, rate) for _ in range(3))
    with _following():
        with first.running():  # until the process is there
            while not first.latencies:
                time.sleep(0.1)
        with steady.running():
            time.sleep(seconds)
        _set(State.PAUSED)
        _post(folder, prepared * world.LINES_PER_INVOICE, backlog)
        records = _owed()
        started = time.monotonic()
        _set(State.RUNNING)
        with catching_up.running():
            while _is_catching_up():
                time.sleep(0.5)
            took = time.monotonic() - started
    page = PAGE.format(
        lines=world.LINES_PER_INVOICE,
        rate=rate,
        seconds=seconds,
        backlog=backlog,
        cores=os.cpu_count(),
        today=datetime.now(UTC).date(),
    )
    page += steady.row("steady load", "1 s at the 99th")
    page += catching_up.row("while maps catch up", "2 s at the 99th")
    return page + AFTER.format(records=records, seconds=took, per_second=records / took)


def _prepare(folder: Path, lines: int) -> None:
    """Post the documents of the load without stating them: the maps do not run meanwhile."""
    from tests.scale.stages import Chain
    from tieout.dualwrite.maps.rules import State

    Chain(folder).load_setup()
    _set(State.NOT_RUNNING)
    _post(folder, 0, lines)
    _set(State.RUNNING)


def _post(folder: Path, first: int, lines: int) -> None:
    from tests.scale.stages import ACTOR
    from tieout.finance.documents.actions import post_vendor_invoices
    from tieout.loading.actions import load

    file = folder / f"invoices-{first}.csv"
    world.write_invoices(file, first, lines // world.LINES_PER_INVOICE * world.LINES_PER_INVOICE)
    load(actor=ACTOR, entity="vendor_invoice_line", files=[file])
    post_vendor_invoices(actor=ACTOR, company=world.COMPANY)


def _documents(count: int) -> Iterator[Document]:
    """Yield documents that are posted and not stated, in the order of their keys."""
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select l.invoice_id, array_agg(l.id order by l.id) from finance_vendor_invoice_line l"
            " group by l.invoice_id order by l.invoice_id limit %s",
            [count],
        )
        found: Sequence[tuple[UUID, list[UUID]]] = cursor.fetchall()
    return (Document(key, lines) for key, lines in found)


def _set(state: object) -> None:
    from tests.scale.stages import ACTOR
    from tieout.dualwrite.maps.actions import set_state
    from tieout.dualwrite.maps.rules import State

    for name in (INVOICES, LINES):
        set_state(actor=ACTOR, map=name, state=State(str(state)))


def _owed() -> int:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("select count(*) from outbox_entry")
        return int(cursor.fetchone()[0])


def _is_catching_up() -> bool:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("select exists (select from outbox_map where backlog_to is not null)")
        return bool(cursor.fetchone()[0])


@contextmanager
def _following() -> Iterator[None]:
    """Run ``tieout deliver --follow`` as a process of its own."""
    command = [sys.executable, "-m", "tieout", "deliver", "--follow", "--json", "--until-input-closes"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
