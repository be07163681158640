"""The *Troubleshoot* tab: what went wrong, why, and where it is mended (finance spec 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tieout.database.aliases import ALIASES
from tieout.kernel.access import Actor
from tieout.loading.records import SET_UP
from tieout.problems.actions import hide_problems
from tieout.problems.catalogue import Process, Screen
from tieout.problems.queries import Fingerprint, Shown, troubleshooting
from tieout.workspace import screens
from tieout.workspace.feature import of_workspace
from tieout.workspace.filters import typed
from tieout.workspace.labels import words
from tieout.workspace.pages import page

ROWS: Final = 100  # the most recent errors
KEPT: Final = timedelta(days=90)
_SET_UP_OF: Final = {
    Screen.ACCOUNT_STRUCTURES: "account_dimension",
    Screen.DEFAULT_DIMENSIONS: "dimension_default",
    Screen.CATEGORIES: "category",
    Screen.COMPANIES: "company",
    Screen.CURRENCIES: "currency",
}
_PAGES: Final = {
    Screen.MAPS: "maps",
    Screen.EXPENSES: "expenses",
    Screen.CONTRACTS: "contracts",
    Screen.LEDGER_CALENDAR: "ledger-calendar",
    Screen.INTEGRATION_PARAMETERS: "parameters",
}
_COMPANY_PAGES: Final = frozenset(_PAGES) - {Screen.MAPS}


@dataclass(frozen=True, slots=True)
class Row:
    """One fingerprint with the address of the screen that mends it and of its record's trace; or empty."""

    found: Fingerprint
    process: str
    mend_url: str
    mend_label: str
    trace_url: str

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.found.database}.{self.found.key}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the tab was asked for; it lives in the address."""

    process: Process | None
    shown: Shown
    first: date
    last: date

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> Asked:
        """Return what a query asks for; words it does not know count as not said."""
        process, shown = typed(query, "process"), typed(query, "state")
        return cls(
            Process(process) if process in set(Process) else None,
            Shown(shown) if shown in set(Shown) else Shown.OPEN,
            _day(typed(query, "from")) or today - KEPT,
            _day(typed(query, "to")) or today,
        )


@require_safe
@page
@of_workspace
def troubleshoot(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the most recent errors of a company, of one process or all, that stand or are over."""
    frame = screens.frame(actor, company)
    asked = Asked.of(request.GET, frame.today)
    found = troubleshooting(
        actor=actor,
        company=company,
        process=asked.process,
        shown=asked.shown,
        since=_start_of(asked.first),
        until=_start_of(asked.last + timedelta(days=1)),
        limit=ROWS,
    )
    context = {
        "frame": frame,
        "asked": asked,
        "rows": [_row(one, company) for one in found],
        "is_full": len(found) == ROWS,
        "processes": [(one, words(one)) for one in Process],
        "states": [(one, words(one)) for one in Shown],
        "query": request.GET.urlencode(),
    }
    return render(request, "workspace/troubleshoot.html", context)


@require_POST
@page
@of_workspace
def hide(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Delete the chosen messages, or all that are shown, from the screens; the log keeps them."""
    keys: dict[str, list[int]] = {}
    for one in request.POST.getlist("problem"):
        alias, _, key = one.partition(".")
        if alias in ALIASES and key.isascii() and key.isdigit() and len(key) <= 18:  # noqa: PLR2004  a bigint
            keys.setdefault(alias, []).append(int(key))
    hide_problems(actor=actor, company=company, keys=keys)
    back = reverse("troubleshoot", args=[company])
    query = typed(request.POST, "query")
    return redirect(f"{back}?{query}" if query else back)


def _row(found: Fingerprint, company: str) -> Row:
    trace = f"{reverse('trace', args=[company])}?id={found.record_id}" if found.record_id else ""
    url, label = _mended_at(found.text.link, company)
    return Row(found, words(found.text.process), url, label, trace)


def _mended_at(link: str, company: str) -> tuple[str, str]:
    """Return the address of the screen that mends a problem, and its name; empty where there is none yet."""
    if not link:
        return "", ""
    screen = Screen(link)
    entity = _SET_UP_OF.get(screen, screen.value.removesuffix("s"))
    if screen in _PAGES:
        return reverse(_PAGES[screen], args=[company] if screen in _COMPANY_PAGES else []), words(screen)
    for name in (entity, screen.value):
        if name in SET_UP:
            return reverse("set-up-list", args=[name]), words(screen)
    return "", words(screen)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone()).astimezone(UTC)
