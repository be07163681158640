"""The steps of each job: one call of one verb each, with what it answered as counts.

A problem ends its step, not the job: one company without an open period must not stop the others. Another
run at the same work is no problem of ours: it does what we would have done.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate.contrib.django import app

from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.resync.actions import resync
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.journals.actions import import_from_staging, post_integration_journals
from tieout.finance.ledgers.queries import companies
from tieout.jobs import rescue
from tieout.kernel.access import Actor, Verb, permit, roles_with
from tieout.kernel.problems import Problem
from tieout.operations.approvals.actions import approve_documents
from tieout.reconciliation.checks.rules import Kind, Reason
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.findings.queries import keys_to_resync
from tieout.reconciliation.findings.rules import ResyncKey
from tieout.reconciliation.windows.queries import preset

ANOTHER_RUN: Final = "JOB-101"
PASSES_MAX: Final = 1_000  # a chain that still moves after so many passes moves in a circle
RESYNC_BATCH: Final = 5_000  # lines looked at, and stated again, at a time

Count = int | Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What one step did: ``counts`` as the verb names them, and whether anything moved."""

    name: str
    company: str
    counts: dict[str, Count] = field(default_factory=dict)
    moved: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One verb as a step; ``moved_by`` names the count of its answer that tells that something moved."""

    name: str
    per_company: bool
    moved_by: str
    call: Callable[[Actor, str], object]


POST: Final = (
    Step("Post vendor invoices", True, "documents", lambda a, c: post_vendor_invoices(actor=a, company=c)),
    Step("Post expense reports", True, "documents", lambda a, c: post_expense_reports(actor=a, company=c)),
)
DELIVER: Final = Step("Deliver", False, "stated", lambda a, _: _delivered(a))
APPROVE: Final = Step(
    "Approve documents", True, "approved", lambda a, c: approve_documents(actor=a, company=c)
)
IMPORT: Final = Step(
    "Import from staging", True, "lines", lambda a, c: import_from_staging(actor=a, company=c)
)
POST_JOURNALS: Final = Step(
    "Post integration journals", True, "lines", lambda a, c: post_integration_journals(actor=a, company=c)
)
COLLECT: Final = Step("Collect facts", False, "rows", lambda a, _: {"rows": collect(actor=a).rows})

PASS: Final = (DELIVER, APPROVE, DELIVER, IMPORT, POST_JOURNALS, DELIVER)
JOBS_OF_STEPS: Final = {
    "post-documents": POST,
    "deliver": (DELIVER,),
    "approve": (APPROVE,),
    "import-from-staging": (IMPORT,),
    "post-integration-journal": (POST_JOURNALS,),
    "collect": (COLLECT,),
}


def steps_of(job: str, *, actor: Actor, system: Actor, company: str, kind: str) -> Iterator[Answer]:
    """Perform the steps of ``job`` one after the other and yield what each did.

    ``actor`` asked for the job and does what it is about; ``system`` does what follows from it.
    """
    where = [company] if company else [one.code for one in companies(actor=system)]
    match job:
        case "chain":
            if not actor.roles.isdisjoint(roles_with(Verb.POST_DOCUMENTS)):
                yield from _run(POST, actor, where)
            yield from _until_nothing_moves(system, where)
        case "sync":
            yield from _run((COLLECT,), system, where)
            for one in where:
                for asked in [Kind(kind)] if kind else list(Kind):
                    yield from _resync(actor, one, asked)
            yield from _until_nothing_moves(system, where)
        case "housekeeping":
            handed_on = async_to_sync(rescue.keep_house)(app.job_manager)
            yield Answer("Housekeeping", "", {"handed_on": handed_on}, moved=bool(handed_on))
        case _:
            yield from _run(JOBS_OF_STEPS[job], actor, where)


def _until_nothing_moves(system: Actor, where: list[str]) -> Iterator[Answer]:
    for _ in range(PASSES_MAX):
        answers = list(_run(PASS, system, where))
        yield from answers
        if not any(answer.moved for answer in answers):
            break
    yield from _run((COLLECT,), system, where)


def _run(steps: Iterable[Step], actor: Actor, where: list[str]) -> Iterator[Answer]:
    for step in steps:
        for company in where if step.per_company else [""]:
            yield _answer(step, actor, company)


def _answer(step: Step, actor: Actor, company: str) -> Answer:
    try:
        counts = _counts(step.call(actor, company))
    except Problem as problem:
        return Answer(step.name, company, problem=None if problem.code == ANOTHER_RUN else problem)
    return Answer(step.name, company, counts, moved=bool(counts[step.moved_by]))


def _delivered(actor: Actor) -> dict[str, int]:
    done = deliver_all(actor=actor)
    return {"stated": sum(one.stated for one in done), "landed": sum(one.landed for one in done)}


def _counts(answer: object) -> dict[str, Count]:
    found: dict[str, Any] = answer if isinstance(answer, dict) else dataclasses.asdict(answer)  # type: ignore[call-overload]
    return {name: value for name, value in found.items() if isinstance(value, int | Decimal)}


def _resync(actor: Actor, company: str, kind: Kind) -> Iterator[Answer]:
    """State again what is missing in the preset window, hop by hop, one bounded batch after the other."""
    for reason in (Reason.NOT_SYNCED_TO_OPERATIONS, Reason.ACTUAL_NOT_SYNCED_BACK):
        name = f"Sync {kind.replace('_', ' ')}s: {reason.replace('_', ' ')}"
        try:
            stated = _stated_again(actor, company, kind, reason)
        except Problem as problem:
            yield Answer(name, company, problem=problem)
        else:
            yield Answer(name, company, {"stated": stated}, moved=bool(stated))


def _stated_again(actor: Actor, company: str, kind: Kind, reason: Reason) -> int:
    permit(actor, Verb.RESYNC, company)
    window = preset(actor=actor, company=company, today=timezone.localdate())
    stated, after = 0, None
    while True:
        found = keys_to_resync(
            actor=actor,
            company=company,
            kind=kind,
            window=window,
            reason=reason,
            after=after,
            limit=RESYNC_BATCH,
        )
        name, keys = _map_and_keys(kind, found.keys)
        if keys:
            stated += resync(actor=actor, map=name, keys=keys)
        if found.after is None:
            return stated
        after = found.after


def _map_and_keys(kind: Kind, keys: Iterable[ResyncKey]) -> tuple[str, list[Any]]:
    """Return the map of the hop that is missing, and the keys of its records."""
    found = list(keys)
    if found and found[0].actual_id is not None:
        return "msdyn_actuals", [key.actual_id for key in found]
    documents = {Kind.EXPENSE: "msdyn_expenses", Kind.VENDOR_INVOICE_LINE: "msdyn_projectvendorinvoicelines"}
    return documents[kind], [key.line_id for key in found]
