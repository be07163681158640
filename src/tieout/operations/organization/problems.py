"""Why a contract cannot be confirmed."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class ContractNotDraft(Problem):
    """There is no such contract, or it is confirmed already."""

    code = "CFG-209"
    contract: str
