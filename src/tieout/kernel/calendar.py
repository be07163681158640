"""Fiscal calendar of one company: which date a posting gets, and which window a screen opens with.

All functions take the periods of *one* company: the calendar may be shared, the status of a period
is the company's own (finance spec 1.10). Operating periods of a company do not overlap; closing
periods share the dates of the last operating one, which is why only operating periods count here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tieout.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


class PeriodKind(StrEnum):
    """What a period is for: daily business, or the entries that open and close a year."""

    OPERATING = "operating"
    CLOSING = "closing"
    OPENING = "opening"


class PeriodStatus(StrEnum):
    """Whether a company may post into a period. On hold can be reopened, permanently closed cannot."""

    OPEN = "open"
    ON_HOLD = "on_hold"
    PERMANENTLY_CLOSED = "permanently_closed"


class Module(StrEnum):
    """Which part of the books posts; a company may close a period for one module and leave it to the others.

    Vendor invoices are of accounts payable, expense reports of expense, integration journals and the costs
    that they move of project, general journals of the general ledger.
    """

    GENERAL_LEDGER = "general_ledger"
    PROJECT = "project"
    ACCOUNTS_PAYABLE = "accounts_payable"
    EXPENSE = "expense"


class PeriodUnit(StrEnum):
    """How an import groups transactions into integration journals (finance spec 2.3)."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    ALL = "all"


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """One fiscal year of a calendar, both days included. It need not be a calendar year."""

    start: date
    end: date
    name: str

    def __post_init__(self) -> None:
        _check_range(self.name, self.start, self.end)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period of a fiscal year, both days included, with the status that one company gives it."""

    start: date
    end: date
    year: FiscalYear
    name: str
    kind: PeriodKind
    status: PeriodStatus

    def __post_init__(self) -> None:
        _check_range(self.name, self.start, self.end)
        if self.start < self.year.start or self.end > self.year.end:
            raise ValueError(f"period {self.name} leaves fiscal year {self.year.name}")

    @property
    def takes_postings(self) -> bool:
        """Whether everyday postings may be dated in it: operating and open."""
        return self.kind is PeriodKind.OPERATING and self.status is PeriodStatus.OPEN


class PeriodNotOpen(Problem):
    """The date lies in no open period, and the company does not move postings forward."""

    code = "PST-201"
    accounting_date: date


class NoPeriodOpenFrom(Problem):
    """The date lies in no open period, and no later period is open either."""

    code = "PST-202"
    accounting_date: date


class NoOpenPeriodInWindow(Problem):
    """No period of this and the previous fiscal year is open: a screen would be empty and look clean."""

    code = "CFG-902"
    today: date


def accounting_date(
    transaction_date: date,
    periods: Iterable[Period],
    auto_open_period: bool,  # noqa: FBT001  a company's parameter
) -> date | PeriodNotOpen | NoPeriodOpenFrom:
    """Return the ledger date of a posting, or why it has none (finance spec 2.4).

    The date itself where its operating period is open. Otherwise, with ``auto_open_period``, the
    first day of the earliest open operating period that starts later; a shift is never backward.
    On hold and permanently closed are both "not open", and so is a date outside the calendar.
    """
    open_periods = sorted(period for period in periods if period.takes_postings)
    if any(period.start <= transaction_date <= period.end for period in open_periods):
        return transaction_date
    if not auto_open_period:
        return PeriodNotOpen(accounting_date=transaction_date)
    for period in open_periods:
        if period.start > transaction_date:
            return period.start
    return NoPeriodOpenFrom(accounting_date=transaction_date)


def window_start(
    periods: Iterable[Period], years: Iterable[FiscalYear], today: date
) -> date | NoOpenPeriodInWindow:
    """Return the first day of the workspace's window, which ends ``today`` (finance spec 3.3, TV-02).

    It is the start of the earliest open operating period of the fiscal year that contains ``today``
    and of the one before; an older period that was left open does not count, and a period closed in
    the middle stays inside.
    """
    begun = sorted(year for year in years if year.start <= today)
    current_and_previous = frozenset(begun[-2:]) if begun and begun[-1].end >= today else frozenset()
    starts = [p.start for p in periods if p.takes_postings and p.year in current_and_previous]
    return min(starts) if starts else NoOpenPeriodInWindow(today=today)


def period_key(transaction_date: date, unit: PeriodUnit) -> str:
    """Return the key by which transactions share an integration journal (finance spec 2.3, N7).

    Calendar units of the *transaction* date, not of the shifted accounting date: ``2024-11-20``,
    ``2024-11``, ``2024`` or ``all``.
    """
    match PeriodUnit(unit):
        case PeriodUnit.DAYS:
            return transaction_date.isoformat()
        case PeriodUnit.MONTHS:
            return transaction_date.isoformat()[:7]
        case PeriodUnit.YEARS:
            return transaction_date.isoformat()[:4]
        case PeriodUnit.ALL:
            return "all"


def _check_range(name: str, start: date, end: date) -> None:
    if end < start:
        raise ValueError(f"{name} ends ({end}) before it starts ({start})")
