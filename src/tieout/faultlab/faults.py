"""Does what no verb does, as the owner of the tables: of each it is known beforehand what becomes true."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from django.db import DatabaseError

from tieout.database import sql
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.maps.queries import find
from tieout.faultlab.books import (
    AGAIN,
    COST,
    DOCUMENT_MAPS,
    SKIPS,
    Books,
    Fact,
    State,
    arrived,
    is_cost,
    money,
    owed,
    parked,
)
from tieout.faultlab.injected import INJECTIONS
from tieout.faultlab.journalling import has_journal_line
from tieout.faultlab.looking import Looker
from tieout.faultlab.model import after
from tieout.faultlab.scenario import ACTUALS, EXPENSES, Kind, Step
from tieout.faultlab.world import World
from tieout.kernel import identifiers

_PACKAGE: Final = "tieout.faultlab"
_HOURS_TURNED: Final = 72
_REWRITES: Final = ((FINANCE, "rewrite_ledger"), (OPERATIONS, "rewrite_actuals"))
_OTHER_RATE: Final = Decimal("108.1")
_RATE_ALONE: Final = 3
_RULES: Final = ("check", "raised")
"""How the other side says no: by a rule in its catalog, or by what only a trigger knows."""


class RewrittenError(RuntimeError):
    """The database let the program change what happened."""


class Faults:
    """Faults in what is stored: of each it is known beforehand what becomes true."""

    def __init__(self, world: World, books: Books, looker: Looker) -> None:
        self._world, self._books, self._looker = world, books, looker

    def strike(self, step: Step) -> State:
        """Do what a step says; return what must be true now."""
        if step.act in INJECTIONS:
            state = dict(self._books.state)
            return INJECTIONS[step.act](self._world, self._books, self._looker, step, state)
        fault = _FAULTS[step.act]
        return fault(self, step, dict(self._books.state))

    def drop(self, step: Step, state: State) -> State:
        """A record that is stated is lost before it is delivered."""
        # What is parked is tried again by pauses of its own: what becomes of it must not hang on the clock.
        names = [
            name for name in self._books.named(owed(step.target)) if (parked(step.target), name) not in state
        ]
        if names:
            name = names[step.pick % len(names)]
            self._as_source(step.target, "lose_stated", key=self._looker.key(owed(step.target), name))
            del state[owed(step.target), name]
            self._books.gaps.add((step.target, name))
        return state

    def duplicate(self, step: Step, state: State) -> State:
        """A record is stated once more, also when it has arrived."""
        names = sorted({*self._books.named(owed(step.target)), *self._books.named(arrived(step.target))})
        if names:
            self._state_again(step.target, names[step.pick % len(names)], state)
        return state

    def reorder(self, step: Step, state: State) -> State:
        """What is stated is delivered in the opposite order."""
        self._as_source(step.target, "turn_round")
        return state

    def old_version(self, step: Step, state: State) -> State:
        """A map gets the version of an earlier release."""
        self._as_source(step.target, "old_version")
        return state

    def lose_project(self, step: Step, _: State) -> State:
        """A project is gone from finance."""
        self._world.as_owner(FINANCE, "lose_project", number=step.target)
        return after(step, self._books)

    def refuse(self, step: Step, state: State) -> State:
        """The other side makes a rule against a record that is owed and has never arrived."""
        names = [
            name
            for name in self._books.named(owed(step.target))
            if (arrived(step.target), name) not in state and not self._books.refusal(step.target, name)
        ]
        if names:
            name = names[step.pick % len(names)]
            rule = self._books.refused[step.target, name] = _RULES[step.pick % len(_RULES)]
            key = self._looker.key(owed(step.target), name)
            self._world.as_owner(find(step.target).target, "refuse_record", key=key, kind=rule)
        return state

    def accept(self, step: Step, state: State) -> State:
        """Its rule is gone, and what it has refused is stated once more, as when the record is corrected."""
        for name in self.lift_rules(step.target):
            if (parked(step.target), name) in state:
                self._state_again(step.target, name, state)
        return state

    def lift_rules(self, map_: str) -> list[str]:
        """Let the other side take all records of a map; return the names that it had a rule against."""
        names = sorted(name for of, name in self._books.refused if of == map_)
        for name in names:
            del self._books.refused[map_, name]
            self._world.as_owner(find(map_).target, "accept_record", key=self._looker.key(owed(map_), name))
        return names

    def lose_category(self, _: Step, state: State) -> State:
        """A category is gone from operations, if all that names it is approved or has not arrived."""
        if not self._books.lacks_category and not any(map(self._would_differ, state)):
            self._world.as_owner(OPERATIONS, "lose_category")
            self._books.lacks_category = True
        return state

    def _would_differ(self, fact: Fact) -> bool:
        """Whether a line for lodging waits for its approval, or was refused for another reason."""
        what, name = fact
        maps = DOCUMENT_MAPS.values()
        if what not in {named(map_) for map_ in maps for named in (arrived, parked)}:
            return False
        return self._books.lines[name].document.lodging and ("approved", name) not in self._books.state

    def return_category(self, _: Step, state: State) -> State:
        """The category is back."""
        if self._books.lacks_category:
            self._world.as_owner(OPERATIONS, "return_category")
            self._books.lacks_category = False
        return state

    def record_twice(self, step: Step, state: State) -> State:
        """A cost is recorded once more, as no verb does: one document gets two actuals of the same cost."""
        names = [name for name in self._books.named("actual") if self._may_be_doubled(name)]
        if names:
            name = names[step.pick % len(names)]
            again = f"{self._books.line_of(name).name} {AGAIN}"
            key = identifiers.new_id()
            self._world.as_owner(OPERATIONS, "record_again", key=self._looker.key("actual", name), again=key)
            state["actual", again] = state["actual", name]
            if self._books.captures(ACTUALS):
                self._world.as_owner(OPERATIONS, "state_again", map=ACTUALS, key=key)
                state[owed(ACTUALS), again] = ""
        return state

    def _may_be_doubled(self, name: str) -> bool:
        line = self._books.line_of(name)
        has_one = (
            name == f"{line.name} {COST}" and ("actual", f"{line.name} {AGAIN}") not in self._books.state
        )
        skips = (SKIPS, name) in self._books.state
        return has_one and not skips and line.clears

    def _as_source(self, map_: str, statement: str, **parameters: Any) -> None:
        self._world.as_owner(find(map_).source, statement, map=map_, **parameters)

    def _state_again(self, map_: str, name: str, state: State) -> None:
        stands = next(one for one in (owed, arrived, parked) if (one(map_), name) in state)
        self._as_source(map_, "state_again", key=self._looker.key(stands(map_), name))
        state[owed(map_), name] = ""

    def tamper(self, step: Step, state: State) -> State:
        """Something that has arrived is changed, before anything was made of it.

        Its amount; of the cost of a document, by chance, also its exchange rate, or that alone.
        """
        facts = sorted(filter(self._is_before_its_next_hop, state))
        if facts:
            # by what the pick says beside the cents and the rate, which would else go with some facts alone
            what, name = facts[step.pick // 4 % len(facts)]
            of_line = what == arrived(ACTUALS) and self._books.line_of(name).clears and is_cost(name)
            has_other_rate = of_line and step.pick % 2 == 1
            cents = 0 if has_other_rate and step.pick % 4 == _RATE_ALONE else step.pick % 9 + 1
            amount = Decimal(state[what, name]) + Decimal(cents) / 100
            state[what, name] = money(amount)
            side, statement = _TAMPERED[what]
            changed = {"key": self._looker.key(what, name), "amount": amount}
            if what == arrived(ACTUALS):
                changed["rate"] = None
                if not of_line:
                    self._books.at_other_amount.add(name)
            if has_other_rate:
                changed["rate"] = _OTHER_RATE
                self._books.at_other_rate.add(self._books.line_of(name).name)
            self._world.as_owner(side, statement, **changed)
        return state

    def _is_before_its_next_hop(self, fact: Fact) -> bool:
        """Whether an amount of a document has arrived and nothing has been made of it."""
        what, name = fact
        state = self._books.state
        if what == arrived(ACTUALS):
            line = self._books.line_of(name)
            is_new = not has_journal_line(state, name)
            # Not of what can be taken back: a reversal posts what its original has posted.
            return is_new and line.document.kind in DOCUMENT_MAPS and ("actual", name) in state
        return what in _TAMPERED and self._books.lines[name].clears and ("approved", name) not in state


_TAMPERED: Final = {
    arrived(EXPENSES): (OPERATIONS, "tamper_expense"),
    arrived(DOCUMENT_MAPS[Kind.VENDOR_INVOICE_LINE]): (OPERATIONS, "tamper_invoice_line"),
    arrived(ACTUALS): (FINANCE, "tamper_staged"),
}


def _rewrite(_: Faults, step: Step, state: State) -> State:
    """Try to change what happened as the program does anything; raise unless the database refuses."""
    side, statement = _REWRITES[step.pick % len(_REWRITES)]
    try:
        sql.run(side, sql.load(_PACKAGE, statement))
    except DatabaseError:
        return state
    raise RewrittenError(f"{statement} passed")


def _turn_clock(_: Faults, step: Step, state: State) -> State:
    turn_clock(step.pick % (2 * _HOURS_TURNED) - _HOURS_TURNED)
    return state


def turn_clock(hours: int) -> None:
    """Turn the clock from which the program makes its keys; 0 sets it right."""
    shift = hours * 3_600 * 10**9
    clock = time if not hours else SimpleNamespace(time_ns=lambda: time.time_ns() + shift)
    setattr(identifiers, "time", clock)  # noqa: B010  a module's own global


_FAULTS: Final[dict[str, Callable[[Faults, Step, State], State]]] = {
    "drop": Faults.drop,
    "duplicate": Faults.duplicate,
    "reorder": Faults.reorder,
    "old_version": Faults.old_version,
    "lose_project": Faults.lose_project,
    "refuse": Faults.refuse,
    "accept": Faults.accept,
    "lose_category": Faults.lose_category,
    "return_category": Faults.return_category,
    "record_twice": Faults.record_twice,
    "tamper": Faults.tamper,
    "rewrite": _rewrite,
    "turn_clock": _turn_clock,
}
FAULTS: Final = frozenset(_FAULTS | INJECTIONS)
"""The steps that no verb does."""
