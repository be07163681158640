"""What befalls a journey of real data: runs broken off, records lost or stated twice, maps that stop."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from tests.journeys import council, proofs

from tieout.database.aliases import ALIASES
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.queries import find
from tieout.dualwrite.maps.rules import State
from tieout.faultlab import sessions
from tieout.faultlab.scenario import Break, How
from tieout.faultlab.world import World

STRUCK: Final = 40  # records that are lost, or stated again, at a time
WAYS: Final = (How.CRASH_BEFORE, How.CRASH_AFTER, How.CUT, How.GONE)
EVERY_FAULT: Final = {way.value for way in WAYS} | {"stop", "lose_stated", "state_again", "reorder"}
_OWED: Final = "select key from outbox_entry where map = %s order by key"


class Faults:
    """What befalls the records of some maps, drawn from a seed, and how often each of it did.

    ``stated``: of each map that states records again, the query for the keys of all that it may state.
    """

    def __init__(self, world: World, seed: int, maps: tuple[str, ...], stated: Mapping[str, str]) -> None:
        self.happened: Counter[str] = Counter()
        self._world, self._maps, self._stated = world, maps, stated
        self._chance = random.Random(seed)  # noqa: S311  not a secret

    def run_disturbed(self, verb: Callable[[], object]) -> None:
        """Run a verb, broken off at one of its commits, cut off there, or without one of the databases."""
        how = self._chance.choice(WAYS)
        broken = Break(how, commit=self._chance.randint(1, 4), database=self._chance.choice(ALIASES))
        ending = sessions.run(verb, broken)
        assert ending.error is None, ending.error
        self.happened[how.value] += not ending.whole

    def strike(self) -> None:
        """Stop or start a map, lose what is owed, state some once more, or turn the order round."""
        map_ = self._chance.choice(self._maps)
        match self._chance.choice(("stop", "start", "start", "drop", "duplicate", "reorder")):
            case "stop":
                set_state(actor=council.OPERATOR, map=map_, state=State.NOT_RUNNING)
                self.happened["stop"] += 1
            case "start":
                set_state(actor=council.OPERATOR, map=map_, state=State.RUNNING)
            case "drop":
                self._strike("lose_stated", map_, proofs.rows(find(map_).source, _OWED, map_))
            case "duplicate":
                again = self._chance.choice(sorted(self._stated))
                self._strike("state_again", again, proofs.rows(find(again).source, self._stated[again]))
            case "reorder":
                self._world.as_owner(find(map_).source, "turn_round", map=map_)
                self.happened["reorder"] += 1

    def _strike(self, statement: str, map_: str, found: list[tuple[object, ...]]) -> None:
        for (key,) in self._chance.sample(found, min(STRUCK, len(found))):
            self._world.as_owner(find(map_).source, statement, map=map_, key=key)
            self.happened[statement] += 1


@contextmanager
def faults(seed: int, maps: tuple[str, ...], stated: Mapping[str, str]) -> Iterator[Faults]:
    """Let faults happen within this block; at its end every one of :data:`EVERY_FAULT` has."""
    with ExitStack() as stack:
        world = World({alias: stack.enter_context(sessions.owner(alias)) for alias in ALIASES})
        found = Faults(world, seed, maps, stated)
        with sessions.disturbable():
            yield found
        sessions.administrator_leaves()
    assert {what for what, count in found.happened.items() if count} == EVERY_FAULT


def start(maps: tuple[str, ...]) -> None:
    """Start the maps again, as an integrator would."""
    for map_ in maps:
        set_state(actor=council.OPERATOR, map=map_, state=State.RUNNING)
