"""Entries: entered as drafts; submission gives them their priced journal lines (operations spec 2.0.1)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.batches import each_batch
from tieout.database.landing import ALREADY_THERE, CHANGED, Landing, Verdict, land
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Role, Verb, permit
from tieout.operations.entries.rules import EntryClass, Refused, refusals
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

# Entries submitted or approved in one transaction.
BATCH: Final = 20_000

_PACKAGE: Final = "tieout.operations.entries"
_REACH: Final = sql.load(_PACKAGE, "reach_open_entries")
_OPEN: Final = sql.load(_PACKAGE, "open_entries")
_SUBMIT: Final = sql.load(_PACKAGE, "submit_entries")
_ENTER: Final = sql.load(_PACKAGE, "enter_entries")
_SET_UP: Final = {
    name.removeprefix("enter_"): sql.load(_PACKAGE, name)
    for name in ("enter_custom_field", "enter_project_approver", "enter_time_delegate")
}
_CHANGE: Final = sql.load(_PACKAGE, "change_entry")
_DELETE: Final = sql.load(_PACKAGE, "delete_entries")
_MAY_ENTER_FOR: Final = sql.load(_PACKAGE, "may_enter_for")
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
        "subcontract_id",
        "entry_date",
        "minutes",
        "quantity",
        "unit",
        "price",
        "currency_code",
        "tax_amount",
        "description",
        "external_description",
        "custom",
    ),
)
_BEFORE_ALL: Final = UUID(int=0)
_UNSUBMITTED: Final = ("draft", "returned")


@dataclass(frozen=True, slots=True)
class EntriesSubmitted:
    """One run of submission in one company. ``minutes`` are those of the time submitted now."""

    submitted: int
    minutes: int
    already_submitted: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many entries were deleted; one that was not has its problem."""

    done: int
    refused: tuple[RecordProblem, ...]


@dataclass(frozen=True, slots=True)
class OpenPart:
    """Entries of a company, class and status, with keys above ``after`` up to ``upto``."""

    company: str
    transaction_class: str
    status: str
    after: UUID
    upto: UUID


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

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.done + other.done,
            self.already + other.already,
            self.minutes + other.minutes,
            self.refused + other.refused,
        )


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

    def submit(batch: OpenPart | list[UUID]) -> Tally:
        tally = Tally()
        found = entries_of(batch) if isinstance(batch, OpenPart) else batch
        price_and_submit(company=company, entry_ids=found, submitter=actor.name, tally=tally)
        return tally

    asked = parts_or_batches(company, entry_ids, *_UNSUBMITTED)
    tally = sum(each_batch(OPERATIONS, asked, submit, lock=entries_lock(company)), start=Tally())
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
    wait_in_transaction(OPERATIONS, *entries_lock(company))


def entries_lock(company: str) -> tuple[str, ...]:
    """Return the lock of the entries of ``company`` (``wait_for_entries``)."""
    return ("entries", company)


def batches(entry_ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """Yield ``entry_ids`` without repetition, in order of their age, at most ``BATCH`` at a time."""
    ordered = sorted(set(entry_ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def parts_or_batches(
    company: str, entry_ids: Sequence[UUID] | None, *statuses: str
) -> Iterator[OpenPart | list[UUID]]:
    """Yield what a run works on: the entries named, or all that ``company`` has in these statuses."""
    return open_parts(company, *statuses) if entry_ids is None else batches(entry_ids)


def open_parts(company: str, *statuses: str) -> Iterator[OpenPart]:
    """Yield the entries of ``company`` in these statuses in parts, oldest first; each is tried once in a run.

    Only how far a part reaches is looked up here; who works on it reads its entries (``entries_of``).
    """
    for status, of_class in product(statuses, EntryClass):
        of = {"company": company, "transaction_class": of_class, "status": status}
        after = _BEFORE_ALL
        while upto := sql.one(OPERATIONS, _REACH, after=after, row_limit=BATCH, **of)["reached"]:
            yield OpenPart(**of, after=after, upto=upto)
            after = upto


def entries_of(part: OpenPart) -> list[UUID]:
    """Return the entries of a part, oldest first, but for those that an approval set has in hand."""
    found: list[UUID] = sql.one(OPERATIONS, _OPEN, **asdict(part))["entries"]
    return found


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


def enter_typed_entry(*, actor: Actor, company: str, entry: pl.DataFrame, is_new: bool) -> Verdict | None:
    """Enter one entry that somebody types, in the caller's transaction; return why it was not, if it was not.

    ``entry`` has the columns of ``ENTRIES``. One that is not new gets other content while it is a draft or
    returned (APR-114), and its history keeps what was there before. Who is a resource enters for themselves
    and for those whose delegate they are (ACCESS-111). Entering the same twice changes nothing.
    """
    permit(actor, Verb.SUBMIT, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("entries are entered in the caller's transaction")
    [(resource_id, on_date)] = entry.select("resource_id", "entry_date").rows()
    asked = {"user_name": actor.name, "resource_id": resource_id, "on_date": on_date}
    if resource_id is not None and not sql.one(OPERATIONS, _MAY_ENTER_FOR, **asked)["may"]:
        return Verdict(0, "ACCESS-111", "resource", value=str(on_date))
    verdicts = _enter(actor, entry) if is_new else _change(actor, company, entry)
    return next((one for one in verdicts if one.outcome not in {ALREADY_THERE, CHANGED}), None)


def delete_entries(*, actor: Actor, company: str, entry_ids: Sequence[UUID]) -> Deleted:
    """Delete drafts and returned entries that were never approved (operations spec 5.1)."""
    permit(actor, Verb.SUBMIT, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        wait_for_entries(company)
        found = sql.one(OPERATIONS, _DELETE, company=company, entry_ids=list(entry_ids))
        settle_problems(problems="[]", mended=found["gone"], settled_by=actor.name)
    return Deleted(found["done"], tuple(RecordProblem(**row) for row in json.loads(found["refused"])))


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter custom fields, project approvers or time delegates in the caller's transaction.

    Returns what became of each. ``records`` is a JSON list; each has its number (``row``), the fields of the
    entity and the keys of what it refers to. Refused: another kind of a field (LOAD-210); a delegate whose
    days end before they begin (LOAD-228), or are another's (LOAD-229).
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    wait_in_transaction(OPERATIONS, "entries", entity)
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _SET_UP[entity], records=records)]


def _change(actor: Actor, company: str, entry: pl.DataFrame) -> list[Verdict]:
    wait_for_entries(company)  # nobody submits meanwhile what was there before
    wait_in_transaction(OPERATIONS, "enter", ENTRIES.table)
    land(OPERATIONS, ENTRIES, entry)
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _CHANGE, actor=actor.name)]


def _enter(actor: Actor, entries: pl.DataFrame) -> list[Verdict]:
    wait_in_transaction(OPERATIONS, "enter", ENTRIES.table)  # of two loads at once, one sees the other's
    land(OPERATIONS, ENTRIES, entries)
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER, entered_by=actor.name)]
