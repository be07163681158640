"""The *Troubleshoot* tab: what went wrong, why, and where it is mended (finance spec 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tieout.database.aliases import ALIASES, FINANCE
from tieout.finance.general.actions import rearm
from tieout.kernel.access import Actor
from tieout.kernel.problems import ProblemText
from tieout.problems.actions import NAMED_KINDS, hide_problems
from tieout.problems.catalogue import Process
from tieout.problems.queries import Asked, Fingerprint, records_of, start_of, troubleshooting
from tieout.problems.rules import VIEWS, State, View
from tieout.workspace import screens
from tieout.workspace.feature import of_workspace
from tieout.workspace.filters import typed
from tieout.workspace.labels import words
from tieout.workspace.mending import mended_at
from tieout.workspace.pages import page

ROWS: Final = 100  # the most recent errors


@dataclass(frozen=True, slots=True)
class Part:
    """The words of a problem, or of the reason inside it, with the address of the screen that mends it."""

    text: ProblemText
    mend_url: str
    mend_label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fingerprint, its outer problem first, with the address of its record's trace; or empty."""

    found: Fingerprint
    process: str
    parts: tuple[Part, ...]
    trace_url: str

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.found.database}.{self.found.key}"


@require_safe
@page
@of_workspace
def troubleshoot(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the most recent errors of a company, of one process or all, that stand or are over."""
    frame = screens.frame(actor, company)
    asked = _asked(request.GET, company)
    found = troubleshooting(actor=actor, asked=asked)
    view = VIEWS.one(asked.view)
    context = {
        "frame": frame,
        "asked": asked,
        "view": view,
        "state": asked.state or view.state,
        "first": typed(request.GET, "from") if asked.since else "",
        "last": typed(request.GET, "to") if asked.until else "",
        "rows": [_row(one, company) for one in found],
        "is_full": len(found) == ROWS,
        "views": [(one.view, one.title) for one in VIEWS],
        "processes": [(one, words(one)) for one in Process],
        "states": [(one, words(one)) for one in State],
        "query": request.GET.urlencode(),
    }
    return render(request, "workspace/troubleshoot.html", context)


@require_POST
@page
@of_workspace
def hide(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Delete the chosen messages, or all that are shown, from the screens; the log keeps them.

    General journals whose messages are deleted are sent to operations again (finance spec 2.14, 3.8).
    """
    keys: dict[str, list[int]] = {}
    for one in request.POST.getlist("problem"):
        alias, _, key = one.partition(".")
        if alias in ALIASES and key.isascii() and key.isdigit() and len(key) <= 18:  # noqa: PLR2004  a bigint
            keys.setdefault(alias, []).append(int(key))
    journals = records_of(
        actor=actor,
        company=company,
        alias=FINANCE,
        keys=keys.get(FINANCE, ()),
        process=Process.SYNC_GENERAL_JOURNAL,
    )
    if journals:
        rearm(actor=actor, company=company, journal_ids=journals)
    hide_problems(actor=actor, company=company, keys=keys)
    back = reverse("troubleshoot", args=[company])
    query = typed(request.POST, "query")
    return redirect(f"{back}?{query}" if query else back)


def _asked(query: Mapping[str, str], company: str) -> Asked:
    """Return what a query asks for; words it does not know count as not said."""
    view, process, state = typed(query, "view"), typed(query, "process"), typed(query, "state")
    first, last = _day(typed(query, "from")), _day(typed(query, "to"))
    return Asked(
        view=View(view) if view in set(View) else View.MOST_RECENT,
        company=company,
        process=Process(process) if process in set(Process) else None,
        code=typed(query, "code").strip().upper(),
        state=State(state) if state in set(State) else None,
        since=None if first is None else start_of(first),
        until=None if last is None else start_of(last + timedelta(days=1)),
        limit=ROWS,
    )


def _row(found: Fingerprint, company: str) -> Row:
    trace = f"{reverse('trace', args=[company])}?id={found.record_id}" if _has_trace(found) else ""
    parts = tuple(Part(text, *mended_at(text.link, company)) for text in found.text.nested())
    return Row(found, words(found.text.process), parts, trace)


def _has_trace(found: Fingerprint) -> bool:
    return found.record_id is not None and found.record_kind not in NAMED_KINDS


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
