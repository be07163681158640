"""What every page does: ask who is there, turn a problem into a page, answer errors in plain words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tieout.database.answering import UNANSWERED
from tieout.jobs.failures import keep_pressed
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.kernel.problems import Problem
from tieout.problems import catalogue as _words  # noqa: F401  the words of every problem
from tieout.problems.queries import databases_away
from tieout.workspace.actors import actor_of
from tieout.workspace.models import User

P = ParamSpec("P")

_PRESSED: Final = ("map", "job", "action", "do")  # the fields of forms that say which button it was


def page(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Give a view the actor who asks; without one, the log-in page; with a problem, a page that says it."""

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            raise TypeError("the workspace knows only its own users")
        try:
            return view(request, actor_of(request.user), *args, **kwargs)
        except (VerbNotPermitted, CompanyNotPermitted) as problem:
            return problem_page(request, problem, heading="You may not do that", status=403)
        except Problem as problem:
            return problem_page(request, problem, heading="That is not possible now", status=409)
        except UNANSWERED:
            for away in databases_away():
                return problem_page(request, away, heading="A database does not answer", status=503)
            raise

    def any_answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method != "POST":
            return answer(request, *args, **kwargs)
        return _pressed(request, str(kwargs.get("company", "")), lambda: answer(request, *args, **kwargs))

    # Django looks at the name and the marks of the view that it was given.
    return never_cache(login_required(wraps(cast("Callable[..., HttpResponseBase]", view))(any_answer)))


def _pressed(request: HttpRequest, company: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer what a button asks; what breaks it off stands in the problem log until it goes through."""
    button, who = _button_of(request), str(request.user)
    try:
        answered = answer()
    except (Http404, PermissionDenied, SuspiciousOperation):
        raise
    except Exception as error:
        keep_pressed(button=button, company=company, error=error, pressed_by=who)
        raise
    if answered.status_code < HTTPStatus.BAD_REQUEST:
        keep_pressed(button=button, company=company, error=None, pressed_by=who)
    return answered


def _button_of(request: HttpRequest) -> str:
    """Return what a problem log calls the button that was pressed: the page, what it shows, the button."""
    match = request.resolver_match
    if match is None:
        return request.path
    shown = (str(value) for name, value in match.kwargs.items() if name != "company")
    said = (str(match.url_name).replace("-", " "), *shown, *(request.POST.get(name, "") for name in _PRESSED))
    return " ".join(word for word in said if word)


def problem_page(request: HttpRequest, problem: Problem, *, heading: str, status: int) -> HttpResponse:
    """Return the page, or for htmx the note, that says a problem: what, why, what next."""
    text = problem.text
    if request.headers.get("HX-Request"):
        return render(request, "workspace/_problem.html", {"problem": text}, status=status)
    lines = (text.message, text.cause, text.remedy)
    return _message(request, heading, lines, status, code=text.code)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 403."""
    return _message(request, "You may not do that", ("Your roles or companies do not include it.",), 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's signature
    """Answer a form that did not come from one of our pages, or from one that has grown old."""
    lines = (
        "The page you sent was not made by this server, or your session has ended.",
        "Go back, reload, try again.",
    )
    return _message(request, "Please try again", lines, 403)


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:  # noqa: ARG001
    """Answer 429: too many wrong passwords."""
    lines = (
        "The password was wrong too often, so this name is closed for a quarter of an hour.",
        "Then try again.",
    )
    return _message(request, "Log-in is closed for a while", lines, 429)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 404."""
    return _message(
        request, "There is no such page", ("Check the address, or start from the workspace.",), 404
    )


def _message(
    request: HttpRequest, heading: str, lines: tuple[str, ...], status: int, **more: Any
) -> HttpResponse:
    return render(
        request, "workspace/message.html", {"heading": heading, "lines": lines, **more}, status=status
    )
