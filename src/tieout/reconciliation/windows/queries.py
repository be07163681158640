"""The window with which the workspace opens (finance spec 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.calendar import (
    FiscalYear,
    NoOpenPeriodInWindow,
    Period,
    PeriodKind,
    PeriodStatus,
    window_start,
)
from tieout.kernel.problems import Problem
from tieout.reconciliation.windows.rules import Window

if TYPE_CHECKING:
    from datetime import date

_PACKAGE: Final = "tieout.reconciliation.windows"


def preset(*, actor: Actor, company: str, today: date) -> Window:
    """Return the window from the first open period of this and the previous fiscal year to ``today``.

    Raises :class:`~tieout.kernel.calendar.NoOpenPeriodInWindow` where there is none, or none that has begun
    by ``today`` (CFG-902): an empty screen would look clean. The periods are those of the last collection.
    """
    permit(actor, Verb.READ, company)
    periods = _periods(company)
    start = window_start(periods, {period.year for period in periods}, today)
    if isinstance(start, Problem):
        raise start
    if start > today:
        raise NoOpenPeriodInWindow(today=today)
    return Window(start, today)


def _periods(company: str) -> tuple[Period, ...]:
    rows = sql.rows(RECONCILIATION, sql.load(_PACKAGE, "periods"), company=company)
    years = {
        name: FiscalYear(
            min(row["starts"] for row in rows if row["fiscal_year"] == name),
            max(row["ends"] for row in rows if row["fiscal_year"] == name),
            name,
        )
        for name in {row["fiscal_year"] for row in rows}
    }
    return tuple(
        Period(
            row["starts"],
            row["ends"],
            years[row["fiscal_year"]],
            row["name"],
            PeriodKind(row["kind"]),
            PeriodStatus(row["status"]),
        )
        for row in rows
    )
