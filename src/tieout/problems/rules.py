"""Problems that any process can meet, whatever its stage."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class AlreadyRunning(Problem):
    """The same job holds its lock, in this program or in another; nothing was done."""

    code = "JOB-101"
    job: str
