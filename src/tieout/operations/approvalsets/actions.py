"""Approve, reject or cancel many entries: at once up to the company's threshold, else by a job, in sets.

A set is processed in batches, each one transaction that does the entries and takes them off the set, so that
a program that dies in the middle has done what has left the set, and nothing else.

::

    queued ──> processing ──> completed
      ^           │  ^ └────> partially completed or failed ──(attempts left)──> processing
      │           └──┘ broken off, and continued              │
      └──────────────────────── retry ────────────────────────┘
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.operations.approvals.actions import (
    Answered,
    EntriesApproved,
    answer_batch,
    approve_batch,
    approve_entries,
    cancel_approval,
    not_approved,
    reject_entries,
)
from tieout.operations.approvals.rules import AS_IT_IS, BillingType, Change, Decider
from tieout.operations.approvalsets.problems import ApprovalSetNotRetried
from tieout.operations.approvalsets.queries import approval_set, threshold
from tieout.operations.approvalsets.rules import EVENTS, LIFETIME, TARGETS, Action, SetStatus, is_at_once
from tieout.operations.entries.actions import Tally, wait_for_entries
from tieout.problems.actions import RecordProblem, resolve_problems
from tieout.problems.catalogue import Process

# Entries of a set done in one transaction.
SET_BATCH: Final = 5_000

Approvers = Callable[[str], Actor]
"""Who somebody is now, by name: roles and companies; raises a problem for who is nobody any more."""

_PACKAGE: Final = "tieout.operations.approvalsets"
_QUEUE: Final = sql.load(_PACKAGE, "queue_sets")
_DUE: Final = sql.load(_PACKAGE, "due_sets")
_BEGIN: Final = sql.load(_PACKAGE, "begin_attempt")
_NEXT: Final = sql.load(_PACKAGE, "next_members")
_SETTLE: Final = sql.load(_PACKAGE, "settle_members")
_TOLD: Final = sql.load(_PACKAGE, "told_of_set")
_END: Final = sql.load(_PACKAGE, "end_attempt")
_RETRY: Final = sql.load(_PACKAGE, "retry_set")
_ANSWERS: Final[Mapping[Action, Callable[..., Answered]]] = MappingProxyType(
    {Action.REJECT: reject_entries, Action.CANCEL: cancel_approval}
)


@dataclass(frozen=True, slots=True)
class QueuedSet:
    """One set that was made: its number, project (None: absences) and how many entries it has."""

    number: int
    project: str | None
    entries: int


@dataclass(frozen=True, slots=True)
class Requested:
    """What became of a request: done ``at_once``, or queued as ``sets`` but for what was ``refused``.

    ``at_once`` is the answer of the verb, None where sets were made.
    """

    at_once: EntriesApproved | Answered | None = None
    sets: tuple[QueuedSet, ...] = ()
    refused: tuple[RecordProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class SetsProcessed:
    """One run over the sets of a company: attempts made, entries done, and entries left with a reason."""

    sets: int = 0
    done: int = 0
    refused: int = 0


def request(
    *,
    actor: Actor,
    company: str,
    action: Action,
    entry_ids: Sequence[UUID],
    changes: Mapping[UUID, Change] = MappingProxyType({}),
    comment: str = "",
) -> Requested:
    """Approve, reject or cancel the approval of these entries of ``company``, of any class.

    Up to the approval threshold of the company it is done at once, above it (with 0: always) by the job, in
    sets that keep ``changes``. An entry in flight is refused (APR-141), whoever asks what of it.
    """
    permit(actor, Verb.APPROVE, company)
    asked = sorted(set(entry_ids))
    if is_at_once(len(asked), threshold(actor=actor, company=company)):
        if action is Action.APPROVE:
            return Requested(approve_entries(actor=actor, company=company, entry_ids=asked, changes=changes))
        return Requested(_ANSWERS[action](actor=actor, company=company, entry_ids=asked, comment=comment))
    changed = [changes.get(entry, AS_IT_IS) for entry in asked]
    with transaction.atomic(using=OPERATIONS, durable=True):
        wait_for_entries(company)
        found = sql.one(
            OPERATIONS,
            _QUEUE,
            company=company,
            action=action,
            target_status=TARGETS[action],
            approver=actor.name,
            comment=comment,
            lifetime=LIFETIME,
            entry_ids=asked,
            billable=[one.billable for one in changed],
            billing_types=[one.billing_type for one in changed],
        )
    return Requested(
        sets=tuple(QueuedSet(**row) for row in json.loads(found["sets"])),
        refused=tuple(RecordProblem(**row) for row in json.loads(found["refused"])),
    )


def retry(*, actor: Actor, company: str, number: int) -> None:
    """Give a set that failed, in whole or in part, one more attempt; it waits for the job, as the actor's.

    The verbs then run as the actor, who may be another than who asked first. Raises
    :class:`ApprovalSetUnknown` and :class:`ApprovalSetNotRetried`.
    """
    permit(actor, Verb.APPROVE, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        wait_for_entries(company)
        found = approval_set(actor=actor, company=company, number=number)
        if not found.may_be_retried:
            raise ApprovalSetNotRetried(number=number, status=found.status)
        sql.one(OPERATIONS, _RETRY, number=number, approver=actor.name)


def process(*, actor: Actor, company: str, approvers: Approvers) -> SetsProcessed:
    """Process the approval sets of ``company`` that wait, in their order, each as who asked for it.

    ``approvers`` says who that is now: what their roles and companies do not allow any more is refused. A
    set that another run is at is left to it; the lock falls with the session, so that no set stays locked.
    """
    permit(actor, Verb.APPROVE, company)
    sets = done = refused = 0
    for row in sql.rows(OPERATIONS, _DUE, company=company):
        with session_lock(OPERATIONS, "approval set", str(row["id"])) as held:
            found = _begin(company, row["id"]) if held else None
            if found is None:
                continue
            passed, left = _attempt(company, found, approvers)
            sets, done, refused = sets + 1, done + passed, refused + left
    return SetsProcessed(sets, done, refused)


def _begin(company: str, number: int) -> dict[str, Any] | None:
    """Begin an attempt; None where another run has done it, or broken-off runs used up the lifetime."""
    with transaction.atomic(using=OPERATIONS, durable=True):
        found = sql.rows(OPERATIONS, _BEGIN, number=number)
        if not found and [row for row in sql.rows(OPERATIONS, _DUE, company=company) if row["id"] == number]:
            sql.one(OPERATIONS, _END, number=number)
    return found[0] if found else None


def _attempt(company: str, found: Mapping[str, Any], approvers: Approvers) -> tuple[int, int]:
    """Try every entry of a set once; return how many are done and how many were refused."""
    number, attempt = found["id"], found["attempt"]
    done = refused = 0
    while True:
        with transaction.atomic(using=OPERATIONS, durable=True):
            wait_for_entries(company)
            members = sql.rows(OPERATIONS, _NEXT, number=number, attempt=attempt, row_limit=SET_BATCH)
            if not members:
                sql.one(OPERATIONS, _END, number=number)
                return done, refused
            failures = _done_as(company, found, approvers, members)
            entry_ids = [member["entry_id"] for member in members]
            row = sql.one(
                OPERATIONS,
                _SETTLE,
                number=number,
                attempt=attempt,
                approver=found["approver"],
                entry_ids=entry_ids,
                refused=json.dumps(failures),
            )
            _no_longer_told(entry_ids, found["approver"])
        done, refused = done + row["done"], refused + len(failures)


def _done_as(
    company: str, found: Mapping[str, Any], approvers: Approvers, members: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Do what a set asks with these members, as its approver; return those refused, each with its reason."""
    try:
        approver = approvers(found["approver"])
        permit(approver, Verb.APPROVE, company)
    except Problem as problem:
        why = {"code": problem.code, "details": problem.fields()}
        return [{"entry_id": str(member["entry_id"]), **why} for member in members]
    entry_ids = [member["entry_id"] for member in members]
    action = Action(found["action"])
    decider = Decider.of(approver, company)
    if action is Action.APPROVE:
        changes = {member["entry_id"]: _change(member) for member in members}
        approve_batch(
            company=company,
            approver=decider,
            entry_ids=entry_ids,
            changes=changes,
            tally=Tally(),
        )
        problems = not_approved(company=company, entry_ids=entry_ids)
    else:
        _, problems = answer_batch(
            company=company,
            actor=decider,
            entry_ids=entry_ids,
            event=EVENTS[action],
            comment=found["comment"],
        )
    return [
        {"entry_id": str(one.record_id), "code": one.code, "details": dict(one.details)} for one in problems
    ]


def _no_longer_told(entry_ids: Sequence[UUID], approver: str) -> None:
    """Close what the log says of entries that somebody else wanted to approve while they waited here."""
    told = [row["record_id"] for row in sql.rows(OPERATIONS, _TOLD, entry_ids=list(entry_ids))]
    resolve_problems(alias=OPERATIONS, process=Process.APPROVE, record_ids=told, resolved_by=approver)


def _change(member: Mapping[str, Any]) -> Change:
    billing_type = member["billing_type"]
    return Change(member["billable"], None if billing_type is None else BillingType(billing_type))


__all__ = ["Action", "QueuedSet", "Requested", "SetStatus", "SetsProcessed", "process", "request", "retry"]
