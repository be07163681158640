"""The dates a question is about, both inclusive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

_DAY_0: Final = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return the days since 1970-01-01: facts carry it, because checks compare numbers (DESIGN D9)."""
    return (day - _DAY_0).days


@dataclass(frozen=True, slots=True)
class Window:
    """A range of accounting dates of source lines. Any may be asked; an inverted one is a ValueError."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the window ends ({self.last}) before it starts ({self.first})")

    @property
    def first_day(self) -> int:
        """The first date as a day number."""
        return day_number(self.first)

    @property
    def last_day(self) -> int:
        """The last date as a day number."""
        return day_number(self.last)
