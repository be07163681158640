"""Nothing is missed and nothing is doubled, whoever writes while somebody collects (DESIGN D8).

Several writers interleave with the collector: they begin, write, stay open over several collections, commit
late, or roll back. The same world shows why the watermark is a snapshot: a reader that remembers the highest
number, or the latest time, that it has seen misses what was written before and committed after.
"""

from __future__ import annotations

import random
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest
from django.db import connections
from tests.database.reconciliation.world import collected

from tieout.database.aliases import FINANCE, RECONCILIATION

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("databases")

_WRITERS: Final = 5
_STEPS: Final = 100
_CHANCES: Final = {"write": 6, "savepoint": 1, "commit": 2, "roll back": 1, "collect": 4}
_WRITE: Final = (
    "insert into finance_journal_line_error (line_id, code, details) values (tieout_id(), 'PST-201', '{}')"
)
_ROWS: Final = "select id, line_id, code, refused_at from finance_journal_line_error"
Row = tuple[Any, ...]


def _connect() -> psycopg.Connection[Row]:
    """Open a writer's own connection: Django's parameters without what only Django understands."""
    parameters = connections[FINANCE].get_connection_params()
    for name in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters)


def _written() -> list[Row]:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(_ROWS)
        return sorted(cursor.fetchall())


def _facts() -> list[Row]:
    with connections[RECONCILIATION].cursor() as cursor:
        cursor.execute("select id, line_id, code, refused_at from fact_line_error")
        return sorted(cursor.fetchall())


def _interleave(seed: int, collecting: Callable[[], None]) -> None:
    """Let writers begin, write, commit and roll back in an order fixed by ``seed``; collect in between."""
    chance = random.Random(seed)  # noqa: S311  a replayable order, not a secret
    with ExitStack() as open_connections:
        writers = [open_connections.enter_context(_connect()) for _ in range(_WRITERS)]
        for _ in range(_STEPS):
            writer = chance.choice(writers)
            match chance.choices(tuple(_CHANCES), tuple(_CHANCES.values()))[0]:
                case "write":
                    writer.execute(_WRITE)
                case "savepoint":
                    with writer.transaction():
                        writer.execute(_WRITE)
                case "commit":
                    writer.commit()
                case "roll back":
                    writer.rollback()
                case _:
                    collecting()
        for writer in writers:
            writer.commit()
    collecting()


@pytest.mark.parametrize("seed", range(10))
def test_facts_are_the_source_after_any_interleaving(seed: int) -> None:
    _interleave(seed, _same_rows_are_never_taken_twice)
    assert _facts() == _written()
    assert _facts()


def _same_rows_are_never_taken_twice() -> None:
    before = len(_facts())
    collection = collected()
    view = next(view for view in collection.views if view.view == "fact_line_error")
    assert len(_facts()) == before + view.rows


class _Naive:
    """A collector with a wrong watermark: the highest value of ``column`` that it has seen."""

    def __init__(self, column: str) -> None:
        self.statement = f"{_ROWS} where %(seen)s::text is null or {column} > %(seen)s order by {column}"
        self.position = {"id": 0, "refused_at": 3}[column]
        self.rows: list[Row] = []

    def collect(self) -> None:
        seen = self.rows[-1][self.position] if self.rows else None
        with connections[FINANCE].cursor() as cursor:
            cursor.execute(self.statement, {"seen": seen})
            self.rows += cursor.fetchall()


@pytest.mark.parametrize("column", ["id", "refused_at"])
def test_a_watermark_of_numbers_or_times_misses_rows(column: str) -> None:
    missed = 0
    for seed in range(3):
        naive = _Naive(column)
        before = set(_written())
        naive.rows = sorted(before, key=lambda row: row[naive.position])
        _interleave(seed, naive.collect)
        missed += len(set(_written()) - set(naive.rows))
    assert missed > 0


def test_nobody_waits_for_a_transaction_that_stays_open() -> None:
    with _connect() as stranger, _connect() as late:
        stranger.execute("select pg_current_xact_id()")  # holds back xmin for as long as it is open
        late.execute(_WRITE)
        with _connect() as quick:
            quick.execute(_WRITE)
        collected()
        assert len(_facts()) == 1
        late.commit()
        collected()
        assert len(_facts()) == 2
        collected()
        assert _facts() == _written()


def test_what_is_taken_for_known_survives_the_servers_death() -> None:
    """Numbers that a killed server forgot are given again: to rows that we would take for known."""
    with _connect() as writer:
        writer.execute(_WRITE)
        writer.rollback()
        (end_of_rollback,) = writer.execute("select pg_current_wal_insert_lsn()").fetchone() or ("",)
        collected()
        durable = writer.execute(
            "select pg_current_wal_flush_lsn() >= %s::pg_lsn", [end_of_rollback]
        ).fetchone()
    assert durable == (True,)


def test_writers_in_threads_while_the_collector_runs() -> None:
    stop = threading.Event()

    def write(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311  as above
        with _connect() as writer:
            while not stop.is_set():
                for _ in range(chance.randint(1, 20)):
                    writer.execute(_WRITE)
                if chance.random() < 0.3:
                    writer.rollback()
                else:
                    writer.commit()

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(15):
            _same_rows_are_never_taken_twice()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    collected()
    assert _facts() == _written()
    assert len(_facts()) > 50
