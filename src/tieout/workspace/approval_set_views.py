"""The pages of approval sets: how far each is, what it left undone and why, Retry (operations spec 5.2)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tieout.jobs.actions import ask as ask_for_job
from tieout.jobs.problems import JobWaiting
from tieout.kernel.access import Actor, Verb, may, permit
from tieout.operations.approvalsets import actions as approvalsets
from tieout.operations.approvalsets.queries import ApprovalSetRow, approval_set, approval_sets, set_log
from tieout.operations.approvalsets.rules import SetStatus
from tieout.workspace import approval_set_screens, screens
from tieout.workspace.pages import page

JOB: Final = "approval-sets"
_VIEWS: Final = {
    "all": ("All", tuple(SetStatus)),
    "waiting": ("Queued and processing", (SetStatus.QUEUED, SetStatus.PROCESSING)),
    "failed": ("Failed", (SetStatus.FAILED, SetStatus.PARTIALLY_COMPLETED)),
    "completed": ("Completed", (SetStatus.COMPLETED,)),
}


@require_safe
@page
def sets_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Approval sets*: action, project, status, progress."""
    frame = screens.frame(actor, company)
    view = request.GET.get("view", "")
    view = view if view in _VIEWS else "all"
    found, following = approval_sets(
        actor=actor, company=company, statuses=_VIEWS[view][1], before=_number(request.GET.get("before", ""))
    )
    context = {
        "frame": frame,
        "views": [(key, label, key == view) for key, (label, _) in _VIEWS.items()],
        "view": view,
        "sets": [_words(one) for one in found],
        "following": following,
        "is_first": "before" not in request.GET,
    }
    return render(request, "workspace/approval_sets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def set_page(request: HttpRequest, actor: Actor, company: str, number: int) -> HttpResponse:
    """Show one approval set with its log; *Retry* gives it one more attempt and asks for the job."""
    frame = screens.frame(actor, company)
    said = ""
    if request.method == "POST":
        permit(actor, Verb.APPROVE, company)
        approvalsets.retry(actor=actor, company=company, number=number)
        with suppress(JobWaiting):  # then that run processes it
            ask_for_job(actor=actor, job=JOB, company=company)
        said = "Queued again: it is processed in the background."
    found = approval_set(actor=actor, company=company, number=number)
    log, following = set_log(
        actor=actor, company=company, number=number, before=_number(request.GET.get("before", ""))
    )
    context = {
        "frame": frame,
        "one": _words(found),
        "said": said,
        "may_retry": found.may_be_retried and may(actor, Verb.APPROVE, company),
        "log": log,
        "following": following,
        "is_first": "before" not in request.GET,
    }
    return render(request, "workspace/approval_set.html", context)


def _number(text: str) -> int | None:
    """Return the number that a text is, None if it is none that a row can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else None


def _words(one: ApprovalSetRow) -> dict[str, Any]:
    return {
        "row": one,
        "action": approval_set_screens.ACTION_LABELS[one.action],
        "status": approval_set_screens.STATUS_LABELS[one.status],
        "left": one.entries - one.done,
    }
