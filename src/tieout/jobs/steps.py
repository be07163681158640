"""The steps of each job: one call of one verb each, with what it answered as counts.

A problem ends its step, not the job: one company without an open period must not stop the others. Another
run at the same work is no problem of ours: it does what we would have done.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate.contrib.django import app

from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.generaljournals.actions import sync_general_journals
from tieout.dualwrite.prevalidation.actions import prevalidate_actuals
from tieout.dualwrite.resync.actions import resync
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_beginning_balances, import_from_staging
from tieout.finance.intercompany.actions import (
    make_vendor_invoices,
    post_intercompany_invoices,
    post_intercompany_vendor_invoices,
)
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.journals.rules import ALL_DRAFTS, JournalChoice
from tieout.finance.ledgers.queries import companies
from tieout.finance.seals.actions import seal_vouchers, verify_seals
from tieout.finance.seals.problems import SealsBroken
from tieout.jobs import rescue
from tieout.jobs.approvers import approver
from tieout.jobs.choices import PRESET, Days
from tieout.jobs.verifying import verified
from tieout.kernel.access import Actor, Verb, permit, roles_with
from tieout.kernel.problems import Problem
from tieout.operations.approvals.actions import approve_documents, approve_entries, submit_entries
from tieout.operations.approvalsets import actions as approvalsets
from tieout.operations.reevaluation.actions import reevaluate_queued
from tieout.problems.catalogue import Process
from tieout.reconciliation.causes import queries as causes
from tieout.reconciliation.causes.rules import Beside
from tieout.reconciliation.checks.rules import Check, Kind, Reason
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.findings.rules import ResyncKey
from tieout.reconciliation.windows.rules import Window

ANOTHER_RUN: Final = "JOB-101"
PASSES_MAX: Final = 1_000  # a chain that still moves after so many passes moves in a circle
RESYNC_BATCH: Final = 5_000  # lines looked at, and stated again, at a time

ACTUALS: Final = "actual"  # the kind of a Sync of actuals only
SYNC_KINDS: Final = (*(kind.value for kind in Kind), ACTUALS)

Count = int | Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What one step did: ``counts`` as the verb names them, and whether anything moved."""

    name: str
    company: str
    counts: dict[str, Count] = field(default_factory=dict)
    moved: bool = False
    problem: Problem | None = None

    @property
    def is_failure(self) -> bool:
        """Whether the step was stopped by what nobody else keeps.

        Delivery keeps what stops its maps, and who verifies seals keeps what is wrong with them.
        """
        kept = self.problem is None or self.problem.text.process == Process.DELIVER
        return not kept and not isinstance(self.problem, SealsBroken)


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
SUBMIT: Final = Step("Submit entries", True, "submitted", lambda a, c: submit_entries(actor=a, company=c))
APPROVE_ENTRIES: Final = Step(
    "Approve entries", True, "approved", lambda a, c: approve_entries(actor=a, company=c)
)
APPROVAL_SETS: Final = Step(
    "Process approval sets",
    True,
    "sets",
    lambda a, c: approvalsets.process(actor=a, company=c, approvers=approver),
)
REEVALUATE: Final = Step("Re-evaluate", True, "projects", lambda a, c: reevaluate_queued(actor=a, company=c))
APPROVE: Final = Step(
    "Approve documents", True, "approved", lambda a, c: approve_documents(actor=a, company=c)
)
GENERAL_JOURNALS: Final = Step(
    "Create and confirm journals",
    True,
    "confirmed",
    lambda a, c: sync_general_journals(actor=a, company=c),
)
PREVALIDATE: Final = Step(
    "Prevalidate actuals", True, "looked_at", lambda a, c: prevalidate_actuals(actor=a, company=c)
)
PREVALIDATE_AGAIN: Final = Step(
    "Prevalidate actuals", True, "looked_at", lambda a, c: prevalidate_actuals(actor=a, company=c, again=True)
)
IMPORT: Final = Step(
    "Import from staging", True, "lines", lambda a, c: import_from_staging(actor=a, company=c)
)
IMPORT_BEGINNING: Final = Step(
    "Import beginning balances", True, "lines", lambda a, c: import_beginning_balances(actor=a, company=c)
)
POST_JOURNALS: Final = Step(
    "Post integration journals", True, "lines", lambda a, c: post_integration_journals(actor=a, company=c)
)
INTERCOMPANY: Final = Step(
    "Post intercompany invoices", True, "posted", lambda a, c: _invoiced(a, c, timezone.localdate())
)
PENDING_INVOICES: Final = Step(
    "Make pending vendor invoices", True, "made", lambda a, c: make_vendor_invoices(actor=a, company=c)
)
POST_PENDING: Final = Step(
    "Post intercompany vendor invoices",
    True,
    "invoices",
    lambda a, c: post_intercompany_vendor_invoices(actor=a, company=c),
)
SEAL: Final = Step("Seal vouchers", True, "seals", lambda a, c: seal_vouchers(actor=a, company=c))
COLLECT: Final = Step("Collect facts", False, "rows", lambda a, _: {"rows": collect(actor=a).rows})
VERIFY_SEALS: Final = Step("Verify seals", True, "faults", lambda a, c: verify_seals(actor=a, company=c))
VERIFY: Final = Step("Verify facts", False, "differing", lambda a, _: verified(a))

PASS: Final = (DELIVER, APPROVE, DELIVER, IMPORT, POST_JOURNALS, DELIVER)
JOBS_OF_STEPS: Final = {
    "submit-entries": (SUBMIT,),
    "approve-entries": (APPROVE_ENTRIES,),
    "approval-sets": (APPROVAL_SETS,),
    "reevaluate": (REEVALUATE,),
    "post-documents": POST,
    "deliver": (DELIVER,),
    "approve": (APPROVE,),
    "general-journals": (GENERAL_JOURNALS,),
    "prevalidate-actuals": (PREVALIDATE,),
    "prevalidate-again": (PREVALIDATE_AGAIN,),
    "import-from-staging": (IMPORT,),
    "import-beginning-balances": (IMPORT_BEGINNING,),
    "post-integration-journal": (POST_JOURNALS,),
    "post-intercompany-invoices": (INTERCOMPANY,),
    "make-intercompany-vendor-invoices": (PENDING_INVOICES,),
    "post-intercompany-vendor-invoices": (POST_PENDING,),
    "seal-vouchers": (SEAL,),
    "collect": (COLLECT,),
    "verify-facts": (VERIFY,),
    "verify-seals": (VERIFY_SEALS,),
}


def steps_of(
    job: str,
    *,
    actor: Actor,
    system: Actor,
    company: str,
    kind: str,
    days: Days = PRESET,
    journals: JournalChoice = ALL_DRAFTS,
) -> Iterator[Answer]:
    """Perform the steps of ``job`` one after the other and yield what each did.

    ``actor`` asked for the job and does what it is about; ``system`` does what follows from it.
    """
    where = companies_of(system, company)
    match job:
        case "chain":
            if not actor.roles.isdisjoint(roles_with(Verb.POST_DOCUMENTS)):
                yield from _run(POST, actor, where)
            yield from _until_nothing_moves(system, where)
        case "sync":
            yield from _run((COLLECT,), system, where)
            for one in where:
                yield from _sync(actor, one, kind, days)
            yield from _until_nothing_moves(system, where)
        case "housekeeping":
            handed_on = async_to_sync(rescue.keep_house)(app.job_manager)
            yield Answer("Housekeeping", "", {"handed_on": handed_on}, moved=bool(handed_on))
        case "post-integration-journal":
            yield from _run(
                (
                    replace(
                        POST_JOURNALS,
                        call=lambda a, c: post_integration_journals(actor=a, company=c, only=journals),
                    ),
                ),
                actor,
                where,
            )
        case _:
            yield from _run(JOBS_OF_STEPS[job], actor, where)


def companies_of(system: Actor, company: str) -> list[str]:
    """Return the companies of a run: the one it names, or all that ``system`` may see."""
    return [company] if company else [one.code for one in companies(actor=system)]


def _until_nothing_moves(system: Actor, where: list[str]) -> Iterator[Answer]:
    for _ in range(PASSES_MAX):
        answers = list(_run(PASS, system, where))
        yield from answers
        if not any(answer.moved for answer in answers):
            break
    yield from _run((SEAL, COLLECT), system, where)


def _run(steps: Iterable[Step], actor: Actor, where: list[str]) -> Iterator[Answer]:
    for step in steps:
        for company in where if step.per_company else [""]:
            yield _answer(step, actor, company)


def _answer(step: Step, actor: Actor, company: str) -> Answer:
    try:
        found = step.call(actor, company)
    except Problem as problem:
        return Answer(step.name, company, problem=None if problem.code == ANOTHER_RUN else problem)
    counts = _counts(found)
    problem_met = getattr(found, "problem", None)  # of a verb that does the rest all the same
    return Answer(step.name, company, counts, moved=bool(counts[step.moved_by]), problem=problem_met)


@dataclass(frozen=True, slots=True)
class _AllDelivered:
    """What all maps carried together, and the first problem that stopped one of them."""

    stated: int
    landed: int
    parked: int
    problem: Problem | None


def _delivered(actor: Actor) -> _AllDelivered:
    done = deliver_all(actor=actor)
    return _AllDelivered(
        stated=sum(one.stated for one in done),
        landed=sum(one.landed for one in done),
        parked=sum(one.parked for one in done),
        problem=next((one.problem for one in done if one.problem is not None), None),
    )


def _invoiced(actor: Actor, company: str, today: date) -> dict[str, Count]:
    done = post_intercompany_invoices(actor=actor, company=company, until=today, invoice_date=today)
    return {"posted": done.posted, "lines": done.lines, "refused": done.refused}


def _counts(answer: object) -> dict[str, Count]:
    found: dict[str, Any] = answer if isinstance(answer, dict) else dataclasses.asdict(answer)  # type: ignore[call-overload]
    return {name: value for name, value in found.items() if isinstance(value, int | Decimal)}


def _sync(actor: Actor, company: str, kind: str, days: Days) -> Iterator[Answer]:
    """State again what is missing: documents of the days, and actuals.

    Asked for one kind of document, those and their actuals of these days. Otherwise every actual that has not
    arrived: one of a time entry stands in no view, so that no dates could find it. An actual of a document is
    among them; it is stated once. What travels beside them and was lost or refused alone has no dates either.
    """
    for one in [Kind(kind)] if kind in set(Kind) else [] if kind == ACTUALS else list(Kind):
        name = f"Sync {nouns(one)} to operations"
        yield _stated(name, actor, company, one, Reason.NOT_SYNCED_TO_OPERATIONS, days)
    if kind in set(Kind):
        name = f"Sync actuals of {nouns(Kind(kind))} to finance"
        yield _stated(name, actor, company, Kind(kind), Reason.ACTUAL_NOT_SYNCED_BACK, days)
    else:
        yield _actuals_stated("Sync actuals to finance", actor, company)
    for beside, (name, map_) in _BESIDE.items():
        if beside not in _OF_INVOICES or kind in {"", Kind.VENDOR_INVOICE_LINE.value}:
            yield _beside_stated(name, map_, beside, actor, company)


_OF_INVOICES: Final = frozenset({Beside.HEADER, Beside.STOCKED})
_BESIDE: Final = {
    Beside.HEADER: ("Sync vendor invoice headers to operations", "msdyn_projectvendorinvoices"),
    Beside.STOCKED: ("Sync stocked lines to operations", "msdyn_projectvendorinvoicelines"),
    Beside.CONNECTION: ("Sync connections to finance", "msdyn_transactionconnections"),
    Beside.WRITE_BACK: ("Sync write-backs to operations", "msdyn_actuals_posting"),
}


def _beside_stated(name: str, map_: str, beside: Beside, actor: Actor, company: str) -> Answer:
    """State again what is missing alone: invoice headers, stocked lines, connections, write-backs."""
    stated, after = 0, None
    try:
        permit(actor, Verb.RESYNC, company)
        while keys := causes.keys_lost(
            actor=actor, company=company, beside=beside, after=after, limit=RESYNC_BATCH
        ):
            stated += resync(actor=actor, map=map_, keys=keys)
            after = keys[-1]
    except Problem as problem:
        return Answer(name, company, problem=problem)
    return Answer(name, company, {"stated": stated}, moved=bool(stated))


def nouns(kind: Kind) -> str:
    """Return what several lines of ``kind`` are called."""
    return f"{kind.replace('_', ' ')}s"


def _stated(name: str, actor: Actor, company: str, kind: Kind, reason: Reason, days: Days) -> Answer:
    """State again the lines of one kind that miss one hop; counts the lines, and their cost once."""
    try:
        permit(actor, Verb.RESYNC, company)
        window = days.window(actor, company)
        figure = findings.totals(actor=actor, company=company, window=window).view(
            kind, Check.MISSING_ACTUALS, reason
        )
        stated = _stated_again(actor, company, kind, reason, window)
    except Problem as problem:
        return Answer(name, company, problem=problem)
    counts: dict[str, Count] = {"lines": figure.lines, "cost": figure.amount, "stated": stated}
    return Answer(name, company, counts, moved=bool(stated))


def _stated_again(actor: Actor, company: str, kind: Kind, reason: Reason, window: Window) -> int:
    stated, after = 0, None
    while True:
        found = findings.keys_to_resync(
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


def _actuals_stated(name: str, actor: Actor, company: str) -> Answer:
    """State again every actual that has not arrived; counts them, and the cost among them by currency."""
    try:
        permit(actor, Verb.RESYNC, company)
        missing = findings.out_of_sync(actor=actor, company=company)
        stated = _all_actuals_stated(actor, company)
    except Problem as problem:
        return Answer(name, company, problem=problem)
    counts: dict[str, Count] = {"stated": stated}
    for one in missing:
        if one.is_cost:
            key = f"cost_{one.currency_code}"
            counts[key] = counts.get(key, Decimal(0)) + one.figure.amount
    return Answer(name, company, counts, moved=bool(stated))


def _all_actuals_stated(actor: Actor, company: str) -> int:
    stated, after = 0, UUID(int=0)
    while keys := findings.keys_out_of_sync(actor=actor, company=company, after=after, limit=RESYNC_BATCH):
        stated += resync(actor=actor, map="msdyn_actuals", keys=keys)
        after = keys[-1]
    return stated
