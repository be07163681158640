"""What reconciliation must answer: the cause of every line, the terms of every balance (finance spec 3)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final, NamedTuple

from tieout.faultlab.model import COST, DOCUMENT_MAPS, Books, Line, State, arrived
from tieout.faultlab.scenario import ACTUALS

RECONCILED: Final = "reconciled"
DIFFERS: Final = "amount_difference"


class Finding(NamedTuple):
    """One source line as reconciliation must show it: why it is open, its cost, what has come back."""

    reason: str
    cost: Decimal
    credited: Decimal


def findings(state: State, books: Books) -> dict[str, Finding]:
    """Return the finding of every line that is posted, by name."""
    return {
        line.name: Finding(
            _reason(state, line),
            Decimal(line.amount),
            Decimal(state.get(("cleared", f"{line.name} {COST}"), "0")),
        )
        for line in books.lines.values()
        if ("posted", line.name) in state
    }


def _reason(state: State, line: Line) -> str:
    """Return the hop that a line lacks (finance spec 3.5): the one after the last that it has reached."""
    actual = f"{line.name} {COST}"
    reached = (
        (("cleared", actual), RECONCILED),
        (("refused", actual), "refused"),
        (("draft line", actual), "draft"),
        (("line in error", actual), "draft"),
        ((arrived(ACTUALS), actual), "not_imported"),
        (("actual", actual), "actual_not_synced_back"),
        (("approved", line.name), "no_actual"),
        ((arrived(DOCUMENT_MAPS[line.document.kind]), line.name), "not_approved"),
    )
    return next((reason for fact, reason in reached if fact in state), "not_synced_to_operations")


def out_of_sync(state: State, books: Books, company: str) -> int:
    """Return how many actuals of a company should be in finance and are not."""
    return sum(
        what == "actual" and (arrived(ACTUALS), name) not in state and books.line_of(name).company == company
        for what, name in state
    )


def terms(state: State, books: Books) -> dict[tuple[str, str], Counter[str]]:
    """Return the terms of each balance by company and kind: money by cause, without those of nothing."""
    companies = {line.company for line in books.lines.values()}
    found: dict[tuple[str, str], Counter[str]] = {
        (company, kind.value): Counter() for company in companies for kind in DOCUMENT_MAPS
    }
    for name, one in findings(state, books).items():
        line = books.lines[name]
        cause = DIFFERS if one.reason == RECONCILED else one.reason
        cents = int((one.cost - one.credited) * 100)
        if cents:
            found[line.company, line.document.kind.value][cause] += cents
    return found
