"""Ask for a run, and perform one: the steps of the job in order, each kept when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from tieout.jobs import steps
from tieout.jobs.catalogue import Job, find
from tieout.jobs.models import End, Run, Step
from tieout.jobs.problems import JobStopped, JobWaiting
from tieout.kernel.access import Actor, Role, Verb, permit
from tieout.kernel.identifiers import new_id
from tieout.kernel.problems import Problem

SYSTEM: Final = Actor(name="system", roles=frozenset({Role.SYSTEM}), companies=None)

log = structlog.get_logger("tieout.jobs")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: the steps that moved or met something, and the problems in their order."""

    run_id: UUID
    job: str
    company: str
    steps: tuple[steps.Answer, ...]

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
    actor: Actor
    kept: list[steps.Answer] = field(default_factory=list)
    tell: Callable[[steps.Answer], None] | None = None
    begun: bool = False

    def begin(self) -> None:
        """Keep that the run is there."""
        self.begun = True
        Run.objects.get_or_create(
            id=self.run_id,
            defaults={
                "job": self.job,
                "company_code": self.company,
                "kind": self.kind,
                "asked_by": self.actor.name,
            },
        )

    def step(self, answer: steps.Answer) -> None:
        """Keep a step that moved something, or met something in a run that somebody looks at."""
        if self.tell is not None:
            self.tell(answer)
        if not (answer.moved or (answer.problem is not None and self.begun)):
            return
        self.begin()
        self.kept.append(answer)
        Step.objects.create(
            run_id=self.run_id,
            step_number=len(self.kept),
            name=answer.name,
            company_code=answer.company,
            counts={name: str(count) for name, count in answer.counts.items()},
            problem=_row(answer.problem),
        )

    def end(self, problem: Problem | None) -> None:
        """Keep how the run ended."""
        if self.begun:
            End.objects.create(run_id=self.run_id, succeeded=problem is None, problem=_row(problem))


def ask(*, actor: Actor, job: str, company: str = "", kind: str = "") -> UUID:
    """Ask the worker for a run and return its identifier at once.

    Raises :class:`UnknownJob`, :class:`JobWaiting` when the same run waits already, and the access problems
    of the job's own verb.
    """
    asked = _permitted(actor, job, company)
    run_id = new_id()
    lock = f"{asked.job}:{company}:{kind}"
    try:
        app.configure_task("tieout.perform", lock=asked.job, queueing_lock=lock).defer(
            job=asked.job,
            company=company,
            kind=kind,
            run_id=str(run_id),
            actor={
                "name": actor.name,
                "roles": [*sorted(actor.roles)],
                "companies": None if actor.companies is None else [*sorted(actor.companies)],
            },
        )
    except AlreadyEnqueued:
        raise JobWaiting(job=asked.title) from None
    _Recorder(run_id, asked.job, company, kind, actor).begin()
    return run_id


def perform(
    *,
    actor: Actor,
    job: str,
    company: str = "",
    kind: str = "",
    run_id: UUID | None = None,
    tell: Callable[[steps.Answer], None] | None = None,
) -> Outcome:
    """Perform a job here and now; return what it did.

    A problem stops its step only, and the run then counts as failed. Anything else ends the run, which is
    kept as :class:`JobStopped`, and is raised: what was committed stands. ``tell`` hears of every step.
    """
    asked = _permitted(actor, job, company)
    recorder = _Recorder(run_id or new_id(), asked.job, company, kind, actor, tell=tell)
    if actor != SYSTEM:
        recorder.begin()
    try:
        for answer in steps.steps_of(
            asked.job, actor=actor, system=_helper(actor), company=company, kind=kind
        ):
            recorder.step(answer)
    except Exception as error:
        recorder.begin()
        recorder.end(JobStopped(job=asked.title, reason=type(error).__name__))
        log.exception("job stopped", job=asked.job, company=company)
        raise
    outcome = Outcome(recorder.run_id, asked.job, company, tuple(recorder.kept))
    recorder.end(outcome.problems[0] if outcome.problems else None)
    return outcome


def _permitted(actor: Actor, job: str, company: str) -> Job:
    asked = find(job)
    permit(actor, Verb.RUN_JOBS)
    permit(actor, asked.verb, company or None)
    return asked


def _helper(actor: Actor) -> Actor:
    """Return who does what follows from a request: the system, for the companies of who asked."""
    return Actor(name=SYSTEM.name, roles=frozenset({Role.SYSTEM}), companies=actor.companies)


def _row(problem: Problem | None) -> dict[str, Any] | None:
    return None if problem is None else dict(problem.as_row())
