"""Approval: submitted entries are approved by a person, documents that finance posted by arriving.

Both make actuals by the decision table, connect them, keep where they came from, and state them in the
outbox, in one transaction per batch.

::

    draft ──submit──> submitted ──approve──> approved ──request recall──> recall requested
      ^  <──recall──    │  ^ <──cancel approval──┘  ^ <──refuse recall──────┘ │
      │                 │  └──────submit─────┐                                │
      │             reject                   │                           grant recall
      │                 └────────────────> returned <─────────────────────────┘
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.batches import each_batch
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.approvals.queries import without_sets
from tieout.operations.approvals.rules import (
    AS_IT_IS,
    KIND_OF_MAP,
    Change,
    Decider,
    DocumentsApproved,
)
from tieout.operations.entries.actions import (
    OpenPart,
    Tally,
    batches,
    entries_lock,
    entries_of,
    parts_or_batches,
    price_and_submit,
    settle_problems,
    submit_entries,
    wait_for_entries,
)
from tieout.operations.entries.rules import Refused, refusals
from tieout.problems.actions import RecordProblem, log_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

__all__ = [
    "Answered",
    "DocumentsApproved",
    "EntriesApproved",
    "answer_batch",
    "approve_batch",
    "approve_documents",
    "approve_entries",
    "approve_verified",
    "cancel_approval",
    "grant_recall",
    "not_approved",
    "recall_entries",
    "record_intake",
    "refuse_recall",
    "reject_entries",
    "request_recall",
    "submit_entries",
]

# Refused documents tried again in one transaction. A delivery batch is one transaction, bounded by delivery.
RETRY_BATCH: Final = 20_000

_PACKAGE: Final = "tieout.operations.approvals"
_RECORD_INTAKE: Final = sql.load(_PACKAGE, "record_intake")
_OPEN_INTAKES: Final = sql.load(_PACKAGE, "open_intakes")
_HAS_REFUSED: Final = sql.load(_PACKAGE, "has_refused")
_APPROVE_DOCUMENTS: Final = sql.load(_PACKAGE, "approve_documents")
_APPROVE_ENTRIES: Final = sql.load(_PACKAGE, "approve_entries")
_NOT_APPROVED: Final = sql.load(_PACKAGE, "not_approved")
_RETURN: Final = sql.load(_PACKAGE, "return_entries")
_ASK_BACK: Final = sql.load(_PACKAGE, "ask_back")
_REVERSE: Final = sql.load(_PACKAGE, "reverse_entries")
_STATEMENTS: Final = {
    "recalled": _RETURN,
    "rejected": _RETURN,
    "recall_requested": _ASK_BACK,
    "recall_rejected": _ASK_BACK,
    "recall_approved": _REVERSE,
    "approval_cancelled": _REVERSE,
    "reevaluated": _REVERSE,
}
"""The statement of each event of an entry on its way back (operations_entry_event)."""
_COMPANIES: Final = sql.load(_PACKAGE, "companies_of_documents")
_BEFORE_ALL: Final = UUID(int=0)
_NO_DOCUMENTS: Final = {
    "intake_id": None,
    "batch_id": None,
    "document_kind": "",
    "after": _BEFORE_ALL,
    "verified": None,
    "row_limit": RETRY_BATCH,
}
"""Which documents are approved: what a call does not say."""


@dataclass(frozen=True, slots=True)
class EntriesApproved:
    """One run of approval of entries in one company. ``minutes`` are those of the time approved now."""

    approved: int
    minutes: int
    already_approved: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of entries that were given back, asked back or cancelled; a refused one has its problem."""

    done: int
    refused: tuple[RecordProblem, ...]


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

    A line makes its cost as finance posted it, and on time and materials unbilled sales at that cost; one for
    the project of another company those of lent work (finance spec 2.8)
    (decision table; DESIGN section 5). One that the project manager verifies waits for that
    (``verification``). A refused line waits in ``operations_approval_retry`` with its code
    (``rules.DOCUMENT_REFUSALS``). One delivery batch is one transaction, so that a run that breaks off is
    continued by the next. Raises :class:`AlreadyRunning` when another run of the company is at work.
    """
    permit(actor, Verb.APPROVE, company)
    with session_lock(OPERATIONS, "approve", company) as held:
        if not held:
            raise AlreadyRunning(job=f"approve_documents {company}")
        by = Decider.of(actor, company)
        result = _try_refused_again(company=company, by=by)
        for intake in sql.rows(OPERATIONS, _OPEN_INTAKES, company=company, maps=list(KIND_OF_MAP)):
            kind = KIND_OF_MAP[intake.pop("map")]
            row = _approve_in_transaction(company=company, by=by, document_kind=kind, **intake)
            result = result.plus(row)
    return result


def _try_refused_again(*, company: str, by: Decider) -> DocumentsApproved:
    result, after, judged = DocumentsApproved(), _BEFORE_ALL, RETRY_BATCH
    if not sql.one(OPERATIONS, _HAS_REFUSED, company=company)["is_so"]:
        return result  # most runs: nothing is judged where nothing waits
    while judged == RETRY_BATCH:
        row = _approve_in_transaction(company=company, by=by, after=after)
        judged, after = row["judged"], row["last_id"]
        result = result.plus(row)
    return result


def approve_verified(*, company: str, by: Decider, line_ids: Sequence[UUID]) -> DocumentsApproved:
    """Approve lines of ``company`` in the transaction that verified them and holds (``hold_documents``)."""
    _in_callers_transaction()
    return DocumentsApproved().plus(_approve_batch(company=company, by=by, verified=list(line_ids)))


def hold_documents(*, company: str, **of: Any) -> None:
    """Hold the entries of all companies whose projects these documents name, one after the other.

    A contract that is closed as lost meanwhile would not see the sales that they make.
    """
    for row in sql.rows(OPERATIONS, _COMPANIES, company=company, **(_NO_DOCUMENTS | of)):
        wait_for_entries(row["company_code"])


def _approve_in_transaction(*, company: str, by: Decider, **of: Any) -> dict[str, Any]:
    with transaction.atomic(using=OPERATIONS, durable=True):
        hold_documents(company=company, **of)
        return _approve_batch(company=company, by=by, **of)


def _approve_batch(*, company: str, by: Decider, **of: Any) -> dict[str, Any]:
    """Approve one delivery batch, or verified lines, or else the refused documents that follow ``after``."""
    asked = {"company": company, "approver": by.name, "companies": by.companies, **_NO_DOCUMENTS, **of}
    row = sql.one(OPERATIONS, _APPROVE_DOCUMENTS, **asked)
    settle_problems(problems=row["problems"], mended=row["mended"], settled_by=by.name)
    return row


def approve_entries(
    *,
    actor: Actor,
    company: str,
    entry_ids: Sequence[UUID] | None = None,
    changes: Mapping[UUID, Change] = MappingProxyType({}),
) -> EntriesApproved:
    """Approve the submitted entries of ``company``, or those of ``entry_ids`` that belong to it.

    Each journal line becomes an actual, once; an entry approved before stays as it is. ``changes`` say what
    of an entry's unbilled sales the approver changes (operations spec 2.1, E6 to E8). Nobody approves what
    they submitted (DESIGN section 8), or what a project that names approvers leaves to others (spec 7). An
    entry whose project was sold after its submission gets the lines it lacks at the prices of its date, and
    one that another contract line takes now is submitted anew. What is refused stays submitted
    (``entries/rules.ENTRY_REFUSALS``); what an approval set has is left to it.
    """
    permit(actor, Verb.APPROVE, company)
    decider = Decider.of(actor, company)

    def approve(batch: OpenPart | list[UUID]) -> Tally:
        tally = Tally()
        if isinstance(batch, OpenPart):
            free = entries_of(batch)
        else:
            free, held = without_sets(company, batch)
            log_problems(alias=OPERATIONS, process=Process.APPROVE, problems=held)
            tally.refused.update(problem.code for problem in held)
        approve_batch(company=company, approver=decider, entry_ids=free, changes=changes, tally=tally)
        return tally

    asked = parts_or_batches(company, entry_ids, "submitted")
    tally = sum(each_batch(OPERATIONS, asked, approve, lock=entries_lock(company)), start=Tally())
    return EntriesApproved(tally.done, tally.minutes, tally.already, refusals(tally.refused))


def approve_batch(
    *,
    company: str,
    approver: Decider,
    entry_ids: Sequence[UUID],
    changes: Mapping[UUID, Change],
    tally: Tally,
) -> None:
    """Approve these entries of ``company`` in the caller's transaction; what is refused stays submitted.

    For the verbs that have judged who asks; they hold the entries (``wait_for_entries``).
    """
    _in_callers_transaction()
    if late := _approve_entries(company, approver, entry_ids, changes, tally):
        priced = Tally()
        price_and_submit(company=company, entry_ids=late, submitter=None, tally=priced)
        tally.refused += priced.refused
        _approve_entries(company, approver, late, changes, tally)


def not_approved(*, company: str, entry_ids: Sequence[UUID]) -> list[RecordProblem]:
    """Return which of these entries approval has left open, each with what the problem log says of it."""
    found = sql.rows(OPERATIONS, _NOT_APPROVED, company=company, entry_ids=list(entry_ids))
    return [RecordProblem.from_row(row) for row in found]


def _in_callers_transaction() -> None:
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("a batch is done in the caller's transaction")


def _approve_entries(
    company: str, approver: Decider, entry_ids: Sequence[UUID], changes: Mapping[UUID, Change], tally: Tally
) -> list[UUID]:
    """Approve these entries in this transaction; return those whose project wants lines that they lack."""
    # Two empty arrays are null for every entry.
    changed = [changes.get(entry, AS_IT_IS) for entry in entry_ids] if changes else []
    found = sql.one(
        OPERATIONS,
        _APPROVE_ENTRIES,
        company=company,
        approver=approver.name,
        every_project=approver.every_project,
        entry_ids=list(entry_ids),
        billable=[one.billable for one in changed],
        billing_types=[one.billing_type for one in changed],
    )
    settle_problems(problems=found["problems"], mended=found["mended"], settled_by=approver.name)
    tally.add(found["approved"], found["already_approved"], found["minutes"], found["refused"])
    unpriced: list[UUID] = found["unpriced"]
    return unpriced


# ---------------------------------------------------------------- the way back (operations spec 5.1, 5.3)


def recall_entries(*, actor: Actor, company: str, entry_ids: Sequence[UUID], comment: str = "") -> Answered:
    """Take submitted entries back before they are approved: they are drafts again (E3).

    Only who submitted an entry recalls it.
    """
    permit(actor, Verb.SUBMIT, company)
    return _answer(actor, company, entry_ids, "recalled", comment)


def reject_entries(*, actor: Actor, company: str, entry_ids: Sequence[UUID], comment: str = "") -> Answered:
    """Return submitted entries to who submitted them, to be mended and submitted again (E4)."""
    permit(actor, Verb.APPROVE, company)
    return _answer(actor, company, entry_ids, "rejected", comment)


def request_recall(*, actor: Actor, company: str, entry_ids: Sequence[UUID], comment: str = "") -> Answered:
    """Ask approved entries back; nothing happens to their actuals before the answer.

    Refused where it could not be granted now: they are invoiced, or being corrected (5.3).
    """
    permit(actor, Verb.SUBMIT, company)
    return _answer(actor, company, entry_ids, "recall_requested", comment)


def grant_recall(*, actor: Actor, company: str, entry_ids: Sequence[UUID], comment: str = "") -> Answered:
    """Grant recalls: the entries are returned, each of their live actuals is reversed (E10).

    What stood in the way of the request is judged again (5.3).
    """
    permit(actor, Verb.APPROVE, company)
    return _answer(actor, company, entry_ids, "recall_approved", comment)


def refuse_recall(*, actor: Actor, company: str, entry_ids: Sequence[UUID], comment: str = "") -> Answered:
    """Answer recalls with no: the entries stay approved (E11)."""
    permit(actor, Verb.APPROVE, company)
    return _answer(actor, company, entry_ids, "recall_rejected", comment)


def cancel_approval(*, actor: Actor, company: str, entry_ids: Sequence[UUID], comment: str = "") -> Answered:
    """Take approvals back: the entries are submitted as before, each live actual is reversed (E9).

    Nobody cancels the approval of what they submitted: they ask it back. Prices stay those of submission.
    Approving again makes actuals again.
    """
    permit(actor, Verb.APPROVE, company)
    return _answer(actor, company, entry_ids, "approval_cancelled", comment)


def answer_batch(
    *, company: str, actor: Decider, entry_ids: Sequence[UUID], event: str, comment: str
) -> tuple[int, list[RecordProblem]]:
    """Give entries back, ask them back or reverse them in the caller's transaction, as ``event`` says.

    For the verbs that have judged who asks; they hold the entries (``wait_for_entries``).
    """
    _in_callers_transaction()
    found = sql.one(
        OPERATIONS,
        _STATEMENTS[event],
        company=company,
        entry_ids=list(entry_ids),
        event=event,
        actor=actor.name,
        every_project=actor.every_project,
        comment=comment,
    )
    # What stood in the way of its approval is over with the submission.
    settle_problems(problems="[]", mended=found.get("gone", ()), settled_by=actor.name)
    return found["done"], [RecordProblem(**row) for row in json.loads(found["refused"])]


def _answer(actor: Actor, company: str, entry_ids: Sequence[UUID], event: str, comment: str) -> Answered:
    done = 0
    refused: list[RecordProblem] = []
    for batch in batches(entry_ids):
        with transaction.atomic(using=OPERATIONS, durable=True):
            wait_for_entries(company)
            free, held = without_sets(company, batch)
            passed, problems = answer_batch(
                company=company,
                actor=Decider.of(actor, company),
                entry_ids=free,
                event=event,
                comment=comment,
            )
        done += passed
        refused += held + problems
    return Answered(done, tuple(refused))
