"""What can be wrong with a job; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class JobWaiting(Problem):
    """The same run waits already."""

    code = "JOB-104"
    job: str


class JobStopped(Problem):
    """A run broke off on something that is no problem of a record."""

    code = "JOB-102"
    job: str
    reason: str


class WorkerLost(Problem):
    """The worker of a run died, and the run waits for another one."""

    code = "JOB-105"
    job: str


class UnknownJob(Problem):
    """There is no job of that name."""

    code = "JOB-103"
    job: str
    jobs: tuple[str, ...]
