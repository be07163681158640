"""Journals as doors show them: the list, a draft with its lines, the preview of a correction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.journals.problems import (
    CorrectionNamesUnknown,
    JournalNotDraft,
    JournalUnknown,
    NewValueUnfit,
    NotOfJournalType,
    SubcontractNamedAndCleared,
)
from tieout.operations.journals.rules import CORRECTED_CLASS, JournalType, NewValues
from tieout.operations.organization import queries as organization
from tieout.operations.pricing import queries as pricing
from tieout.operations.purchasing import queries as purchasing

PAGE: Final = 200

KEYED: Final = {
    "project": organization.known,
    "task": organization.known,
    "role": organization.known,
    "resource": organization.known,
    "category": organization.known,
    "product": pricing.known,
    "subcontract": purchasing.known,
}
"""What new values are codes of, and what knows them."""

_PACKAGE: Final = "tieout.operations.journals"
_JOURNALS: Final = sql.load(_PACKAGE, "journals")
_NAMED: Final = sql.load(_PACKAGE, "journal_named")
_VALUES: Final = sql.load(_PACKAGE, "new_values")
_DRAFT_LINES: Final = sql.load(_PACKAGE, "draft_lines")
_HELD: Final = sql.load(_PACKAGE, "held_sources")
_PREVIEW: Final = sql.load(_PACKAGE, "preview")
_ENTRIES_NAMED: Final = sql.load(_PACKAGE, "entries_named")
_LINES_NAMED: Final = sql.load(_PACKAGE, "lines_named")
_TYPED: Final = sql.load(_PACKAGE, "typed_line")
_CONFIRMED: Final = sql.load(_PACKAGE, "confirmed_lines")


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One journal: its type, where it stands (draft, confirmed, deleted), who made and who closed it.

    ``lines`` are its lines, or the actuals that a draft holds.
    """

    id: UUID
    number: str
    journal_type: JournalType
    state: str
    description: str
    made_by: str
    made_at: datetime
    done_by: str | None
    done_at: datetime | None
    lines: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a journal: of a draft what it would make, else what it made.

    ``step`` is entry, reversing or corrected. ``source`` is the entry or line that an adjusted actual is of.
    ``code`` is empty, or says with ``field``, ``stored`` and ``value`` why it cannot be confirmed.
    """

    line_number: int
    step: str
    source: str
    transaction_type: str
    transaction_class: str
    billing_type: str
    date: date
    project_number: str
    task_number: str | None
    what: str | None
    resource: str | None
    subcontract: str | None
    customer: str | None
    quantity: Decimal
    unit: str
    price: Decimal | None
    price_reason: str
    amount: Decimal
    tax_amount: Decimal
    extended_amount: Decimal
    currency_code: str | None
    digits: int
    description: str
    actual_id: UUID | None
    code: str
    field: str
    stored: str
    value: str


@dataclass(frozen=True, slots=True)
class HeldSource:
    """One entry (of a cancellation, one line) that a draft holds, with how many of its actuals."""

    source_id: UUID
    name: str
    transaction_class: str
    date: date
    project_number: str
    actuals: int


def journals(*, actor: Actor, company: str, before: UUID | None = None, state: str = "") -> list[JournalRow]:
    """Return the newest ``PAGE`` journals of ``company``, older than ``before``; of one ``state``, or all."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _JOURNALS, company=company, before=before, state=state, row_limit=PAGE)
    return [JournalRow(**{**row, "journal_type": JournalType(row["journal_type"])}) for row in found]


def journal(*, actor: Actor, company: str, number: str) -> JournalRow:
    """Return one journal; raise :class:`JournalUnknown` where the company has none of that number."""
    permit(actor, Verb.READ, company)
    found = named(company, number)
    row = {name: found[name] for name in JournalRow.__slots__}
    return JournalRow(**{**row, "journal_type": JournalType(row["journal_type"])})


def draft_lines(*, actor: Actor, company: str, number: str, after: int = 0) -> list[Line]:
    """Return the next ``PAGE`` lines of a draft entry journal, with what is wrong with each."""
    return _lines(_DRAFT_LINES, actor, company, number, after)


def preview(*, actor: Actor, company: str, number: str, after: int = 0) -> list[Line]:
    """Return the next ``PAGE`` lines that confirming a correction or cancellation would make; none is made.

    Reversing lines first, then corrected ones at the prices of now, as :func:`confirm_journal` would make
    them; an entry that cannot be corrected so has one line with its code.
    """
    return _lines(_PREVIEW, actor, company, number, after)


def confirmed_lines(*, actor: Actor, company: str, number: str, after: int = 0) -> list[Line]:
    """Return the next ``PAGE`` lines of a confirmed journal with the actuals that they made."""
    return _lines(_CONFIRMED, actor, company, number, after)


def held_sources(*, actor: Actor, company: str, number: str) -> list[HeldSource]:
    """Return the first ``PAGE`` entries or lines that a draft holds."""
    found = journal(actor=actor, company=company, number=number)
    rows = sql.rows(OPERATIONS, _HELD, journal_id=found.id, row_limit=PAGE)
    return [HeldSource(**row) for row in rows]


def new_values(*, actor: Actor, company: str, number: str) -> NewValues:
    """Return what a draft of a correction makes different, by the codes of records."""
    found = journal(actor=actor, company=company, number=number)
    rows = sql.rows(OPERATIONS, _VALUES, journal_id=found.id)
    if not rows:
        return NewValues()
    said: dict[str, Any] = {name: value or "" for name, value in rows[0].items()}
    given = {name: rows[0][name] for name in ("date", "clears_subcontract")}
    return NewValues(**said | given | {"custom": json.loads(rows[0]["custom"])})


def typed_line(*, actor: Actor, company: str, number: str, line_number: int) -> dict[str, str] | None:
    """Return what a line of a draft says, a text for each field of its file format; None if there is none."""
    found = journal(actor=actor, company=company, number=number)
    rows = sql.rows(OPERATIONS, _TYPED, journal_id=found.id, line_number=line_number)
    if not rows:
        return None
    said = {name: "" if value is None else str(value) for name, value in rows[0].items()}
    return {"company": company, "journal": number, "line_number": str(line_number)} | said


def named_sources(
    *, actor: Actor, company: str, journal_type: JournalType, names: Sequence[str]
) -> tuple[dict[str, list[UUID]], tuple[str, ...]]:
    """Return what a draft of this type can take under these names, and the names that nothing has.

    Entries by their number, as ``entry_ids``; of a cancellation actuals of entry journals by the number of
    the journal, or ``number/line``, as ``actual_ids``.
    """
    permit(actor, Verb.READ, company)
    of_class = CORRECTED_CLASS.get(journal_type)
    if of_class:
        found = sql.rows(OPERATIONS, _ENTRIES_NAMED, company=company, of_class=of_class, names=list(names))
    else:
        found = sql.rows(OPERATIONS, _LINES_NAMED, company=company, names=list(names))
    known = {row["name"] for row in found}
    keys = {"entry_ids" if of_class else "actual_ids": [row["id"] for row in found]}
    return keys, tuple(name for name in names if name not in known)


def keys_of(company: str, values: NewValues) -> tuple[dict[str, UUID | None], tuple[NewValueUnfit, ...]]:
    """Return the key of what each field names, None where it is blank; and what is wrong with the values."""
    keys = {field: _key_in(company, values, field) for field in KEYED}
    wrong: list[NewValueUnfit] = [
        CorrectionNamesUnknown(field=field, value=getattr(values, field), company=company)
        for field, key in keys.items()
        if key is None and getattr(values, field)
    ]
    if values.subcontract and values.clears_subcontract:
        said = values.subcontract
        wrong.append(SubcontractNamedAndCleared(field="subcontract", value=said, company=company))
    return keys, tuple(wrong)


def _key_in(company: str, values: NewValues, field: str) -> UUID | None:
    """Return the key of what a field names, if it is of ``company`` or of all; a resource may be lent."""
    named: str = getattr(values, field)
    if not named:
        return None
    parts = (values.project, named) if field == "task" else (named,)
    asked = {"place": 0} | {f"k{place}": part for place, part in enumerate(parts, 1)}
    for row in KEYED[field](entity=field, keys=json.dumps([asked])):
        if field == "resource" or row.get("company") in {None, company}:
            return UUID(str(row["id"]))
    return None


def _lines(statement: sql.Statement, actor: Actor, company: str, number: str, after: int) -> list[Line]:
    found = journal(actor=actor, company=company, number=number)
    rows = sql.rows(OPERATIONS, statement, journal_id=found.id, after=after, row_limit=PAGE)
    return [Line(**row) for row in rows]


# ---------------------------------------------------------------- one journal


def hold(company: str) -> None:
    """Hold the journals of ``company`` until the transaction ends: two people change or confirm in turn."""
    wait_in_transaction(OPERATIONS, "journals", company)


def named(company: str, number: str) -> dict[str, Any]:
    """Return a journal by its number; raise :class:`JournalUnknown` where there is none."""
    found = sql.rows(OPERATIONS, _NAMED, company=company, number=number)
    if not found:
        raise JournalUnknown(journal=number, company=company)
    return found[0]


def draft(company: str, number: str, *wanted: JournalType) -> dict[str, Any]:
    """Return a draft, held until the transaction ends, of one of the ``wanted`` types (none: any)."""
    hold(company)
    journal = named(company, number)
    if wanted and journal["journal_type"] not in wanted:
        words = journal["journal_type"].replace("_", " ")
        raise NotOfJournalType(journal=number, company=company, journal_type=words)
    if journal["state"] != "draft":
        raise JournalNotDraft(journal=number, company=company, state=journal["state"])
    return journal
