"""Keeps the planner's picture of a table true after a bulk of rows, without waiting for autovacuum."""

from __future__ import annotations

from typing import Final

from django.db import connections

# Statistics are taken again when a tenth of the table is new: the same share that autovacuum waits for.
_SHARE: Final = 10


def refresh_if_grown(alias: str, table: str, new_rows: int) -> bool:
    """Analyze ``table`` if ``new_rows`` are a tenth or more of what the planner knows; say whether."""
    if not new_rows:
        return False
    with connections[alias].cursor() as cursor:
        cursor.execute("select reltuples from pg_class where oid = %s::regclass", [table])
        (known,) = cursor.fetchone()
        if new_rows * _SHARE < known:
            return False
        cursor.execute("select tieout_analyze(%s::regclass)", [table])
    return True
