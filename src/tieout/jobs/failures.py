"""What stopped a step of a job, or a whole run, kept in the problem log until the same one goes through.

It stands in the reconciliation database, beside the runs, so that it can be kept when a side is away. What
stops a map is not kept here: delivery keeps it under the name of the map. What a verb refuses is not a
failure of its job either: the verb itself logs each record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tieout.database.aliases import RECONCILIATION
from tieout.kernel.problems import Problem
from tieout.problems.actions import JOB_STEP, RecordProblem, id_of_name, keep_attempts
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


def _of(problem: Problem, key: UUID, name: str, company: str) -> RecordProblem:
    return RecordProblem(problem.code, company, JOB_STEP, key, name, problem.fields())
