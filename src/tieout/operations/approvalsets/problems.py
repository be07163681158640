"""Why nothing is done with an approval set."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class ApprovalSetUnknown(Problem):
    """The company has no such set; what is withheld looks the same."""

    code = "APR-143"
    number: int
    company: str


class ApprovalSetNotRetried(Problem):
    """Only a set that failed, in whole or in part, is retried."""

    code = "APR-144"
    number: int
    status: str
