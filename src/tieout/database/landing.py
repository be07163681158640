"""How records of a file reach the statements that enter them, and what those statements answer.

Many records pass through a temporary table that the entering stage declares (``land_*.sql``) and that is
filled by one COPY; few pass as one JSON parameter. Either way one statement judges and writes the whole set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from psycopg import sql

from tieout.database.sql import Statement, run

LOADED = "loaded"
CHANGED = "changed"
ALREADY_THERE = "already there"


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


def land(alias: str, landing: Landing, blocks: Iterable[str]) -> None:
    """Fill the landing with records in PostgreSQL's text format of COPY, for the current transaction."""
    run(alias, landing.statement)
    name = sql.Identifier(landing.table)
    columns = sql.SQL(", ").join(map(sql.Identifier, landing.columns))
    with connections[alias].cursor() as cursor, connections[alias].wrap_database_errors:
        cursor.execute(sql.SQL("truncate pg_temp.{}").format(name))
        copy_in = sql.SQL("copy pg_temp.{} ({}) from stdin").format(name, columns)
        with cursor.cursor.copy(copy_in) as stream:
            for block in blocks:
                stream.write(block)


def copy_text(columns: Sequence[Sequence[object]]) -> str:
    """Return columns of equal length as rows in the text format of COPY; None is null.

    What the format gives a meaning (backslash, tab, line breaks) is escaped: any text arrives as it is.
    """
    rows = list(map("\t".join, zip(*(_texts(column) for column in columns), strict=True)))
    return "\n".join([*rows, ""])


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _texts(column: Sequence[object]) -> list[str]:
    kinds = set(map(type, column))
    if type(None) in kinds:
        return ["\\N" if cell is None else str(cell).translate(_ESCAPES) for cell in column]
    texts = list(map(str, column))
    whole = "".join(texts) if str in kinds else ""
    if any(mark in whole for mark in "\\\t\n\r"):
        return [text.translate(_ESCAPES) for text in texts]
    return texts
