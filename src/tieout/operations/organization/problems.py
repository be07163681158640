"""Why a contract cannot be confirmed, or closed as lost."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class ContractNotDraft(Problem):
    """There is no such contract, or it is confirmed or lost already."""

    code = "CFG-209"
    contract: str


class ContractNotOpen(Problem):
    """There is no such contract, or it is lost already and has nothing left to reverse."""

    code = "CFG-213"
    contract: str
