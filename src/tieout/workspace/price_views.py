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
from tieout.operations.pricing.queries import Explained, explain_item, explain_price
from tieout.operations.pricing.rules import typed_price
from tieout.workspace import filters, price_screens, screens
from tieout.workspace.pages import page

_FIELDS: Final = (
    ("project", "Project ID"),
    ("resource", "Resource"),
    ("role", "Role"),
    ("date", "Date"),
    ("dimensions", "Further dimensions (optional)"),
    ("quote", "Quote (optional)"),
    ("category", "Or category of expenses"),
    ("product", "Or product"),
    ("unit", "Its unit"),
    ("typed", "Typed on the expense (optional)"),
    ("subcontract", "Subcontract (optional)"),
)
_OF_HOUR: Final = ("project", "resource", "role")
_OF_ITEM: Final = ("category", "product")


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
    """Answer what an hour, an expense or a product costs and is sold for, and why.

    It is ``tieout explain price`` as a page.
    """
    frame = screens.frame(actor, company)
    query = request.GET.dict()
    typed = {name: filters.typed(query, name) for name, _ in _FIELDS}
    mistakes: dict[str, str] = {}
    found: Explained | None = None
    if any(typed[name] for name in (*_OF_HOUR, *_OF_ITEM)):
        found, mistakes = _explained(actor, company, typed)
    typed["date"] = typed["date"] or frame.today.isoformat()
    typed["unit"] = typed["unit"] or "each"
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
    is_item = any(typed[name] for name in _OF_ITEM)
    mistakes = {name: "Fill this in." for name in (("project",) if is_item else _OF_HOUR) if not typed[name]}
    if typed["category"] and typed["product"]:
        mistakes["product"] = "Ask for a category or a product."
    on, dimensions = None, price_screens.dimensions_of(typed["dimensions"])
    money = typed_price(typed["typed"])
    try:
        on = date.fromisoformat(typed["date"])
    except ValueError:
        mistakes["date"] = "A day is written 2025-01-31."
    if dimensions is None:
        mistakes["dimensions"] = "A dimension is written NAME=VALUE; several are separated by commas."
    if money is None:
        mistakes["typed"] = "An amount and its currency are written 12.50 EUR."
    if mistakes or on is None or dimensions is None or money is None:
        return None, mistakes
    asked: dict[str, Any] = {"actor": actor, "company": company, "project": typed["project"], "on": on}
    asked["subcontract"] = typed["subcontract"] or None
    try:
        if is_item:
            asked |= {name: typed[name] or None for name in _OF_ITEM}
            price, currency = money
            return explain_item(**asked, unit=typed["unit"] or "each", typed=price, currency=currency), {}
        asked |= {"role": typed["role"], "resource": typed["resource"], "quote": typed["quote"] or None}
        return explain_price(**asked, dimensions=dimensions), {}
    except PricingUnknown as problem:
        return None, {problem.field: f"{problem.text.message} {problem.text.remedy}"}
