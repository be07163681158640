"""Make approved entries anew where their contract says something else now (operations spec 2.1, E22, E23).

A quote that is won and a contract that is confirmed take all entries of their projects, in the same
transaction where they are few; otherwise a job does it. What set-up changes of contract lines, their tasks
and projects is queued with that change (``organization.actions.enter_set_up``), and takes only entries whose
contract line or billing type is not what was recorded of them.

A contract closed as lost makes nothing anew: what it has not billed is reversed, and cost stays (E24).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Role, Verb, permit
from tieout.operations.approvals.actions import answer_batch, approve_batch, not_approved
from tieout.operations.approvals.rules import BillingType, Change, Decider
from tieout.operations.entries.actions import Tally, price_and_submit, settle_problems, wait_for_entries
from tieout.operations.entries.rules import Refused, refusals
from tieout.operations.organization import actions as organization
from tieout.operations.organization.problems import ContractNotOpen
from tieout.operations.pricing import actions as pricing
from tieout.operations.pricing.queries import SalesList, sales_lists
from tieout.operations.quoting import actions as quoting
from tieout.operations.reevaluation.queries import (
    Money,
    contract_money,
    money,
    sizes,
    unbilled_sizes,
)
from tieout.problems.actions import RecordProblem, log_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

# Entries made anew in one transaction of the job.
BATCH: Final = 5_000
# Up to how many entries are made anew together with what asks for it; above it the job does it.
AT_ONCE: Final = 1_000

_PACKAGE: Final = "tieout.operations.reevaluation"
_ENTRIES: Final = sql.load(_PACKAGE, "entries_to_reevaluate")
_REVERSE_UNBILLED: Final = sql.load(_PACKAGE, "reverse_unbilled")
_QUEUE: Final = sql.load(_PACKAGE, "queue_whole")
_QUEUE_LOST: Final = sql.load(_PACKAGE, "queue_lost")
_DUE: Final = sql.load(_PACKAGE, "due")
_BEGIN: Final = sql.load(_PACKAGE, "begin")
_ADVANCE: Final = sql.load(_PACKAGE, "advance")
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Reevaluated:
    """How many entries were made anew, and how many could not be, by code."""

    done: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """What winning a quote or confirming a contract did, or would do (a preview).

    ``entries`` of the ``projects`` (counted up to ``AT_ONCE`` + 1 each) are to be made anew. ``is_queued``:
    by the job; then ``after`` is not known yet and equals ``before``. ``lists`` are the sales lists that the
    contract of a won quote is priced by.
    """

    projects: tuple[str, ...]
    entries: int
    is_queued: bool
    reevaluated: Reevaluated
    before: tuple[Money, ...]
    after: tuple[Money, ...]
    lists: tuple[SalesList, ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """What closing a contract as lost did, or would do (a preview).

    ``records`` (entries, documents, journal lines) of the ``projects`` have unbilled sales that no invoice
    bills, counted up to ``AT_ONCE`` + 1 each; ``closed`` are the projects that were closed with the contract.
    ``reversed`` says of how many records the sales are reversed, and which refuse it; ``is_queued``: by the
    job. ``before`` and ``after`` are the live actuals of the contract, with those that are on an invoice.
    """

    projects: tuple[str, ...]
    closed: tuple[str, ...]
    records: int
    is_queued: bool
    reversed: Reevaluated
    before: tuple[Money, ...]
    after: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class QueueDone:
    """One run over the queue of a company: projects finished, records done, records refused."""

    projects: int = 0
    done: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done of one project, at whose request.

    With a ``contract_id``, of a lost contract, what it has not billed is reversed; otherwise entries are made
    anew: all (``is_whole``), those that a ``contract_line_id`` has sold and not billed, or those of which
    the contract says something else.
    """

    company: str
    asked_by: str
    project_id: UUID
    is_whole: bool = True
    contract_id: UUID | None = None
    contract_line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What became of one batch; ``last`` is its last entry, None where there was none left."""

    last: UUID | None
    done: int
    codes: Counter[str]


def win_quote(*, actor: Actor, quote: str, is_preview: bool = False) -> Sold:
    """Win the quote of this number, give its price lists, and evaluate its projects again (E22).

    A preview does the same and takes it back. Raises what ``quoting.actions.win_quote`` raises.
    """
    with transaction.atomic(using=OPERATIONS, durable=True):
        won = quoting.win_quote(actor=actor, quote=quote)
        pricing.give_lists(actor=actor, quote=quote, contract=won.contract_id)
        lists = sales_lists(actor=actor, company=won.company, contract=quote)
        sold = replace(_sell(actor, won.projects, "quote_won"), lists=lists)
        transaction.set_rollback(is_preview, using=OPERATIONS)
    return sold


def confirm_contract(*, actor: Actor, contract: str, is_preview: bool = False) -> Sold:
    """Confirm the draft contract of this number, and evaluate its projects again at today's prices (E22).

    A preview does the same and takes it back. Raises what ``organization.actions.confirm_contract`` raises.
    """
    with transaction.atomic(using=OPERATIONS, durable=True):
        projects = organization.confirm_contract(actor=actor, contract=contract)
        sold = _sell(actor, projects, "contract_confirmed")
        transaction.set_rollback(is_preview, using=OPERATIONS)
    return sold


def close_contract(*, actor: Actor, contract: str, is_preview: bool = False) -> Lost:
    """Close the contract of this number as lost, and reverse its unbilled sales that no invoice bills (E24).

    Cost stays; so does what is on an invoice, also a draft. One that a correction holds is refused, its
    problem logged. Closing again takes what was left then. A preview does the same and takes it back. Raises
    :class:`ContractNotOpen` for an unknown contract, and for a lost one with nothing left.
    """
    with transaction.atomic(using=OPERATIONS, durable=True):
        lost = organization.lose_contract(actor=actor, contract=contract)
        wait_for_entries(lost.company)
        found = unbilled_sizes(actor=actor, projects=lost.projects, contract_id=lost.id, most=AT_ONCE + 1)
        for one in found:
            permit(actor, Verb.LOAD, one.company_code)
        records = sum(one.entries for one in found)
        if not records and not lost.is_new:
            raise ContractNotOpen(contract=contract)
        before = contract_money(actor=actor, projects=found, contract_id=lost.id)
        is_queued = records > AT_ONCE
        made = Reevaluated(0, ())
        if is_queued:
            sql.run(
                OPERATIONS,
                _QUEUE_LOST,
                projects=list(lost.projects),
                contract_id=lost.id,
                asked_by=actor.name,
            )
        else:
            made = _total(
                [_whole(_Work(one.company_code, actor.name, one.id, contract_id=lost.id)) for one in found]
            )
        after = contract_money(actor=actor, projects=found, contract_id=lost.id)
        transaction.set_rollback(is_preview, using=OPERATIONS)
    return Lost(
        projects=tuple(one.number for one in found),
        closed=tuple(one.number for one in found if one.id in lost.closed),
        records=records,
        is_queued=is_queued,
        reversed=made,
        before=before,
        after=after,
    )


def reevaluate_entries(*, actor: Actor, company: str, project_id: UUID, is_whole: bool = True) -> Reevaluated:
    """Reverse the approved entries of a project and make them anew, as its contract and prices are now.

    All of them, or (not ``is_whole``) those whose contract line or billing type is not what was recorded.
    What the approvers changed stays, and who submitted the entries. One that cannot be made anew, as it is
    invoiced, stays as it was, its problem logged. It is part of a transaction that the caller has.
    """
    permit(actor, Verb.APPROVE, company)
    return _whole(_Work(company, actor.name, project_id, is_whole))


def reevaluate_queued(*, actor: Actor, company: str) -> QueueDone:
    """Evaluate the projects of ``company`` again that wait for it, in the order of asking.

    A batch is one transaction with how far it has come, so that a run that breaks off is continued by the
    next. Raises :class:`AlreadyRunning` when another run of the company is at work.
    """
    permit(actor, Verb.APPROVE, company)
    projects = done = refused = 0
    with session_lock(OPERATIONS, "reevaluate", company) as held:
        if not held:
            raise AlreadyRunning(job=f"reevaluate {company}")
        for row in sql.rows(OPERATIONS, _DUE, company=company):
            while (batch := _next_batch(company, row)).last is not None:
                done, refused = done + batch.done, refused + batch.codes.total()
            projects += 1
    return QueueDone(projects, done, refused)


def _next_batch(company: str, request: Mapping[str, Any]) -> _Batch:
    """Do the next records of a request, and note how far it has come: one transaction."""
    work = _Work(
        company,
        request["asked_by"],
        request["project_id"],
        request["is_whole"],
        request["contract_id"],
        request["contract_line_id"],
    )
    with transaction.atomic(using=OPERATIONS, durable=True):
        after = sql.one(OPERATIONS, _BEGIN, request=request["id"])["after_entry"] or _BEFORE_ALL
        batch = _batch(work, after)
        sql.run(
            OPERATIONS,
            _ADVANCE,
            request=request["id"],
            last=batch.last,
            done=batch.done,
            refused=batch.codes.total(),
        )
    return batch


@transaction.atomic(using=OPERATIONS)
def _batch(work: _Work, after: UUID) -> _Batch:
    """Do the next records of a project: one transaction."""
    wait_for_entries(work.company)
    return _reevaluate_batch(work, after) if work.contract_id is None else _reverse_unbilled(work, after)


def _whole(work: _Work) -> Reevaluated:
    """Do all records of a project, batch by batch, in the caller's transaction."""
    done, codes, after = 0, Counter[str](), _BEFORE_ALL
    while (batch := _batch(work, after)).last is not None:
        done, codes, after = done + batch.done, codes + batch.codes, batch.last
    return Reevaluated(done, refusals(codes))


def _reverse_unbilled(work: _Work, after: UUID) -> _Batch:
    """Reverse the next unbilled sales of a lost contract, but for those that a correction holds."""
    row = sql.one(
        OPERATIONS,
        _REVERSE_UNBILLED,
        project_id=work.project_id,
        contract_id=work.contract_id,
        after=after,
        row_limit=BATCH,
        event="contract_lost",
        actor=work.asked_by,
        comment="",
    )
    settle_problems(problems=row["refused"], mended=row["mended"], settled_by=work.asked_by)
    codes = Counter[str](problem["code"] for problem in json.loads(row["refused"]))
    return _Batch(row["last"], row["done"], codes)


def _sell(actor: Actor, projects: Sequence[UUID], reason: str) -> Sold:
    """Evaluate these projects again now, if their entries are few, or queue them, in this transaction."""
    found = sizes(actor=actor, projects=projects, most=AT_ONCE + 1)
    for one in found:
        permit(actor, Verb.LOAD, one.company_code)
    entries = sum(one.entries for one in found)
    is_queued = entries > AT_ONCE
    before = money(actor=actor, projects=found)
    made = Reevaluated(0, ())
    if is_queued:
        sql.run(OPERATIONS, _QUEUE, projects=list(projects), reason=reason, asked_by=actor.name)
    else:
        made = _total([_whole(_Work(one.company_code, actor.name, one.id)) for one in found])
    return Sold(
        projects=tuple(one.number for one in found),
        entries=entries,
        is_queued=is_queued,
        reevaluated=made,
        before=before,
        after=before if is_queued else money(actor=actor, projects=found),
    )


def _total(parts: Sequence[Reevaluated]) -> Reevaluated:
    codes = Counter[str]()
    for one in parts:
        codes.update({refused.code: refused.count for refused in one.refused})
    return Reevaluated(sum(one.done for one in parts), refusals(codes))


def _reevaluate_batch(work: _Work, after: UUID) -> _Batch:
    """Make the next entries of a project anew, but for those that refuse it."""
    found = sql.rows(
        OPERATIONS,
        _ENTRIES,
        company=work.company,
        project_id=work.project_id,
        contract_line_id=work.contract_line_id,
        is_whole=work.is_whole,
        after=after,
        row_limit=BATCH,
    )
    if not found:
        return _Batch(None, 0, Counter())
    changes = {
        row["id"]: Change(row["billable"], row["billing_type"] and BillingType(row["billing_type"]))
        for row in found
    }
    refused: dict[UUID, RecordProblem] = {}
    while problems := _made_anew(work.company, work.asked_by, changes):
        for problem in problems:
            entry_id = UUID(str(problem.record_id))
            refused[entry_id] = problem
            del changes[entry_id]
    log_problems(alias=OPERATIONS, process=Process.APPROVE, problems=refused.values())
    codes = Counter(problem.code for problem in refused.values())
    return _Batch(found[-1]["id"], len(changes), codes)


def _made_anew(company: str, asked_by: str, changes: Mapping[UUID, Change]) -> list[RecordProblem]:
    """Make these entries anew, or none of them: then return the problems of those that refuse it."""
    with transaction.atomic(using=OPERATIONS):
        problems = _reversed_and_approved(company, asked_by, changes)
        transaction.set_rollback(bool(problems), using=OPERATIONS)
    return problems


def _reversed_and_approved(
    company: str, asked_by: str, changes: Mapping[UUID, Change]
) -> list[RecordProblem]:
    """Make these entries anew in this transaction; return the problems for which it must not be kept."""
    entry_ids = list(changes)
    _, problems = answer_batch(
        company=company, actor=Decider(asked_by), entry_ids=entry_ids, event="reevaluated", comment=""
    )
    if problems:
        return problems
    tally = Tally()
    price_and_submit(company=company, entry_ids=entry_ids, submitter=None, tally=tally)
    if tally.refused:
        still_open = not_approved(company=company, entry_ids=entry_ids)
        return [problem for problem in still_open if problem.code in tally.refused]
    # Nobody approves anew: the event says who asked for it.
    system = Decider(Role.SYSTEM, every_project=True)
    approve_batch(company=company, approver=system, entry_ids=entry_ids, changes=changes, tally=tally)
    return not_approved(company=company, entry_ids=entry_ids)


__all__ = [
    "Lost",
    "QueueDone",
    "Reevaluated",
    "Sold",
    "close_contract",
    "confirm_contract",
    "reevaluate_entries",
    "reevaluate_queued",
    "win_quote",
]
