"""What runs of jobs did, for who may see their company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tieout.jobs.catalogue import find
from tieout.jobs.choices import of_row, words
from tieout.jobs.models import End, Run, Step
from tieout.jobs.words import REFUSED, said
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import ProblemText, render


@dataclass(frozen=True, slots=True)
class StepView:
    """One finished step: its name, its company (empty: none), and what the verb counted, as text."""

    name: str
    company: str
    counts: dict[str, str]
    problem: ProblemText | None

    @property
    def is_refusal(self) -> bool:
        """Whether it says what a stage keeps refused, and not what was done."""
        return self.problem is not None and self.name.endswith(REFUSED)

    @property
    def said(self) -> str:
        """What the step did, in words."""
        counts = {name: Decimal(text) if "." in text else int(text) for name, text in self.counts.items()}
        return said(self.name, counts)


@dataclass(frozen=True, slots=True)
class RunView:
    """One run. ``succeeded`` is None while it waits or runs; the dates are those that were asked for.

    ``journals``: which integration journals it was asked to post, in words; empty: all.
    """

    id: UUID
    job: str
    title: str
    company: str
    kind: str
    day_from: date | None
    day_to: date | None
    journals: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    succeeded: bool | None
    problem: ProblemText | None
    steps: tuple[StepView, ...]

    @property
    def only_refused(self) -> bool:
        """Whether every step did its work, and the run failed only by what stays refused."""
        met = [step for step in self.steps if step.problem is not None]
        return self.succeeded is False and bool(met) and all(step.is_refusal for step in met)


def run(*, actor: Actor, run_id: UUID) -> RunView | None:
    """Return one run, or None where there is none (yet)."""
    permit(actor, Verb.READ)
    found = Run.objects.filter(id=run_id).first()
    return None if found is None else _view(actor, found)


def latest(*, actor: Actor, company: str = "", job: str = "", limit: int = 20) -> list[RunView]:
    """Return the latest runs that concern ``company``, of ``job`` (empty: any), newest first."""
    permit(actor, Verb.READ, company or None)
    found = Run.objects.order_by("-asked_at")
    if job:
        found = found.filter(job=job)
    if company:
        found = found.filter(company_code__in=["", company])
    elif actor.companies is not None:
        found = found.filter(company_code__in=["", *actor.companies])
    return [_view(actor, one) for one in found[:limit]]


def _view(actor: Actor, found: Run) -> RunView:
    """Show a run without the steps in companies that the actor may not see."""
    if found.company_code:
        permit(actor, Verb.READ, found.company_code)
    end = End.objects.filter(run=found).first()
    return RunView(
        id=found.id,
        job=found.job,
        title=find(found.job).title,
        company=found.company_code,
        kind=found.kind,
        day_from=found.day_from,
        day_to=found.day_to,
        journals=words(of_row(found.journals)),
        asked_by=found.asked_by,
        asked_at=found.asked_at,
        ended_at=end.ended_at if end else None,
        succeeded=end.succeeded if end else None,
        problem=_words(end.problem) if end else None,
        steps=tuple(
            StepView(step.name, step.company_code, step.counts, _words(step.problem))
            for step in Step.objects.filter(run=found).order_by("step_number")
            if actor.companies is None or not step.company_code or step.company_code in actor.companies
        ),
    )


def _words(problem: dict[str, Any] | None) -> ProblemText | None:
    return None if problem is None else render(problem["code"], problem["fields"])
