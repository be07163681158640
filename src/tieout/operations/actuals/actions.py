"""Loads the decision table, so that set statements join the same rows that the rules read."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import wait_in_transaction
from tieout.operations.actuals.rules import DECISIONS, Decision

_PACKAGE: Final = "tieout.operations.actuals"


@dataclass(frozen=True, slots=True)
class DecisionTableLoaded:
    """One load: rows of the file, and how many rows of the table had to change for it."""

    rows: int
    added: int
    removed: int


def load_decision_table() -> DecisionTableLoaded:
    """Make ``operations_decision`` exactly ``decision_table.csv``; a second load changes nothing.

    The file was checked to be total when the program started (DESIGN D5).
    """
    names = [field.name for field in fields(Decision)]
    cells = zip(*(astuple(row) for row in DECISIONS), strict=True)
    # A blank cell is an empty text in the table, so that its unique key needs no null.
    columns = {name: [str(cell or "") for cell in column] for name, column in zip(names, cells, strict=True)}
    with transaction.atomic(using=OPERATIONS, durable=True):
        wait_in_transaction(OPERATIONS, "load_decision_table")
        removed = sql.run(OPERATIONS, sql.load(_PACKAGE, "remove_decisions"), **columns)
        added = sql.run(OPERATIONS, sql.load(_PACKAGE, "add_decisions"), **columns)
    return DecisionTableLoaded(rows=len(DECISIONS), added=added, removed=removed)
