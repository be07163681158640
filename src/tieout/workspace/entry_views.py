"""The pages of entries: time, expenses and material for who enters them, approvals for the project manager.

A button answers with the page itself: what was refused stands in its row. Sending the page twice is harmless,
because each verb does what it does once (operations spec 5.1 to 5.3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tieout.kernel.access import Actor, Verb, may, permit
from tieout.loading.typed_entries import enter_entry
from tieout.operations.approvals import actions as approvals
from tieout.operations.approvals.queries import Hop, entries
from tieout.operations.approvals.rules import BillingType
from tieout.operations.approvalsets.rules import Action
from tieout.operations.entries.actions import delete_entries, submit_entries
from tieout.operations.entries.queries import custom_fields, entry_history, entry_record
from tieout.operations.entries.rules import KINDS, EntryClass
from tieout.workspace import approval_set_screens, entry_forms, entry_screens, screens
from tieout.workspace.entry_screens import Outcome
from tieout.workspace.labels import BILLING_LABELS
from tieout.workspace.pages import not_found, page
from tieout.workspace.setup_forms import Mistakes, mistakes_of

_ANSWERS: Final[Mapping[str, tuple[str, Callable[..., approvals.Answered]]]] = MappingProxyType(
    {
        "recall": ("Recalled", approvals.recall_entries),
        "request_recall": ("Recall requested", approvals.request_recall),
        "grant": ("Recall granted", approvals.grant_recall),
        "refuse": ("Recall refused", approvals.refuse_recall),
    }
)
_ENTRY_BUTTONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    Hop.DRAFT: (("submit", "Submit"), ("delete", "Delete")),
    Hop.RETURNED: (("submit", "Submit"), ("delete", "Delete")),
    Hop.SUBMITTED: (("recall", "Recall"),),
    entry_screens.APPROVED: (("request_recall", "Request recall"),),
}
_APPROVAL_BUTTONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    Hop.SUBMITTED: (("approve", "Approve"), ("reject", "Reject")),
    Hop.RECALL_REQUESTED: (("grant", "Grant"), ("refuse", "Refuse")),
    entry_screens.APPROVED: (("cancel", "Cancel approval"),),
}
_LIKELY_THE_SAME: Final = ("resource", "project", "task", "role", "category", "date", "currency")
_NONE_CHOSEN: Final = "Choose at least one row."
_UNKNOWN: Final = "This page has no such button."
_NO_COMMENT: Final = f"A comment has at most {entry_forms.COMMENT_MAX} characters, all of them printable."


@require_http_methods(["GET", "HEAD", "POST"])
@page
def entries_page(request: HttpRequest, actor: Actor, company: str, of_class: EntryClass) -> HttpResponse:
    """Show *Time entries*, *Expenses* or *Material usage*: enter, submit, recall, delete."""
    frame = screens.frame(actor, company)
    view = _view(request, entry_screens.ENTRY_VIEWS, Hop.DRAFT)
    form = _Form.empty(actor, company, of_class, f"{frame.today:%Y-%m-%d}")
    outcome, mistake = Outcome(), ""
    if request.method == "POST":
        permit(actor, Verb.SUBMIT, company)
        if request.POST.get("do") == "enter":
            form, outcome = _enter(request, actor, company, form)
        else:
            outcome, mistake = _press(request, actor, company, _ENTRY_BUTTONS.get(view, ()))
    may_submit = may(actor, Verb.SUBMIT, company)
    context = {
        "frame": frame,
        "title": entry_screens.TITLES[of_class],
        "new": entry_screens.NEW[of_class],
        "views": entry_screens.views(entry_screens.PAGES[of_class], company, entry_screens.ENTRY_VIEWS, view),
        "buttons": _ENTRY_BUTTONS.get(view, ()) if may_submit else (),
        **(form.context() if may_submit and view == Hop.DRAFT else {}),
    }
    asked = _Asked(entry_screens.PAGES[of_class], of_class, view, outcome, mistake)
    return _shown(request, actor, company, context, asked)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def entry_page(request: HttpRequest, actor: Actor, company: str, entry_id: UUID) -> HttpResponse:
    """Show one entry with its history; a draft or returned one can be changed."""
    frame = screens.frame(actor, company)
    entry = entry_record(actor=actor, company=company, entry_id=entry_id)
    if entry is None:
        return not_found(request)
    own = custom_fields(actor=actor, of_class=entry.transaction_class)
    record = entry_forms.stored_entry(entry)
    mistakes = Mistakes({}, ())
    if request.method == "POST":
        typed, mistakes = entry_forms.typed_entry(entry.transaction_class, request.POST.dict(), own)
        record = {**typed, "external_id": entry.external_id, "dimensions": typed["dimensions"] or ""}
        if not mistakes.by_field:
            mistakes = _wrong(actor, company, entry.transaction_class, record, is_new=False)
        if not mistakes.by_field and not mistakes.others:
            return redirect("entry", company, entry_id)
    [state] = entries(actor=actor, company=company, entry_ids=[entry_id])
    is_open = state.state in {Hop.DRAFT, Hop.RETURNED} and may(actor, Verb.SUBMIT, company)
    context = {
        "frame": frame,
        "entry": entry,
        "title": f"{entry_screens.SINGULAR[entry.transaction_class]} {entry.external_id}",
        "state": entry_screens.ENTRY_VIEWS.get(state.state, "Approved"),
        "list": entry_screens.PAGES[entry.transaction_class],
        "list_title": entry_screens.TITLES[entry.transaction_class],
        "may_change": is_open,
        "form": {"entity": KINDS[entry.transaction_class]},
        "fields": entry_forms.fields_shown(entry.transaction_class, record, own, mistakes),
        "form_errors": mistakes.others,
        "dimensions": record["dimensions"],
        "history": entry_screens.history(entry_history(actor=actor, company=company, entry_id=entry_id)),
    }
    wrong = bool(mistakes.by_field or mistakes.others)
    return render(request, "workspace/entry.html", context, status=400 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def approvals_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Approvals*: approve, reject, answer recalls, take approvals back."""
    frame = screens.frame(actor, company)
    view = _view(request, entry_screens.APPROVAL_VIEWS, Hop.SUBMITTED)
    asked_class = request.GET.get("class", "")
    of_class = EntryClass(asked_class) if asked_class in set(EntryClass) else EntryClass.TIME
    outcome, mistake = Outcome(), ""
    if request.method == "POST":
        permit(actor, Verb.APPROVE, company)
        outcome, mistake = _press(request, actor, company, _APPROVAL_BUTTONS[view])
    may_approve = may(actor, Verb.APPROVE, company)
    context = {
        "frame": frame,
        "title": "Approvals",
        "views": entry_screens.views("approvals", company, entry_screens.APPROVAL_VIEWS, view, of_class),
        "classes": entry_screens.classes(company, view, of_class),
        "buttons": _APPROVAL_BUTTONS[view] if may_approve else (),
        "priced": True,
        "may_change": may_approve and view == Hop.SUBMITTED,
        "billing_types": [(one.value, BILLING_LABELS[one.value]) for one in BillingType],
    }
    return _shown(request, actor, company, context, _Asked("approvals", of_class, view, outcome, mistake))


@dataclass(frozen=True, slots=True)
class _Form:
    """The form of a new entry: of which class, what is typed, and what is wrong with it."""

    of_class: EntryClass
    own: tuple[Any, ...]
    record: Mapping[str, str]
    mistakes: Mistakes

    @classmethod
    def empty(cls, actor: Actor, company: str, of_class: EntryClass, today: str) -> _Form:
        """Return a form to begin with: of the actor's own resource, today."""
        resource = entry_screens.own_resource(actor, company) if of_class is not EntryClass.MATERIAL else ""
        record = entry_forms.new_entry(of_class, resource=resource, date=today)
        return cls(of_class, custom_fields(actor=actor, of_class=of_class), record, Mistakes({}, ()))

    def again(self, entered: Mapping[str, str]) -> _Form:
        """Return the form after an entry: a new number, and what the next one is likely to have in common."""
        known = {name: entered[name] for name in _LIKELY_THE_SAME if entered.get(name)}
        return replace(self, record=entry_forms.new_entry(self.of_class, **known))

    def context(self) -> dict[str, Any]:
        """Return what its template asks for."""
        return {
            "form": {"entity": KINDS[self.of_class]},
            "fields": entry_forms.fields_shown(self.of_class, self.record, self.own, self.mistakes),
            "number": self.record["external_id"],
            "form_errors": self.mistakes.others,
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which view of which page and class is shown, and what its button answered."""

    page: str
    of_class: EntryClass
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
        "approved": asked.view == entry_screens.APPROVED,
        "grid": entry_screens.entry_grid(
            actor,
            company,
            page=asked.page,
            of_class=asked.of_class,
            view=asked.view,
            after=entry_forms.key_of(request.GET.get("after", "")),
            outcome=asked.outcome,
            typed=request.POST.dict(),
        ),
    }
    return render(request, "workspace/entries.html", context, status=400 if asked.mistake else 200)


def _view(request: HttpRequest, views: Mapping[str, str], usual: str) -> str:
    view = request.GET.get("view", "")
    return view if view in views else usual


def _enter(request: HttpRequest, actor: Actor, company: str, empty: _Form) -> tuple[_Form, Outcome]:
    """Enter what was typed; return the form to go on with: an empty one, or the same with what is wrong."""
    record, mistakes = entry_forms.typed_entry(empty.of_class, request.POST.dict(), empty.own)
    if not entry_forms.is_own_number(empty.of_class, record["external_id"]):
        mistakes = Mistakes({}, (entry_forms.OTHER_FORM,))
    elif not mistakes.by_field:
        mistakes = _wrong(actor, company, empty.of_class, record, is_new=True)
    if mistakes.by_field or mistakes.others:
        return replace(empty, record=record, mistakes=mistakes), Outcome()
    return empty.again(record), Outcome(f"Entered as draft {record['external_id']}.")


def _wrong(
    actor: Actor, company: str, of_class: EntryClass, record: Mapping[str, str], *, is_new: bool
) -> Mistakes:
    """Enter or change an entry; return what is wrong with it, nothing where it was entered."""
    row = entry_forms.as_row(record)
    problems = enter_entry(actor=actor, company=company, entity=KINDS[of_class], record=row, is_new=is_new)
    return mistakes_of(KINDS[of_class], problems)


def _press(
    request: HttpRequest, actor: Actor, company: str, buttons: tuple[tuple[str, str], ...]
) -> tuple[Outcome, str]:
    """Do what a button says with the chosen rows; return what came of it, or what is wrong with the page."""
    verb, keys, comment = request.POST.get("do", ""), entry_forms.chosen(request), _comment(request)
    if verb not in dict(buttons):
        return Outcome(), _UNKNOWN
    if not keys:
        return Outcome(), _NONE_CHOSEN
    if len(comment) > entry_forms.COMMENT_MAX or "\0" in comment:
        return Outcome(), _NO_COMMENT
    if verb in _OWN_ANSWERS:
        return _OWN_ANSWERS[verb](request, actor, company, keys), ""
    word, answer = _ANSWERS[verb]
    done = answer(actor=actor, company=company, entry_ids=keys, comment=comment)
    return entry_screens.answer_outcome(word, keys, done), ""


def _submit(request: HttpRequest, actor: Actor, company: str, keys: list[UUID]) -> Outcome:  # noqa: ARG001
    """Submit the chosen rows."""
    submitted = submit_entries(actor=actor, company=company, entry_ids=keys)
    return entry_screens.run_outcome(actor, "Submitted", keys, submitted)


def _delete(request: HttpRequest, actor: Actor, company: str, keys: list[UUID]) -> Outcome:  # noqa: ARG001
    """Delete the chosen rows."""
    deleted = delete_entries(actor=actor, company=company, entry_ids=keys)
    return entry_screens.answer_outcome("Deleted", keys, deleted)


def _approve(request: HttpRequest, actor: Actor, company: str, keys: list[UUID]) -> Outcome:
    """Approve the chosen rows as they were changed; one whose hours cannot be read is left as it is."""
    found = entries(actor=actor, company=company, entry_ids=keys)
    submitted = {one.entry_id: (one.minutes, one.quantity or Decimal(0)) for one in found}
    changes, mistakes = entry_forms.changes_of(request.POST, submitted, keys)
    clear = [key for key in keys if key not in mistakes]
    if not clear:
        return Outcome("Approved: 0.", mistakes=mistakes)
    outcome = approval_set_screens.ask(actor, company, Action.APPROVE, clear, changes=changes)
    return replace(outcome, mistakes=mistakes)


def _reject(request: HttpRequest, actor: Actor, company: str, keys: list[UUID]) -> Outcome:
    """Reject the chosen rows."""
    return approval_set_screens.ask(actor, company, Action.REJECT, keys, comment=_comment(request))


def _cancel(request: HttpRequest, actor: Actor, company: str, keys: list[UUID]) -> Outcome:
    """Cancel the approval of the chosen rows."""
    return approval_set_screens.ask(actor, company, Action.CANCEL, keys, comment=_comment(request))


def _comment(request: HttpRequest) -> str:
    return request.POST.get("comment", "").strip()


_OWN_ANSWERS: Final[Mapping[str, Callable[[HttpRequest, Actor, str, list[UUID]], Outcome]]] = {
    "submit": _submit,
    "delete": _delete,
    "approve": _approve,
    "reject": _reject,
    "cancel": _cancel,
}
