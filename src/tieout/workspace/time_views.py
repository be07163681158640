"""The pages of time: entries for who works, approvals for the project manager (operations spec 5.1 to 5.3).

A button answers with the page itself: what was refused stands in its row. Sending the page twice is harmless,
because each verb does what it does once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.approvals import actions as approvals
from tieout.operations.approvals.queries import Hop, entries
from tieout.operations.approvals.rules import BillingType
from tieout.operations.entries.actions import enter_time_entry, submit_entries
from tieout.workspace import screens, time_forms, time_screens
from tieout.workspace.pages import page
from tieout.workspace.time_forms import TimeEntryForm
from tieout.workspace.time_screens import Outcome

_ANSWERS: Final[Mapping[str, tuple[str, Callable[..., approvals.Answered]]]] = MappingProxyType(
    {
        "recall": ("Recalled", approvals.recall_entries),
        "request_recall": ("Recall requested", approvals.request_recall),
        "reject": ("Rejected", approvals.reject_entries),
        "grant": ("Recall granted", approvals.grant_recall),
        "refuse": ("Recall refused", approvals.refuse_recall),
        "cancel": ("Approval cancelled", approvals.cancel_approval),
    }
)
_TIME_BUTTONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    Hop.DRAFT: (("submit", "Submit"),),
    Hop.RETURNED: (("submit", "Submit"),),
    Hop.SUBMITTED: (("recall", "Recall"),),
    time_screens.APPROVED: (("request_recall", "Request recall"),),
}
_APPROVAL_BUTTONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    Hop.SUBMITTED: (("approve", "Approve"), ("reject", "Reject")),
    Hop.RECALL_REQUESTED: (("grant", "Grant"), ("refuse", "Refuse")),
    time_screens.APPROVED: (("cancel", "Cancel approval"),),
}
_NONE_CHOSEN: Final = "Choose at least one row."
_UNKNOWN: Final = "This page has no such button."
_NO_COMMENT: Final = f"A comment has at most {time_forms.COMMENT_MAX} characters, all of them printable."


@require_http_methods(["GET", "HEAD", "POST"])
@page
def time_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Time entries*: enter, submit, recall."""
    frame = screens.frame(actor, company)
    view = _view(request, time_screens.TIME_VIEWS, Hop.DRAFT)
    choices = time_screens.choices(actor, company)
    form = time_forms.new_entry(resource=choices["own"], date=f"{frame.today:%Y-%m-%d}")
    outcome, mistake = Outcome(), ""
    if request.method == "POST":
        permit(actor, Verb.SUBMIT, company)
        if request.POST.get("do") == "enter":
            form, outcome = _enter(request, actor, company, form)
        else:
            outcome, mistake = _press(request, actor, company, _TIME_BUTTONS.get(view, ()))
    may_submit = time_screens.may(actor, Verb.SUBMIT, company)
    context = {
        "frame": frame,
        "title": "Time entries",
        "views": time_screens.views("time", company, time_screens.TIME_VIEWS, view),
        "buttons": _TIME_BUTTONS.get(view, ()) if may_submit else (),
        "fields": form.fields_shown() if may_submit and view == Hop.DRAFT else (),
        "number": form["number"].value(),
        "form_errors": form.other_errors(),
        "lists": choices["lists"],
    }
    return _shown(request, actor, company, context, _Asked("time", view, outcome, mistake))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def approvals_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Approvals*: approve, reject, answer recalls, take approvals back."""
    frame = screens.frame(actor, company)
    view = _view(request, time_screens.APPROVAL_VIEWS, Hop.SUBMITTED)
    outcome, mistake = Outcome(), ""
    if request.method == "POST":
        permit(actor, Verb.APPROVE, company)
        outcome, mistake = _press(request, actor, company, _APPROVAL_BUTTONS[view])
    may_approve = time_screens.may(actor, Verb.APPROVE, company)
    context = {
        "frame": frame,
        "title": "Approvals",
        "views": time_screens.views("approvals", company, time_screens.APPROVAL_VIEWS, view),
        "buttons": _APPROVAL_BUTTONS[view] if may_approve else (),
        "priced": True,
        "may_change": may_approve and view == Hop.SUBMITTED,
        "billing_types": [(one.value, time_screens.BILLING_LABELS[one.value]) for one in BillingType],
    }
    return _shown(request, actor, company, context, _Asked("approvals", view, outcome, mistake))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which view of which page is shown, and what its button answered."""

    page: str
    view: str
    outcome: Outcome
    mistake: str


def _shown(
    request: HttpRequest, actor: Actor, company: str, context: dict[str, Any], asked: _Asked
) -> HttpResponse:
    context |= {
        "outcome": asked.outcome,
        "mistake": asked.mistake,
        "all_chosen": "all" in request.GET,
        "approved": asked.view == time_screens.APPROVED,
        "grid": time_screens.time_grid(
            actor,
            company,
            page=asked.page,
            view=asked.view,
            after=time_forms.key_of(request.GET.get("after", "")),
            outcome=asked.outcome,
            typed=request.POST.dict(),
        ),
    }
    return render(request, "workspace/time.html", context, status=400 if asked.mistake else 200)


def _view(request: HttpRequest, views: Mapping[str, str], usual: str) -> str:
    view = request.GET.get("view", "")
    return view if view in views else usual


def _enter(
    request: HttpRequest, actor: Actor, company: str, empty: TimeEntryForm
) -> tuple[TimeEntryForm, Outcome]:
    """Enter what was typed; return the form to go on with: an empty one, or the same with what is wrong."""
    form = TimeEntryForm(request.POST)
    if not form.is_valid():
        return form, Outcome()
    typed = form.cleaned_data
    number = time_forms.entry_number(typed["number"])
    wrong = enter_time_entry(
        actor=actor,
        company=company,
        number=number,
        resource=typed["resource"],
        project=typed["project"],
        role=typed["role"],
        task=typed["task"],
        on=typed["date"],
        minutes=typed["hours"],
        description=typed["description"],
    )
    for problem in wrong:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, f"{problem.message} {problem.remedy}")
    return (form, Outcome()) if wrong else (empty, Outcome(f"Entered as draft {number}."))


def _press(
    request: HttpRequest, actor: Actor, company: str, buttons: tuple[tuple[str, str], ...]
) -> tuple[Outcome, str]:
    """Do what a button says with the chosen rows; return what came of it, or what is wrong with the page."""
    verb, keys = request.POST.get("do", ""), time_forms.chosen(request)
    comment = request.POST.get("comment", "").strip()
    if verb not in dict(buttons):
        return Outcome(), _UNKNOWN
    if not keys:
        return Outcome(), _NONE_CHOSEN
    if len(comment) > time_forms.COMMENT_MAX or "\0" in comment:
        return Outcome(), _NO_COMMENT
    if verb == "submit":
        submitted = submit_entries(actor=actor, company=company, entry_ids=keys)
        return time_screens.run_outcome(actor, "Submitted", keys, submitted), ""
    if verb == "approve":
        return _approve(request, actor, company, keys), ""
    word, answer = _ANSWERS[verb]
    done = answer(actor=actor, company=company, entry_ids=keys, comment=comment)
    return time_screens.answer_outcome(word, keys, done), ""


def _approve(request: HttpRequest, actor: Actor, company: str, keys: list[UUID]) -> Outcome:
    """Approve the chosen rows as they were changed; one whose hours cannot be read is left as it is."""
    found = entries(actor=actor, company=company, entry_ids=keys)
    minutes = {one.entry_id: one.minutes for one in found if one.minutes is not None}
    changes, mistakes = time_forms.changes_of(request.POST, minutes, keys)
    clear = [key for key in keys if key not in mistakes]
    if not clear:
        return Outcome("Approved: 0.", mistakes=mistakes)
    done = approvals.approve_entries(actor=actor, company=company, entry_ids=clear, changes=changes)
    return replace(time_screens.run_outcome(actor, "Approved", clear, done), mistakes=mistakes)
