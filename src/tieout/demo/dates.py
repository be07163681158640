"""The demo's year: its months, its fiscal calendars, and the stretches in which it is run.

The year ends today. Most stretches are whole months; where something goes wrong, days are cut out of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

ONE_DAY: Final = timedelta(days=1)
MONTHS_BEFORE: Final = 12
"""Whole months of activity before the current one."""
MONTHS_OPEN: Final = 4
"""Whole months before the current one whose periods are still open."""

_TUESDAY: Final = 1
_FRIDAY: Final = 4
_SATURDAY: Final = 5
_MONTHS: Final = 12


class Mishap(StrEnum):
    """What goes wrong in a stretch."""

    PERIOD_ON_HOLD = "period_on_hold"
    EXPENSES_MAP_STOPPED = "expenses_map_stopped"
    PROJECT_CLOSED = "project_closed"
    ACTUALS_MAP_STOPPED = "actuals_map_stopped"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days, both inclusive, that go through the chain together."""

    first: date
    last: date
    mishap: Mishap | None = None

    @property
    def name(self) -> str:
        """Its days, as the name of a folder; sorts by date."""
        return f"{self.first.isoformat()}_{self.last.isoformat()}"


class FiscalYear(NamedTuple):
    """One year of a calendar: its name and the first day of each of its twelve periods."""

    name: str
    starts: tuple[date, ...]


def month(today: date, back: int) -> date:
    """Return the first day of the month ``back`` months before that of ``today``, or after it if negative."""
    number = today.year * _MONTHS + today.month - 1 - back
    return date(number // _MONTHS, number % _MONTHS + 1, 1)


def end_of_month(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return month(day, -1) - ONE_DAY


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days from ``first`` to ``last``, both inclusive."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def is_working_day(day: date) -> bool:
    """Say whether the firm works: Monday to Friday."""
    return day.weekday() < _SATURDAY


def is_posting_day(day: date) -> bool:
    """Say whether vendor invoices are posted: Tuesdays and Fridays."""
    return day.weekday() in {_TUESDAY, _FRIDAY}


def fiscal_years(today: date, first_month: int) -> tuple[FiscalYear, ...]:
    """Return last, this and the next fiscal year of a calendar whose years begin in ``first_month``.

    The next one, because a demo that was built in December is still looked at in January.
    """
    begun = date(today.year - (today.month < first_month), first_month, 1)
    return tuple(
        FiscalYear(
            str(start.year) if first_month == 1 else f"{start.year}/{(start.year + 1) % 100:02}",
            tuple(month(start, -number) for number in range(_MONTHS)),
        )
        for start in (month(begun, _MONTHS * back) for back in (1, 0, -1))
    )


def stretches(today: date) -> tuple[Stretch, ...]:
    """Return the whole year as stretches without a gap, each mishap where it belongs."""
    third, second, last = month(today, 3), month(today, 2), month(today, 1)
    closing, stopped = _posting_day(last, 8), _posting_day(last, 16)
    mishaps = (
        Stretch(third.replace(day=18), end_of_month(third), Mishap.PERIOD_ON_HOLD),
        Stretch(end_of_month(second) - 4 * ONE_DAY, end_of_month(second), Mishap.EXPENSES_MAP_STOPPED),
        Stretch(closing, closing, Mishap.PROJECT_CLOSED),
        Stretch(stopped, stopped, Mishap.ACTUALS_MAP_STOPPED),
        Stretch(today - 6 * ONE_DAY, today, Mishap.UNFINISHED),
    )
    found: list[Stretch] = []
    day = month(today, MONTHS_BEFORE)
    for mishap in mishaps:
        found.extend(_whole_months(day, mishap.first - ONE_DAY))
        found.append(mishap)
        day = mishap.last + ONE_DAY
    return tuple(found)


def open_from(today: date) -> date:
    """Return the first day of the oldest period that is still open."""
    return month(today, MONTHS_OPEN)


def _posting_day(first: date, day_of_month: int) -> date:
    start = first.replace(day=day_of_month)
    return next(day for day in days(start, start + 6 * ONE_DAY) if is_posting_day(day))


def _whole_months(first: date, last: date) -> Iterator[Stretch]:
    while first <= last:
        end = min(end_of_month(first), last)
        yield Stretch(first, end)
        first = end + ONE_DAY
