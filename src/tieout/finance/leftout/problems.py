"""What keeps a person from leaving a staged actual out."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class NoReasonToLeaveOut(Problem):
    """An actual is left out for a reason that others can read, or not at all."""

    code = "VAL-511"
    company: str
