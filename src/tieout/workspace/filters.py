"""What a grid was asked for. It lives in the address, so that a view can be kept, sent and gone back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from tieout.reconciliation.checks.rules import Check, Kind, Reason
from tieout.reconciliation.findings.rules import Position
from tieout.reconciliation.windows.rules import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

EARLIEST: Final = date(1970, 1, 1)  # day number 0
DEFAULT_CHECK: Final = Check.MISSING_ACTUALS


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of one grid: which lines, of which dates, for which reason, from which row on."""

    company: str
    kind: Kind
    check: Check
    window: Window
    preset: Window | None
    reason: Reason | None = None
    after: Position | None = None

    def url(self, **changes: Any) -> str:
        """Return the address of this view with some things changed; a change begins at the first page."""
        other = replace(self, **{"after": None, **changes})
        query: dict[str, str] = {"view": other.check.value}
        if other.window != other.preset:
            query |= {"from": other.window.first.isoformat(), "to": other.window.last.isoformat()}
        if other.reason is not None:
            query["reason"] = other.reason.value
        if other.after is not None:
            query["after"] = f"{other.after.day}.{other.after.line_id}"
        return f"{reverse('grid', args=[other.company, other.kind])}?{urlencode(query)}"

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
    return Asked(
        company=company,
        kind=kind,
        check=Check(view) if view in set(Check) else DEFAULT_CHECK,
        window=window,
        preset=preset,
        reason=Reason(reason) if reason in set(Reason) else None,
        after=_position(query.get("after", "")),
    )


def _position(text: str) -> Position | None:
    day, _, line = text.partition(".")
    try:
        return Position(int(day), UUID(line))
    except ValueError:
        return None
