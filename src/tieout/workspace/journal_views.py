"""The pages of journals: the list, a draft with its lines or what it holds, the preview, what was confirmed.

Whoever may make journals changes drafts; somebody else confirms (operations spec 6). Each button answers with
the page itself, and sending the page twice is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tieout.kernel.access import Actor, Verb, may, permit
from tieout.kernel.problems import Problem, ProblemText
from tieout.kernel.problems import render as words_of
from tieout.loading.journal_lines import ENTITY, enter_journal_line
from tieout.operations.journals import actions, queries
from tieout.operations.journals.queries import JournalRow, Line
from tieout.operations.journals.rules import JournalType
from tieout.operations.pricing.rules import PRICED, SAYINGS, PriceReason
from tieout.problems.actions import RecordProblem
from tieout.workspace import journal_forms, labels, screens
from tieout.workspace.entry_forms import key_of
from tieout.workspace.journal_forms import JournalForm, NewValuesForm
from tieout.workspace.pages import page
from tieout.workspace.setup_forms import mistakes_of

_STATES: Final = {"": "All", "draft": "Drafts", "confirmed": "Confirmed", "deleted": "Deleted"}


@dataclass(slots=True)
class _Answer:
    """What a button answered: words, problems, and forms that were not good enough to be taken."""

    said: str = ""
    problems: list[ProblemText] = field(default_factory=list)
    line: dict[str, Any] | None = None
    values: NewValuesForm | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@page
def journal_list(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the journals of a company, the newest first; make a draft."""
    frame = screens.frame(actor, company)
    form = JournalForm(request.POST or None)
    if request.method == "POST":
        permit(actor, Verb.MAKE_JOURNAL, company)
        if form.is_valid():
            typed = form.cleaned_data
            number = actions.make_journal(
                actor=actor,
                company=company,
                journal_type=JournalType(typed["journal_type"]),
                number=typed["number"],
                description=typed["description"],
            )
            return redirect("journal", company, number)
    state = request.GET.get("state", "")
    state = state if state in _STATES else ""
    found = queries.journals(
        actor=actor, company=company, before=key_of(request.GET.get("before", "")), state=state
    )
    here = reverse("journals", args=[company])
    context = {
        "frame": frame,
        "states": [
            {"label": label, "url": f"{here}?state={one}", "chosen": one == state}
            for one, label in _STATES.items()
        ],
        "rows": [(one, journal_forms.TYPE_LABELS[one.journal_type]) for one in found],
        "next_page": f"{here}?state={state}&before={found[-1].id}" if len(found) == queries.PAGE else "",
        "may_make": may(actor, Verb.MAKE_JOURNAL, company),
        "types": [(one.value, label) for one, label in journal_forms.TYPE_LABELS.items()],
        "errors": form.errors if request.method == "POST" else {},
    }
    return render(request, "workspace/journals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def journal(request: HttpRequest, actor: Actor, company: str, number: str) -> HttpResponse:
    """Show one journal: change and confirm a draft, look at what another one made."""
    frame = screens.frame(actor, company)
    answer = _Answer()
    if request.method == "POST":
        row = queries.journal(actor=actor, company=company, number=number)
        button = _BUTTONS.get(request.POST.get("do", ""))
        pressed = _Pressed(request, actor, company, row)
        answer = button(pressed) if button else _Answer("This page has no such button.")
    found = queries.journal(actor=actor, company=company, number=number)
    is_draft, is_entry = found.state == "draft", found.journal_type is JournalType.ENTRY
    after = next(iter(journal_forms.line_numbers_of([request.GET.get("after", "")])), 0)
    ask = queries.confirmed_lines
    if is_draft:
        ask = queries.draft_lines if is_entry else queries.preview
    lines = [] if found.state == "deleted" else ask(actor=actor, company=company, number=number, after=after)
    may_make = is_draft and may(actor, Verb.MAKE_JOURNAL, company)
    here = reverse("journal", args=[company, number])
    context: dict[str, Any] = {
        "frame": frame,
        "journal": found,
        "type": journal_forms.TYPE_LABELS[found.journal_type],
        "is_draft": is_draft,
        "is_entry": is_entry,
        "lines": [_shown(company, one) for one in lines],
        "next_page": f"{here}?after={lines[-1].line_number}" if len(lines) == queries.PAGE else "",
        "here": here,
        "answer": answer,
        "may_make": may_make,
        "may_confirm": is_draft and may(actor, Verb.CONFIRM_JOURNAL, company),
    }
    if may_make and is_entry:
        context |= _line_form(request, actor, found, company, answer)
    elif is_draft and not is_entry:
        context["held"] = queries.held_sources(actor=actor, company=company, number=number)
        if found.journal_type is not JournalType.CANCELLATION:
            values = queries.new_values(actor=actor, company=company, number=number)
            context["values"] = (answer.values or journal_forms.values_form(values)).fields_shown()
    status = 400 if answer.line or answer.values else 200
    return render(request, "workspace/journal.html", context, status=status)


def _shown(company: str, line: Line) -> dict[str, Any]:
    """Return a line with its words: type, class, billing type, why its price, what is wrong with it."""
    reason = line.price_reason
    known = reason in set(PriceReason)
    said = {"key": f"Line {line.line_number}", "record": line.source, "field": line.field}
    said |= {"stored": line.stored, "value": line.value, "project": line.project_number, "stage": line.stored}
    said |= {"company": company, "project_company": line.stored, "currency": line.stored}
    said |= {"subcontract": line.value, "subcontract_status": line.stored}
    said |= {"subcontract_company": line.stored}
    return {
        "line": line,
        "type": labels.TYPE_LABELS.get(line.transaction_type, line.transaction_type),
        "class": labels.CLASS_LABELS.get(line.transaction_class, line.transaction_class),
        "billing": labels.BILLING_LABELS.get(line.billing_type, line.billing_type),
        "step": labels.words(line.step),
        "why": SAYINGS[PriceReason(reason)] if known else "",
        "warns": bool(reason) and (not known or PriceReason(reason) not in PRICED),
        "problem": words_of(line.code, dict(said)) if line.code else None,
    }


def _line_form(
    request: HttpRequest, actor: Actor, found: JournalRow, company: str, answer: _Answer
) -> dict[str, Any]:
    """Return the form of a line: what was typed, the line that is to be changed, or a new one."""
    mistakes = None
    if answer.line:
        record, mistakes = answer.line["record"], answer.line["mistakes"]
    else:
        wanted = next(iter(journal_forms.line_numbers_of([request.GET.get("line", "")])), 0)
        stored = queries.typed_line(actor=actor, company=company, number=found.number, line_number=wanted)
        record = stored or journal_forms.new_line(company, found.number, found.lines + 1)
    return {
        "fields": journal_forms.line_fields(record, mistakes),
        "mistakes": mistakes,
        "changes": bool(answer.line and answer.line["replaces"]) or "line" in request.GET,
    }


@dataclass(frozen=True, slots=True)
class _Pressed:
    """Which button was pressed on the page of which journal, by whom."""

    request: HttpRequest
    actor: Actor
    company: str
    journal: JournalRow

    @property
    def asked(self) -> dict[str, Any]:
        """What every verb of one journal takes."""
        return {"actor": self.actor, "company": self.company, "number": self.journal.number}


def _confirm(pressed: _Pressed) -> _Answer:
    done = actions.confirm_journal(**pressed.asked)
    if done.refused:
        return _Answer(f"Not confirmed. Refused: {done.refused}.", _texts(done.problems))
    unpriced = f" Without a price: {done.unpriced}." if done.unpriced else ""
    return _Answer(f"Confirmed. Actuals reversed: {done.reversed}, made: {done.made}.{unpriced}")


def _delete(pressed: _Pressed) -> _Answer:
    gone = actions.delete_journal(**pressed.asked)
    return _Answer(f"Deleted: {gone.lines} lines; {gone.actuals} actuals are live again.")


def _enter(pressed: _Pressed) -> _Answer:
    return _save_line(pressed, replaces=False)


def _change(pressed: _Pressed) -> _Answer:
    return _save_line(pressed, replaces=True)


def _save_line(pressed: _Pressed, *, replaces: bool) -> _Answer:
    typed = pressed.request.POST.dict()
    record = journal_forms.typed_line(pressed.company, pressed.journal.number, typed)
    wrong: list[Problem] = list(enter_journal_line(actor=pressed.actor, record=record, replaces=replaces))
    if not wrong:
        return _Answer(f"Line {record['line_number']} saved.")
    mistakes = mistakes_of(ENTITY, wrong)
    return _Answer(line={"record": record, "mistakes": mistakes, "replaces": replaces})


def _remove(pressed: _Pressed) -> _Answer:
    numbers = journal_forms.line_numbers_of(pressed.request.POST.getlist("line"))
    return _Answer(f"Removed: {actions.remove_lines(**pressed.asked, line_numbers=numbers)}.")


def _take(pressed: _Pressed) -> _Answer:
    keys: dict[str, Any]
    keys, unknown = queries.named_sources(
        actor=pressed.actor,
        company=pressed.company,
        journal_type=pressed.journal.journal_type,
        names=journal_forms.names_of(pressed.request.POST.get("names", "")),
    )
    taken = actions.take_actuals(**{**pressed.asked, **keys})
    said = f"Taken: {taken.actuals} actuals of {taken.sources}."
    said += f" Held before: {taken.held}." if taken.held else ""
    said += f" Not known: {', '.join(unknown[:20])}." if unknown else ""
    return _Answer(said, _texts(taken.refused))


def _give_back(pressed: _Pressed) -> _Answer:
    texts = pressed.request.POST.getlist("source")
    keys = [key for text in texts if (key := key_of(text)) is not None]
    return _Answer(f"Given back: {actions.give_back(**pressed.asked, source_ids=keys)} actuals.")


def _set_values(pressed: _Pressed) -> _Answer:
    form = NewValuesForm(pressed.request.POST)
    if not form.is_valid():
        return _Answer(values=form)
    wrong = actions.set_new_values(**pressed.asked, values=form.values())
    for problem in wrong:
        form.add_error(problem.field, f"{problem.message} {problem.remedy}")
    return _Answer(values=form) if wrong else _Answer("Saved: the preview shows what it comes to.")


# What each button does; a problem of the whole journal is raised by its verb.
_BUTTONS: Final[Mapping[str, Callable[[_Pressed], _Answer]]] = {
    "confirm": _confirm,
    "delete": _delete,
    "enter": _enter,
    "change": _change,
    "remove": _remove,
    "take": _take,
    "give_back": _give_back,
    "values": _set_values,
}


def _texts(problems: tuple[RecordProblem, ...]) -> list[ProblemText]:
    return [words_of(one.code, one.details) for one in problems]
