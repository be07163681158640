"""Streams rows from one database into another without decoding them (DESIGN D7).

``COPY ... TO STDOUT (FORMAT binary)`` on one connection feeds ``COPY ... FROM STDIN`` on the other;
Python only carries the bytes. Binary COPY turns a bigint into numeric 0 without a word, so before the
first byte flows, names, order, type and type modifier of the columns of both ends are compared and any
difference is refused.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import structlog
from django.db import connections
from psycopg import sql

BLOCK_SIZE: Final = 1 << 16  # bytes that go to the target at once

log = structlog.get_logger("tieout.transfer")


class ColumnsDifferError(RuntimeError):
    """The columns of the source do not match those of the target table; nothing was copied."""

    def __init__(self, table: str, column: str, source_type: str, target_type: str) -> None:
        super().__init__(
            f"{table}.{column}: the source gives {source_type}, the target expects {target_type}"
        )
        self.table, self.column = table, column
        self.source_type, self.target_type = source_type, target_type


@dataclass(frozen=True, slots=True)
class Column:
    """One column as PostgreSQL describes it: name, type oid and type modifier."""

    name: str
    type_oid: int
    type_modifier: int

    @property
    def type_words(self) -> str:
        """The type as a message names it."""
        return f"{self.name} of type {self.type_oid} modifier {self.type_modifier}"


def columns_of_query(alias: str, query: str, parameters: dict[str, Any]) -> list[Column]:
    """Return the columns that ``query`` answers, without running it for its rows."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"select * from ({query}) as shape limit 0", parameters)
        result = cursor.cursor.pgresult
        return [
            Column(result.fname(i).decode(), result.ftype(i), result.fmod(i)) for i in range(result.nfields)
        ]


def columns_of_table(alias: str, table: str, names: list[str]) -> list[Column]:
    """Return the columns ``names`` of ``table`` in that order; raise if one does not exist."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "select attname, atttypid::int8, atttypmod from pg_attribute"
            " where attrelid = %s::regclass and attnum > 0 and not attisdropped",
            [table],
        )
        known = {name: Column(name, oid, modifier) for name, oid, modifier in cursor.fetchall()}
    missing = [name for name in names if name not in known]
    if missing:
        raise ColumnsDifferError(table, missing[0], "a column of that name", "no such column")
    return [known[name] for name in names]


def refuse_difference(source: list[Column], target: list[Column], table: str) -> None:
    """Raise :class:`ColumnsDifferError` naming the first column that differs in name, type or modifier."""
    for ours, theirs in zip(source, target, strict=True):
        if ours != theirs:
            raise ColumnsDifferError(table, theirs.name, ours.type_words, theirs.type_words)


def copy_rows(
    *,
    source: str,
    query: str,
    parameters: dict[str, Any],
    target: str,
    table: str,
) -> int:
    """Stream the rows of ``query`` on ``source`` into ``table`` on ``target``; return how many arrived.

    Both run inside whatever transaction their connection is in.
    """
    started = time.perf_counter()
    names = _identifiers(_matching_columns(source, query, parameters, target, table))
    copy_in = sql.SQL("copy {} ({}) from stdin (format binary)").format(sql.Identifier(table), names)
    with connections[source].cursor() as reading, connections[target].cursor() as writing:
        copy_out = f"copy ({query}) to stdout (format binary)"
        with (
            connections[target].wrap_database_errors,  # the raw cursor would raise psycopg's own classes
            reading.cursor.copy(copy_out, parameters) as outgoing,
            writing.cursor.copy(copy_in) as incoming,
        ):
            for block in _joined(outgoing):
                incoming.write(block)
        count = int(writing.cursor.rowcount)
    log.debug(
        "copy",
        source=source,
        target=target,
        table=table,
        rows=count,
        ms=round((time.perf_counter() - started) * 1000, 1),
    )
    return count


def _joined(rows: Iterable[memoryview | bytes | bytearray]) -> Iterator[bytes]:
    """Yield in blocks what the server sends row by row: a message for each row costs a third of our work."""
    block, size = [], 0
    for row in rows:
        block.append(row)
        size += len(row)
        if size >= BLOCK_SIZE:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def merge_rows(
    *,
    source: str,
    query: str,
    parameters: dict[str, Any],
    target: str,
    table: str,
    key: str,
    newer_by: str | None,
) -> int:
    """Stream rows that may be there already; return how many were new or newer.

    The rows pass through a temporary table. With ``newer_by`` a row that is there is replaced when that
    column is higher; without it the row that is there stays as it is.
    """
    columns = land_rows(source=source, query=query, parameters=parameters, target=target, table=table)
    return take_landed(target=target, table=table, columns=columns, key=key, newer_by=newer_by)


def landing_of(table: str) -> str:
    """Return the name of the temporary table through which rows come to ``table``."""
    return f"landing_{table}"


def land_rows(
    *, source: str, query: str, parameters: dict[str, Any], target: str, table: str
) -> list[Column]:
    """Stream rows into a temporary table of the current transaction; return their columns.

    It takes what ``table`` would refuse: its columns are those of the stream, and it has no rules.
    """
    columns = _matching_columns(source, query, parameters, target, table)
    landing = landing_of(table)
    with connections[target].cursor() as cursor:
        cursor.execute(
            sql.SQL("create temporary table {} on commit drop as select {} from {} limit 0").format(
                sql.Identifier(landing), _identifiers(columns), sql.Identifier(table)
            )
        )
    copy_rows(source=source, query=query, parameters=parameters, target=target, table=landing)
    return columns


def take_landed(
    *,
    target: str,
    table: str,
    columns: list[Column],
    key: str,
    newer_by: str | None,
    between: tuple[Any, Any] | None = None,
) -> int:
    """Insert what :func:`land_rows` landed, as :func:`merge_rows` says; return how many were new or newer.

    ``between`` are the first and the last key to insert; without it, all are.
    """
    resolution: sql.Composable = sql.SQL("nothing")
    if newer_by is not None:
        resolution = sql.SQL("update set {} where {}.{} < excluded.{}").format(
            sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column.name)) for column in columns
            ),
            sql.Identifier(table),
            sql.Identifier(newer_by),
            sql.Identifier(newer_by),
        )
    part = (
        sql.SQL("") if between is None else sql.SQL("where {} between %s and %s").format(sql.Identifier(key))
    )
    with connections[target].cursor() as cursor:
        cursor.execute(
            sql.SQL("insert into {table} ({names}) select {names} from {landing} {part} {otherwise}").format(
                table=sql.Identifier(table),
                names=_identifiers(columns),
                landing=sql.Identifier(landing_of(table)),
                part=part,
                otherwise=sql.SQL("on conflict ({}) do {}").format(sql.Identifier(key), resolution),
            ),
            between,
        )
        return int(cursor.rowcount)


def _matching_columns(
    source: str, query: str, parameters: dict[str, Any], target: str, table: str
) -> list[Column]:
    ours = columns_of_query(source, query, parameters)
    refuse_difference(ours, columns_of_table(target, table, [column.name for column in ours]), table)
    return ours


def _identifiers(columns: list[Column]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
