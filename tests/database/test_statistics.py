"""The program may refresh statistics of a table that has grown, and only then does."""

from __future__ import annotations

import pytest
from django.db import connections

from tieout.database.aliases import OPERATIONS
from tieout.database.statistics import refresh_if_grown


def _known_rows() -> float:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("select reltuples from pg_class where relname = 'operations_role'")
        return float(cursor.fetchone()[0])


@pytest.mark.usefixtures("databases")
def test_statistics_follow_a_bulk_of_rows() -> None:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            "insert into operations_role (code, name, version)"
            " select 'R' || i, 'Role ' || i, 1 from generate_series(1, 500) as i"
        )
    assert refresh_if_grown(OPERATIONS, "operations_role", 0) is False
    assert refresh_if_grown(OPERATIONS, "operations_role", 500) is True
    assert _known_rows() == 500
    assert refresh_if_grown(OPERATIONS, "operations_role", 40) is False
