"""What a load refuses, kept in the problem log until the file, or what is left of it, is loaded whole.

The log tells of a file once, with the reason of most of its rows inside; each row with its own reasons stands
in the file of rejected rows. That file is the rest of its own: loaded whole under its name, it closes what
was kept of the first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tieout.kernel.access import Actor
from tieout.kernel.problems import Problem
from tieout.loading.entering import alias_of
from tieout.loading.problems import RowsRefused
from tieout.problems.actions import FILE, RecordProblem, id_of_name, keep_attempts
from tieout.problems.catalogue import Process

_REJECTED: Final = ".rejected"
_NAME_MAX: Final = 200  # characters of a name in the log


@dataclass
class RefusedRows:
    """The refusals of one file: how many rows by code, and the first problem of each."""

    actor: Actor
    entity: str
    path: Path
    rows: Counter[str] = field(default_factory=Counter)
    first: dict[str, Problem] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Count one refused row by its own problem."""
        self.rows[problem.code] += 1
        self.first.setdefault(problem.code, problem)

    def keep(self, read: int) -> None:
        """Keep that a file of ``read`` rows was loaded without some of them; or that it is whole."""
        if not self.rows:
            self._keep(None)
            return
        (most, _), *_ = self.rows.most_common(1)
        told = RowsRefused(
            file=self.path.name, entity=self.entity, read=read, rejected=self.rows.total()
        ).because(self.first[most])
        self._keep(told)

    def keep_stopped(self, problem: Problem) -> None:
        """Keep what refused the file itself, or stopped its load."""
        self._keep(problem)

    def _keep(self, problem: Problem | None) -> None:
        name = self.path.name[-_NAME_MAX:]
        key = id_of_name(FILE, self.entity, self.path.stem.removesuffix(_REJECTED))
        met = None
        if problem is not None:
            met = RecordProblem(problem.code, self._company(), FILE, key, name, problem.fields())
        keep_attempts(
            alias=alias_of(self.entity), process=Process.LOAD, met={key: met}, done_by=self.actor.name
        )

    def _company(self) -> str:
        """Return the company that may see it: the loader's only one; a file for several names none."""
        seen = self.actor.companies
        return next(iter(seen)) if seen is not None and len(seen) == 1 else ""
