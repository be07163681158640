"""The pages of prices: why an actual has its price, and what an hour would cost and be sold for."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tieout.kernel.access import Actor
from tieout.operations.actuals.queries import actual_price
from tieout.operations.entries.queries import entry_choices
from tieout.operations.pricing.problems import PricingUnknown
from tieout.operations.pricing.queries import Explained, explain_price
from tieout.workspace import filters, price_screens, screens
from tieout.workspace.pages import page

_FIELDS: Final = (
    ("project", "Project ID"),
    ("resource", "Resource"),
    ("role", "Role"),
    ("date", "Date"),
    ("dimensions", "Further dimensions (optional)"),
    ("quote", "Quote (optional)"),
    ("subcontract", "Subcontract (optional)"),
)
_ASKED: Final = ("project", "resource", "role")


@require_safe
@page
def price_of_actual(request: HttpRequest, actor: Actor, company: str, actual_id: UUID) -> HttpResponse:
    """Show the price of one actual: quantity, price, amount, and what made the price."""
    frame = screens.frame(actor, company)
    found = actual_price(actor=actor, company=company, actual_id=actual_id)
    if found is None:
        lines = (f"Company {company} has no actual {actual_id}.", "Open it from the page Actuals.")
        heading = {"heading": "There is no such actual", "lines": lines}
        return render(request, "workspace/message.html", heading, status=404)
    context = {"frame": frame, "title": "Price", "one": price_screens.of_actual(found)}
    return render(request, "workspace/actual_price.html", context)


@require_safe
@page
def prices(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Answer what an hour of somebody costs and is sold for, and why: ``tieout explain price`` as a page."""
    frame = screens.frame(actor, company)
    query = request.GET.dict()
    typed = {name: filters.typed(query, name) for name, _ in _FIELDS}
    mistakes: dict[str, str] = {}
    found: Explained | None = None
    if any(typed[name] for name in _ASKED):
        found, mistakes = _explained(actor, company, typed)
    typed["date"] = typed["date"] or frame.today.isoformat()
    offered = entry_choices(actor=actor, company=company)
    context: dict[str, Any] = {
        "frame": frame,
        "title": "Prices",
        "fields": [
            {
                "name": name,
                "label": label,
                "value": typed[name],
                "mistake": mistakes.get(name, ""),
                "options": [one for one in offered if one.kind == name],
            }
            for name, label in _FIELDS
        ],
        "explained": found,
        "sides": price_screens.sides(found) if found else (),
    }
    return render(request, "workspace/prices.html", context, status=400 if mistakes else 200)


def _explained(actor: Actor, company: str, typed: dict[str, str]) -> tuple[Explained | None, dict[str, str]]:
    """Return the answer, or what is wrong with the question by field."""
    mistakes = {name: "Fill this in." for name in _ASKED if not typed[name]}
    on, dimensions = None, price_screens.dimensions_of(typed["dimensions"])
    try:
        on = date.fromisoformat(typed["date"])
    except ValueError:
        mistakes["date"] = "A day is written 2025-01-31."
    if dimensions is None:
        mistakes["dimensions"] = "A dimension is written NAME=VALUE; several are separated by commas."
    if mistakes or on is None or dimensions is None:
        return None, mistakes
    try:
        return (
            explain_price(
                actor=actor,
                company=company,
                project=typed["project"],
                role=typed["role"],
                resource=typed["resource"],
                on=on,
                dimensions=dimensions,
                quote=typed["quote"] or None,
                subcontract=typed["subcontract"] or None,
            ),
            {},
        )
    except PricingUnknown as problem:
        return None, {problem.field: f"{problem.text.message} {problem.text.remedy}"}
