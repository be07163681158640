"""Control totals: every row that was read has one outcome, in rows and in money.

They are what an accountant compares with the sender's cover sheet, and what proves that a load has lost
nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What became of rows. Each row is counted as read, and once more under one of the others.

    A skipped row is one that the mapping profile leaves out; where there is none, nothing is said of them.
    """

    READ = "read"
    LOADED = "loaded"
    ALREADY_THERE = "already there"
    REJECTED = "rejected"
    SKIPPED = "skipped"


_DECIMALS_MIN: Final = 2
_ENDS: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.READ)


class TotalsBrokenError(AssertionError):
    """Rows or money were lost or counted twice: a mistake in the program, never in the data."""


class ControlTotals:
    """Counts of rows and exact sums per unit (a currency, or hours); nothing is ever added across units."""

    def __init__(self) -> None:
        self._rows: Counter[Outcome] = Counter()
        self._sums: defaultdict[str, dict[Outcome, Decimal]] = defaultdict(
            lambda: dict.fromkeys(Outcome, Decimal(0))
        )

    def add(self, outcome: Outcome, *, control: Decimal, unit: str, rows: int = 1) -> None:
        """Count rows and their sum under one outcome. A row whose amount cannot be read adds 0."""
        self._rows[outcome] += rows
        if unit or control:
            self._sums[unit][outcome] += control

    def rows(self, outcome: Outcome) -> int:
        """Return how many rows had this outcome."""
        return self._rows[outcome]

    def sum(self, outcome: Outcome, unit: str) -> Decimal:
        """Return the sum of the rows with this outcome, in one unit."""
        return self._sums[unit][outcome] if unit in self._sums else Decimal(0)

    @property
    def units(self) -> tuple[str, ...]:
        """Return the units that occurred; an empty one stands for amounts whose currency cannot be read."""
        return tuple(sorted(self._sums))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return the outcomes that are said of this load: all, ``skipped`` only where rows were."""
        return tuple(one for one in Outcome if one is not Outcome.SKIPPED or self._rows[one])

    def merge(self, other: ControlTotals) -> None:
        """Add the totals of another file or batch."""
        self._rows.update(other._rows)
        for unit, sums in other._sums.items():
            for outcome, amount in sums.items():
                self._sums[unit][outcome] += amount

    def check(self) -> None:
        """Raise TotalsBrokenError unless read is the sum of all else, in rows and in every unit."""
        rows = sum(self._rows[outcome] for outcome in _ENDS)
        if rows != self._rows[Outcome.READ]:
            raise TotalsBrokenError(f"{self._rows[Outcome.READ]} rows read, {rows} accounted for")
        for unit, sums in self._sums.items():
            ends = sum((sums[outcome] for outcome in _ENDS), Decimal(0))
            if ends != sums[Outcome.READ]:
                raise TotalsBrokenError(f"{sums[Outcome.READ]} {unit} read, {ends} accounted for")

    def figures(self) -> dict[str, dict[str, int | Decimal]]:
        """Return, per outcome, the rows and the sum of each unit (``no currency``: not readable)."""
        return {
            outcome.value.replace(" ", "_"): {
                "rows": self._rows[outcome],
                **{unit or "no currency": self._sums[unit][outcome] for unit in self.units},
            }
            for outcome in self.outcomes
        }

    def render(self) -> str:
        """Return a table of text: one line per outcome, rows and then one column per unit."""
        heads = ["", "rows", *(unit or "(no currency)" for unit in self.units)]
        lines = [heads] + [
            [
                outcome.value,
                f"{self._rows[outcome]:,}",
                *(_shown(self._sums[unit][outcome]) for unit in self.units),
            ]
            for outcome in self.outcomes
        ]
        widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if place == 0 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )


def _shown(amount: Decimal) -> str:
    """Return an amount with all its decimals, two at least: rounding would make broken totals look whole."""
    exponent = amount.as_tuple().exponent
    return f"{amount:,f}" if isinstance(exponent, int) and exponent < -_DECIMALS_MIN else f"{amount:,.2f}"
