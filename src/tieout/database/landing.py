"""How records of a file reach the statements that enter them, and what those statements answer.

Many records pass through a temporary table that the entering stage declares (``land_*.sql``) and that is
filled by one COPY; few pass as one JSON parameter. Either way one statement judges and writes the whole set.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from django.db import connections
from psycopg import sql

from tieout.database.sql import Statement, run

LOADED = "loaded"
CHANGED = "changed"
ALREADY_THERE = "already there"

_ROWS_AT_ONCE: Final = 2_000
"""Rows written while the server takes those before them."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A temporary table for one transaction's records: the statement that declares it, and its columns."""

    statement: Statement
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record: loaded, changed, already there, or the code that refuses it.

    ``row`` is the number it landed with. A refused record names the field that is in the way, what is
    stored there and what the record says.
    """

    row: int
    outcome: str
    field: str = ""
    stored: str = ""
    value: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Verdict:
        """Return the verdict in a row that a statement answered; what it does not say is empty."""
        words = {name: value or "" for name, value in row.items() if name != "row"}
        return cls(row=row["row"], **words)


def land(alias: str, landing: Landing, records: pl.DataFrame) -> None:
    """Fill the landing with records, for the current transaction."""
    run(alias, landing.statement)
    with connections[alias].cursor() as cursor:
        cursor.execute(sql.SQL("truncate pg_temp.{}").format(sql.Identifier(landing.table)))
    copy_in(alias, landing.table, records.select(landing.columns), schema="pg_temp")


def copy_in(alias: str, table: str, records: pl.DataFrame, *, schema: str = "public") -> None:
    """Write records into a table, each column into that of its name; a number may be given as its text."""
    columns = sql.SQL(", ").join(map(sql.Identifier, records.columns))
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(sql.Identifier(schema, table), columns)
    with (
        connections[alias].cursor() as cursor,
        connections[alias].wrap_database_errors,  # the raw cursor would raise psycopg's own classes
        cursor.cursor.copy(statement) as stream,
    ):
        for part in records.iter_slices(_ROWS_AT_ONCE):
            block = io.BytesIO()
            part.write_csv(block, include_header=False)
            stream.write(block.getvalue())
