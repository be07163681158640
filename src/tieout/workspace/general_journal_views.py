"""The pages of general journals: the list, one with its lines, and the tab *General journal Dataverse sync*.

Whoever may make journals changes drafts; somebody else posts. Each button answers with the page itself, and
sending the page twice is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tieout.dualwrite.generaljournals.actions import send_again
from tieout.finance.general import actions, queries
from tieout.finance.general.rules import ATTEMPTS_MAX, JournalState, SyncState
from tieout.jobs.actions import ask
from tieout.jobs.problems import JobWaiting
from tieout.kernel.access import Actor, Verb, may, permit
from tieout.kernel.problems import Problem, ProblemText
from tieout.kernel.problems import render as words_of
from tieout.loading.journal_lines import GENERAL, enter_journal_line
from tieout.problems.actions import RecordProblem
from tieout.workspace import screens
from tieout.workspace.entry_forms import key_of
from tieout.workspace.feature import of_workspace
from tieout.workspace.journal_forms import line_numbers_of
from tieout.workspace.pages import page
from tieout.workspace.setup_forms import (
    FormField,
    Mistakes,
    blank_record,
    form_fields,
    mistakes_of,
    typed_record,
)

NUMBER_MAX: Final = 60
DESCRIPTION_MAX: Final = 400

_STATES: Final = {"": "All", "draft": "Drafts", "posted": "Posted", "deleted": "Deleted"}
_SYNC: Final = {
    SyncState.NONE: "",
    SyncState.WAITING: "Waiting",
    SyncState.MANUAL: "Manual sync required",
    SyncState.CONFIRMED: "Confirmed",
}
_LINE_FIXED: Final = frozenset({"company", "journal"})


@dataclass(slots=True)
class _Answer:
    """What a button answered: words, problems, and a line that was not good enough to be taken."""

    said: str = ""
    problems: list[ProblemText] = field(default_factory=list)
    line: dict[str, Any] | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@page
def general_journal_list(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the general journals of a company, the newest first; make a draft."""
    frame = screens.frame(actor, company)
    if request.method == "POST":
        number = actions.make_general_journal(
            actor=actor,
            company=company,
            number=request.POST.get("number", "").strip()[:NUMBER_MAX],
            description=request.POST.get("description", "").strip()[:DESCRIPTION_MAX],
        )
        return redirect("general-journal", company, number)
    state = request.GET.get("state", "")
    state = state if state in _STATES else ""
    before = key_of(request.GET.get("before", ""))
    found = queries.general_journals(actor=actor, company=company, before=before, state=state)
    here = reverse("general-journals", args=[company])
    context = {
        "frame": frame,
        "states": [
            {"label": label, "url": f"{here}?state={one}", "chosen": one == state}
            for one, label in _STATES.items()
        ],
        "rows": [(one, _SYNC[one.sync]) for one in found],
        "next_page": f"{here}?state={state}&before={found[-1].id}" if len(found) == queries.PAGE else "",
        "may_make": may(actor, Verb.MAKE_JOURNAL, company),
    }
    return render(request, "workspace/general_journals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def general_journal(request: HttpRequest, actor: Actor, company: str, number: str) -> HttpResponse:
    """Show one general journal: change and post a draft, look at what another one posted."""
    frame = screens.frame(actor, company)
    answer = _Answer()
    if request.method == "POST":
        button = _BUTTONS.get(request.POST.get("do", ""))
        pressed = _Pressed(request, actor, company, number)
        answer = button(pressed) if button else _Answer("This page has no such button.")
    found = queries.general_journal(actor=actor, company=company, number=number)
    is_draft = found.state is JournalState.DRAFT
    after = next(iter(line_numbers_of([request.GET.get("after", "")])), 0)
    is_gone = found.state is JournalState.DELETED
    lines = [] if is_gone else queries.general_lines(actor=actor, company=company, number=number, after=after)
    may_make = is_draft and may(actor, Verb.MAKE_JOURNAL, company)
    here = reverse("general-journal", args=[company, number])
    context: dict[str, Any] = {
        "frame": frame,
        "journal": found,
        "sync": _SYNC[found.sync],
        "is_draft": is_draft,
        "lines": lines,
        "next_page": f"{here}?after={lines[-1].line_number}" if len(lines) == queries.PAGE else "",
        "here": here,
        "answer": answer,
        "may_make": may_make,
        "may_post": is_draft and may(actor, Verb.POST_DOCUMENTS, company),
    }
    if may_make:
        context |= _line_form(request, actor, found, company, answer)
    return render(request, "workspace/general_journal.html", context, status=400 if answer.line else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
@of_workspace
def sync_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the tab *General journal Dataverse sync*: what operations has not confirmed; Sync and Delete."""
    frame = screens.frame(actor, company)
    said = _sync(request, actor, company) if request.method == "POST" else ""
    shows_all = request.GET.get("view") == "all"
    found = queries.sync_messages(actor=actor, company=company, **({"attempts_min": 0} if shows_all else {}))
    here = reverse("general-journal-sync", args=[company])
    context = {
        "frame": frame,
        "said": said,
        "rows": [(one, _SYNC[one.sync]) for one in found],
        "views": [
            {"label": "Failed", "url": here, "chosen": not shows_all},
            {"label": "All that wait", "url": f"{here}?view=all", "chosen": shows_all},
        ],
        "attempts_max": ATTEMPTS_MAX,
        "may_sync": may(actor, Verb.RESYNC, company),
    }
    return render(request, "workspace/general_journal_sync.html", context)


def _sync(request: HttpRequest, actor: Actor, company: str) -> str:
    """Do what was pressed of the chosen journals; return what to say of it."""
    permit(actor, Verb.RESYNC, company)
    keys = [key for text in request.POST.getlist("journal") if (key := key_of(text)) is not None]
    if not keys:
        return "Choose a journal."
    if request.POST.get("do") == "delete":
        count = len(actions.rearm(actor=actor, company=company, journal_ids=keys))
        said = f"Deleted: {count}. The next run tries again."
    else:
        count = send_again(actor=actor, company=company, journal_ids=keys)
        said = f"Sent again: {count}."
    _ask_for_run(actor, company)
    return said


def _ask_for_run(actor: Actor, company: str) -> None:
    """Have the job run now, rather than within five minutes."""
    if may(actor, Verb.DELIVER, company):
        with suppress(JobWaiting):  # then that run does it
            ask(actor=actor, job="general-journals", company=company)


def _line_form(
    request: HttpRequest, actor: Actor, found: queries.GeneralJournalRow, company: str, answer: _Answer
) -> dict[str, Any]:
    """Return the form of a line: what was typed, the line that is to be changed, or a new one."""
    mistakes: Mistakes | None = None
    if answer.line:
        record, mistakes = answer.line["record"], answer.line["mistakes"]
    else:
        wanted = next(iter(line_numbers_of([request.GET.get("line", "")])), 0)
        stored = queries.typed_line(actor=actor, company=company, number=found.number, line_number=wanted)
        given = {"company": company, "journal": found.number, "line_number": str(found.lines + 1)}
        record = stored or blank_record(GENERAL, given)
    return {
        "fields": _shown_fields(record, mistakes),
        "mistakes": mistakes,
        "changes": bool(answer.line and answer.line["replaces"]) or "line" in request.GET,
    }


def _shown_fields(record: Mapping[str, str], mistakes: Mistakes | None) -> tuple[FormField, ...]:
    shown = form_fields(GENERAL, record, fixed=_LINE_FIXED, mistakes=mistakes)
    # What can be named is offered by the pages of set-up, which a line is not.
    return tuple(replace(one, offers=False) for one in shown if one.name not in _LINE_FIXED)


@dataclass(frozen=True, slots=True)
class _Pressed:
    """Which button was pressed on the page of which journal, by whom."""

    request: HttpRequest
    actor: Actor
    company: str
    number: str

    @property
    def asked(self) -> dict[str, Any]:
        """What every verb of one journal takes."""
        return {"actor": self.actor, "company": self.company, "number": self.number}


def _post(pressed: _Pressed) -> _Answer:
    done = actions.post_general_journal(**pressed.asked)
    if done.refused:
        return _Answer(f"Not posted. Refused: {done.refused}.", _texts(done.refusals))
    _ask_for_run(pressed.actor, pressed.company)
    return _Answer(f"Posted: {done.posted} lines, project cost {done.cost:,}.", _texts(done.warnings))


def _delete(pressed: _Pressed) -> _Answer:
    return _Answer(f"Deleted: {actions.delete_general_journal(**pressed.asked)} lines.")


def _enter(pressed: _Pressed) -> _Answer:
    return _save_line(pressed, replaces=False)


def _change(pressed: _Pressed) -> _Answer:
    return _save_line(pressed, replaces=True)


def _save_line(pressed: _Pressed, *, replaces: bool) -> _Answer:
    record = typed_record(GENERAL, pressed.request.POST.dict())
    record |= {"company": pressed.company, "journal": pressed.number}
    wrong: list[Problem] = list(
        enter_journal_line(actor=pressed.actor, record=record, replaces=replaces, entity=GENERAL)
    )
    if not wrong:
        return _Answer(f"Line {record['line_number']} saved.")
    mistakes = mistakes_of(GENERAL, wrong)
    return _Answer(line={"record": record, "mistakes": mistakes, "replaces": replaces})


def _remove(pressed: _Pressed) -> _Answer:
    numbers = line_numbers_of(pressed.request.POST.getlist("line"))
    return _Answer(f"Removed: {actions.remove_general_lines(**pressed.asked, line_numbers=numbers)}.")


# What each button does; a problem of the whole journal is raised by its verb.
_BUTTONS: Final[Mapping[str, Callable[[_Pressed], _Answer]]] = {
    "post": _post,
    "delete": _delete,
    "enter": _enter,
    "change": _change,
    "remove": _remove,
}


def _texts(problems: tuple[RecordProblem, ...]) -> list[ProblemText]:
    return [words_of(one.code, one.details) for one in problems]
