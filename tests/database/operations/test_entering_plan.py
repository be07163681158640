"""Entering many entries: what was landed is never looked through once per entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.operations.entries.actions import ENTRIES

ENTER = sql.load("tieout.operations.entries", "enter_entries")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from nodes(one)


@pytest.mark.usefixtures("databases")
def test_nothing_that_was_landed_is_joined_in_a_loop() -> None:
    """Nothing is known of how many rows a landing has: joined to itself it was planned as a loop in a loop.

    A load of 50,000 entries then took minutes.
    """
    with transaction.atomic(using=OPERATIONS), connections[OPERATIONS].cursor() as cursor:
        sql.run(OPERATIONS, ENTRIES.statement)
        cursor.execute(f"explain (format json) {ENTER.text}", {"entered_by": "ann"})
        (found,) = cursor.fetchone()
    plan = found if isinstance(found, list) else json.loads(found)
    loops = [one for one in nodes(plan[0]["Plan"]) if one["Node Type"] == "Nested Loop"]
    assert loops
    joined = [one for one in loops if one["Plans"][1]["Node Type"] == "CTE Scan"]
    # What is too long is left out by such a loop, which is short where it is nothing or little.
    assert [one["Plans"][1]["CTE Name"] for one in joined if one["Plans"][1]["CTE Name"] != "too_long"] == []
