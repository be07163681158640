"""What stopped a step of a job, a whole run, or a button, kept in the problem log until it goes through.

It stands in the reconciliation database, beside the runs, so that it can be kept when a side is away. What
stops a map is not kept here: delivery keeps it under the name of the map. What a verb refuses is not a
failure of its job either: the verb itself logs each record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tieout.database.aliases import RECONCILIATION
from tieout.database.judged import first_line
from tieout.jobs.problems import JobStopped
from tieout.kernel.problems import Problem
from tieout.problems.actions import JOB_STEP, RecordProblem, id_of_name, keep_attempts, keep_where_possible
from tieout.problems.catalogue import Process


@dataclass(slots=True)
class Failures:
    """What the steps of one run met; a step that is done several times counts by its last time."""

    run_id: UUID
    done_by: str
    met: dict[UUID, RecordProblem | None] = field(default_factory=dict)

    def step(self, name: str, company: str, problem: Problem | None) -> None:
        """Remember how a step of a company (empty: of all) went: through, or stopped by ``problem``."""
        key = id_of_name(JOB_STEP, name, company)
        self.met[key] = None if problem is None else _of(problem, key, name, company)

    def run(self, job: str, company: str, stopped: Problem | None) -> None:
        """Remember that the run came to its end, or what broke it off: an error, the death of its worker."""
        self.step(f"run of {job}", company, stopped)

    def keep(self) -> None:
        """Log what was met, and close what the same steps met before and went through now."""
        keep_attempts(
            alias=RECONCILIATION,
            process=Process.JOBS,
            met=self.met,
            run_id=self.run_id,
            done_by=self.done_by,
        )


def keep_pressed(*, button: str, company: str, error: Exception | None, pressed_by: str) -> None:
    """Keep that a button of a page broke off on what is no problem of a record, or went through (None).

    What it had committed stands, as in a run; it is over when the same button of the same page goes through.
    """
    key = id_of_name(JOB_STEP, button, company)
    met = None
    if error is not None:
        stopped = JobStopped(job=button, reason=f"{type(error).__name__}, {first_line(error)}")
        met = _of(stopped, key, button, company)
    keep_where_possible(process=Process.JOBS, met={key: met}, done_by=pressed_by)


def _of(problem: Problem, key: UUID, name: str, company: str) -> RecordProblem:
    return RecordProblem(problem.code, company, JOB_STEP, key, name, problem.fields())
