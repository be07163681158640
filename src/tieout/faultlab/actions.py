"""Runs seeds: step by step, and after each step everything is compared with the naive model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tieout.faultlab import acts, minimise, sessions
from tieout.faultlab.books import Books, State, arrived
from tieout.faultlab.causes import BY_HAND, Carries, causes, terms_by_cause
from tieout.faultlab.drawing import draw
from tieout.faultlab.faults import FAULTS, Faults, turn_clock
from tieout.faultlab.healing import heal, healed
from tieout.faultlab.invariants import between, differences, keep_gaps, lost
from tieout.faultlab.looking import Looker, wrong_answers, wrong_facts
from tieout.faultlab.model import after, change_set_up
from tieout.faultlab.scenario import How, Step
from tieout.faultlab.world import World

HEALING: Final = "mend all, Sync, and let the chain run to its end"


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed that failed: its steps, after which of them (None: when all was mended), and what is wrong."""

    seed: int
    steps: tuple[Step, ...]
    at: int | None
    wrong: tuple[str, ...]

    def story(self) -> Iterator[str]:
        """Tell the steps, and what was wrong at the end."""
        told = self.steps if self.at is None else self.steps[: self.at + 1]
        for number, step in enumerate(told, 1):
            yield f"{number:3}. {step}"
        if self.at is None:
            yield f"{len(told) + 1:3}. {HEALING}"
        yield "Then:"
        for line in self.wrong:
            yield f"     {line}"


def run_seed(world: World, *, seed: int, steps: int, shortest: bool = True) -> Failure | None:
    """Run one seed; return what failed with the fewest steps that still fail, None if nothing did."""
    failure = run_steps(world, draw(seed, steps), seed=seed)
    if failure is None or not shortest:
        return failure
    few = minimise.fewest(failure.steps, lambda some: run_steps(world, some, seed=seed) is not None)
    return run_steps(world, few, seed=seed) or failure


def run_seeds(
    world: World, *, first: int, count: int, steps: int, tell: Callable[[int], None] = lambda _: None
) -> Failure | None:
    """Run seeds until one fails; return that failure. ``tell`` hears after each seed how many are done."""
    for done, seed in enumerate(range(first, first + count), 1):
        if (failure := run_seed(world, seed=seed, steps=steps)) is not None:
            return failure
        tell(done)
    return None


def run_steps(world: World, steps: Sequence[Step], *, seed: int = 0) -> Failure | None:
    """Run these steps in the world as it was loaded, then mend all."""
    world.bring_back()
    run = _Run(world)
    try:
        for number, step in enumerate(steps):
            if wrong := run.do(step):
                return Failure(seed, tuple(steps), number, tuple(wrong))
        wrong = run.mend()
        return Failure(seed, tuple(steps), None, tuple(wrong)) if wrong else None
    finally:
        run.end()


def _said(error: BaseException) -> str:
    """Return an error as one line."""
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"


@dataclass
class _Open:
    """A run that is held open: its step, and what it would have made true when it began."""

    held: sessions.Held
    step: Step
    expected: State


class _Run:
    """One seed: the books of the model, and what is held open."""

    def __init__(self, world: World) -> None:
        self._books = Books()
        self._looker = Looker(world)
        self._books.batches = self._looker.batches
        self._books.state = self._looker.look("both")
        self._books.collected = dict(self._books.state)
        self._world = world
        self._faults = Faults(world, self._books, self._looker)
        self._open: _Open | None = None
        self._collected_under_faults = False  # only then are all facts read again at the end

    def do(self, step: Step) -> list[str]:
        """Do one step; return what is wrong then."""
        wrong: list[str] = []
        if self._open is not None and not step.row.breakable:
            wrong = self._let_go()
        if wrong or step.act == "release":
            return wrong
        if step.document is not None:
            self._books.add(step.document)
        if step.act in FAULTS:
            return self._strike(step)
        if step.broken is not None and step.broken.how is How.HOLD and self._open is None:
            return self._hold(step)
        return self._call(step)

    def _strike(self, step: Step) -> list[str]:
        expected = self._faults.strike(step)
        change_set_up(step, self._books)
        return self._settle(expected, step.row.sides)

    def _call(self, step: Step) -> list[str]:
        beside = self._open is not None
        broken = None if step.broken is not None and step.broken.how is How.HOLD else step.broken
        expected = after(step, self._books)
        ending = sessions.run(acts.call_of(step, self._looker), broken, beside=beside)
        if ending.error is not None:
            return [f"the run ended with {_said(ending.error)}"]
        wrong = self._settle(expected, step.row.sides, whole=ending.whole and not beside)
        change_set_up(step, self._books)
        if step.act == "collect":
            self._books.read |= self._books.state.keys()
            self._collected_under_faults |= beside or not ending.whole
            self._books.collected = dict(self._books.state) if ending.whole else None
            wrong = wrong or self._ask(self._books.carries)
        return wrong

    def _hold(self, step: Step) -> list[str]:
        expected = after(step, self._books)
        assert step.broken is not None  # noqa: S101  it is held by its break
        held = sessions.Held(acts.call_of(step, self._looker), step.broken)
        if held.ended is None:
            self._open = _Open(held, step, expected)
        elif held.ended.error is not None:
            return [f"the run ended with {_said(held.ended.error)}"]
        if step.act == "collect":
            self._books.read |= self._books.state.keys()
            self._collected_under_faults = True
            self._books.collected = None
        return self._settle(expected, "both", whole=False)

    def _let_go(self) -> list[str]:
        if self._open is None:
            return []
        opened, self._open = self._open, None
        ending = opened.held.let_go()
        if ending.error is not None:
            return [f"the run ended with {_said(ending.error)}"]
        if opened.step.act == "collect":
            self._books.read |= self._books.state.keys()
            self._books.collected = None
        expected = after(opened.step, self._books)
        return self._settle(expected, "both", whole=False, begun=opened.expected)

    def _settle(
        self, expected: State, sides: str, *, whole: bool = True, begun: State | None = None
    ) -> list[str]:
        """Look, compare, and take what is there as what is true; return what is wrong with it.

        A run that was broken off or held open leaves each fact as it was, or as it would be, now or as when
        it had ``begun``.
        """
        books = self._books
        seen = self._looker.look(sides if self._open is None else "both")
        if whole:
            wrong = differences(expected, seen)
        else:
            wrong = between(books.state, [expected] if begun is None else [expected, begun], seen)
        keep_gaps(books.state, seen, books)
        books.gaps = {(map_, name) for map_, name in books.gaps if (arrived(map_), name) not in seen}
        books.state = seen
        return wrong + [
            f"{name} is lost: {map_} neither owes it nor has brought it" for map_, name in lost(seen, books)
        ]

    def mend(self) -> list[str]:
        """Mend all; return what is wrong when everything should have come home."""
        if wrong := self._let_go():
            return wrong
        expected = healed(self._books)
        try:
            wrong = heal(self._books, self._faults)
        except Exception as error:  # noqa: BLE001  whatever it is, it must not happen
            wrong = [f"mending ended with {_said(error)}"]
        if wrong:
            return wrong
        self._books.collected = expected
        return (
            differences(expected, self._looker.look("both"))
            or self._ask(lambda _: True)
            or (wrong_facts() if self._collected_under_faults else [])
        )

    def _ask(self, carries: Carries) -> list[str]:
        """Ask reconciliation, and count which causes it had to name; return where it says something else."""
        if wrong := wrong_answers(self._books, self._looker, carries):
            return wrong
        state = self._books.collected or {}
        self._world.met.update(filter(None, causes(state, self._books, carries).values()))
        for money in terms_by_cause(state, self._books, carries).values():
            self._world.met.update(money.keys() & {BY_HAND})
        return []

    def end(self) -> None:
        """Let go of what is held, and of connections that a failure may have left behind."""
        self._let_go()
        turn_clock(0)
        sessions.forget_broken()
