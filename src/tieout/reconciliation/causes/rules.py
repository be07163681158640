"""The taxonomy of causes (finance spec 4), in the order in which they are decided.

A *sign* is what the facts show of a line; the first sign in the order of ``causes.csv`` is its primary
cause, the others are kept beside it. A cause is an error, or a state that is as it should be for a while:
waiting for a person or a run, in flight, an entry of the ledger. Some causes of the taxonomy cannot arise
here; the table keeps them and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tieout.kernel.tables import Table, load_table
from tieout.reconciliation.checks.rules import Reason

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


class Standing(StrEnum):
    """Whether a cause is a fault. ``impossible``: the taxonomy has it, and it cannot arise here."""

    ERROR = "error"
    WAITING = "waiting"
    IN_FLIGHT = "in_flight"
    ENTRY = "entry"
    IMPOSSIBLE = "impossible"


class Beside(StrEnum):
    """What travels beside a line or actual, or is in no view, and can be lost or refused alone.

    Sync states it again, what was refused too: it is tried once more, and parked again if its reason stands.

    A stocked line is in no view: its cost posted with its document, and no integration account waits for it.
    """

    HEADER = "lost_headers"
    STOCKED = "lost_stocked_lines"
    CONNECTION = "lost_connections"
    WRITE_BACK = "lost_write_backs"


class MendedAt(StrEnum):
    """Where a cause is mended; the workspace knows the address of each."""

    ACCOUNTS = "accounts"
    APPROVE = "approve"
    IMPORT = "import"
    JOURNAL = "journal"
    MAPS = "maps"
    SYNC = "sync"
    TRACE = "trace"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One row of ``causes.csv``: what a cause means, by what it is seen, and what mends it.

    ``sign`` is the column of ``reconciliation_line_sign`` that shows it of a line; empty where no line has
    it. ``hop`` is the one that every line of it lacks, empty where lines of several hops have it. For one
    that cannot arise, ``means`` says why.
    """

    cause: str
    sign: str | None
    hop: Reason | None
    standing: Standing
    name: str
    means: str
    seen: str | None
    remedy: str | None
    mended_at: MendedAt | None

    @property
    def is_error(self) -> bool:
        """Whether something went wrong; else time, a person or a run will do."""
        return self.standing is Standing.ERROR


CAUSES: Final[Table[CauseRow]] = load_table(files(__package__) / "causes.csv", CauseRow, key=("cause",))
OF_LINES: Final = tuple(row for row in CAUSES if row.sign is not None)
"""The causes that a source line can have, the first that holds being its primary one."""

BY_HAND: Final = "RC-20"
NO_SOURCE: Final = "RC-20b"
OTHER_PERIOD: Final = "RC-18"


def is_cause(text: str) -> bool:
    """Return whether ``text`` is the code of a cause that can arise."""
    return any(row.cause == text and row.standing is not Standing.IMPOSSIBLE for row in CAUSES)


@dataclass(frozen=True, slots=True)
class Caused:
    """One source line and its causes: the primary one, ``None`` when nothing is wrong, and the others.

    ``waiting_since`` is when it took its latest step (``510_line_state.sql``), whatever day it is dated.
    """

    line_id: UUID
    primary: CauseRow | None
    secondary: tuple[CauseRow, ...]
    waiting_since: datetime

    def age(self, today: date) -> int:
        """Return for how many days it has waited where it stands."""
        return max(0, (today - self.waiting_since.date()).days)


@dataclass(frozen=True, slots=True)
class CauseFigure:
    """How many lines of a kind and state have a cause, their cost, and since which day the first waits.

    ``differs``: they are reconciled, and came back with another cost.
    """

    kind: str
    state: str
    differs: bool
    cause: CauseRow
    lines: int
    amount: Decimal
    oldest: date


@dataclass(frozen=True, slots=True)
class CauseTerm:
    """What one cause contributes to the balance of an integration account.

    ``oldest`` is since which day the first of its lines waits; ``None`` for entries of no line.
    """

    cause: CauseRow
    lines: int
    amount: Decimal
    oldest: date | None


@dataclass(frozen=True, slots=True)
class ActualFigure:
    """How many actuals are not home because of one cause, their worth, and since when the first waits.

    ``of_line``: they return the cost of document lines, whose own causes are shown with their account.
    ``amount`` is in ``currency_code``, 0 and empty of what operations does not have and no journal line says.
    """

    cause: CauseRow
    source_kind: str
    transaction_type: str
    currency_code: str
    of_line: bool
    actuals: int
    amount: Decimal
    oldest: date
