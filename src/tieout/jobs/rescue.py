"""Keeps the queue in order: jobs whose worker died, and entries that are long done.

A killed worker leaves its job marked as running, and the job's lock with it: without this nothing of that
job would ever run again. It cannot be done by the job itself, which is why it has a lock of its own and is
also done when a worker starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

if TYPE_CHECKING:
    from procrastinate.manager import JobManager

HOURS_KEPT: Final = 30 * 24

log = structlog.get_logger("tieout.jobs")


async def keep_house(manager: JobManager) -> int:
    """Hand on the jobs of dead workers and forget old entries; return how many jobs were handed on."""
    handed_on = 0
    for job in await manager.get_stalled_jobs():
        log.warning("job of a dead worker", task=job.task_name, job=job.id)
        try:
            await manager.retry_job(job)
            handed_on += 1
        except UniqueViolation:  # the same job waits already: that one does its work
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
    await manager.delete_old_jobs(nb_hours=HOURS_KEPT, include_failed=True, include_cancelled=True)
    return handed_on
