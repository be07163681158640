"""Ask for a run, and perform one: the steps of the job in order, each kept when it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tieout.database.answering import UNANSWERED
from tieout.database.judged import first_line
from tieout.finance.journals.rules import ALL_DRAFTS, JournalChoice
from tieout.jobs import steps
from tieout.jobs.catalogue import Job, find
from tieout.jobs.choices import PRESET, Days, as_row
from tieout.jobs.failures import Failures
from tieout.jobs.models import End, Run, Step
from tieout.jobs.problems import JobStopped, JobWaiting
from tieout.jobs.refusals import Refusal, refusals_of
from tieout.jobs.words import REFUSED
from tieout.kernel.access import Actor, Role, permit
from tieout.kernel.identifiers import new_id
from tieout.kernel.problems import Problem
from tieout.problems.actions import look_at_databases

SYSTEM: Final = Actor(name="system", roles=frozenset({Role.SYSTEM}), companies=None)

log = structlog.get_logger("tieout.jobs")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the steps that moved or met something, and what its verbs keep refused."""

    run_id: UUID
    job: str
    company: str
    steps: tuple[steps.Answer, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that stopped a step; the other steps went on."""
        return tuple(step.problem for step in self.steps if step.problem is not None)


@dataclass(slots=True)
class _Recorder:
    """Keeps the steps of one run; a run that the clock started is kept only once it has a step to show."""

    run_id: UUID
    job: str
    company: str
    kind: str
    days: Days
    actor: Actor
    journals: JournalChoice = ALL_DRAFTS
    kept: list[steps.Answer] = field(default_factory=list)
    tell: Callable[[steps.Answer], None] | None = None
    begun: bool = False
    rows: int = 0
    failures: Failures = field(init=False)

    def __post_init__(self) -> None:
        self.failures = Failures(self.run_id, self.actor.name)

    def begin(self) -> None:
        """Keep that the run is there."""
        self.begun = True
        Run.objects.get_or_create(
            id=self.run_id,
            defaults={
                "job": self.job,
                "company_code": self.company,
                "kind": self.kind,
                "day_from": self.days.first,
                "day_to": self.days.last,
                "journals": as_row(self.journals),
                "asked_by": self.actor.name,
            },
        )

    def step(self, answer: steps.Answer) -> None:
        """Keep a step that moved something, or met something in a run that somebody looks at."""
        if self.tell is not None:
            self.tell(answer)
        if answer.is_failure or answer.counts:  # neither: another run does it, and knows how it goes
            self.failures.step(answer.name, answer.company, answer.problem if answer.is_failure else None)
        if not (answer.moved or (answer.problem is not None and self.begun)):
            return
        self.begin()
        self.kept.append(answer)
        self._keep(answer.name, answer.company, answer.counts, _row(answer.problem))

    def refused(self, refusal: Refusal) -> None:
        """Keep what a stage has refused: its figures with the first code, then the other codes."""
        figures: dict[str, steps.Count] = {"refused": refusal.records, "amount_refused": refusal.amount}
        for code in refusal.codes:
            problem = {"code": code.code, "fields": dict(code.fields)}
            self._keep(f"{refusal.stage}{REFUSED}", refusal.company, figures, problem)
            figures = {}

    def _keep(
        self, name: str, company: str, counts: Mapping[str, steps.Count], problem: dict[str, Any] | None
    ) -> None:
        self.rows += 1
        Step.objects.create(
            run_id=self.run_id,
            step_number=self.rows,
            name=name,
            company_code=company,
            counts={key: str(count) for key, count in counts.items()},
            problem=problem,
        )

    def end(self, problem: Problem | None, refusals: Sequence[Refusal] = ()) -> None:
        """Keep how the run ended: it succeeded when nothing stopped a step and nothing stays refused."""
        self.failures.run(self.job, self.company, problem if isinstance(problem, JobStopped) else None)
        self.failures.keep()
        if not self.begun:
            return
        for refusal in refusals:
            self.refused(refusal)
        codes = [code for refusal in refusals for code in refusal.codes]
        row = _row(problem)
        if row is None and codes:
            row = {"code": codes[0].code, "fields": dict(codes[0].fields)}
        End.objects.create(run_id=self.run_id, succeeded=problem is None and not refusals, problem=row)


def ask(
    *,
    actor: Actor,
    job: str,
    company: str = "",
    kind: str = "",
    days: Days = PRESET,
    journals: JournalChoice = ALL_DRAFTS,
) -> UUID:
    """Ask the worker for a run and return its identifier at once; ``days`` are for Sync.

    ``journals`` are for posting integration journals.

    Raises :class:`UnknownJob`, :class:`JobWaiting` when the same run waits already, and the access problems
    of the job's own verb.
    """
    asked = _permitted(actor, job, company)
    run_id = new_id()
    asked_days = [None if day is None else day.isoformat() for day in (days.first, days.last)]
    chosen = as_row(journals)
    lock = f"{asked.job}:{company}:{kind}:{asked_days[0] or ''}:{asked_days[1] or ''}"
    lock += f":{json.dumps(chosen)}" if chosen else ""
    try:
        app.configure_task("tieout.perform", lock=asked.job, queueing_lock=lock).defer(
            job=asked.job,
            company=company,
            kind=kind,
            run_id=str(run_id),
            days=[*asked_days],
            journals=chosen,
            actor={
                "name": actor.name,
                "roles": [*sorted(actor.roles)],
                "companies": None if actor.companies is None else [*sorted(actor.companies)],
            },
        )
    except AlreadyEnqueued:
        raise JobWaiting(job=asked.title) from None
    _Recorder(run_id, asked.job, company, kind, days, actor, journals).begin()
    return run_id


def perform(
    *,
    actor: Actor,
    job: str,
    company: str = "",
    kind: str = "",
    days: Days = PRESET,
    journals: JournalChoice = ALL_DRAFTS,
    run_id: UUID | None = None,
    tell: Callable[[steps.Answer], None] | None = None,
) -> Outcome:
    """Perform a job here and now; return what it did.

    A problem stops its step only, and the run then counts as failed. Anything else ends the run, which is
    kept as :class:`JobStopped`, and is raised: what was committed stands. ``tell`` hears of every step.
    ``days`` are for Sync, ``journals`` for posting integration journals. What the job's verbs keep refused is
    told to who asked, not by the clock.
    """
    asked = _permitted(actor, job, company)
    helper = _helper(actor)
    recorder = _Recorder(run_id or new_id(), asked.job, company, kind, days, actor, journals, tell=tell)
    if actor != SYSTEM:
        recorder.begin()
    refusals: tuple[Refusal, ...] = ()
    try:
        for answer in steps.steps_of(
            asked.job, actor=actor, system=helper, company=company, kind=kind, days=days, journals=journals
        ):
            recorder.step(answer)
        if actor != SYSTEM:
            where = steps.companies_of(helper, company)
            refusals = refusals_of(actor=helper, job=asked.job, companies=where)
    except Exception as error:
        log.exception("job stopped", job=asked.job, company=company)
        stopped = _stopped(asked, error, helper)
        recorder.begin()
        recorder.end(stopped)
        raise
    outcome = Outcome(recorder.run_id, asked.job, company, tuple(recorder.kept), refusals)
    recorder.end(outcome.problems[0] if outcome.problems else None, refusals)
    return outcome


def _stopped(asked: Job, error: Exception, system: Actor) -> JobStopped:
    """Return the problem of a run that broke off, with its reason: a database that is away, if one is."""
    reasons: Sequence[Problem] = ()
    if isinstance(error, Problem):
        reasons = (error,)
    elif isinstance(error, UNANSWERED):
        reasons = look_at_databases(done_by=system.name)
    if not reasons:
        return JobStopped(job=asked.title, reason=f"{type(error).__name__}, {first_line(error)}")
    said = reasons[0].fields().get("reason")
    return JobStopped(job=asked.title, reason=str(said or reasons[0].code)).because(reasons[0])


def _permitted(actor: Actor, job: str, company: str) -> Job:
    """Return the job; who may use its verb may run it. A job of several verbs has ``run_jobs`` as its own."""
    asked = find(job)
    permit(actor, asked.verb, company or None)
    return asked


def _helper(actor: Actor) -> Actor:
    """Return who does what follows from a request: the system, for the companies of who asked."""
    return Actor(name=SYSTEM.name, roles=frozenset({Role.SYSTEM}), companies=actor.companies)


def _row(problem: Problem | None) -> dict[str, Any] | None:
    return None if problem is None else dict(problem.as_row())
