"""What is true after actuals are imported and their journals posted, naively (finance spec 2.3 to 2.5)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Final

from tieout.faultlab.books import (
    CLOSED,
    Books,
    Line,
    State,
    arrived,
    is_cost,
    is_reversal,
    money,
    original_of,
    owed,
)
from tieout.faultlab.scenario import ACTUALS, POSTINGS, Step

NO_PROJECT, NO_ORIGINAL = "DW-205", "IMP-111"
SALES_ACCOUNT, FEE_ACCOUNT = "161300", "161400"
_STANDS: Final = ("draft line", "line in error", "cleared")
"""Where the journal line of an actual can stand."""


def import_(step: Step, books: Books, state: State) -> None:
    """What was refused before is imported first, then what has arrived, batch by batch."""
    mine = [
        name
        for what, name in books.state
        if what == arrived(ACTUALS)
        and books.line_of(name).company == step.company
        and not has_journal_line(books.state, name)
    ]

    def batch(name: str) -> int:
        return 0 if ("not imported", name) in books.state else books.batches.get(name, 1)

    for _, names in groupby(sorted(mine, key=batch), key=batch):
        _import_batch(list(names), books, state)


def _import_batch(names: Iterable[str], books: Books, state: State) -> None:
    """A reversal needs the journal line of its original, which may be made with it."""
    for name in sorted(names, key=is_reversal):
        line = books.line_of(name)
        if ("stage in finance", line.document.project) not in books.state:
            state["not imported", name] = NO_PROJECT
        elif is_reversal(name) and not has_journal_line(state, original_of(name)):
            state["not imported", name] = NO_ORIGINAL
        else:
            state.pop(("not imported", name), None)
            state["draft line", name] = books.state[arrived(ACTUALS), name]
            state["dated", name] = books.posting_day(line.company, line.day) or line.day


def has_journal_line(state: State, name: str) -> bool:
    """Whether an actual stands in an integration journal."""
    return any((what, name) in state for what in _STANDS)


def post(step: Step, books: Books, state: State) -> None:
    """Draft lines are posted or refused; those that reverse others after those."""
    for name in sorted(books.named("draft line"), key=is_reversal):
        line = books.line_of(name)
        if line.company != step.company:
            continue
        amount = state.pop(("draft line", name))
        day = books.posting_day(line.company, state["dated", name])
        if day is None or _is_refused(name, line, day, books, state):
            state["line in error", name] = amount
            state["refused", name] = ""
            continue
        state["cleared", name] = amount
        if not is_cost(name):
            state["earned", name] = _earned(line, name, Decimal(amount))
        state["dated", name] = day
        if books.captures(POSTINGS):
            state[owed(POSTINGS), name] = ""


def _earned(line: Line, name: str, amount: Decimal) -> str:
    """Return what a sale accrues: itself, and its fee on an account of its own (finance spec 2.3)."""
    fee = -line.fee if is_reversal(name) else line.fee
    parts = {SALES_ACCOUNT: amount - fee, FEE_ACCOUNT: fee}
    return ", ".join(f"{account} {money(part)}" for account, part in parts.items() if part)


def _is_refused(name: str, line: Line, day: str, books: Books, state: State) -> bool:
    """A reversal posts what its original has posted, and needs nothing else, not even an open project."""
    if is_reversal(name):
        return ("cleared", original_of(name)) not in state
    if books.state.get(("stage in finance", line.document.project), CLOSED) == CLOSED:  # or not there
        return True
    # A cost is reported at the rate of the day on which it is posted, a sale at that of its own.
    return not books.has_reporting_rate(line.company, day if is_cost(name) else line.day)


def to_draft(step: Step, books: Books, state: State) -> None:
    """What was refused is to be posted again."""
    for name in books.named("line in error"):
        if books.line_of(name).company == step.company:
            state["draft line", name] = state.pop(("line in error", name))
