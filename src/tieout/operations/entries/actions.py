"""Submission: a draft becomes a submitted entry and gets its priced journal lines (operations spec 2.0.1)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import Landing, Verdict, land
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.entries.rules import Refused, refusals
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

# Entries submitted or approved in one transaction.
BATCH: Final = 20_000

_PACKAGE: Final = "tieout.operations.entries"
_DRAFTS: Final = sql.load(_PACKAGE, "draft_entries")
_SUBMIT: Final = sql.load(_PACKAGE, "submit_time")
_ENTER: Final = sql.load(_PACKAGE, "enter_time_entries")
TIME_ENTRIES: Final = Landing(
    sql.load(_PACKAGE, "land_time_entries"),
    "landed_time_entry",
    (
        "row_number",
        "external_id",
        "company_code",
        "resource_id",
        "project_id",
        "role_id",
        "entry_date",
        "minutes",
        "description",
    ),
)
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class TimeSubmitted:
    """One run of submission in one company. ``minutes`` are those of the entries submitted now."""

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


def submit_time(*, actor: Actor, company: str, entry_ids: Sequence[UUID] | None = None) -> TimeSubmitted:
    """Submit the drafts of ``company``, or those of ``entry_ids`` that are drafts there.

    Each gets a cost line and, on time and materials, an unbilled sales line; between two units also the
    resourcing unit's cost and the sale to the contracting unit (operations spec 2.1 E2, 2.3). A missing price
    is 0 and logged (APR-102); what is refused stays a draft (``rules.TIME_REFUSALS``).
    """
    permit(actor, Verb.SUBMIT_TIME, company)
    tally = Tally()
    for batch in _drafts(company) if entry_ids is None else batches(entry_ids):
        with transaction.atomic(using=OPERATIONS, durable=True):
            wait_for_time(company)
            price_and_submit(company=company, entry_ids=batch, submitter=actor.name, tally=tally)
    return TimeSubmitted(tally.done, tally.minutes, tally.already, refusals(tally.refused))


def price_and_submit(*, company: str, entry_ids: Sequence[UUID], submitter: str, tally: Tally) -> None:
    """Submit these entries of ``company`` in this transaction and write the journal lines that they lack.

    Approval calls it too, for entries whose project was sold after they were submitted.
    """
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("entries are submitted inside the caller's transaction")
    found = sql.one(OPERATIONS, _SUBMIT, company=company, entry_ids=list(entry_ids), submitter=submitter)
    settle_problems(problems=found["problems"], mended=found["mended"], settled_by=submitter)
    tally.add(found["submitted"], found["already_submitted"], found["minutes"], found["refused"])


def settle_problems(*, problems: str, mended: Sequence[UUID], settled_by: str) -> None:
    """Log the problems (JSON rows) that a batch met; those of the ``mended`` records are over."""
    rows = [RecordProblem(**row) for row in json.loads(problems)]
    log_problems(alias=OPERATIONS, process=Process.APPROVE, problems=rows)
    resolve_problems(alias=OPERATIONS, process=Process.APPROVE, record_ids=mended, resolved_by=settled_by)


def wait_for_time(company: str) -> None:
    """Hold the time of ``company`` until the transaction ends: two people submit or approve in turn."""
    wait_in_transaction(OPERATIONS, "time", company)


def batches(entry_ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """Yield ``entry_ids`` without repetition, in order of their age, at most ``BATCH`` at a time."""
    ordered = sorted(set(entry_ids))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def _drafts(company: str) -> Iterator[list[UUID]]:
    """Yield the drafts of ``company``, oldest first; each is tried once in a run."""
    after = _BEFORE_ALL
    while found := sql.rows(OPERATIONS, _DRAFTS, company=company, after=after, row_limit=BATCH):
        after = found[-1]["id"]
        yield [row["id"] for row in found]


def enter_time_entries(*, actor: Actor, companies: Collection[str], entries: pl.DataFrame) -> list[Verdict]:
    """Enter time entries as drafts in the caller's transaction; return what became of those not entered.

    ``entries`` have the columns of ``TIME_ENTRIES``. One with the same external
    number and content is already there, one with other content is refused (LOAD-210).
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("entries are entered in the caller's transaction")
    wait_in_transaction(OPERATIONS, "enter", TIME_ENTRIES.table)  # of two loads at once, one sees the other's
    land(OPERATIONS, TIME_ENTRIES, entries)
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER, entered_by=actor.name)]
