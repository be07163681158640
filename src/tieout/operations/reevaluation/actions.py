"""Make approved entries anew where their contract says something else now (operations spec 2.1, E22, E23).

A quote that is won and a contract that is confirmed take all entries of their projects, in the same
transaction where they are few; otherwise a job does it. What set-up changes of contract lines, their tasks
and projects is queued with that change (``organization.actions.enter_set_up``), and takes only entries whose
contract line or billing type is not what was recorded of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Role, Verb, permit
from tieout.operations.approvals.actions import answer_batch, approve_batch, not_approved
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.entries.actions import Tally, price_and_submit, wait_for_entries
from tieout.operations.entries.rules import Refused, refusals
from tieout.operations.organization import actions as organization
from tieout.operations.pricing import actions as pricing
from tieout.operations.pricing.queries import SalesList, sales_lists
from tieout.operations.quoting import actions as quoting
from tieout.operations.reevaluation.queries import Money, ProjectSize, money, sizes
from tieout.problems.actions import RecordProblem, log_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

# Entries made anew in one transaction of the job.
BATCH: Final = 5_000
# Up to how many entries are made anew together with what asks for it; above it the job does it.
AT_ONCE: Final = 1_000

_PACKAGE: Final = "tieout.operations.reevaluation"
_ENTRIES: Final = sql.load(_PACKAGE, "entries_to_reevaluate")
_QUEUE: Final = sql.load(_PACKAGE, "queue_whole")
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
class QueueDone:
    """One run over the queue of a company: projects finished, entries made anew, entries refused."""

    projects: int = 0
    done: int = 0
    refused: int = 0


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


def reevaluate_entries(*, actor: Actor, company: str, project_id: UUID, is_whole: bool = True) -> Reevaluated:
    """Reverse the approved entries of a project and make them anew, as its contract and prices are now.

    All of them, or (not ``is_whole``) those whose contract line or billing type is not what was recorded.
    What the approvers changed stays, and who submitted the entries. One that cannot be made anew, as it is
    invoiced, stays as it was, its problem logged. It is part of a transaction that the caller has.
    """
    permit(actor, Verb.APPROVE, company)
    return _reevaluate(company, actor.name, project_id, is_whole=is_whole)


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
            batch = _next_batch(
                company, row["id"], row["asked_by"], row["project_id"], is_whole=row["is_whole"]
            )
            while batch.last is not None:
                done, refused = done + batch.done, refused + batch.codes.total()
                batch = _next_batch(
                    company, row["id"], row["asked_by"], row["project_id"], is_whole=row["is_whole"]
                )
            projects += 1
    return QueueDone(projects, done, refused)


def _next_batch(company: str, request: int, asked_by: str, project_id: UUID, *, is_whole: bool) -> _Batch:
    with transaction.atomic(using=OPERATIONS, durable=True):
        after = sql.one(OPERATIONS, _BEGIN, request=request)["after_entry"] or _BEFORE_ALL
        batch = _reevaluate_batch(company, asked_by, project_id, after, is_whole=is_whole)
        sql.run(
            OPERATIONS,
            _ADVANCE,
            request=request,
            last=batch.last,
            done=batch.done,
            refused=batch.codes.total(),
        )
    return batch


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
        made = _all(actor.name, found)
    return Sold(
        projects=tuple(one.number for one in found),
        entries=entries,
        is_queued=is_queued,
        reevaluated=made,
        before=before,
        after=before if is_queued else money(actor=actor, projects=found),
    )


def _all(asked_by: str, projects: Sequence[ProjectSize]) -> Reevaluated:
    made = [_reevaluate(one.company_code, asked_by, one.id, is_whole=True) for one in projects]
    codes = Counter[str]()
    for one in made:
        codes.update({refused.code: refused.count for refused in one.refused})
    return Reevaluated(sum(one.done for one in made), refusals(codes))


def _reevaluate(company: str, asked_by: str, project_id: UUID, *, is_whole: bool) -> Reevaluated:
    done, codes = 0, Counter[str]()
    batch = _reevaluate_batch(company, asked_by, project_id, _BEFORE_ALL, is_whole=is_whole)
    while batch.last is not None:
        done, codes = done + batch.done, codes + batch.codes
        batch = _reevaluate_batch(company, asked_by, project_id, batch.last, is_whole=is_whole)
    return Reevaluated(done, refusals(codes))


@transaction.atomic(using=OPERATIONS)
def _reevaluate_batch(
    company: str, asked_by: str, project_id: UUID, after: UUID, *, is_whole: bool
) -> _Batch:
    """Make the next entries of a project anew, but for those that refuse it: one transaction."""
    wait_for_entries(company)
    found = sql.rows(
        OPERATIONS,
        _ENTRIES,
        company=company,
        project_id=project_id,
        is_whole=is_whole,
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
    while problems := _made_anew(company, asked_by, changes):
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
        company=company, actor=asked_by, entry_ids=entry_ids, event="reevaluated", comment=""
    )
    if problems:
        return problems
    tally = Tally()
    price_and_submit(company=company, entry_ids=entry_ids, submitter=None, tally=tally)
    if tally.refused:
        still_open = not_approved(company=company, entry_ids=entry_ids)
        return [problem for problem in still_open if problem.code in tally.refused]
    # Nobody approves anew: the event says who asked for it.
    approve_batch(company=company, approver=Role.SYSTEM, entry_ids=entry_ids, changes=changes, tally=tally)
    return not_approved(company=company, entry_ids=entry_ids)


__all__ = [
    "QueueDone",
    "Reevaluated",
    "Sold",
    "confirm_contract",
    "reevaluate_entries",
    "reevaluate_queued",
    "win_quote",
]
