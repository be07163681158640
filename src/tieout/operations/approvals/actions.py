"""Approval: submitted time is approved by a person, documents that finance posted by arriving.

Both make actuals by the decision table, connect them, keep where they came from, and state them in the
outbox, in one transaction per batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.approvals.rules import KIND_OF_MAP
from tieout.operations.entries.actions import (
    BATCH,
    Tally,
    batches,
    price_and_submit,
    settle_problems,
    submit_time,
    wait_for_time,
)
from tieout.operations.entries.rules import Refused, refusals
from tieout.problems.rules import AlreadyRunning

__all__ = [
    "DocumentsApproved",
    "TimeApproved",
    "approve_documents",
    "approve_time",
    "record_intake",
    "submit_time",
]

# Refused documents tried again in one transaction. A delivery batch is one transaction, bounded by delivery.
RETRY_BATCH: Final = 20_000

_PACKAGE: Final = "tieout.operations.approvals"
_RECORD_INTAKE: Final = sql.load(_PACKAGE, "record_intake")
_OPEN_INTAKES: Final = sql.load(_PACKAGE, "open_intakes")
_APPROVE_DOCUMENTS: Final = sql.load(_PACKAGE, "approve_documents")
_SUBMITTED: Final = sql.load(_PACKAGE, "submitted_entries")
_APPROVE_TIME: Final = sql.load(_PACKAGE, "approve_time")
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class DocumentsApproved:
    """One run of automatic approval in one company, in documents and its accounting currency."""

    judged: int = 0
    approved: int = 0
    already_approved: int = 0
    refused: int = 0
    amount_approved: Decimal = Decimal(0)
    amount_refused: Decimal = Decimal(0)

    def plus(self, row: dict[str, Any]) -> DocumentsApproved:
        """Return the sum of this and one more batch."""
        sums = {field.name: getattr(self, field.name) + row[field.name] for field in fields(self)}
        return DocumentsApproved(**sums)


@dataclass(frozen=True, slots=True)
class TimeApproved:
    """One run of approval of time in one company. ``minutes`` are those of the entries approved now."""

    approved: int
    minutes: int
    already_approved: int
    refused: tuple[Refused, ...]


def record_intake(*, map: str, batch_id: int) -> None:  # noqa: A002  the field's word
    """Note what delivery batch ``batch_id`` of ``map`` brought per company, so that approval finds it.

    Called inside the transaction that lands the batch. Maps whose records are not approved leave no row.
    """
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("an intake is recorded where its batch lands")
    if kind := KIND_OF_MAP.get(map):
        sql.run(OPERATIONS, _RECORD_INTAKE, map=map, document_kind=kind, batch_id=batch_id)


def approve_documents(*, actor: Actor, company: str) -> DocumentsApproved:
    """Approve what finance posted for ``company`` and delivery brought; earlier refusals are tried again.

    A line makes its cost as finance posted it, and on time and materials unbilled sales at that cost
    (decision table; DESIGN section 5). A refused line waits in ``operations_approval_retry`` with its code
    (``rules.DOCUMENT_REFUSALS``). One delivery batch is one transaction, so that a run that breaks off is
    continued by the next. Raises :class:`AlreadyRunning` when another run of the company is at work.
    """
    permit(actor, Verb.APPROVE, company)
    with session_lock(OPERATIONS, "approve", company) as held:
        if not held:
            raise AlreadyRunning(job=f"approve_documents {company}")
        result = _try_refused_again(company=company, approver=actor.name)
        for intake in sql.rows(OPERATIONS, _OPEN_INTAKES, company=company, maps=list(KIND_OF_MAP)):
            row = _approve_batch(
                company=company,
                approver=actor.name,
                intake_id=intake["intake_id"],
                batch_id=intake["batch_id"],
                document_kind=KIND_OF_MAP[intake["map"]],
            )
            result = result.plus(row)
    return result


def _try_refused_again(*, company: str, approver: str) -> DocumentsApproved:
    result, after, judged = DocumentsApproved(), _BEFORE_ALL, RETRY_BATCH
    while judged == RETRY_BATCH:
        row = _approve_batch(company=company, approver=approver, after=after)
        judged, after = row["judged"], row["last_id"]
        result = result.plus(row)
    return result


def _approve_batch(
    *,
    company: str,
    approver: str,
    intake_id: int | None = None,
    batch_id: int | None = None,
    document_kind: str = "",
    after: UUID = _BEFORE_ALL,
) -> dict[str, Any]:
    """Approve one delivery batch, or without one the refused documents that follow ``after``."""
    with transaction.atomic(using=OPERATIONS, durable=True):
        row = sql.one(
            OPERATIONS,
            _APPROVE_DOCUMENTS,
            company=company,
            approver=approver,
            intake_id=intake_id,
            batch_id=batch_id,
            document_kind=document_kind,
            after=after,
            row_limit=RETRY_BATCH,
        )
        settle_problems(problems=row["problems"], mended=row["mended"], settled_by=approver)
    return row


def approve_time(*, actor: Actor, company: str, entry_ids: Sequence[UUID] | None = None) -> TimeApproved:
    """Approve the submitted time entries of ``company``, or those of ``entry_ids`` that belong to it.

    Each journal line becomes an actual, once; an entry approved before stays as it is. Nobody approves what
    they submitted (DESIGN section 8). An entry whose project was sold after it was submitted gets the lines
    it lacks at the prices of its date. What is refused stays submitted (``entries/rules.TIME_REFUSALS``).
    """
    permit(actor, Verb.APPROVE, company)
    tally = Tally()
    for batch in _submitted(company) if entry_ids is None else batches(entry_ids):
        with transaction.atomic(using=OPERATIONS, durable=True):
            wait_for_time(company)
            if late := _approve_entries(company, actor.name, batch, tally):
                priced = Tally()
                price_and_submit(company=company, entry_ids=late, submitter=actor.name, tally=priced)
                tally.refused += priced.refused
                _approve_entries(company, actor.name, late, tally)
    return TimeApproved(tally.done, tally.minutes, tally.already, refusals(tally.refused))


def _approve_entries(company: str, approver: str, entry_ids: Sequence[UUID], tally: Tally) -> list[UUID]:
    """Approve these entries in this transaction; return those whose project wants lines that they lack."""
    found = sql.one(OPERATIONS, _APPROVE_TIME, company=company, approver=approver, entry_ids=list(entry_ids))
    settle_problems(problems=found["problems"], mended=found["mended"], settled_by=approver)
    tally.add(found["approved"], found["already_approved"], found["minutes"], found["refused"])
    unpriced: list[UUID] = found["unpriced"]
    return unpriced


def _submitted(company: str) -> Iterator[list[UUID]]:
    """Yield the submitted entries of ``company``, oldest first; each is tried once in a run."""
    after = _BEFORE_ALL
    while found := sql.rows(OPERATIONS, _SUBMITTED, company=company, after=after, row_limit=BATCH):
        after = found[-1]["id"]
        yield [row["id"] for row in found]
