"""Set-up record by record: what is there, as its file format has it, and entering what somebody typed.

A record that is typed is a file of one row: the same reader, judge and verb decide about it, with the same
codes. What a form adds is that somebody has seen what they change: it is entered only if the record still is
what they were shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

import structlog
from django.db import transaction

from tieout.database.aliases import OPERATIONS
from tieout.database.landing import ALREADY_THERE, CHANGED, LOADED, Verdict
from tieout.database.locks import wait_in_transaction
from tieout.database.set_up import Wanted
from tieout.finance.agreements import queries as agreements
from tieout.finance.dimensions import queries as dimensions
from tieout.finance.intercompany import queries as intercompany
from tieout.finance.ledgers import queries as ledgers
from tieout.finance.profiles import queries as profiles
from tieout.finance.taxes import queries as taxes
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.loading.entering import DOCUMENTS, MAPS, alias_of
from tieout.loading.formats import FORMATS, Kind
from tieout.loading.given import Judged, enter_judged, judge
from tieout.loading.judging import key_words
from tieout.loading.masters import send
from tieout.loading.plain import shortened
from tieout.loading.profile import plain_profile
from tieout.loading.reference_problems import ChangedMeanwhile, KeyTaken, OtherKey
from tieout.loading.references import Directory
from tieout.loading.sources import SourceRow
from tieout.loading.verdicts import refusals
from tieout.operations.entries import queries as entries
from tieout.operations.organization import queries as organization
from tieout.operations.organization.actions import CONTRACT_LINES
from tieout.operations.pricing import queries as pricing
from tieout.operations.purchasing import queries as purchasing
from tieout.operations.quoting import queries as quoting

Texts: TypeAlias = Mapping[str, str]
"""A record as a file would have it: a text for each field, blank where there is no value."""

log = structlog.get_logger("tieout.loading")

SET_UP: Final = tuple(entity for entity in FORMATS if entity not in DOCUMENTS)
"""The entities that are set up, in the order of their need."""

_STAGES: Final = (
    ledgers,
    profiles,
    dimensions,
    taxes,
    intercompany,
    agreements,
    organization,
    purchasing,
    pricing,
    quoting,
    entries,
)
_ASK: Final[Mapping[str, Callable[..., list[dict[str, Any]]]]] = {
    entity: stage.SET_UP.records for stage in _STAGES for entity in stage.SET_UP.statements
}
_BESIDE_KEY: Final[Mapping[str, tuple[str, ...]]] = {"price_override": ("target",)}
"""What tells records apart whose keys in the file format are the same."""
_INTEGER_MOST: Final = 2**31


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody saw when they began to type: of which key, and the fingerprint of its content."""

    key: Texts
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of typed records: the problems of each row (from 1 on), or what was entered.

    With a problem nothing was entered. ``changed`` says whether anything is other than before, ``travels``
    the maps that carry it to the other side, ``waiting`` those of them that do not run.
    """

    problems: Mapping[int, Sequence[Problem]]
    changed: bool = False
    travels: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


# ------------------------------------------------------------ what is there


def stored(*, actor: Actor, entity: str, wanted: Wanted) -> list[Texts]:
    """Return the wanted records of an entity that the actor may see, in the order of their keys."""
    return _stored(actor, entity, wanted, locked=False)


def counted(*, actor: Actor) -> dict[str, int]:
    """Return how many records of each entity the actor may see, counted up to a most."""
    return {entity: count for stage in _STAGES for entity, count in stage.SET_UP.counts(actor=actor).items()}


def address(entity: str, record: Texts) -> dict[str, str]:
    """Return the parts of a record by which it is asked for."""
    return {name: record[name] for name in (*FORMATS[entity].key, *_BESIDE_KEY.get(entity, ()))}


def address_of(entity: str, given: Texts) -> dict[str, str]:
    """Return those of the ``given`` texts by which records can be asked for; others are left out."""
    names = (*FORMATS[entity].key, *_BESIDE_KEY.get(entity, ()))
    return {name: given[name] for name in names if name in given and "\0" not in given[name]}


def position_of(entity: str, given: Texts) -> dict[str, str] | None:
    """Return the key after which a page begins, None for the first page; what is no key is no position."""
    found = address_of(entity, given)
    names = (*FORMATS[entity].key, *_BESIDE_KEY.get(entity, ()))
    if not found or set(found) != set(names):
        return None
    for name, text in found.items():
        field = FORMATS[entity].fields.get(name)
        if field is not None and not _is_comparable(field.kind, text):
            return None
    return found


def fingerprint(records: Sequence[Texts]) -> str:
    """Return what stands for the content of some records: equal where they are equal."""
    content = json.dumps([sorted(record.items()) for record in records])
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def _stored(actor: Actor, entity: str, wanted: Wanted, *, locked: bool) -> list[Texts]:
    found = _ASK[entity](actor=actor, entity=entity, wanted=wanted, locked=locked)
    return [{name: _text(value) for name, value in row.items()} for row in found]


def _text(value: object) -> str:
    """Return a stored value as a file would have it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{shortened(value):f}"
        case date():
            return value.isoformat()
    return str(value)


def _is_comparable(kind: Kind, text: str) -> bool:
    try:
        match kind:
            case Kind.INTEGER:
                return int(text) < _INTEGER_MOST
            case Kind.DATE:
                date.fromisoformat(text)
    except ValueError:
        return False
    return True


# ------------------------------------------------------------ entering


def enter_record(*, actor: Actor, entity: str, record: Texts, shown: Shown | None) -> Entered:
    """Enter one record: a new one (``shown`` None), or other content of the one that was shown.

    Refused, besides what loading it would be refused for: a new record whose key there is (LOAD-381), a
    record that is not any more what was shown (LOAD-380), content that makes it another record (LOAD-382).
    """
    return _enter(actor, entity, [record], shown)


def enter_together(*, actor: Actor, entity: str, records: Sequence[Texts], shown: Shown) -> Entered:
    """Enter all records that share one owner, as the customers of one contract line; all of them or none."""
    return _enter(actor, entity, records, shown)


def _enter(actor: Actor, entity: str, records: Sequence[Texts], shown: Shown | None) -> Entered:
    permit(actor, Verb.LOAD)
    fields = tuple(FORMATS[entity].fields)
    rows = [
        SourceRow(number, {name: record.get(name, "") for name in fields})
        for number, record in enumerate(records, 1)
    ]
    judged = judge(actor, plain_profile(entity), fields, rows, Directory())
    if judged.problems:
        return Entered(judged.problems)
    with transaction.atomic(using=alias_of(entity), durable=True):
        problems, verdicts = _enter_unless_changed(actor, judged, shown)
        if problems:
            transaction.set_rollback(True, using=alias_of(entity))
            return Entered(problems)
    changed = any(one.outcome != ALREADY_THERE for one in verdicts)
    for number, one in enumerate(verdicts, 1):
        log.info("set-up entered", entity=entity, row=number, outcome=one.outcome, actor=actor.name)
    waiting = send(actor, entity) if changed else []
    return Entered({}, changed, MAPS.get(entity, ()), tuple(one.map for one in waiting))


def _enter_unless_changed(
    actor: Actor, judged: Judged, shown: Shown | None
) -> tuple[dict[int, list[Problem]], list[Verdict]]:
    """Enter records in the current transaction; return the problems by row, and what became of them."""
    chunk = judged.chunk
    entity = chunk.format.entity
    if alias_of(entity) == OPERATIONS:
        # Whoever judges records beside each other waits for this lock before the rows: so do we.
        wait_in_transaction(OPERATIONS, CONTRACT_LINES)
    if shown is not None and fingerprint(_shown_now(actor, entity, shown, len(chunk))) != shown.fingerprint:
        words = ", ".join(f"{name} {value}" for name, value in shown.key.items() if value)
        return {1: [ChangedMeanwhile(row=1, key=words)]}, []
    verdicts = enter_judged(actor, judged, durable=False)
    problems = {chunk.number(place): [found] for place, found in refusals(chunk, verdicts).items()}
    if not problems and not chunk.format.together:
        kind = _of_other_key(actor, entity, shown, verdicts[0].outcome)
        if kind is not None:
            key = key_words(entity, [chunk.value(name, 0) for name in chunk.format.key])
            problems = {1: [kind(row=1, key=key)]}
    return problems, verdicts


def _shown_now(actor: Actor, entity: str, shown: Shown, records: int) -> list[Texts]:
    """Return what is stored now of what was shown, and keep others from changing it; one more is enough."""
    return _stored(actor, entity, Wanted(key=shown.key, limit=records + 1), locked=True)


def _of_other_key(
    actor: Actor, entity: str, shown: Shown | None, outcome: str
) -> type[KeyTaken | OtherKey] | None:
    """Return the problem of one that was entered and is not new, or not the one that was shown."""
    if shown is None:
        return None if outcome == LOADED else KeyTaken
    if outcome == LOADED:
        return OtherKey
    if outcome == CHANGED and entity in _BESIDE_KEY:
        is_same = fingerprint(_shown_now(actor, entity, shown, 1)) == shown.fingerprint
        return OtherKey if is_same else None
    return None
