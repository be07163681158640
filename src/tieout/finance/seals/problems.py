"""What can be wrong with seals; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class SealsBroken(Problem):
    """The books of a company are not what was sealed: somebody changed them behind the program."""

    code = "REC-103"
    company: str
    found: str
