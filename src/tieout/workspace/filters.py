"""What a grid was asked for. It lives in the address, so that a view can be kept, sent and gone back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from tieout.reconciliation.causes.rules import is_cause
from tieout.reconciliation.checks.rules import Check, Kind, Reason
from tieout.reconciliation.findings.rules import Position
from tieout.reconciliation.windows.rules import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

EARLIEST: Final = date(1970, 1, 1)  # day number 0
_NEVER: Final = Window(EARLIEST, EARLIEST)
_AGE_MAX: Final = 36_500  # days
DEFAULT_CHECK: Final = Check.MISSING_ACTUALS


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of one grid: which lines, of which dates, for which reason and cause, from which row on.

    ``age`` leaves the lines that are dated at least so many days ago, by their accounting date.
    """

    company: str
    kind: Kind
    check: Check
    window: Window
    preset: Window | None
    reason: Reason | None = None
    after: Position | None = None
    cause: str = ""
    age: int = 0

    def url(self, **changes: Any) -> str:
        """Return the address of this view with some things changed; a change begins at the first page."""
        other = replace(self, **{"after": None, **changes})
        return f"{reverse('grid', args=[other.company, other.kind])}?{other.query()}"

    def file_url(self, file_kind: str) -> str:
        """Return the address of this view as a file: all its rows."""
        query = replace(self, after=None).query()
        return f"{reverse('grid-export', args=[self.company, self.kind, file_kind])}?{query}"

    def causes_url(self) -> str:
        """Return the address of the causes that occur in this view."""
        query = replace(self, after=None).query()
        return f"{reverse('grid-causes', args=[self.company, self.kind])}?{query}"

    def query(self) -> str:
        """Return what follows the question mark."""
        other = self
        query: dict[str, str] = {"view": other.check.value}
        if other.window != other.preset:
            query |= {"from": other.window.first.isoformat(), "to": other.window.last.isoformat()}
        if other.reason is not None:
            query["reason"] = other.reason.value
        if other.cause:
            query["cause"] = other.cause
        if other.age:
            query["age"] = str(other.age)
        if other.after is not None:
            query["after"] = f"{other.after.day}.{other.after.line_id}"
        return urlencode(query)

    def looked_at(self, today: date) -> Window:
        """Return the dates of the lines that are dated long enough ago; of none at all when none can be."""
        last = min(self.window.last, today - timedelta(days=self.age)) if self.age else self.window.last
        return Window(self.window.first, last) if last >= self.window.first else _NEVER

    @property
    def older(self) -> Window:
        """All dates before the window."""
        return before(self.window)


def typed(query: Mapping[str, str], name: str) -> str:
    """Return what was typed into a field, without the blanks around it and what no text can hold."""
    return query.get(name, "").replace("\0", "").strip()


def before(window: Window) -> Window:
    """Return all dates before ``window``."""
    return Window(EARLIEST, max(EARLIEST, window.first - timedelta(days=1)))


def window_asked(query: Mapping[str, str], preset: Window | None) -> tuple[Window | None, str]:
    """Return the window of a query, or the preset, and what is wrong with the query (empty: nothing)."""
    first, last = query.get("from", ""), query.get("to", "")
    if not first and not last:
        return preset, ""
    try:
        start = date.fromisoformat(first) if first or preset is None else preset.first
        end = date.fromisoformat(last) if last or preset is None else preset.last
        return Window(start, end), ""
    except ValueError:
        return (
            preset,
            "Start date and End date are days, written 2025-01-31, and the start is not after the end.",
        )


def asked_for(
    query: Mapping[str, str], *, company: str, kind: Kind, window: Window, preset: Window | None
) -> Asked:
    """Return what a query asks for; words it does not know count as not said."""
    view, reason = query.get("view", ""), query.get("reason", "")
    cause, age = query.get("cause", ""), query.get("age", "")
    return Asked(
        company=company,
        kind=kind,
        check=Check(view) if view in set(Check) else DEFAULT_CHECK,
        window=window,
        preset=preset,
        reason=Reason(reason) if reason in set(Reason) else None,
        after=_position(query.get("after", "")),
        cause=cause if is_cause(cause) else "",
        age=min(int(age), _AGE_MAX)
        if age.isascii() and age.isdigit() and len(age) <= len(str(_AGE_MAX))
        else 0,
    )


def _position(text: str) -> Position | None:
    day, _, line = text.partition(".")
    try:
        return Position(int(day), UUID(line))
    except ValueError:
        return None
