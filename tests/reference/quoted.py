"""Draws quotes: each offers the work of projects in the presales stage; two may offer the same project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from tests.reference.contract_world import CLASSES
from tests.reference.world import DIGITS

if TYPE_CHECKING:
    from tests.reference.drawing import Drawing

METHODS: Final = ("time_and_materials", "time_and_materials", "time_and_materials", "fixed_price")


def draw_quotes(drawing: Drawing) -> None:
    """Draw projects and the quotes that offer them, to customers of contracts and to new ones."""
    chance, firm = drawing.chance, drawing.firm
    units = [chance.one(drawing.units) for _ in chance.times(0, 2)]
    offered = [firm.project(unit, "presales", None, drawing.company_of(unit)) for unit in units]
    drawing.projects += offered
    drawing.tasks |= {project: [] for project in offered}
    for project in offered:
        row = firm.the("project", project)
        company = str(row["company_code"])
        for _ in chance.times(1, 2):
            customers = [one["id"] for one in firm.own("customer") if one["company_code"] == company]
            customer = chance.one((None, *customers))
            quote = firm.quote(row["unit_id"], chance.one(DIGITS), company, customer)
            draw_lines(drawing, quote, project)
            other = chance.one(offered)
            is_of_company = firm.the("project", other)["company_code"] == company
            if other != project and is_of_company and chance.is_one_in(3):
                draw_lines(drawing, quote, other)


def draw_lines(drawing: Drawing, quote: UUID, project: UUID) -> None:
    """Draw the lines of a quote for one project: they share no work."""
    chance, firm = drawing.chance, drawing.firm
    letters = [name[0].upper() for name in CLASSES]
    first = "".join(letter for letter in letters if not chance.is_one_in(6))
    rest = "".join(letter for letter in letters if letter not in first)
    for classes in (first, rest) if rest and chance.is_one_in(2) else (first,):
        method = chance.one(METHODS)
        sells = method == "time_and_materials"
        terms = {
            f"{name}_percent": chance.number(0, 30, 2) if sells and chance.is_one_in(3) else None
            for name in ("discount", "fee")
        }
        firm.quote_line(quote, project, classes, billing_method=method, **terms)
