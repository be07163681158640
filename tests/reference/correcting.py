"""Corrects entries on the engine: a journal for each, made by one and confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connections
from tests.reference.ledger.books import JournalLine
from tests.reference.ledger.correcting import Correction

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor
from tieout.operations.journals import actions
from tieout.operations.journals.rules import JournalType, NewValues

MAKER: Final = Actor("ada", frozenset({"project_accountant"}), None)
CONFIRMER: Final = Actor("cleo", frozenset({"project_accountant"}), None)


def correct(company: str, corrections: Sequence[Correction]) -> set[tuple[UUID, str]]:
    """Correct entries of a company; return what is refused, by entry."""
    return {(one.entry, code) for one in corrections for code in _one(company, one)}


def corrected_lines() -> dict[UUID, JournalLine]:
    """Return the lines of all correction journals by their keys."""
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            "select line.id, actual.source_id, line.step, actual.transaction_type"
            " from operations_journal_line as line"
            " join operations_actual as actual on actual.id = line.actual_id"
        )
        return {key: JournalLine._make(values) for key, *values in cursor.fetchall()}


def _one(company: str, asked: Correction) -> set[str]:
    of: dict[str, Any] = {"company": company, "number": _drafted(company, asked.entry)}
    refused = {one.code for one in actions.take_actuals(actor=MAKER, **of, entry_ids=[asked.entry]).refused}
    if not refused:
        wrong = actions.set_new_values(actor=MAKER, **of, values=NewValues(**asked.words))
        refused = {one.code for one in wrong}
    if not refused:
        done = actions.confirm_journal(actor=CONFIRMER, **of)
        assert (done.made > 0) == (done.refused == 0)
        refused = {one.code for one in done.problems}
    if refused:  # what it held is live again
        actions.delete_journal(actor=MAKER, **of)
    return refused


def _drafted(company: str, entry: UUID) -> str:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("select transaction_class from operations_entry where id = %s", [entry])
        of_class = cursor.fetchone()[0]
    return actions.make_journal(
        actor=MAKER, company=company, journal_type=JournalType(f"{of_class}_correction")
    )
