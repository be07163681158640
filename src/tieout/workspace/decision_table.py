"""The decision table of actuals in the seed's own shape and words: for its page and for the documentation.

Two tables, one per organizational relation; events down, situations across, each with its currency; one line
per actual that an event makes on time and materials, beside which the other situations' cells are as high.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

from tieout.operations.actuals.rules import (
    CurrencyOf,
    Decision,
    Event,
    Made,
    Quantity,
    Situation,
    Units,
    decisions,
)

_DASH: Final = " \N{EN DASH} "

# The seed's words.
EVENT_LABELS: Final = {
    Event.ENTRY_CREATED: "A time entry is created.",
    Event.ENTRY_SUBMITTED: "A time entry is submitted.",
    Event.APPROVED: (
        "Time is approved, and no change to or increase in billable hours occurs during approval."
    ),
    Event.APPROVED_DECREASED: "Time is approved, and a decrease in billable hours occurs during approval.",
    Event.INVOICE_CONFIRMED: (
        "An invoice is confirmed, and no change to or increase in billable hours occurs."
    ),
    Event.INVOICE_CONFIRMED_DECREASED: "An invoice is confirmed, and a decrease in billable hours occurs.",
    Event.INVOICE_CORRECTED_INCREASE: "An invoice is corrected to increase the chargeable quantity.",
    Event.INVOICE_CORRECTED_DECREASE: "An invoice is corrected to decrease the chargeable quantity.",
}
SITUATION_LABELS: Final = {
    Situation.TIME_AND_MATERIALS: "Time and materials",
    Situation.FIXED_PRICE: "Fixed price",
    Situation.PRESALES: "Project in the presales stage",
    Situation.INTERNAL: "Internal project",
}
UNITS_LABELS: Final = {
    Units.SAME: "The resource belongs to same organizational unit as the project's contracting unit",
    Units.DIFFERENT: (
        "The resource belongs to an organizational unit that differs from the project's contracting unit"
    ),
}
CURRENCY_LABELS: Final = {
    CurrencyOf.CONTRACTING_UNIT: "Contracting unit currency",
    CurrencyOf.RESOURCING_UNIT: "Resourcing unit currency",
    CurrencyOf.PROJECT_CONTRACT: "Project contract currency",
}
NOTHING: Final = "No activity in the Actuals entity"
NOT_APPLICABLE: Final = "Not applicable"
MILESTONE_OPENS: Final = "Change in milestone status from Invoiced to Ready for invoice"

_MADE_LABELS: Final = {
    Made.NONE: NOTHING,
    Made.NOT_APPLICABLE: NOT_APPLICABLE,
    Made.COST: "Cost actual",
    Made.UNBILLED_SALES: "Unbilled sales",
    Made.UNBILLED_SALES_REVERSAL: "Unbilled sales reversal",
    Made.BILLED_SALES: "Billed sales",
    Made.BILLED_SALES_REVERSAL: f"Billed sales{_DASH}Reversal",
    Made.RESOURCING_UNIT_COST: "Resourcing unit cost",
    Made.INTERORGANIZATIONAL_SALES: "Interorganizational sales",
}
_APPROVALS: Final = frozenset({Event.APPROVED, Event.APPROVED_DECREASED})
_QUANTITY_LABELS: Final = {
    Quantity.NEW: " for the new quantity",
    Quantity.DIFFERENCE: " for the difference",
    Quantity.MILESTONE: " for milestone",
}
# The situations that stand in two columns: what is made, and in which currency.
_WITH_CURRENCY: Final = frozenset({Situation.TIME_AND_MATERIALS, Situation.FIXED_PRICE})
_COLUMNS: Final = len(Situation) + len(_WITH_CURRENCY)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its lines of words, how many rows and columns it takes, and the situation it answers.

    ``situation`` None: it answers all of them.
    """

    lines: tuple[str, ...]
    situation: Situation | None
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class EventRows:
    """One event: its words and the rows of cells that it takes."""

    event: Event
    label: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class SeedTable:
    """The table of one organizational relation."""

    units: Units
    title: str
    events: tuple[EventRows, ...]


def made_label(decision: Decision) -> str:
    """Return the actual that a row of the decision table makes, in the seed's words."""
    made, quantity = decision.actual, decision.quantity
    if made is Made.BILLED_SALES_REVERSAL and quantity is Quantity.MILESTONE:
        return "Billed sales reversal for milestone"
    words = _MADE_LABELS[made]
    if made is Made.UNBILLED_SALES and decision.event in _APPROVALS:
        words += " actual"
    if decision.billing is not None:
        words += _DASH + decision.billing.value.replace("_", "-").capitalize()
    return words + (_QUANTITY_LABELS[quantity] if quantity is not None else "")


def opens_milestone(decision: Decision) -> bool:
    """Return whether the row reverses the sale of a milestone, which can be invoiced again."""
    return decision.actual is Made.BILLED_SALES_REVERSAL and decision.quantity is Quantity.MILESTONE


def seed_tables() -> tuple[SeedTable, ...]:
    """Return both tables."""
    return tuple(
        SeedTable(units, UNITS_LABELS[units], tuple(_of_event(units, event) for event in Event))
        for units in Units
    )


def _of_event(units: Units, event: Event) -> EventRows:
    of = {situation: decisions(units, event, situation) for situation in Situation}
    if all(row.actual is Made.NONE for rows in of.values() for row in rows):
        return EventRows(event, EVENT_LABELS[event], ((Cell((NOTHING,), None, columns=_COLUMNS),),))
    height = len(of[Situation.TIME_AND_MATERIALS])
    first, *others = (
        _pair(Situation.TIME_AND_MATERIALS, (row,), 1) for row in of[Situation.TIME_AND_MATERIALS]
    )
    beside = (
        cell
        for situation in Situation
        if situation is not Situation.TIME_AND_MATERIALS
        for cell in _pair(situation, of[situation], height)
    )
    return EventRows(event, EVENT_LABELS[event], ((*first, *beside), *others))


def _pair(situation: Situation, rows: tuple[Decision, ...], height: int) -> tuple[Cell, ...]:
    """Return the cells of a situation: what is made, and its currency where the seed has a column for it."""
    lines = [made_label(row) for row in rows]
    if any(opens_milestone(row) for row in rows):
        lines.append(MILESTONE_OPENS)
    made = Cell(tuple(lines), situation, height)
    if situation not in _WITH_CURRENCY:
        return (made,)
    currencies = dict.fromkeys(
        CURRENCY_LABELS[row.currency] if row.currency else NOT_APPLICABLE for row in rows
    )
    return made, Cell(tuple(currencies), situation, height)


def reference() -> str:
    """Return the page of the documentation: Markdown with the two tables as the seed writes them."""
    parts = [f"## {table.title}\n\n{_html(table)}" for table in seed_tables()]
    return (
        "# Decision table of actuals\n\n<!-- Made by `make docs`; do not edit. -->\n\n"
        "Which actuals an event makes: `operations/actuals/decision_table.csv`, loaded into\n"
        "`operations_decision`, which approval joins. *No activity*: nothing happens.\n"
        "*Not applicable*: the event is refused. The page *What happens when* of the workspace answers for\n"
        "a situation or for a project. What the table leaves blank is in `operations/actuals/kinds.csv`.\n\n"
        + "\n".join(parts)
    )


_HEAD: Final = """\
<thead>
<tr>
<th rowspan="3">Event</th>
<th colspan="4">Billable or sold project</th>
<th rowspan="3">Project in the presales stage</th>
<th rowspan="3">Internal project</th>
</tr>
<tr>
<th colspan="2">Time and materials</th>
<th colspan="2">Fixed price</th>
</tr>
<tr>
<th>Actuals</th>
<th>Transaction currency</th>
<th>Fixed price</th>
<th>Transaction currency</th>
</tr>
</thead>
"""


def _html(table: SeedTable) -> str:
    body = "".join(_html_rows(one) for one in table.events)
    return f"<table>\n{_HEAD}<tbody>\n{body}</tbody>\n</table>\n"


def _html_rows(event: EventRows) -> str:
    head = f"<td{_span('rowspan', len(event.rows))}>{escape(event.label, quote=False)}</td>\n"
    rows = ["".join(_html_cell(cell) for cell in row) for row in event.rows]
    rows[0] = head + rows[0]
    return "".join(f"<tr>\n{row}</tr>\n" for row in rows)


def _html_cell(cell: Cell) -> str:
    words = "<br>".join(escape(line, quote=False) for line in cell.lines)
    return f"<td{_span('rowspan', cell.rows)}{_span('colspan', cell.columns)}>{words}</td>\n"


def _span(name: str, size: int) -> str:
    return f' {name}="{size}"' if size > 1 else ""
