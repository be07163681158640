"""Keeps the queue in order: jobs whose worker died, and entries that are long done.

A killed worker leaves its job marked as running, and the job's lock with it: without this nothing of that
job would ever run again. It cannot be done by the job itself, which is why it has a lock of its own and is
also done when a worker starts. That a worker died stands in the problem log (JOB-105) until a run of the same
job has come to its end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog
from asgiref.sync import async_to_sync, sync_to_async
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from tieout.database.aliases import RECONCILIATION
from tieout.database.answering import let_go
from tieout.jobs.catalogue import JOBS, find
from tieout.jobs.failures import Failures
from tieout.jobs.problems import WorkerLost
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.identifiers import new_id

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager

HOURS_KEPT: Final = 30 * 24
_BY: Final = "system"
_TASK: Final = "tieout."

log = structlog.get_logger("tieout.jobs")


async def keep_house(manager: JobManager) -> int:
    """Hand on the jobs of dead workers and forget old entries; return how many jobs were handed on."""
    handed_on = 0
    lost = list(await manager.get_stalled_jobs())
    if lost:
        await sync_to_async(_keep_lost)(lost)
    for job in lost:
        log.warning("job of a dead worker", task=job.task_name, job=job.id)
        try:
            await manager.retry_job(job)
            handed_on += 1
        except UniqueViolation:  # the same job waits already: that one does its work
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    await manager.delete_old_jobs(nb_hours=HOURS_KEPT, include_failed=True, include_cancelled=True)
    return handed_on


def lost_runs(*, actor: Actor) -> list[WorkerLost]:
    """Return the runs whose worker died and that nobody has handed on yet, of all companies."""
    permit(actor, Verb.READ)
    return [_problem(job) for job, _, _ in _runs(async_to_sync(app.job_manager.get_stalled_jobs)())]


def _keep_lost(lost: Sequence[Job]) -> None:
    for job, company, run_id in _runs(lost):
        failures = Failures(run_id, _BY)
        failures.run(job, company, _problem(job))
        failures.keep()
    let_go(RECONCILIATION)


def _problem(job: str) -> WorkerLost:
    return WorkerLost(job=find(job).title)


def _runs(lost: Iterable[Job]) -> list[tuple[str, str, UUID]]:
    """Return the job, the company and the run of queue entries; housekeeping itself has no run."""
    found = []
    for one in lost:
        given: Any = one.task_kwargs  # Django's connection gives them as text
        said: dict[str, Any] = json.loads(given) if isinstance(given, str) else given
        job = str(said["job"]) if "job" in said else one.task_name.removeprefix(_TASK)
        if job in {row.job for row in JOBS} - {"housekeeping"}:
            run_id = UUID(str(said["run_id"])) if "run_id" in said else new_id()
            found.append((job, str(said.get("company", "")), run_id))
    return found
