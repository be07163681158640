"""General journals of finance become actuals here: made and confirmed as entry journals (finance spec 2.14).

::

    arrived: header and lines ──> entry journal, its cost and sales lines ──> confirmed: actuals
                                   └────────────── one transaction ──────────────┘

Per line one cost, which finance has posted (it does not travel back), and on a contract line on time and
materials one unbilled sales, also of 0; of several customers one for each, by its share. The journal has the
key of finance's, so that asking again finds it confirmed. What finance posted is never validated strictly
again; but a closed project, an unknown record or a price that cannot be found refuses the journal, and it is
tried again as a whole.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import REASON_CODE, Json
from tieout.operations.generaljournals.rules import (
    HEADER_MISSING,
    LINES_MISSING,
    NOT_CONFIRMED,
    NOT_KNOWN,
)
from tieout.operations.journals.actions import LINES, confirm_draft, enter_landed, make_draft
from tieout.operations.journals.queries import hold

_PACKAGE: Final = "tieout.operations.generaljournals"
_ARRIVED: Final = sql.load(_PACKAGE, "arrived")
_UNKNOWN: Final = sql.load(_PACKAGE, "unknown_records")
# It fills the landing of the journals, and so stands beside it.
_LAND: Final = sql.load("tieout.operations.journals", "land_arrived")
_MARK: Final = sql.load(_PACKAGE, "mark_lines")
_WIDTH: Final = sql.load(_PACKAGE, "width")


@dataclass(frozen=True, slots=True)
class Asked:
    """One general journal that finance has posted, by its key and number, with so many project lines."""

    journal_id: UUID
    number: str
    project_lines: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of it: the number of the confirmed journal, or a code with what fills its words."""

    journal_id: UUID
    confirmed_as: str | None = None
    code: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def confirm_arrived(*, actor: Actor, company: str, journal: Asked) -> Answered:
    """Make and confirm a journal of ``company`` that arrived; return what came of it.

    One transaction: its lines are one set, and one that is refused leaves nothing behind. A journal that is
    confirmed already answers with its number. Who made it in finance made it here, and who posted it there
    has confirmed it: finance lets nobody do both.
    """
    permit(actor, Verb.DELIVER, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        hold(company)
        found = sql.one(OPERATIONS, _ARRIVED, journal_id=journal.journal_id, company=company)
        if found["confirmed_as"] is not None:
            return Answered(journal.journal_id, confirmed_as=found["confirmed_as"])
        if not found["has_header"]:
            return _refused(journal, HEADER_MISSING)
        if found["arrived"] < found["line_count"]:
            return _refused(journal, LINES_MISSING, line=f"{found['line_count'] - found['arrived']} missing")
        if unknown := sql.rows(OPERATIONS, _UNKNOWN, journal_id=journal.journal_id):
            return _refused(journal, NOT_KNOWN, **unknown[0])
        before = transaction.savepoint(using=OPERATIONS)
        number, faults = _make(company, journal, found)
        if not faults:
            return Answered(journal.journal_id, confirmed_as=number)
        transaction.savepoint_rollback(before, using=OPERATIONS)
        return _refused(journal, NOT_CONFIRMED, **faults[0])


def _make(company: str, asked: Asked, found: dict[str, Any]) -> tuple[str, list[dict[str, Json]]]:
    """Make and confirm one journal; return its number, and why it cannot be, first fault first."""
    number = make_draft(
        company=company,
        made_by=found["made_by"],
        description=f"{asked.number}: {found['description']}".removesuffix(": ")[:400],
        journal_id=asked.journal_id,
    )
    if number is None:
        raise LookupError(f"journal {asked.journal_id} is there without an outcome")
    sql.run(OPERATIONS, LINES.statement)
    width = sql.one(OPERATIONS, _WIDTH, journal_id=asked.journal_id)["width"]
    sql.run(OPERATIONS, _LAND, journal_id=asked.journal_id, company=company, number=number, width=width)
    _, faults = enter_landed(entered_by=found["made_by"])
    if faults:
        return number, [_fault(fault, width) for fault in faults]
    sql.run(OPERATIONS, _MARK, journal_id=asked.journal_id, width=width)
    done = confirm_draft(journal_id=asked.journal_id, is_entry=True, confirmed_by=found["posted_by"])
    return number, [{**one.details, "line": one.record_name, REASON_CODE: one.code} for one in done.problems]


def _fault(fault: dict[str, Any], width: int) -> dict[str, Json]:
    """Return the line of finance that a fault is about, and its reason: a code and what fills its words."""
    line = -(-fault["line_number"] // width)  # so many lines here are one there
    words = {name: fault[name] for name in ("field", "stored", "value")}
    return {**words, "line": line, "key": f"Line {line}", REASON_CODE: fault["outcome"]}


def _refused(asked: Asked, code: str, **details: Json) -> Answered:
    said = json.loads(json.dumps(details, default=str))
    return Answered(asked.journal_id, code=code, details={"line": "", **said, "journal": asked.number})
