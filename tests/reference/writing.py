"""Writes the rows of worlds to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db import connections, transaction
from psycopg import sql

from tieout.database.aliases import OPERATIONS
from tieout.operations.approvals.actions import record_intake

Row = dict[str, Any]


class Written(Protocol):
    """What has rows, and knows which of them are new."""

    @property
    def tables(self) -> Mapping[str, list[Row]]:
        """Rows by table."""

    def new_rows(self, table: str) -> list[Row]:
        """Return the rows of a table that were added since it was last asked."""

    def new_batches(self) -> list[tuple[str, int]]:
        """Return the batches that landed since they were last asked."""


def write(worlds: Sequence[Written]) -> None:
    """Write what was added to these worlds since the last load, in one transaction."""
    tables = dict.fromkeys(table for world in worlds for table in world.tables)
    with transaction.atomic(using=OPERATIONS):
        for table in tables:
            _copy(table, [row for world in worlds for row in world.new_rows(table)])
        for map_name, batch_id in sorted({batch for world in worlds for batch in world.new_batches()}):
            record_intake(map=map_name, batch_id=batch_id)


def _copy(table: str, rows: list[Row]) -> None:
    if not rows:
        return
    columns = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    statement = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), columns)
    with connections[OPERATIONS].cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))
