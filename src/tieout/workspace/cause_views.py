"""The causes that occur in a view of a grid: a part of its page that is asked for by itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tieout.kernel.access import Actor
from tieout.reconciliation.checks.rules import Kind
from tieout.workspace import cause_screens, screens
from tieout.workspace.feature import of_workspace
from tieout.workspace.filters import asked_for, window_asked
from tieout.workspace.pages import page


@require_safe
@page
@of_workspace
def grid_causes(request: HttpRequest, actor: Actor, company: str, kind: Kind) -> HttpResponse:
    """Show which causes occur in the view, with their lines and cost; each leaves only its rows."""
    frame = screens.frame(actor, company)
    window, _ = window_asked(request.GET, frame.preset)
    if window is None:
        raise Http404
    asked = asked_for(request.GET, company=company, kind=kind, window=window, preset=frame.preset)
    found = cause_screens.figures_of_view(actor, asked, asked.looked_at(frame.today))
    context = {"frame": frame, "causes": cause_screens.choices(asked, found)}
    return render(request, "workspace/_grid_causes.html", context)
