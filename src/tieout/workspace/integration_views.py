"""The pages of the integration journal: the journals and their lines, staging, and the periodic runs.

Each button calls its verb and answers with the page itself; sending a page twice is harmless. Import and
posting of everything are jobs: the run says what it did, and what was refused stands with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieout.finance.journalkeeping.actions import delete_lines, update_to_draft
from tieout.finance.journals import queries
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.journals.queries import Journal, JournalFilter, JournalLine
from tieout.finance.journals.rules import JournalChoice
from tieout.finance.leftout.actions import leave_out, take_back_in
from tieout.finance.staging import queries as staged
from tieout.finance.staging.queries import StagedRow
from tieout.jobs import actions as jobs
from tieout.jobs.catalogue import find
from tieout.jobs.choices import Days
from tieout.jobs.queries import latest
from tieout.jobs.steps import SYNC_KINDS
from tieout.kernel.access import Actor, Verb, may
from tieout.kernel.problems import ProblemText
from tieout.kernel.problems import render as words_of
from tieout.workspace import labels, screens
from tieout.workspace.entry_forms import key_of
from tieout.workspace.journal_forms import line_numbers_of
from tieout.workspace.pages import not_found, page

PAGE: Final = 100

_STATUSES: Final = {
    "": "All",
    "draft": "Draft",
    "processing": "Processing",
    "error": "Error",
    "posted": "Posted",
    "deleted": "Deleted",
}
_STAGING_STATES: Final = {
    "": "All",
    "waiting": "Waiting",
    "pending": "Awaits prevalidation",
    "valid": "Valid",
    "invalid": "Invalid",
    "refused": "Refused",
    "deleted": "Line deleted",
    "beginning": "Beginning balances",
    "left_out": "Left out",
    "journalised": "Journalised",
}
_STEPS: Final = {
    "post": "Taken in hand to post",
    "transfer": "Refused lines moved to a journal of their own",
    "close": "Posted",
    "refuse": "Refused",
    "break_off": "Posting broken off",
    "update_to_draft": "Updated to draft",
    "delete": "Lines deleted",
}
_SYNC: Final = "sync"  # Project Operations reconciliation
_POST: Final = "post-integration-journal"
POSTED_HERE_MAX: Final = 100  # lines of a journal; a larger one is posted by the batch (finance spec 2.5)
_RUNS_SHOWN: Final = 5
_VALIDATION: Final = frozenset({"pending", "valid", "invalid"})  # of companies that prevalidate
_NO_VALIDATION: Final = frozenset({"waiting", "deleted"})  # of those that do not
_NO_ORIGINAL: Final = "IMP-111"  # of a reversal: there is nothing to reverse
_PERIODIC: Final = (
    "prevalidate-actuals",
    "prevalidate-again",
    "import-from-staging",
    "import-beginning-balances",
    _POST,
)


@require_safe
@page
def journal_list(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the integration journals of a company, the newest first, and the periodic runs."""
    frame = screens.frame(actor, company)
    status = request.GET.get("status", "")
    status = status if status in _STATUSES else ""
    days, mistake = _days(request.GET)
    before = request.GET.get("before", "")
    found = queries.journals(
        actor=actor,
        company=company,
        only=JournalFilter((status,) if status else (), *days),
        before=int(before) if before.isascii() and before.isdigit() else queries.NEWEST,
        rows_max=PAGE,
    )
    here = reverse("integration-journals", args=[company])
    typed = {name: request.GET.get(name, "") for name in ("from", "to")}
    context = {
        "frame": frame,
        "mistake": mistake,
        "statuses": _choices(here, "status", _STATUSES, status, typed),
        "status": status,
        "typed": typed,
        "rows": [(one, _period(one)) for one in found],
        "next_page": f"{here}?{urlencode({**typed, 'status': status, 'before': found[-1].id})}"
        if len(found) == PAGE
        else "",
        "staging": staged.waiting_staging(actor=actor, company=company),
        "may_import": may(actor, Verb.IMPORT_FROM_STAGING, company),
        "may_post": may(actor, Verb.POST_INTEGRATION_JOURNAL, company),
        "may_sync": may(actor, Verb.RESYNC, company),
        "sync_kinds": [(one, labels.words(one)) for one in SYNC_KINDS],
        "sync_schedule": find(_SYNC).schedule,
        "sync_runs": latest(actor=actor, company=company, job=_SYNC, limit=_RUNS_SHOWN),
    }
    return render(request, "workspace/integration_journals.html", context)


@require_POST
@page
def run_job(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Ask for a periodic run of this company, and show it."""
    job = request.POST.get("job", "")
    if job not in {_SYNC, *_PERIODIC}:
        return not_found(request)
    (first, last), mistake = _days(request.POST)
    kind, chosen = request.POST.get("kind", ""), tuple(request.POST.getlist("journal"))
    if kind not in {"", *SYNC_KINDS}:
        mistake = "There is no such kind of document."
    if "ticked" in request.POST and not chosen:
        mistake = "No journal is ticked."
    if mistake:
        context = {"heading": "Nothing was asked for", "lines": (mistake,)}
        return render(request, "workspace/message.html", context, status=400)
    asked: dict[str, Any] = {}
    if job == _SYNC:
        asked = {"kind": kind, "days": Days(first, last)}
    elif job == _POST:
        original = request.POST.get("original", "").strip()
        asked = {"journals": JournalChoice(chosen, first, last, original)}
    return redirect("run", jobs.ask(actor=actor, job=job, company=company, **asked))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def journal(request: HttpRequest, actor: Actor, company: str, number: str) -> HttpResponse:
    """Show one journal and its lines: post it, update it to draft, delete lines."""
    frame = screens.frame(actor, company)
    said = ""
    if request.method == "POST" and request.POST.get("do") == "post":
        one = queries.journal(actor=actor, company=company, number=number)
        if one is not None and one.status == "draft" and one.line_count > POSTED_HERE_MAX:
            chosen = JournalChoice((number,))
            return redirect("run", jobs.ask(actor=actor, job=_POST, company=company, journals=chosen))
    if request.method == "POST":
        button = _BUTTONS.get(request.POST.get("do", ""))
        said = button(request, actor, company, number) if button else "This page has no such button."
    found = queries.journal(actor=actor, company=company, number=number)
    if found is None:
        answer = not_found(request)
        return HttpResponseNotFound(answer.content)
    after = next(iter(line_numbers_of([request.GET.get("after", "")])), 0)
    lines = queries.journal_lines(actor=actor, company=company, number=number, after=after, rows_max=PAGE)
    here = reverse("integration-journal", args=[company, number])
    open_to_deletion = found.status in {"draft", "error"}
    context = {
        "frame": frame,
        "journal": found,
        "period": _period(found),
        "said": said,
        "here": here,
        "lines": [_shown(one) for one in lines],
        "next_page": f"{here}?after={lines[-1].line_number}" if len(lines) == PAGE else "",
        "steps": [
            (_STEPS.get(one.step, one.step), one)
            for one in queries.journal_steps(actor=actor, company=company, number=number)
        ],
        "may_post": found.status == "draft" and may(actor, Verb.POST_INTEGRATION_JOURNAL, company),
        "may_update": found.status in {"error", "processing"}
        and may(actor, Verb.POST_INTEGRATION_JOURNAL, company),
        "may_delete": open_to_deletion and may(actor, Verb.IMPORT_FROM_STAGING, company),
    }
    return render(request, "workspace/integration_journal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def staging(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show what arrived in staging and what became of it; leave out what is invalid, take it back in."""
    frame = screens.frame(actor, company)
    said = ""
    if request.method == "POST":
        button = _STAGING_BUTTONS.get(request.POST.get("do", ""))
        said = button(request, actor, company) if button else "This page has no such button."
    state = request.GET.get("state", "")
    state = state if state in _STAGING_STATES else ""
    found = staged.staged_rows(
        actor=actor,
        company=company,
        states=(state,) if state else (),
        after=key_of(request.GET.get("after", "")) or staged.BEFORE_ALL,
        rows_max=PAGE,
    )
    here = reverse("staging", args=[company])
    waiting = staged.waiting_staging(actor=actor, company=company)
    hidden = _NO_VALIDATION if waiting.prevalidation else _VALIDATION
    states = {one: label for one, label in _STAGING_STATES.items() if one not in hidden}
    context = {
        "frame": frame,
        "states": _choices(here, "state", states, state, {}),
        "rows": [_staged(one) for one in found],
        "next_page": f"{here}?{urlencode({'state': state, 'after': found[-1].actual_id})}"
        if len(found) == PAGE
        else "",
        "staging": waiting,
        "said": said,
        "here": f"{here}?{urlencode({'state': state})}",
        "button": _STAGING_VIEWS.get(state, "") if may(actor, Verb.IMPORT_FROM_STAGING, company) else "",
    }
    return render(request, "workspace/staging.html", context)


def _leave_out(request: HttpRequest, actor: Actor, company: str) -> str:
    chosen = _chosen(request)
    if not chosen:
        return "No actual was chosen."
    reason = request.POST.get("reason", "")
    gone = set(leave_out(actor=actor, company=company, actual_ids=chosen, reason=reason))
    said = f"Actuals left out: {len(gone):,}, with what only reverses them."
    kept = len(set(chosen) - gone)
    if kept:
        said += f" {kept:,} stay: not invalid any more, or their delivery batch waits for its import."
    return said


def _take_back_in(request: HttpRequest, actor: Actor, company: str) -> str:
    back = take_back_in(actor=actor, company=company, actual_ids=_chosen(request))
    return f"Actuals taken back in: {len(back):,}. They wait as if they had just arrived."


def _chosen(request: HttpRequest) -> list[UUID]:
    return [key for key in map(key_of, request.POST.getlist("actual")) if key is not None]


_STAGING_BUTTONS: Final[Mapping[str, Callable[[HttpRequest, Actor, str], str]]] = {
    "leave-out": _leave_out,
    "take-back-in": _take_back_in,
}
_STAGING_VIEWS: Final = {"invalid": "leave-out", "refused": "leave-out", "left_out": "take-back-in"}


def _post(_: HttpRequest, actor: Actor, company: str, number: str) -> str:
    done = post_integration_journals(actor=actor, company=company, only=JournalChoice((number,)))
    if not done.lines and not done.refused:
        return "Nothing was posted: the journal is not a draft."
    return f"Lines posted: {done.lines:,}, refused: {done.refused:,}."


def _update(_: HttpRequest, actor: Actor, company: str, number: str) -> str:
    if update_to_draft(actor=actor, company=company, journal_number=number):
        return "The journal is a draft again: the next run posts it."
    return "Nothing was changed: the journal is not in error, or a run has it in hand."


def _delete(request: HttpRequest, actor: Actor, company: str, number: str) -> str:
    chosen = line_numbers_of(request.POST.getlist("line"))
    if not chosen:
        return "No line was chosen."
    done = delete_lines(actor=actor, company=company, journal_number=number, line_numbers=chosen)
    return _deleted(done.lines)


def _delete_all(_: HttpRequest, actor: Actor, company: str, number: str) -> str:
    return _deleted(delete_lines(actor=actor, company=company, journal_number=number).lines)


def _deleted(lines: int) -> str:
    return f"Lines deleted: {lines:,}. Their actuals wait for the next import."


_BUTTONS: Final[Mapping[str, Callable[[HttpRequest, Actor, str, str], str]]] = {
    "post": _post,
    "update": _update,
    "delete": _delete,
    "delete-all": _delete_all,
}


def _shown(line: JournalLine) -> dict[str, Any]:
    """Return a line with its words, and why it was refused."""
    return {
        "line": line,
        "type": labels.TYPE_LABELS.get(line.transaction_type, line.transaction_type),
        "class": labels.CLASS_LABELS.get(line.transaction_class, line.transaction_class),
        "source": labels.SOURCE_LABELS.get(line.source_kind, line.source_kind),
        "problem": _problem(line.code, line.details),
    }


def _staged(row: StagedRow) -> dict[str, Any]:
    return {
        "row": row,
        "state": _STAGING_STATES[row.state],
        "may_choose": row.state in {"invalid", "left_out"} or row.code == _NO_ORIGINAL,
        "type": labels.TYPE_LABELS.get(row.transaction_type, row.transaction_type),
        "class": labels.CLASS_LABELS.get(row.transaction_class, row.transaction_class),
        "source": labels.SOURCE_LABELS.get(row.source_kind, row.source_kind),
        "problem": _problem(row.code, row.details),
    }


def _problem(code: str | None, details: Mapping[str, Any]) -> ProblemText | None:
    return words_of(code, details) if code else None


def _period(one: Journal) -> str:
    """Return the period key as people read it; the journals of unit All have none."""
    return "all" if one.period_key.year == _NO_PERIOD else one.period_key.isoformat()


_NO_PERIOD: Final = 1900  # judge_rows.sql


def _days(typed: Mapping[str, str]) -> tuple[tuple[date | None, date | None], str]:
    """Return the first and last period key asked for, and what is wrong with them."""
    try:
        first, last = (date.fromisoformat(text) if text else None for text in _typed_days(typed))
    except ValueError:
        return (None, None), "A period is a day, written 2025-01-31."
    return (first, last), ""


def _typed_days(typed: Mapping[str, str]) -> tuple[str, str]:
    return typed.get("from", ""), typed.get("to", "")


def _choices(
    here: str, name: str, words: Mapping[str, str], chosen: str, kept: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"{here}?{urlencode({**kept, name: one})}", "chosen": one == chosen}
        for one, label in words.items()
    ]
