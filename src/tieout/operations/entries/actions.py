"""Submission: a draft becomes a submitted entry, and gets its priced journal lines (operations spec 2.0.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.entries.rules import Refused

_PACKAGE: Final = "tieout.operations.entries"
_FIRST: Final = UUID(int=0)

# Entries submitted in one transaction.
BATCH: Final = 20_000


@dataclass(frozen=True, slots=True)
class TimeSubmitted:
    """One run of submission in one company. ``minutes`` are those of the entries submitted now."""

    submitted: int
    minutes: int
    already_submitted: int
    refused: tuple[Refused, ...]


def submit_time(*, actor: Actor, company: str, entry_ids: Sequence[UUID] | None = None) -> TimeSubmitted:
    """Submit the drafts of ``company``, or those of ``entry_ids`` that are drafts there.

    Each gets a cost line and, on time and materials, an unbilled sales line; between two units also the
    resourcing unit's cost and the sale to the contracting unit (operations spec 2.1 E2, 2.3). A missing price
    is 0 and logged (APR-102); what is refused stays a draft (``rules.TIME_REFUSALS``).
    """
    permit(actor, Verb.SUBMIT_TIME, company)
    codes: Counter[str] = Counter()
    submitted = minutes = already = 0
    for batch in _drafts(company) if entry_ids is None else batches(entry_ids):
        with transaction.atomic(using=OPERATIONS, durable=True):
            wait_for_time(company)
            for row in price_and_submit(company=company, entry_ids=batch, submitter=actor.name):
                if row.code:
                    codes[row.code] += row.entries
                elif row.was_submitted:
                    already += row.entries
                else:
                    submitted += row.entries
                    minutes += row.minutes
    return TimeSubmitted(submitted, minutes, already, tuple(Refused(*item) for item in sorted(codes.items())))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many entries of one batch got ``code`` (blank: they passed)."""

    code: str
    was_submitted: bool
    entries: int
    minutes: int


def price_and_submit(*, company: str, entry_ids: Sequence[UUID], submitter: str) -> list[Judgement]:
    """Submit these entries of ``company`` and write the journal lines that they lack, in this transaction.

    Approval calls it too, for entries whose project was sold after they were submitted.
    """
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("entries are submitted inside the caller's transaction")
    statement = sql.load(_PACKAGE, "submit_time")
    found = sql.rows(OPERATIONS, statement, company=company, entry_ids=list(entry_ids), submitter=submitter)
    return [Judgement(**row) for row in found]


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
    after = _FIRST
    statement = sql.load(_PACKAGE, "draft_entries")
    while found := sql.rows(OPERATIONS, statement, company=company, after=after, row_limit=BATCH):
        after = found[-1]["id"]
        yield [row["id"] for row in found]
