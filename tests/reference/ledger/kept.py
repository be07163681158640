"""What the model of entries keeps: where each entry stands, and the actuals it made."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final
from uuid import UUID

from tests.reference.ledger.books import Actual, JournalLine, Line, Waiting
from tests.reference.ledger.work import Work

SOURCE: Final = {"time": "time_entry", "expense": "expense_entry", "material": "material_usage"}
DAY: Final = 24  # hours
PRICED: Final = (
    "role_price",
    "category_price",
    "product_price",
    "typed_price",
    "at_cost",
    "markup_over_cost",
)


@dataclass(frozen=True)
class Change:
    """What an approver changes of the unbilled sales of an entry; None leaves it as it is."""

    billable: Fraction | None = None  # in hours of time, else in the unit of the entry
    billing_type: str | None = None
    per: int = 60  # minutes of an hour; 1 of other units


@dataclass(eq=False)
class Made:
    """One actual that the model made; ``origins`` are its ancestors."""

    row: Actual
    origins: list[tuple[str, UUID | Line | JournalLine]]

    def becomes(self, *, adjustment: str, billing: str | None) -> None:
        """Give it other statuses; only sales have one of billing."""
        kept = self.row.billing_status
        self.row = self.row._replace(
            adjustment_status=adjustment, billing_status=kept if billing is None or not kept else billing
        )


@dataclass
class Entry:
    """Where one entry stands."""

    work: Work
    state: str = "draft"
    submission: int = 0  # the one in force
    submissions: int = 0
    approvals: int = 0
    lines_of: int = 0  # the submission that made its lines
    submitted_by: str | None = None
    change: Change = Change()
    lines: dict[str, Line] = field(default_factory=dict)
    live: list[Made] = field(default_factory=list)
    corrected: Work | None = None  # what its live actuals say, where that is not the entry
    problem: str = ""

    def waiting(self) -> Waiting:
        """Return its row of the worklist."""
        return Waiting(
            self.work.key,
            self.work.company,
            self.state,
            self.submission or None,
            self.lines_of or None,
            self.submitted_by,
        )
