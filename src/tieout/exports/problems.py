"""What can stand in the way of an export; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class CompanyNotSetUp(Problem):
    """No legal entity of finance has the code."""

    code = "CFG-204"
    company: str
