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
from tieout.operations.journals.actions import LINES

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


@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize(
    ("name", "parameters"), [("price_lines", {}), ("remove_refused", {"places": [1, 2]})]
)
def test_landed_journal_lines_are_changed_at_their_place(name: str, parameters: dict[str, Any]) -> None:
    """The statistics of a draft are older than the lines that land in it: an analysis sees none of them.

    Joined by key, each line was compared with each: 50,000 took three minutes if an analysis came in between.
    """
    statement = sql.load("tieout.operations.journals", name)
    with transaction.atomic(using=OPERATIONS), connections[OPERATIONS].cursor() as cursor:
        sql.run(OPERATIONS, LINES.statement)
        # A table known to be empty is read whole; a statement that joins by key has no places to go to.
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain (format json) {statement.text}", parameters)
        (found,) = cursor.fetchone()
    plan = found if isinstance(found, list) else json.loads(found)
    changed = [
        one for one in nodes(plan[0]["Plan"]) if one.get("Relation Name") == "operations_open_journal_line"
    ]
    ways = {one["Node Type"] for one in changed if one.get("Alias") == "line"}
    assert ways == {"ModifyTable", "Tid Scan"}
