"""What reconciliation must answer: the cause of every line, the terms of every balance (finance spec 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from tieout.faultlab.books import DOCUMENT_MAPS, ELSEWHERE, SKIPS, Books, Line, State, arrived
from tieout.faultlab.journalling import has_journal_line
from tieout.faultlab.scenario import ACCOUNTS, ACTUALS

RECONCILED: Final = "reconciled"
DIFFERS: Final = "amount_difference"
CUT_OFF: Final = "cut_off"
EARLY: Final = "early_clear"
MANUAL: Final = "manual"
LAST: Final = "2025-12-31"

Balance = tuple[str, str]
"""An integration account: its company, and the kind of lines that it is for."""


class Finding(NamedTuple):
    """One source line as reconciliation must show it: why it is open, its cost, what has come back."""

    reason: str
    cost: Decimal
    credited: Decimal


def findings(state: State, books: Books) -> dict[str, Finding]:
    """Return the finding of every line that is posted, by name."""
    return {
        line.name: Finding(_reason(state, line), Decimal(line.amount), credited(state, line, LAST))
        for line in books.lines.values()
        if ("posted", line.name) in state and line.clears
    }


def credited(state: State, line: Line, as_of: str) -> Decimal:
    """Return what has come back of a line by the end of a day, on whatever account."""
    back = [name for name in line.costs if ("cleared", name) in state and state["dated", name] <= as_of]
    return sum((Decimal(state["cleared", name]) for name in back), Decimal(0))


def _reason(state: State, line: Line) -> str:
    """Return the hop that a line lacks (finance spec 3.5): the one after the last that all reached."""
    staged = [name for name in line.costs if (arrived(ACTUALS), name) in state]
    open_ = [name for name in staged if ("cleared", name) not in state]
    if staged and not open_:
        return RECONCILED
    if any(not has_journal_line(state, name) for name in open_):
        return "not_imported"
    if staged:
        return "refused" if any(("refused", name) in state for name in open_) else "draft"
    reached = (
        (any(("actual", name) in state for name in line.costs), "actual_not_synced_back"),
        (("approved", line.name) in state, "no_actual"),
        ((arrived(DOCUMENT_MAPS[line.document.kind]), line.name) in state, "not_approved"),
    )
    return next((reason for has, reason in reached if has), "not_synced_to_operations")


def out_of_sync(state: State, books: Books, company: str) -> int:
    """Return how many actuals of a company should be in finance and are not."""
    return sum(
        travels(state, what, name)
        and (arrived(ACTUALS), name) not in state
        and books.line_of(name).company == company
        for what, name in state
    )


def travels(state: State, what: str, name: str) -> bool:
    """Whether a fact is that of an actual that is to be in finance."""
    return what == "actual" and (SKIPS, name) not in state


def terms(state: State, books: Books, as_of: str = LAST) -> dict[Balance, Counter[str]]:
    """Return the terms of each balance at the end of a day: money by cause, without those of nothing."""
    found: dict[Balance, Counter[str]] = {
        (company, kind.value): Counter() for company in books.companies for kind in DOCUMENT_MAPS
    }
    for name, one in findings(state, books).items():
        line = books.lines[name]
        cause = crossed(state, line, one, as_of) or (DIFFERS if one.reason == RECONCILED else one.reason)
        found[line.company, line.document.kind.value][cause] += _cents(contribution(state, line, as_of))
    for balance, amount in by_hand(state, books, as_of):
        found[balance][MANUAL] += _cents(amount)
    return found


def contribution(state: State, line: Line, as_of: str) -> Decimal:
    """Return what a line adds to its balance at the end of a day: its cost less its credits by then."""
    cost = Decimal(line.amount) if line.day <= as_of else Decimal(0)
    back = [name for name in credits_of(state, line) if state["dated", name] <= as_of]
    return cost - sum((Decimal(state["cleared", name]) for name in back), Decimal(0))


def credits_of(state: State, line: Line) -> list[str]:
    """Return the names of what has cleared a line on its own integration account."""
    return [name for name in line.costs if ("cleared", name) in state and (ELSEWHERE, name) not in state]


def crossed(state: State, line: Line, one: Finding, as_of: str) -> str:
    """Return how a line crosses the end of a day, posted before and cleared after it or the reverse."""
    if line.day > as_of:
        return EARLY
    later = any(state["dated", name] > as_of for name in credits_of(state, line))
    return CUT_OFF if one.reason == RECONCILED and later else ""


def by_hand(state: State, books: Books, as_of: str) -> Iterator[tuple[Balance, Decimal]]:
    """Yield what was entered by hand on the integration accounts by the end of a day."""
    for name in (name for what, name in state if what == "by hand"):
        document = books.by_hand[name]
        if document.day <= as_of:
            yield (document.company, ACCOUNTS[document.account]), Decimal(state["by hand", name])


def days_to_prove(state: State, books: Books) -> list[str]:
    """Return the days at whose end the balances are proved: the last, and month ends that a line crossed."""
    crossed_ = any(
        what == "dated" and day[:7] != books.line_of(name).day[:7] for (what, name), day in state.items()
    )
    return [*(("2025-01-31", "2025-02-28") if crossed_ else ()), LAST]


def _cents(amount: Decimal) -> int:
    return int(amount * 100)
