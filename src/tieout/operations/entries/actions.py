"""Entries: entered as drafts; submission gives them their priced journal lines (operations spec 2.0.1)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import ALREADY_THERE, Landing, Verdict, land
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Role, Verb, permit
from tieout.operations.entries.problems import (
    EntryDayTooLong,
    EntryHasOtherContent,
    EntryNamesUnknown,
    EntryProblem,
    EntryTimeImpossible,
)
from tieout.operations.entries.rules import MINUTES_OF_DAY, EntryClass, Refused, TimeType, refusals
from tieout.operations.organization.queries import known
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

# Entries submitted or approved in one transaction.
BATCH: Final = 20_000

_PACKAGE: Final = "tieout.operations.entries"
_OPEN: Final = sql.load(_PACKAGE, "open_entries")
_SUBMIT: Final = sql.load(_PACKAGE, "submit_entries")
_ENTER: Final = sql.load(_PACKAGE, "enter_entries")
ENTRIES: Final = Landing(
    sql.load(_PACKAGE, "land_entries"),
    "landed_entry",
    (
        "row_number",
        "external_id",
        "transaction_class",
        "company_code",
        "resource_id",
        "project_id",
        "task_id",
        "time_type",
        "role_id",
        "category_id",
        "product_id",
        "product_name",
        "entry_date",
        "minutes",
        "quantity",
        "unit",
        "price",
        "currency_code",
        "description",
        "external_description",
        "custom",
    ),
)
_DAY_TOO_LONG: Final = "LOAD-224"  # enter_entries.sql
_BEFORE_ALL: Final = UUID(int=0)
_UNSUBMITTED: Final = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class EntriesSubmitted:
    """One run of submission in one company. ``minutes`` are those of the time submitted now."""

    submitted: int
    minutes: int
    already_submitted: int
    refused: tuple[Refused, ...]


@dataclass(slots=True)
class Tally:
    """What the batches of one run came to; ``done`` counts the entries that passed."""

    done: int = 0
    already: int = 0
    minutes: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, done: int, already: int, minutes: int, refused: str) -> None:
        """Add one batch; ``refused`` is the number of entries per code, as JSON."""
        self.done += done
        self.already += already
        self.minutes += minutes
        self.refused.update(json.loads(refused))


def submit_entries(
    *, actor: Actor, company: str, entry_ids: Sequence[UUID] | None = None
) -> EntriesSubmitted:
    """Submit the drafts and returned entries of ``company``, or those of ``entry_ids`` that are such there.

    Each gets a cost line and, on time and materials, an unbilled sales line; between two units or companies
    also the resourcing unit's cost and the sale to the contracting unit (operations spec 2.1 E2, 2.3), and an
    absence none. A missing price is 0 and logged (APR-102); what is refused stays a draft
    (``rules.ENTRY_REFUSALS``).
    """
    permit(actor, Verb.SUBMIT, company)
    tally = Tally()
    for batch in open_entries(company, *_UNSUBMITTED) if entry_ids is None else batches(entry_ids):
        with transaction.atomic(using=OPERATIONS, durable=True):
            wait_for_entries(company)
            price_and_submit(company=company, entry_ids=batch, submitter=actor.name, tally=tally)
    return EntriesSubmitted(tally.done, tally.minutes, tally.already, refusals(tally.refused))


def price_and_submit(*, company: str, entry_ids: Sequence[UUID], submitter: str | None, tally: Tally) -> None:
    """Submit these entries of ``company`` in this transaction and write the journal lines that they lack.

    Approval calls it too, for entries whose project was sold after they were submitted, and re-evaluation:
    without a ``submitter`` an entry is submitted again by who did it before.
    """
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("entries are submitted inside the caller's transaction")
    found = sql.one(OPERATIONS, _SUBMIT, company=company, entry_ids=list(entry_ids), submitter=submitter)
    settle_problems(problems=found["problems"], mended=found["mended"], settled_by=submitter or Role.SYSTEM)
    tally.add(found["submitted"], found["already_submitted"], found["minutes"], found["refused"])


def settle_problems(*, problems: str, mended: Sequence[UUID], settled_by: str) -> None:
    """Log the problems (JSON rows) that a batch met; those of the ``mended`` records are over."""
    rows = [RecordProblem(**row) for row in json.loads(problems)]
    log_problems(alias=OPERATIONS, process=Process.APPROVE, problems=rows)
    resolve_problems(alias=OPERATIONS, process=Process.APPROVE, record_ids=mended, resolved_by=settled_by)


def wait_for_entries(company: str) -> None:
    """Hold the entries of ``company`` until the transaction ends: two people submit or approve in turn."""
    wait_in_transaction(OPERATIONS, "entries", company)


def batches(entry_ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """Yield ``entry_ids`` without repetition, in order of their age, at most ``BATCH`` at a time."""
    ordered = sorted(set(entry_ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def open_entries(company: str, *statuses: str) -> Iterator[list[UUID]]:
    """Yield the entries of ``company`` in these statuses, oldest first; each is tried once in a run."""
    for status, of_class in product(statuses, EntryClass):
        after = _BEFORE_ALL
        while found := sql.rows(
            OPERATIONS,
            _OPEN,
            company=company,
            transaction_class=of_class,
            status=status,
            after=after,
            row_limit=BATCH,
        ):
            after = found[-1]["id"]
            yield [row["id"] for row in found]


def enter_entries(*, actor: Actor, companies: Collection[str], entries: pl.DataFrame) -> list[Verdict]:
    """Enter entries as drafts in the caller's transaction; return what became of those not entered.

    ``entries`` have the columns of ``ENTRIES``. One of the same class with the same external number and
    content is already there, one with other content is refused (LOAD-210).
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("entries are entered in the caller's transaction")
    return _enter(actor, entries)


def enter_time_entry(
    *,
    actor: Actor,
    company: str,
    number: str,
    resource: str,
    project: str,
    role: str,
    on: date,
    minutes: int,
    task: str = "",
    description: str = "",
) -> tuple[EntryProblem, ...]:
    """Enter one time entry as a draft under our ``number``; return what is wrong with it, field by field.

    Entering the same again changes nothing. Refused: a resource, project or role that ``company`` does not
    have, a task (blank: none) that the project does not have, time that no day has, a number with other
    content.
    """
    permit(actor, Verb.SUBMIT, company)
    named = {"resource": (resource,), "project": (project,), "role": (role,), "task": (project, task)}
    keys = {field: _key_in(company, field, *key) for field, key in named.items()}
    wrong: list[EntryProblem] = [
        EntryNamesUnknown(field=field, value=key[-1], company=company)
        for field, key in named.items()
        if keys[field] is None and (key[-1] or field != "task")
    ]
    if not 0 < minutes <= MINUTES_OF_DAY:
        wrong.append(EntryTimeImpossible(field="hours", minutes=minutes))
    if wrong:
        return tuple(wrong)
    entry = {
        "row_number": 0,
        "external_id": number,
        "transaction_class": EntryClass.TIME,
        "company_code": company,
        **{f"{field}_id": key and str(key) for field, key in keys.items()},
        "time_type": TimeType.WORK,
        "category_id": None,
        "product_id": None,
        "product_name": "",
        "entry_date": on,
        "minutes": minutes,
        "quantity": None,
        "unit": "",
        "price": None,
        "currency_code": "",
        "description": description,
        "external_description": "",
        "custom": "{}",
    }
    with transaction.atomic(using=OPERATIONS, durable=True):
        verdicts = _enter(actor, pl.DataFrame([entry]))
    return tuple(_problem(number, one) for one in verdicts if one.outcome != ALREADY_THERE)


def _problem(number: str, refused: Verdict) -> EntryProblem:
    if refused.outcome == _DAY_TOO_LONG:
        return EntryDayTooLong(field=refused.field, minutes=refused.value, most=refused.stored)
    return EntryHasOtherContent(
        field=refused.field, record=number, stored=refused.stored, value=refused.value
    )


def _key_in(company: str, entity: str, *key: str) -> UUID | None:
    """Return the identifier of what is set up under a key, if it is of ``company`` or, a role, of all."""
    asked = {"place": 0} | {f"k{number}": part for number, part in enumerate(key, 1)}
    found = known(entity=entity, keys=json.dumps([asked]))
    return next((row["id"] for row in found if row.get("company", company) == company), None)


def _enter(actor: Actor, entries: pl.DataFrame) -> list[Verdict]:
    wait_in_transaction(OPERATIONS, "enter", ENTRIES.table)  # of two loads at once, one sees the other's
    land(OPERATIONS, ENTRIES, entries)
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER, entered_by=actor.name)]
