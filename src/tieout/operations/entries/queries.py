"""What an entry says and can name, what happened to it, and the fields of the firm's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.entries.rules import EntryClass

_PACKAGE: Final = "tieout.operations.entries"
CHOICES_MAX: Final = 200
_CHOICES: Final = sql.load(_PACKAGE, "entry_choices")
_RECORDS: Final = sql.load(_PACKAGE, "entry_records")
_HISTORY: Final = sql.load(_PACKAGE, "entry_history")
_CUSTOM_FIELDS: Final = sql.load(_PACKAGE, "custom_fields")
_KNOWN: Final = {name.removeprefix("known_"): sql.load(_PACKAGE, name) for name in ("known_custom_field",)}
SET_UP: Final = SetUp.of_stage(
    OPERATIONS,
    _PACKAGE,
    (
        "set_up_custom_field",
        "set_up_project_approver",
        "set_up_time_delegate",
    ),
)
"""The set-up that is mastered here."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One resource, project or role (``kind``) that an entry can name; ``own``: the asker as a resource."""

    kind: str
    code: str
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One entry as the file format of its class has it; what its class has not is ``None`` or blank."""

    entry_id: UUID
    transaction_class: EntryClass
    external_id: str
    company: str
    resource: str | None
    project: str | None
    role: str | None
    task: str | None
    type: str
    category: str | None
    product: str | None
    product_name: str
    subcontract: str | None
    date: date
    minutes: int | None
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    currency: str
    tax: Decimal
    description: str
    external_description: str
    custom: dict[str, str]
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step of an entry: entered, changed, submitted, rejected, recalled, approved, cancelled ..."""

    step: str
    done_by: str
    done_at: datetime
    comment: str


@dataclass(frozen=True, slots=True)
class OwnField:
    """One field of the firm's own as a form asks for it; ``choices`` only of a choice."""

    name: str
    title: str
    kind: str
    choices: tuple[str, ...]
    is_required: bool


def entry_choices(*, actor: Actor, company: str) -> tuple[Choice, ...]:
    """Return what an entry of ``company`` can name, at most ``CHOICES_MAX`` of a kind, own first."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _CHOICES, company=company, user_name=actor.name, row_limit=CHOICES_MAX)
    return tuple(Choice(**row) for row in found)


def entry_record(*, actor: Actor, company: str, entry_id: UUID) -> EntryRecord | None:
    """Return one entry of ``company``, ``None`` where it has none with this key."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _RECORDS, company=company, entry_ids=[entry_id])
    if not found:
        return None
    row = found[0]
    of_class, custom = EntryClass(row["transaction_class"]), json.loads(row["custom"])
    return EntryRecord(**{**row, "transaction_class": of_class, "custom": custom})


def entry_history(*, actor: Actor, company: str, entry_id: UUID) -> list[HistoryStep]:
    """Return what happened to an entry of ``company``, the first first; nothing for one of another."""
    if entry_record(actor=actor, company=company, entry_id=entry_id) is None:
        return []
    return [HistoryStep(**row) for row in sql.rows(OPERATIONS, _HISTORY, entry_id=entry_id)]


def custom_fields(*, actor: Actor, of_class: EntryClass) -> tuple[OwnField, ...]:
    """Return the fields of the firm's own that entries of a class have, by title."""
    permit(actor, Verb.READ)
    found = sql.rows(OPERATIONS, _CUSTOM_FIELDS, transaction_class=of_class)
    return tuple(
        OwnField(**{**row, "choices": tuple(row["choices"].split("|")) if row["choices"] else ()})
        for row in found
    )


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ...}``.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)
