"""The pages of actuals: which projects there are, what one cost and sold to date, and every actual of it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tieout.kernel.access import Actor, Verb, may, permit
from tieout.operations.actuals import queries
from tieout.operations.actuals.queries import ProjectHead, TaskName
from tieout.operations.organization.queries import PAGE, projects
from tieout.workspace import actuals_screens, grid_files, screens
from tieout.workspace.actuals_filters import ActualsAsked, actuals_asked
from tieout.workspace.filters import typed
from tieout.workspace.labels import CLASS_LABELS, TYPE_LABELS, words
from tieout.workspace.pages import page

ROWS_OF_PAGE: Final = 50


@require_safe
@page
def projects_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the projects of a company by number; each opens its actuals."""
    frame = screens.frame(actor, company)
    after = typed(request.GET.dict(), "after")
    found = projects(actor=actor, company=company, after=after)
    here = reverse("projects", args=[company])
    context = {
        "frame": frame,
        "title": "Actuals",
        "projects": [{"one": one, "stage": words(one.stage), "paid": words(one.situation)} for one in found],
        "first_page": here if after else "",
        "after": found[-1].number if len(found) == PAGE else "",
    }
    return render(request, "workspace/projects.html", context)


@require_safe
@page
def actuals(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the actuals of a project: filters, the grid, and where its figures to date come."""
    frame = screens.frame(actor, company)
    asked, mistake = actuals_asked(request.GET.dict(), company)
    project, tasks, mistake = _project(actor, asked, mistake)
    context: dict[str, Any] = {
        "frame": frame,
        "title": "Actuals",
        "asked": asked,
        "project": project,
        "mistake": mistake,
        "tasks": tasks,
        "types": actuals_screens.choices(TYPE_LABELS, asked.transaction_type),
        "classes": actuals_screens.choices(CLASS_LABELS, asked.transaction_class),
    }
    if project is None or mistake:
        status = 400 if asked.project else 200
        return render(request, "workspace/actuals.html", context, status=status)
    lines, following = queries.actuals_page(
        actor=actor,
        company=company,
        wanted=asked.wanted(project, tasks),
        before=asked.before,
        limit=ROWS_OF_PAGE,
    )
    custom = actuals_screens.custom_columns(lines)
    context |= {
        "custom": custom,
        "rows": actuals_screens.rows(lines, custom),
        "first_page": asked.url() if asked.before != queries.FROM_THE_LATEST else "",
        "next_page": asked.url(before=following) if following else "",
        "to_date_url": asked.url("actuals-to-date"),
        "all_url": ActualsAsked(company, asked.project).url(),
        "stage": words(project.stage),
        "files": [
            {"label": kind.upper(), "url": asked.url("actuals-export", kind)} for kind in grid_files.KINDS
        ]
        if may(actor, Verb.EXPORT, company)
        else [],
    }
    return render(request, "workspace/actuals.html", context)


@require_safe
@page
def to_date(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show what the actuals of a project come to; the page of actuals asks for it when it is there."""
    asked, mistake = actuals_asked(request.GET.dict(), company)
    project, tasks, mistake = _project(actor, asked, mistake)
    if project is None or mistake:
        return render(request, "workspace/_mistake.html", {"mistake": mistake}, status=400)
    found = queries.actuals_to_date(actor=actor, company=company, wanted=asked.wanted(project, tasks))
    context = {
        "figures": actuals_screens.figures(found, asked),
        "asked": asked,
        "project": project,
        "back": asked.url(),
    }
    if request.headers.get("HX-Request"):
        return render(request, "workspace/_actuals_to_date.html", context)
    context |= {"frame": screens.frame(actor, company), "title": "Actuals to date"}
    return render(request, "workspace/actuals_to_date.html", context)


@require_safe
@page
def export(request: HttpRequest, actor: Actor, company: str, kind: str) -> HttpResponseBase:
    """Send the grid as a file: every row of the view, whatever page is shown."""
    permit(actor, Verb.EXPORT, company)
    asked, mistake = actuals_asked(request.GET.dict(), company)
    project, tasks, mistake = _project(actor, asked, mistake)
    if kind not in grid_files.KINDS:
        mistake = f"A file is {' or '.join(grid_files.KINDS)}, not {kind}."
    if project is None or mistake:
        return _refused(request, mistake)
    wanted = asked.wanted(project, tasks)
    if kind == grid_files.XLSX:
        found = queries.actuals_to_date(actor=actor, company=company, wanted=wanted)
        number = sum(one.actuals for one in found if one.is_total)
        if number > grid_files.XLSX_ROWS_MAX:
            return _refused(
                request,
                f"These are {number:,} actuals, and a workbook takes {grid_files.XLSX_ROWS_MAX:,}."
                " Take CSV, or choose dates.",
            )
    custom = queries.custom_names(actor=actor, company=company, wanted=wanted)
    lines = queries.all_actuals(actor=actor, company=company, wanted=wanted)
    return grid_files.file_of(
        kind,
        f"actuals-{company}-{project.number}",
        actuals_screens.file_header(custom),
        actuals_screens.file_rows(lines, custom),
    )


def _project(
    actor: Actor, asked: ActualsAsked, mistake: str
) -> tuple[ProjectHead | None, tuple[TaskName, ...], str]:
    """Return the project that is asked for, its tasks, and what is wrong with the question."""
    permit(actor, Verb.READ, asked.company)
    if not asked.project:
        return None, (), mistake or "Name a project."
    project = queries.project_named(actor=actor, company=asked.company, number=asked.project)
    if project is None:
        said = f"Company {asked.company} has no project {asked.project}. Choose one from Other projects."
        return None, (), mistake or said
    tasks = queries.tasks_of_project(actor=actor, company=asked.company, project=project)
    if asked.task and asked.task not in {one.number for one in tasks}:
        mistake = mistake or f"Project {project.number} has no task {asked.task}."
    return project, tasks, mistake


def _refused(request: HttpRequest, mistake: str) -> HttpResponse:
    context = {"heading": "No file was made", "lines": (mistake,)}
    return render(request, "workspace/message.html", context, status=400)
