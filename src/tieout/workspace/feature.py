"""The feature *Project Operations integration workspace*: where it is off, its pages say how to get it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from tieout.finance.ledgers.queries import workspace_is_on
from tieout.kernel.access import Actor, Verb, may
from tieout.workspace import screens

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, str, P], HttpResponseBase]


def of_workspace(view: View[P]) -> View[P]:
    """Answer a page of the workspace of a company, or, where the feature is off, how to switch it on.

    Below :func:`tieout.workspace.pages.page`, which says who asks.
    """

    def answer(
        request: HttpRequest, actor: Actor, /, company: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if workspace_is_on(actor=actor, company=company):
            return view(request, actor, company, *args, **kwargs)
        context = {
            "frame": screens.frame(actor, company),
            "may_change": may(actor, Verb.LOAD, company),
        }
        return render(request, "workspace/workspace_off.html", context, status=409)

    return cast("View[P]", wraps(view)(answer))
