"""What the owner of the tables does to what nobody has collected yet: causes that no verb brings about.

Facts of append-only tables are read once, so that each of these comes before the next collection has seen its
record. None of them mends itself: what they leave behind is still there at the end, with its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.faultlab.books import (
    AGAIN,
    ELSEWHERE,
    SKIPS,
    Books,
    Fact,
    Line,
    State,
    arrived,
    is_cost,
    owed,
    parked,
)
from tieout.faultlab.looking import Looker
from tieout.faultlab.scenario import ACTUALS, CONNECTIONS, Step
from tieout.faultlab.world import World

_OTHER_ACCOUNT: Final = "540100"
"""The account that a cost is cleared on instead of its integration account: that of the cost itself."""


def _is_new(books: Books, fact: Fact) -> bool:
    """Whether something is true of which reconciliation has no facts yet."""
    return fact in books.state and fact not in books.read


def _stands_still(books: Books, map_: str, name: str) -> bool:
    """Whether a record has not arrived, and nobody has refused it or will."""
    left = (arrived(map_), name) not in books.state and (parked(map_), name) not in books.state
    return left and (map_, name) not in books.refused


def _never_stated(state: State, books: Books, map_: str, name: str) -> None:
    """A record is owed no more, and nobody will miss it."""
    state.pop((owed(map_), name), None)
    books.gaps.discard((map_, name))


def _documents(books: Books) -> Iterator[Line]:
    """Yield the document lines whose cost is recorded once."""
    for name in sorted(books.lines):
        line = books.lines[name]
        if line.clears and ("actual", f"{name} {AGAIN}") not in books.state:
            yield line


def unmake(world: World, books: Books, looker: Looker, step: Step, state: State) -> State:
    """The actuals of an approved line are gone, and what connects them, before any of it has left."""
    lines = [line for line in _documents(books) if _is_unsent(books, line)]
    if lines:
        line = lines[step.pick % len(lines)]
        keys = [looker.key("actual", name) for name in line.actuals()]
        world.as_owner(OPERATIONS, "unmake_actuals", keys=keys, maps=[ACTUALS, CONNECTIONS])
        for name in line.actuals():
            del state["actual", name]
            state.pop((SKIPS, name), None)
            _never_stated(state, books, ACTUALS, name)
        state.pop(("connection", line.connection), None)
        _never_stated(state, books, CONNECTIONS, line.connection)
    return state


def _is_unsent(books: Books, line: Line) -> bool:
    sent = line.sold and not _stands_still(books, CONNECTIONS, line.connection)
    return not sent and all(
        _is_new(books, ("actual", name)) and _stands_still(books, ACTUALS, name) for name in line.actuals()
    )


def skip(world: World, books: Books, looker: Looker, step: Step, state: State) -> State:
    """The cost of a document is marked not to be sent, which only the cost of lent work is."""
    names = [
        line.costs[0]
        for line in _documents(books)
        if _is_new(books, ("actual", line.costs[0])) and _stands_still(books, ACTUALS, line.costs[0])
    ]
    names = [name for name in names if (SKIPS, name) not in state]
    if names:
        name = names[step.pick % len(names)]
        world.as_owner(OPERATIONS, "skip_actual", key=looker.key("actual", name), map=ACTUALS)
        state[SKIPS, name] = ""
        _never_stated(state, books, ACTUALS, name)
    return state


def remove(world: World, books: Books, looker: Looker, step: Step, state: State) -> State:
    """A cost that finance has in staging is gone from operations."""
    names = [
        line.costs[0]
        for line in _documents(books)
        if _is_new(books, ("actual", line.costs[0])) and (arrived(ACTUALS), line.costs[0]) in state
    ]
    if names:
        name = names[step.pick % len(names)]
        world.as_owner(OPERATIONS, "remove_actual", key=looker.key("actual", name), map=ACTUALS)
        del state["actual", name]
        _never_stated(state, books, ACTUALS, name)
    return state


def clear_elsewhere(world: World, books: Books, looker: Looker, step: Step, state: State) -> State:
    """A journal line has credited another account than the one that its document debited."""
    names = [
        name
        for name in books.named("cleared")
        if is_cost(name)
        and books.line_of(name).clears
        and _is_new(books, ("cleared", name))
        and (ELSEWHERE, name) not in state
    ]
    if names:
        name = names[step.pick % len(names)]
        key = looker.key("cleared", name)
        world.as_owner(FINANCE, "clear_elsewhere", key=key, account=_OTHER_ACCOUNT)
        state[ELSEWHERE, name] = ""
    return state


INJECTIONS: Final[dict[str, Callable[[World, Books, Looker, Step, State], State]]] = {
    "unmake": unmake,
    "skip": skip,
    "remove": remove,
    "clear_elsewhere": clear_elsewhere,
}
