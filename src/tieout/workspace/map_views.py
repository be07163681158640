"""The pages of the dual-write: maps with their states, what was refused, and the prerequisites."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tieout.dualwrite.delivery.queries import ParkedRecord, parked
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.queries import MapStatus, maps
from tieout.dualwrite.maps.rules import State, lag_words
from tieout.dualwrite.resync.actions import resync_parked
from tieout.jobs.actions import ask
from tieout.jobs.problems import JobWaiting
from tieout.kernel.access import Actor, Verb, VerbNotPermitted, permit
from tieout.workspace.pages import page
from tieout.workspace.prerequisites import prerequisites

REFUSED_MAX: Final = 100  # refused records that the page lists; the figures count all

_STATES: Final = {
    State.RUNNING: "Running",
    State.CATCHING_UP: "Catching up",
    State.PAUSED: "Paused",
    State.NOT_RUNNING: "Not running",
}
_ACTIONS: Final = {
    "start": ("Start", State.RUNNING),
    "pause": ("Pause", State.PAUSED),
    "stop": ("Stop", State.NOT_RUNNING),
}
_OFFERED: Final = {
    State.RUNNING: ("pause", "stop"),
    State.CATCHING_UP: ("pause", "stop"),
    State.PAUSED: ("start", "stop"),
    State.NOT_RUNNING: ("start", "pause"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def maps_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show *Dual-write maps*: state, version, what waits, what was refused; put one into another state."""
    said = _do(actor, request.POST.get("map", ""), request.POST.get("action", "")) if request.POST else ""
    refused = parked(actor=actor, limit=REFUSED_MAX + 1)
    context = {
        "said": said,
        "maps": [_map(one) for one in maps(actor=actor)],
        "may_manage": _may(actor, Verb.MANAGE_MAPS),
        "may_sync": _may(actor, Verb.RESYNC),
        "refused": [_refused(one) for one in refused[:REFUSED_MAX]],
        "refused_more": len(refused) > REFUSED_MAX,
        "refused_max": REFUSED_MAX,
    }
    return render(request, "workspace/maps.html", context)


@require_safe
@page
def prerequisites_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show *Prerequisites*: every question of the set-up that integration needs, with its answer."""
    answers = list(prerequisites(actor, timezone.localdate()))
    context = {"answers": answers, "open": sum(len(one.problems) for one in answers)}
    return render(request, "workspace/prerequisites.html", context)


def _do(actor: Actor, name: str, action: str) -> str:
    """Do what was pressed; return what to say of it."""
    if action == "sync":
        count = resync_parked(actor=actor, map=name)
        _ask_to_deliver(actor)
        return f"{name}: {count:,} {'record' if count == 1 else 'records'} sent again."
    if action not in _ACTIONS:
        return ""
    label, state = _ACTIONS[action]
    set_state(actor=actor, map=name, state=state)
    if state is State.RUNNING:
        _ask_to_deliver(actor)
    return f"{name}: {label.lower()} was asked."


def _ask_to_deliver(actor: Actor) -> None:
    """Have what is owed delivered also where nothing follows the outboxes by itself, as in the demo."""
    if _may(actor, Verb.DELIVER):
        with suppress(JobWaiting):  # then that run delivers it
            ask(actor=actor, job="deliver")


def _may(actor: Actor, verb: Verb) -> bool:
    try:
        permit(actor, verb)
    except VerbNotPermitted:
        return False
    return True


def _map(one: MapStatus) -> dict[str, Any]:
    return {
        "status": one,
        "state": _STATES[one.state],
        "lag": lag_words(one.lag),
        "depends_on": one.map.dependencies,
        "actions": [(key, _ACTIONS[key][0]) for key in _OFFERED[one.state]],
    }


def _refused(one: ParkedRecord) -> dict[str, Any]:
    return {"record": one, "again": _again(one)}


def _again(one: ParkedRecord) -> str:
    """Return when a refused record is tried again, in words."""
    if one.next_try_at is None:
        return "when it changes, or Sync asks"
    return "by itself"
