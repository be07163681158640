"""What an error of a delivery means (``errors.csv``), and of a refused record (``refusals.csv``).

::

    transient   the same again may succeed     repeated with growing pauses; then it stays owed
    record      a record is in the way         it is parked, the others go on
    otherwise   the statement itself is wrong  the map stops, nothing is lost, the other maps go on
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table

ATTEMPTS_MAX: Final = 5
FIRST_PAUSE: Final = 100  # milliseconds
LONGEST_PAUSE: Final = 60_000


class ErrorClass(StrEnum):
    """What kind of an error it is: what to do about it."""

    TRANSIENT = "transient"
    RECORD = "record"
    PROGRAM = "program"


class TriedAgain(StrEnum):
    """When a parked record is tried again by itself; Sync and a change of the record always try it."""

    ALWAYS = "always"
    SOME_TIMES = "some_times"
    WHEN_CHANGED = "when_changed"


@dataclass(frozen=True, slots=True)
class ErrorState:
    """One row: a class of SQLSTATE (its first two characters), and what it means here."""

    state: str
    error: ErrorClass
    says: str


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """One row: a kind of refusal, the code that says it, and when the record is tried again."""

    kind: str
    code: str
    tried_again: TriedAgain


ERRORS: Final[Table[ErrorState]] = load_table(
    files("tieout.dualwrite.delivery") / "errors.csv", ErrorState, key=("state",)
)
REFUSALS: Final[Table[RefusalKind]] = load_table(
    files("tieout.dualwrite.delivery") / "refusals.csv", RefusalKind, key=("kind",)
)


def error_class(sqlstate: str | None) -> ErrorClass:
    """Return what an error with this SQLSTATE is; without one the connection broke."""
    if sqlstate is None:
        return ErrorClass.TRANSIENT
    return next((row.error for row in ERRORS if row.state == sqlstate[:2]), ErrorClass.PROGRAM)


def class_of(error: Exception) -> ErrorClass:
    """Return what a database error is; Django keeps the driver's error, which has the code, as its cause."""
    return error_class(getattr(error.__cause__, "sqlstate", None))


def pause(attempts: int) -> int:
    """Return how many milliseconds to wait after so many attempts in a row: twice as long each time."""
    return int(min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE))
