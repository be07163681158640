"""What reconciliation must answer: the cause of every line, the terms of every balance (finance spec 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from tieout.faultlab.books import DOCUMENT_MAPS, Books, Line, State, arrived
from tieout.faultlab.scenario import ACCOUNTS, ACTUALS

RECONCILED: Final = "reconciled"
DIFFERS: Final = "amount_difference"
CUT_OFF: Final = "cut_off"
EARLY: Final = "early_clear"
MANUAL: Final = "manual"
ORPHAN: Final = "orphan"
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
        if ("posted", line.name) in state
    }


def credited(state: State, line: Line, as_of: str, without: Collection[str] = ()) -> Decimal:
    """Return what has come back of a line by the end of a day."""
    back = [name for name in line.costs if ("cleared", name) in state and state["dated", name] <= as_of]
    return sum((Decimal(state["cleared", name]) for name in back if name not in without), Decimal(0))


def _reason(state: State, line: Line) -> str:
    """Return the hop that a line lacks (finance spec 3.5): the one after the last that all reached."""
    staged = [name for name in line.costs if (arrived(ACTUALS), name) in state]
    open_ = [name for name in staged if ("cleared", name) not in state]
    if staged and not open_:
        return RECONCILED
    if any(is_without_journal_line(state, name) for name in open_):
        return "not_imported"
    if staged:
        return "refused" if any(("refused", name) in state for name in open_) else "draft"
    reached = (
        (any(("actual", name) in state for name in line.costs), "actual_not_synced_back"),
        (("approved", line.name) in state, "no_actual"),
        ((arrived(DOCUMENT_MAPS[line.document.kind]), line.name) in state, "not_approved"),
    )
    return next((reason for has, reason in reached if has), "not_synced_to_operations")


def is_without_journal_line(state: State, name: str) -> bool:
    """Whether an actual stands in no integration journal."""
    return not any((what, name) in state for what in ("draft line", "line in error", "cleared"))


def out_of_sync(state: State, books: Books, company: str) -> int:
    """Return how many actuals of a company should be in finance and are not."""
    return sum(
        what == "actual"
        and (arrived(ACTUALS), name) not in state
        and name not in books.skipped
        and books.line_of(name).company == company
        for what, name in state
    )


def terms(state: State, books: Books, as_of: str = LAST) -> dict[Balance, Counter[str]]:
    """Return the terms of each balance at the end of a day: money by cause, without those of nothing."""
    found: dict[Balance, Counter[str]] = {
        (company, kind.value): Counter() for company in books.companies for kind in DOCUMENT_MAPS
    }
    for name, one in findings(state, books).items():
        line = books.lines[name]
        cause = crossed(state, books, line, one, as_of)
        cause = cause or (DIFFERS if one.reason == RECONCILED else one.reason)
        found[line.company, line.document.kind.value][cause] += _cents(
            contribution(state, books, line, as_of)
        )
    for balance, amount in by_hand(state, books, as_of):
        found[balance][MANUAL] += _cents(amount)
    for balance, amount in orphans(state, books, as_of):
        found[balance][ORPHAN] += _cents(amount)
    return found


def contribution(state: State, books: Books, line: Line, as_of: str) -> Decimal:
    """Return what a line adds to its balance at the end of a day: its cost less its credits there by then."""
    cost = Decimal(line.amount) if line.day <= as_of else Decimal(0)
    return cost - credited(state, line, as_of, without=books.elsewhere)


def crossed(state: State, books: Books, line: Line, one: Finding, as_of: str) -> str:
    """Return how a line crosses the end of a day, posted before and cleared after it or the reverse."""
    if line.day > as_of:
        return EARLY
    back = [name for name in line.costs if name not in books.elsewhere and _has_entries(state, name)]
    later = any(state["dated", name] > as_of for name in back)
    return CUT_OFF if one.reason == RECONCILED and later else ""


def _has_entries(state: State, name: str) -> bool:
    """Whether a cost is cleared by ledger entries; one of nothing has a voucher without any."""
    return Decimal(state.get(("cleared", name), "0")) != 0


def orphans(state: State, books: Books, as_of: str) -> Iterator[tuple[Balance, Decimal]]:
    """Yield the credits on each integration account by the end of a day of costs that are not on it."""
    for name in books.elsewhere:
        if ("cleared", name) in state and state["dated", name] <= as_of:
            line = books.line_of(name)
            (other,) = set(DOCUMENT_MAPS) - {line.document.kind}
            yield (line.company, other.value), -Decimal(state["cleared", name])


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
