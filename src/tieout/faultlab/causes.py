"""Which cause each line must have, decided record by record from what the laboratory did (finance spec 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from tieout.faultlab.books import (
    DOCUMENT_MAPS,
    ELSEWHERE,
    MISSING,
    REJECTED,
    SKIPS,
    VERIFIED,
    Books,
    Line,
    State,
    arrived,
    connection_of,
    owed,
    parked,
)
from tieout.faultlab.findings import (
    LAST,
    Balance,
    by_hand,
    contribution,
    credited,
    crossed,
    findings,
)
from tieout.faultlab.journalling import has_journal_line
from tieout.faultlab.scenario import ACTUALS, CONNECTIONS, INVOICES, POSTINGS, Kind

Carries = Callable[[str], bool]
"""Whether a map carries what is owed: it runs, at its version."""

NO_CAUSE = ""
OF_ACTUALS = ("RC-00b", "RC-03c", "RC-03d", "RC-03a")
OF_LINES = ("RC-00a", "RC-01b", "RC-01d", "RC-01e")
_CENT = Decimal("0.01")
SHIFTED, BY_HAND = "RC-18", "RC-20"


def causes(state: State, books: Books, carries: Carries) -> dict[str, str]:
    """Return the cause of every line that is posted, by name; empty where all of it came home."""
    return {
        line.name: _cause(state, line, books, carries)
        for line in books.lines.values()
        if ("posted", line.name) in state and line.clears
    }


def _cause(state: State, line: Line, books: Books, carries: Carries) -> str:
    staged = [name for name in line.costs if (arrived(ACTUALS), name) in state]
    if any(("actual", name) not in state for name in staged):
        return "RC-06"
    open_ = [name for name in staged if ("cleared", name) not in state]
    if open_:
        return _of_journal_line(state, open_)
    if staged:
        return _of_what_came_home(state, line, books, carries)
    actuals = [name for name in line.costs if ("actual", name) in state]
    if actuals:
        if any((SKIPS, name) in state for name in actuals):
            return "RC-04"
        order = ("RC-03a", "RC-03c", "RC-00b", "RC-03d")
        found = [_on_its_way(state, ACTUALS, name, carries, OF_ACTUALS) for name in actuals]
        return min(found, key=order.index)
    return _without_actual(state, line, carries)


def _without_actual(state: State, line: Line, carries: Carries) -> str:
    map_ = DOCUMENT_MAPS[line.document.kind]
    if (arrived(map_), line.name) not in state:
        if state.get((parked(map_), line.name)) == MISSING:
            return "RC-01a"
        return _on_its_way(state, map_, line.name, carries, OF_LINES)
    decided = state.get(("decided", line.name))
    stands = (
        (("approved", line.name) in state, "RC-02e"),
        (("not approved", line.name) in state, "RC-02b"),
        (decided == REJECTED, "RC-02c"),
        (line.document.to_verify and decided != VERIFIED, "RC-02d"),
    )
    return next((cause for stands_there, cause in stands if stands_there), "RC-02a")


def _of_journal_line(state: State, open_: Iterable[str]) -> str:
    """Return why a cost that is in staging is not posted: of several actuals the one that is further back."""
    waiting = [name for name in open_ if not has_journal_line(state, name)]
    if waiting:
        return "RC-08" if any(("not imported", name) in state for name in waiting) else "RC-09"
    return "RC-13" if any(("refused", name) in state for name in open_) else "RC-11"


def _of_what_came_home(state: State, line: Line, books: Books, carries: Carries) -> str:
    differs = credited(state, line, LAST) - Decimal(line.amount)
    if differs and all(("cleared", name) in state for name in line.costs):
        return "RC-21"
    if any((ELSEWHERE, name) in state for name in line.costs):
        return "RC-17"
    if line.name in books.at_other_rate:
        return "RC-15"
    if not differs:
        return _beside(state, line, carries)
    return "RC-16" if line.document.is_foreign and abs(differs) <= _CENT else "RC-14"


def _on_its_way(state: State, map_: str, name: str, carries: Carries, of: tuple[str, ...]) -> str:
    """Return the first when it is owed and its map carries it, the second when it does not; else the third.

    A fourth is said of what the other side has refused, also when it is owed once more.
    """
    in_flight, waits, lost, *refused = of
    if refused and (parked(map_), name) in state:
        return refused[0]
    if (owed(map_), name) not in state:
        return lost
    return in_flight if carries(map_) else waits


def _beside(state: State, line: Line, carries: Carries) -> str:
    """Return what is left of a line that came home: header, connection, write-back, its period."""
    postings = [name for name in {*line.actuals(), *line.costs} if ("cleared", name) in state]
    found = []
    if line.document.kind is Kind.VENDOR_INVOICE_LINE:
        found.append((INVOICES, [line.document.name], (NO_CAUSE, "RC-01g", "RC-01f", "RC-01h")))
    if line.sold:
        found.append((CONNECTIONS, [line.connection], (NO_CAUSE, "RC-05b", "RC-05", "RC-05c")))
    found.append((POSTINGS, postings, ("RC-00c", "RC-19b", "RC-19", "RC-19c")))
    in_flight = NO_CAUSE
    for map_, names, of in found:
        missing = [name for name in names if (arrived(map_), name) not in state]
        worst = sorted((_on_its_way(state, map_, name, carries, of) for name in missing), key=of.index)
        if worst and worst[-1] != of[0]:
            return worst[-1]
        in_flight = worst[-1] if worst else in_flight
    shifted = any(state["dated", name][:7] != line.day[:7] for name in postings if name in line.costs)
    return SHIFTED if shifted else in_flight


def causes_of_actuals(state: State, books: Books, carries: Carries) -> dict[str, str]:
    """Return the cause of every actual that operations or staging has, by name; empty where it is home."""
    names = {name for what, name in state if what in {"actual", arrived(ACTUALS)}}
    return {name: _of_actual(state, name, books, carries) for name in names}


def _of_actual(state: State, name: str, books: Books, carries: Carries) -> str:
    skips = (SKIPS, name) in state
    if ("actual", name) not in state:
        return "RC-06"
    if skips:
        return NO_CAUSE if books.line_of(name).document.stocked else "RC-04"
    if (arrived(ACTUALS), name) not in state:
        return _on_its_way(state, ACTUALS, name, carries, OF_ACTUALS)
    if ("cleared", name) not in state:
        return _of_journal_line(state, [name])
    if state["cleared", name] != state["actual", name] and name in books.at_other_amount:
        return "RC-14"
    connection = connection_of(name)
    ways = [(POSTINGS, name, ("RC-00c", "RC-19b", "RC-19", "RC-19c"))]
    if ("connection", connection) in state:
        ways.insert(0, (CONNECTIONS, connection, (NO_CAUSE, "RC-05b", "RC-05", "RC-05c")))
    missing = [(map_, key, of) for map_, key, of in ways if (arrived(map_), key) not in state]
    found = [_on_its_way(state, map_, key, carries, of) for map_, key, of in missing]
    return next((cause for cause in found if cause), NO_CAUSE)


def terms_by_cause(
    state: State, books: Books, carries: Carries, as_of: str = LAST
) -> dict[Balance, dict[str, Decimal]]:
    """Return what each cause contributes to each balance at the end of a day; nothing is left out."""
    found: dict[Balance, Counter[str]] = {
        (company, kind.value): Counter() for company in books.companies for kind in DOCUMENT_MAPS
    }
    decided = causes(state, books, carries)
    for name, one in findings(state, books).items():
        line = books.lines[name]
        cause = SHIFTED if crossed(state, line, one, as_of) else decided[name]
        found[line.company, line.document.kind.value][cause] += int(contribution(state, line, as_of) * 100)
    for balance, amount in by_hand(state, books, as_of):
        found[balance][BY_HAND] += int(amount * 100)
    return {
        balance: {cause: Decimal(cents) / 100 for cause, cents in money.items() if cents}
        for balance, money in found.items()
    }
