"""What must hold between two looks at both sides, however a run has ended.

A run that did all it could leaves exactly what the model says. One that was broken off leaves each fact as it
was before, or as it would be afterwards: nothing in between, nothing else, nothing twice. And whatever came
into being is owed to the other side, or has arrived there, or is a gap made on purpose: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tieout.faultlab.books import DOCUMENT_MAPS, Books, Fact, State, arrived, owed, parked
from tieout.faultlab.findings import travels
from tieout.faultlab.scenario import ACTUALS, CONNECTIONS, INVOICES, POSTINGS, Kind

_BORN: Final = {"actual": ACTUALS, "connection": CONNECTIONS, "cleared": POSTINGS}
"""Facts that their side states for a map in the same commit."""


def must_be_stated(state: State, books: Books) -> Iterator[Fact]:
    """Yield map and name of every record that its side had to state."""
    for what, name in state:
        if what == "posted":
            line = books.lines[name]
            yield DOCUMENT_MAPS[line.document.kind], name
            if line.document.kind is Kind.VENDOR_INVOICE_LINE:
                yield INVOICES, line.document.name
        elif what in _BORN and (what != "actual" or travels(state, what, name)):
            yield _BORN[what], name


def keep_gaps(before: State, now: State, books: Books) -> None:
    """Remember what came into being while its map was not running: nobody owes it."""
    known = set(must_be_stated(before, books))
    for map_, name in must_be_stated(now, books):
        if (map_, name) not in known and not books.captures(map_):
            books.gaps.add((map_, name))


def lost(state: State, books: Books) -> list[Fact]:
    """Return what was stated and is neither owed nor there nor kept as refused: nothing may be lost."""
    return sorted(
        (map_, name)
        for map_, name in set(must_be_stated(state, books))
        if (owed(map_), name) not in state
        and (arrived(map_), name) not in state
        and (parked(map_), name) not in state
        and (map_, name) not in books.gaps
    )


def between(before: State, states: list[State], seen: State) -> list[str]:
    """Return what is wrong with what a run left that broke off: each fact as before, or as afterwards."""
    wrong = []
    for fact in {*before, *seen, *(fact for state in states for fact in state)}:
        allowed = {before.get(fact), *(state.get(fact) for state in states)}
        if seen.get(fact) not in allowed:
            wrong.append(_difference(fact, " or ".join(sorted(map(_say, allowed))), seen.get(fact)))
    return sorted(wrong)


def differences(expected: State, seen: State) -> list[str]:
    """Return every fact that is other than it must be."""
    return sorted(
        _difference(fact, _say(expected.get(fact)), seen.get(fact))
        for fact in {*expected, *seen}
        if expected.get(fact) != seen.get(fact)
    )


def _difference(fact: Fact, expected: str, seen: str | None) -> str:
    return f"{fact[1]}, {fact[0]}: must be {expected}, is {_say(seen)}"


def _say(value: str | None) -> str:
    return "nothing" if value is None else value or "true"
