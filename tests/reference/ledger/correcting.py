"""The naive model of a correction: what an entry made is reversed, and made anew with new values (2.5, 6).

Written from the operations spec, not from the SQL. The entry itself stays as it was; the next correction goes
on from where this one left it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from tests.reference.ledger.books import JournalLine
from tests.reference.ledger.entries import Ledger
from tests.reference.ledger.kept import Entry, Made


@dataclass(frozen=True)
class Correction:
    """New values of one entry: by the names of the model, and in the words that people type."""

    entry: UUID
    values: dict[str, Any]
    words: dict[str, Any]


def correct(ledger: Ledger, asked: Correction) -> str:
    """Correct an approved entry; return why not, or blank."""
    entry = ledger.entries[asked.entry]
    if entry.state != "approved":
        return "APR-111"
    before = entry.corrected or entry.work
    work = replace(before, **asked.values)
    bought = ledger.firm.of("subcontract", work.subcontract)
    is_new = work.subcontract != before.subcontract
    if asked.values.get("subcontract") and bought and bought["company_code"] != work.company:
        return "JRN-129"
    if code := ledger.rules.refusal(work, is_new=is_new):
        return code
    originals = list(entry.live)
    for one in originals:
        reversal = ledger.reverse_one(one, cancelled=False)
        reversal.origins.append(line_of("reversing", reversal))
    entry.live.clear()
    anew = Entry(work)
    place = ledger.rules.place(work)
    lacking = set[str]()
    for kind in ledger.rules.wanted(work, place):
        anew.lines[kind], lacks_tax = ledger.line(anew, kind, place)
        lacking |= {kind} if lacks_tax else set()
    ledger.make(anew, entry.change)
    for one in anew.live:
        kind = one.row.transaction_type
        ledger.says(anew.lines[kind], lacks_tax=kind in lacking)
        original = original_of(one, originals)
        one.origins = [*original.origins, line_of("corrected", one)]
        ledger.connected.append((one, "replacing", original, "original"))
    entry.corrected, entry.live = work, anew.live
    return ""


def original_of(one: Made, originals: list[Made]) -> Made:
    """Return which of the reversed actuals one replaces: of its type, else the cost.

    Where several are alike, which one it is nobody compares (``books.Replaced``).
    """
    alike = [made for made in originals if made.row.transaction_type == one.row.transaction_type]
    return next(iter(alike), originals[0])


def line_of(step: str, made: Made) -> tuple[str, JournalLine]:
    """Return the line of the journal that made an actual, as an ancestor of it."""
    return "journal_line", JournalLine(made.row.source_id, step, made.row.transaction_type)
