"""Why a quote cannot be won."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class QuoteNotDraft(Problem):
    """There is no such quote, or it is won or lost already."""

    code = "CFG-205"
    quote: str


class ContractNumberTaken(Problem):
    """A won quote becomes the contract of its number, and there is one."""

    code = "CFG-206"
    quote: str


class ProjectNotPresales(Problem):
    """A project that the quote sells has left the presales stage."""

    code = "CFG-207"
    quote: str
    project: str
    stage: str


class QuoteLinesClash(Problem):
    """Two lines of the quote would take the same work of a project."""

    code = "CFG-208"
    quote: str
    line: int
    other_line: int
    work: str
