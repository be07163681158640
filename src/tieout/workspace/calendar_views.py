"""The *Ledger calendar*: the status of each period of a company, for all modules and for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tieout.finance.ledgers import actions, queries
from tieout.finance.ledgers.queries import CalendarPeriod, FiscalYearName, PeriodChange
from tieout.kernel.access import Actor, Verb, may
from tieout.kernel.calendar import Module, PeriodKind, PeriodStatus
from tieout.workspace import screens
from tieout.workspace.filters import typed
from tieout.workspace.labels import words
from tieout.workspace.pages import page

ALL_MODULES: Final = "All modules"


@dataclass(frozen=True, slots=True)
class _Cell:
    """The status of one period for one module in words; ``takes``: the module may post into the period."""

    module: str
    status: str
    takes: bool


@require_http_methods(["GET", "HEAD", "POST"])
@page
def ledger_calendar(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the periods of a fiscal year and who changed a status; change that of the chosen ones."""
    frame = screens.frame(actor, company)
    years = queries.fiscal_years(actor=actor, company=company)
    if request.method == "POST":
        return _changed(request, actor, company)
    year = _year(years, typed(request.GET, "year"), frame.today.isoformat())
    found = queries.ledger_calendar(actor=actor, company=company, fiscal_year=year) if year else []
    before = typed(request.GET, "before")
    is_key = before.isascii() and before.isdigit() and len(before) <= 18  # noqa: PLR2004  a bigint
    changes = queries.period_changes(
        actor=actor, company=company, before=int(before) if is_key else queries.NEWEST
    )
    here = reverse("ledger-calendar", args=[company])
    context = {
        "frame": frame,
        "years": [
            {"label": one.name, "url": _address(company, one.name), "chosen": one.name == year}
            for one in years
        ],
        "year": year,
        "modules": [(one.value, words(one)) for one in Module],
        "statuses": [(one.value, words(one)) for one in PeriodStatus],
        "rows": [(one, words(one.kind), words(one.status), _cells(one)) for one in found],
        "changes": [_change(one) for one in changes],
        "older": f"{here}?{urlencode({'year': year, 'before': changes[-1].id})}"
        if len(changes) == queries.PAGE
        else "",
        "may_change": may(actor, Verb.SET_PERIOD_STATUS, company),
        "said": _said(typed(request.GET, "changed")),
    }
    return render(request, "workspace/ledger_calendar.html", context)


def _changed(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    module, status = typed(request.POST, "module"), typed(request.POST, "status")
    year = typed(request.POST, "year")
    periods = [key for key in map(_key, request.POST.getlist("period")) if key is not None]
    if status not in set(PeriodStatus) or (module and module not in set(Module)) or not periods:
        return redirect(_address(company, year, changed="none"))
    count = actions.set_period_status(
        actor=actor,
        company=company,
        periods=periods,
        module=Module(module) if module else None,
        status=PeriodStatus(status),
    )
    return redirect(_address(company, year, changed=str(count)))


def _year(years: list[FiscalYearName], asked: str, today: str) -> str:
    """Return the fiscal year that was asked for, else that of today, else the newest; empty without any."""
    names = [one.name for one in years]
    now = [one.name for one in years if one.starts.isoformat() <= today <= one.ends.isoformat()]
    return next((name for name in (asked, *now, *names) if name in names), "")


def _cells(one: CalendarPeriod) -> list[_Cell]:
    is_dated = one.kind is PeriodKind.OPERATING
    return [
        _Cell(module.value, words(one.of_module[module]), one.takes(module) or not is_dated)
        for module in Module
    ]


def _change(one: PeriodChange) -> tuple[PeriodChange, str, str, str]:
    module = words(one.module) if one.module else ALL_MODULES
    return one, module, words(one.status_before), words(one.status)


def _said(changed: str) -> str:
    if changed.isascii() and changed.isdigit():
        return f"{changed[:6]} changed."
    return "Choose at least one period, and the status that it is to have." if changed else ""


def _address(company: str, year: str, **more: str) -> str:
    return f"{reverse('ledger-calendar', args=[company])}?{urlencode({'year': year, **more})}"


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
