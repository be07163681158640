"""The pages of the workspace. Each asks the stages below and shows what they answer; none holds a rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tieout.finance.ledgers.queries import companies
from tieout.jobs import actions as jobs
from tieout.jobs import queries as runs
from tieout.jobs.choices import PRESET, Days
from tieout.jobs.steps import ACTUALS
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.calendar import NoOpenPeriodInWindow
from tieout.reconciliation.checks.rules import CHECKS, Check, Kind
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.traces import queries as traces
from tieout.workspace import cause_screens, grid_files, screens
from tieout.workspace.feature import of_workspace
from tieout.workspace.filters import asked_for, window_asked
from tieout.workspace.pages import page
from tieout.workspace.tracing import traced

ROWS_OF_PAGE: Final = 50
PATIENCE: Final = timedelta(seconds=3)  # a worker looks every two seconds


@require_safe
@page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open the workspace at the first company of the user."""
    found = companies(actor=actor)
    if found:
        return redirect("summary", found[0].code)
    lines = (
        "You may see no company yet.",
        "Either none is set up (tieout load), or an administrator gives you one (tieout users set-roles).",
    )
    return render(request, "workspace/message.html", {"heading": "Nothing to show", "lines": lines})


@require_safe
@page
@of_workspace
def summary(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the *Dual-write* tab with *Categories* at *Summary*, and the proof of balance."""
    frame = screens.frame(actor, company)
    window, mistake = window_asked(request.GET, frame.preset)
    context: dict[str, Any] = {"frame": frame, "window": window, "mistake": mistake, "kinds": _kinds(company)}
    if window is None:
        context["no_window"] = NoOpenPeriodInWindow(today=frame.today).text
        return render(request, "workspace/summary.html", context)
    totals = findings.totals(actor=actor, company=company, window=window)
    context |= {
        "unreconciled": screens.unreconciled_tiles(company, totals),
        "tiles": screens.summary_tiles(company, totals, window, frame.preset),
        "proofs": screens.proofs(actor, company, window, frame.preset),
        "older": [screens.older_lines(actor, company, kind, window, frame.preset) for kind in Kind],
        "out_of_sync": screens.out_of_sync(actor, company),
    }
    return render(request, "workspace/summary.html", context)


@require_safe
@page
@of_workspace
def grid(request: HttpRequest, actor: Actor, company: str, kind: Kind) -> HttpResponse:
    """Show the *Dual-write* tab with *Categories* at *Expense* or *Vendor invoice lines*."""
    frame = screens.frame(actor, company)
    window, mistake = window_asked(request.GET, frame.preset)
    context: dict[str, Any] = {
        "frame": frame,
        "window": window,
        "mistake": mistake,
        "kinds": _kinds(company),
        "kind": kind,
        "is_expense": kind is Kind.EXPENSE,
        "label": screens.KIND_LABELS[kind],
    }
    if window is None:
        context["no_window"] = NoOpenPeriodInWindow(today=frame.today).text
        return render(request, "workspace/grid.html", context)
    asked = asked_for(request.GET, company=company, kind=kind, window=window, preset=frame.preset)
    window = asked.looked_at(frame.today)
    totals = findings.totals(actor=actor, company=company, window=window)
    found = findings.page(
        actor=actor,
        company=company,
        kind=kind,
        check=asked.check,
        window=window,
        after=asked.after,
        limit=ROWS_OF_PAGE,
        reason=asked.reason,
        cause=asked.cause,
    )
    # They read all that the window holds, so the page asks for them by itself; a chosen one is its sum.
    by_cause = cause_screens.figures_of_view(actor, asked, window) if asked.cause else []
    of_rows = cause_screens.causes_of_rows(actor, found.rows, frame.today)
    context |= {
        "unreconciled": screens.unreconciled_tiles(company, totals),
        "asked": asked,
        "caption": CHECKS.one(asked.check, kind).label,
        "views": screens.view_choices(asked, totals),
        "reasons": screens.reason_choices(asked, totals),
        "causes": cause_screens.choices(asked, by_cause),
        "causes_url": "" if asked.cause else asked.causes_url(),
        "figure": cause_screens.figure_of_cause(asked, by_cause)
        if asked.cause
        else totals.view(kind, asked.check, asked.reason),
        "rows": [_row(row, of_rows.get(row.line_id)) for row in found.rows],
        "files": [(kind_of, asked.file_url(kind_of)) for kind_of in grid_files.KINDS],
        "workbook_rows": grid_files.XLSX_ROWS_MAX,
        "first_page": asked.url() if asked.after else "",
        "next_page": asked.url(after=found.after) if found.after else "",
        "here": asked.url(after=asked.after),
        "older": screens.older_lines(actor, company, kind, window, frame.preset),
        "differences": asked.check is Check.AMOUNT_DIFFERENCES,
    }
    return render(request, "workspace/grid.html", context)


@require_safe
@page
@of_workspace
def grid_export(
    request: HttpRequest, actor: Actor, company: str, kind: Kind, file_kind: str
) -> HttpResponseBase:
    """Send the grid as a file: every row of the view with its causes, whatever page is shown."""
    permit(actor, Verb.EXPORT, company)
    frame = screens.frame(actor, company)
    window, mistake = window_asked(request.GET, frame.preset)
    if file_kind not in grid_files.KINDS:
        mistake = f"A file is {' or '.join(grid_files.KINDS)}, not {file_kind}."
    if window is None or mistake:
        lines = (mistake or NoOpenPeriodInWindow(today=frame.today).message,)
        return render(
            request, "workspace/message.html", {"heading": "No file was made", "lines": lines}, status=400
        )
    asked = asked_for(request.GET, company=company, kind=kind, window=window, preset=frame.preset)
    rows = cause_screens.file_rows(actor, asked, frame.today)
    return grid_files.file_of(file_kind, f"{kind}-{asked.check}-{company}", cause_screens.HEADER, rows)


@require_POST
@page
@of_workspace
def sync(request: HttpRequest, actor: Actor, company: str, kind: Kind) -> HttpResponse:
    """Ask for Sync of one kind and the dates of the grid; htmx gets a note that follows the run."""
    typed = {name: request.POST.get(name) or request.POST.get(f"grid_{name}", "") for name in ("from", "to")}
    window, mistake = window_asked(typed, None)
    if mistake:
        return render(request, "workspace/_mistake.html", {"mistake": mistake}, status=400)
    days = PRESET if window is None else Days(window.first, window.last)
    return _asked(request, actor, company, kind.value, days)


@require_POST
@page
@of_workspace
def sync_actuals(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Ask for Sync of every actual that has not arrived in finance."""
    return _asked(request, actor, company, ACTUALS, PRESET)


def _asked(request: HttpRequest, actor: Actor, company: str, kind: str, days: Days) -> HttpResponse:
    run_id = jobs.ask(actor=actor, job="sync", company=company, kind=kind, days=days)
    address = reverse("run", args=[run_id])
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(address)
    return render(request, "workspace/_run.html", _run_context(actor, run_id))


def _run_context(actor: Actor, run_id: UUID) -> dict[str, Any]:
    """Return a run, and whether it was asked for so lately that nobody need wonder who performs it."""
    found = runs.run(actor=actor, run_id=run_id)
    is_new = found is not None and timezone.now() - found.asked_at < PATIENCE
    return {"run": found, "is_new": is_new}


@require_safe
@page
def run(request: HttpRequest, actor: Actor, run_id: UUID) -> HttpResponse:
    """Show what a run did; htmx asks again until it has ended, and then for the grid."""
    context = _run_context(actor, run_id)
    found = context["run"]
    if found is None:
        lines = ("There is no such run.",)
        return render(
            request, "workspace/message.html", {"heading": "No such run", "lines": lines}, status=404
        )
    if not request.headers.get("HX-Request"):
        return render(request, "workspace/run.html", context)
    answer = render(request, "workspace/_run.html", context)
    if found.succeeded is not None:
        answer["HX-Trigger"] = "run-ended"
    return answer


@require_safe
@page
def trace(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the whole way of the records that an identifier or number names, in one company."""
    text = request.GET.get("id", "").strip()
    frame = screens.frame(actor, company)
    context: dict[str, Any] = {"frame": frame, "text": text, "kinds": _kinds(company)}
    if text:
        found = (one for one in traces.trace(actor=actor, text=text) if one.company_code == company)
        context["traces"] = [traced(actor, one, frame.digits) for one in found]
    status = 404 if text and not context["traces"] else 200
    return render(request, "workspace/trace.html", context, status=status)


def _kinds(company: str) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "label": label, "url": reverse("grid", args=[company, kind])}
        for kind, label in screens.KIND_LABELS.items()
    ]


def _row(row: Any, why: Any) -> dict[str, Any]:
    return {
        "line": row,
        "why": why,
        "cause": screens.cause_words(row.reason, row.kind),
        "remedy": screens.remedy_words(row.reason, row.kind),
        "age": None if why is None else why.age,
        "difference": row.accounting_amount - row.credited_amount,
    }
