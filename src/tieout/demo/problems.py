"""What keeps the demo from being built; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class DatabasesGiven(Problem):
    """The operator's own databases are configured, and nobody said that the demo may use them."""

    code = "CFG-301"
    variable: str


class DatabasesInUse(Problem):
    """The databases hold companies that the demo did not make."""

    code = "CFG-302"
    companies: tuple[str, ...]


class DemoIncomplete(Problem):
    """Loading refused set-up of the demo: files and program do not fit together."""

    code = "CFG-303"
    entity: str
    rejected: int
