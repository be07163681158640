"""The engine's limit: how fast PostgreSQL takes the very rows that a stage wrote (DESIGN section 6).

After a stage has run, the rows that it wrote are found by their transaction (``xmin``), dumped in binary,
and copied by one session into tables made like the originals: same columns, indexes and constraints, no
triggers. A second set of tables has its primary keys only.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections
from psycopg import sql

from tieout.database import schema


@dataclass(slots=True)
class Measured:
    """One stage over one part of the rows: seconds of ours, and of the limit into full and bare tables."""

    stage: str
    rows: int
    ours: float
    limit: float
    limit_bare: float
    written: dict[str, int] = field(default_factory=dict)


def measure(stage: str, rows: int, aliases: tuple[str, ...], run: Callable[[], object]) -> Measured:
    """Run a stage and then the limit for the rows that it wrote; ``rows`` is what the rate is counted in."""
    before = {alias: _current_transaction(alias) for alias in aliases}
    started = time.perf_counter()
    run()
    ours = time.perf_counter() - started
    measured = Measured(stage, rows, ours, 0.0, 0.0)
    with schema.as_owner(), tempfile.TemporaryDirectory(prefix="tieout-bench-") as folder:
        for alias in aliases:
            for table, path, count in _dump(alias, before[alias], Path(folder)):
                measured.written[table] = count
                measured.limit += _copy_in(alias, "limit_full", table, path)
                measured.limit_bare += _copy_in(alias, "limit_bare", table, path)
    return measured


def _current_transaction(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _dump(alias: str, after: int, folder: Path) -> Iterator[tuple[str, Path, int]]:
    with connections[alias].cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        tables = [row[0] for row in cursor.fetchall() if not row[0].startswith(("django_", "procrastinate_"))]
        for table in tables:
            path = folder / f"{alias}.{table}"
            # A fresh cluster: transaction numbers are far from wrapping round.
            query = sql.SQL("copy (select * from {} where xmin::text::bigint > {}) to stdout (format binary)")
            with (
                cursor.cursor.copy(query.format(sql.Identifier(table), sql.Literal(after))) as stream,
                path.open("wb") as file,
            ):
                for block in stream:
                    file.write(block)
            if cursor.cursor.rowcount:
                yield table, path, int(cursor.cursor.rowcount)


def _copy_in(alias: str, into: str, table: str, path: Path) -> float:
    target = sql.Identifier(into, table)
    with connections[alias].cursor() as cursor:
        cursor.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(into)))
        including = sql.SQL("including all" if into == "limit_full" else "including defaults")
        cursor.execute(
            sql.SQL("create table if not exists {} (like public.{} {})").format(
                target, sql.Identifier(table), including
            )
        )
        if into == "limit_bare":
            _add_primary_key(alias, table)
        started = time.perf_counter()
        with (
            cursor.cursor.copy(sql.SQL("copy {} from stdin (format binary)").format(target)) as stream,
            path.open("rb") as file,
        ):
            while block := file.read(1 << 20):
                stream.write(block)
        return time.perf_counter() - started


def _add_primary_key(alias: str, table: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select pg_get_constraintdef(oid) from pg_constraint"
            " where conrelid = %s::regclass and contype = 'p'",
            [f"public.{table}"],
        )
        key = cursor.fetchone()
        cursor.execute(
            "select 1 from pg_constraint where conrelid = %s::regclass and contype = 'p'",
            [f"limit_bare.{table}"],
        )
        if key and not cursor.fetchone():
            cursor.execute(
                sql.SQL("alter table {} add {}").format(sql.Identifier("limit_bare", table), sql.SQL(key[0]))
            )
