"""The maps as a table (``maps.csv``; finance spec 2.1, map versions of the seeds).

``policy`` says what arrival means for a key that is already there: ``append`` leaves the first arrival
untouched (documents, actuals), ``newer`` takes the arrival if its version is higher (set-up records).
``master`` is the table in which set-up records are mastered: what an initial write states. ``named_by`` are
the columns by which a person knows a record; ``depends_on`` the maps whose records its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table


class Side(StrEnum):
    """Where the master of a record lives, and so where a map starts."""

    OPERATIONS = "operations"
    FINANCE = "finance"

    @property
    def other(self) -> Side:
        """The side at the other end."""
        return Side.FINANCE if self is Side.OPERATIONS else Side.OPERATIONS


class Policy(StrEnum):
    """What happens to a record that is already there."""

    APPEND = "append"
    NEWER = "newer"


class State(StrEnum):
    """States of a map (finance spec 2.1).

    The integrator sets the first three; a map that was started with something owed is catching up until that
    is delivered.
    """

    RUNNING = "running"
    PAUSED = "paused"
    NOT_RUNNING = "not_running"
    CATCHING_UP = "catching_up"

    @property
    def delivers(self) -> bool:
        """Whether what is stated also travels."""
        return self in {State.RUNNING, State.CATCHING_UP}


@dataclass(frozen=True, slots=True)
class Map:
    """One dual-write map: records of ``source`` land in ``table`` of the other side under ``key``."""

    map: str
    name: str
    source: Side
    master: str | None
    table: str
    key: str
    named_by: str
    policy: Policy
    intake: bool
    version: str
    required_version: str
    order: int
    depends_on: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of ``named_by``."""
        return tuple(self.named_by.split())

    @property
    def dependencies(self) -> tuple[str, ...]:
        """The maps of ``depends_on``; each stands before this one in the order."""
        return tuple((self.depends_on or "").split())

    @property
    def target(self) -> Side:
        """The side that receives."""
        return self.source.other


MAPS: Final[Table[Map]] = load_table(files("tieout.dualwrite.maps") / "maps.csv", Map, key=("map",))


def lag_words(lag: timedelta) -> str:
    """Return how long something has waited, in its largest unit; empty for less than a second."""
    seconds = int(lag.total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return ""


def version_key(version: str) -> tuple[int, ...]:
    """Return a version for comparison, number by number: 1.0.0.20 is later than 1.0.0.9."""
    return tuple(int(part) for part in version.split("."))


def is_current(version: str, required: str) -> bool:
    """Say whether ``version`` satisfies ``required``."""
    return version_key(version) >= version_key(required)
