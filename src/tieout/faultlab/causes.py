"""Which cause each line must have, decided record by record from what the laboratory did (finance spec 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from tieout.faultlab.findings import findings
from tieout.faultlab.model import COST, DOCUMENT_MAPS, Books, Line, State, arrived, owed
from tieout.faultlab.scenario import ACTUALS, CONNECTIONS, INVOICES, POSTINGS, Kind

Carries = Callable[[str], bool]
"""Whether a map carries what is owed: it runs, at its version."""

NO_CAUSE = ""


def causes(state: State, books: Books, carries: Carries) -> dict[str, str]:
    """Return the cause of every line that is posted, by name; empty where all of it came home."""
    return {
        line.name: _cause(state, line, carries)
        for line in books.lines.values()
        if ("posted", line.name) in state
    }


def _cause(state: State, line: Line, carries: Carries) -> str:
    actual = f"{line.name} {COST}"
    if ("cleared", actual) in state:
        return _beside(state, line, carries) if state["cleared", actual] == line.amount else "RC-14"
    map_ = DOCUMENT_MAPS[line.document.kind]
    stands = (
        (("refused", actual), "RC-13"),
        (("draft line", actual), "RC-11"),
        (("line in error", actual), "RC-11"),
        (("not imported", actual), "RC-08"),
        ((arrived(ACTUALS), actual), "RC-09"),
        (("actual", actual), _on_its_way(state, ACTUALS, actual, carries, ("RC-00b", "RC-03c", "RC-03d"))),
        (("approved", line.name), "RC-02e"),
        (("not approved", line.name), "RC-02b"),
        ((arrived(map_), line.name), "RC-02a"),
    )
    lacks = _on_its_way(state, map_, line.name, carries, ("RC-00a", "RC-01b", "RC-01d"))
    return next((cause for fact, cause in stands if fact in state), lacks)


def _on_its_way(state: State, map_: str, name: str, carries: Carries, of: tuple[str, str, str]) -> str:
    """Return the first when it is owed and its map carries it, the second when it does not; else the last."""
    in_flight, waits, lost = of
    if (owed(map_), name) not in state:
        return lost
    return in_flight if carries(map_) else waits


def _beside(state: State, line: Line, carries: Carries) -> str:
    """Return what is missing beside a line that came home: header, connection, write-back, in this order."""
    postings = [name for name in line.actuals() if ("cleared", name) in state]
    found = []
    if line.document.kind is Kind.VENDOR_INVOICE_LINE:
        found.append((INVOICES, [line.document.name], (NO_CAUSE, "RC-01g", "RC-01f")))
    if line.sold:
        found.append((CONNECTIONS, [f"{line.name} connection"], (NO_CAUSE, "RC-05b", "RC-05")))
    found.append((POSTINGS, postings, ("RC-00c", "RC-19b", "RC-19")))
    for map_, names, of in found:
        missing = [name for name in names if (arrived(map_), name) not in state]
        worst = sorted((_on_its_way(state, map_, name, carries, of) for name in missing), key=of.index)
        if worst and worst[-1]:
            return worst[-1]
    return NO_CAUSE


def causes_out_of_sync(state: State, books: Books, carries: Carries, company: str) -> Counter[str]:
    """Return how many actuals of a company should be in finance and are not, by cause."""
    return Counter(
        _on_its_way(state, ACTUALS, name, carries, ("RC-00b", "RC-03c", "RC-03d"))
        for what, name in state
        if what == "actual"
        and (arrived(ACTUALS), name) not in state
        and books.line_of(name).company == company
    )


def terms_by_cause(state: State, books: Books, carries: Carries) -> dict[tuple[str, str], dict[str, Decimal]]:
    """Return what each cause contributes to each balance, by company and kind; nothing is left out."""
    found: dict[tuple[str, str], dict[str, Decimal]] = {
        (line.company, kind.value): {} for line in books.lines.values() for kind in DOCUMENT_MAPS
    }
    decided = causes(state, books, carries)
    for name, one in findings(state, books).items():
        line = books.lines[name]
        terms = found[line.company, line.document.kind.value]
        if rest := one.cost - one.credited:
            terms[decided[name]] = terms.get(decided[name], Decimal(0)) + rest
    return found
