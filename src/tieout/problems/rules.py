"""Which part of the permanent log each view shows, and problems that any process can meet.

The workspace that people know *deletes*: at the start of a run, all but the most recent record, and what is
older than 90 days. Here nothing is deleted; what it would have kept is a row of ``views.csv``. That a run
leaves nothing of an earlier one is the state ``open``: a record that goes through closes what it met before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.problems import Problem
from tieout.kernel.tables import Table, load_table


class View(StrEnum):
    """The parts of the log that have a name."""

    MOST_RECENT = "most_recent"
    LATEST = "latest"
    NINETY_DAYS = "ninety_days"
    HISTORY = "history"


class State(StrEnum):
    """Which problems a list shows: those that stand, those that are over, both."""

    OPEN = "open"
    RESOLVED = "resolved"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One row of ``views.csv``: what a view leaves out.

    ``newest_of_record`` keeps the last problem of each record in each process, ``days`` what is not older
    (blank: all), ``deleted`` says whether what somebody deleted from the screens is shown.
    """

    view: View
    title: str
    state: State
    newest_of_record: bool
    days: int | None
    deleted: bool
    says: str

    @property
    def kept(self) -> timedelta | None:
        """How long the view keeps what was met."""
        return None if self.days is None else timedelta(days=self.days)


VIEWS: Final[Table[ViewRow]] = load_table(files("tieout.problems") / "views.csv", ViewRow, key=("view",))


class AlreadyRunning(Problem):
    """The same job holds its lock, in this program or in another; nothing was done."""

    code = "JOB-101"
    job: str


class DatabaseUnreachable(Problem):
    """No connection can be had."""

    code = "CFG-105"
    database: str
    reason: str
