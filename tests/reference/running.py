"""Runs random worlds on the engine and on the naive model, and says where they differ.

The worlds of a batch live side by side in one database, each with ids of its own, and take the steps of one
script together, so that a verb is one call for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any, Final
from uuid import UUID

from tests.reference import engine, properties
from tests.reference.chance import Chance
from tests.reference.doing import draw_part, draw_script
from tests.reference.drawing import Drawing, draw_common
from tests.reference.ledger.books import Books
from tests.reference.ledger.steps import Model, Step, expect
from tests.reference.ledger.work import Common
from tests.reference.pricing_world import declare
from tests.reference.writing import write

BATCH: Final = 250
Source = Callable[[str], Random]
"""Gives the randomness of a thing by its name: what is drawn for one changes nothing of another."""


@dataclass(frozen=True)
class Batch:
    """Worlds that one database holds, and what people do in them; nothing of it is drawn yet."""

    source: Source
    shared: str  # the name of what its worlds have in common
    worlds: Sequence[str]
    steps: Sequence[int] | None = None  # of the script; all by default
    entries: Sequence[int] | None = None  # of each world; all by default

    def script(self) -> list[tuple[int, Step]]:
        """Return its steps with their numbers."""
        drawn = list(enumerate(draw_script(Chance(self.source(f"{self.shared} script")))))
        return drawn if self.steps is None else [drawn[number] for number in self.steps]

    def models(self, common: Common) -> list[Model]:
        """Draw its worlds."""
        firms = [Drawing(Chance(self.source(world)), common, f"{world}-").firm for world in self.worlds]
        if self.entries is not None:
            for firm in firms:
                firm.keep(self.entries)
        return [Model(firm, engine.numbered) for firm in firms]


def batch_of(seed: object, number: int, size: int = BATCH) -> Batch:
    """Return one batch of the worlds of a seed."""
    return Batch(
        lambda name: Random(f"{seed} {name}"),  # noqa: S311  a seed that replays
        f"batch {number}",
        [f"w{world}" for world in range(number * size, (number + 1) * size)],
    )


def run(batch: Batch) -> dict[str, list[str]]:
    """Run a batch on both; return the differences of each world that has one."""
    common = draw_common(Chance(batch.source(f"{batch.shared} common")))
    models = batch.models(common)
    engine.empty()
    declare(common.units, common.dimensions, common.purchase)
    engine.set_parameters(common.overlaps, common.lists_on_win)
    write([common, *(model.firm for model in models)])
    engine.analyze()
    differences: dict[str, list[str]] = {world: [] for world in batch.worlds}
    for number, step in batch.script():
        parts = [
            draw_part(Chance(batch.source(f"{world} step {number}")), model, step)
            for world, model in zip(batch.worlds, models, strict=True)
        ]
        refused = engine.act(step, parts)
        for world, model, part in zip(batch.worlds, models, parts, strict=True):
            expected = expect(model, step, part)
            asked = {*part.changes, part.project, part.quote, part.correction and part.correction.entry}
            mine = {one for one in refused if one[0] in asked}
            if step.verb in engine.ANSWERED and mine != expected:
                differences[world].append(f"{step}: refused {mine}, expected {expected}")
    _compare(batch, models, differences)
    return {world: found for world, found in differences.items() if found}


def _compare(batch: Batch, models: Sequence[Model], differences: dict[str, list[str]]) -> None:
    """Compare all rows of the engine with those of the models, and ask what must always hold."""
    expected = Books()
    for model in models:
        books = model.books()
        for part in fields(Books):
            total: Counter[Any] = getattr(expected, part.name)
            total.update(+getattr(books, part.name))
    places: dict[UUID, str] = {}
    for world, model in zip(batch.worlds, models, strict=True):
        places |= dict.fromkeys((*model.ledger.entries, *model.documents.all), world)
    for difference, key in expected.against(engine.read_books()):
        differences[places[key]].append(difference)
    for broken, key in properties.broken():
        differences[places[key]].append(broken)


def smallest(batch: Batch, world: str) -> tuple[Batch, list[str]]:
    """Return the batch with this world alone, with few steps and entries in which it still differs."""
    found = replace(batch, worlds=[world], steps=[number for number, _ in batch.script()])
    differences = run(found).get(world, [])
    if not differences:
        return found, []
    count = len(found.models(draw_common(Chance(batch.source(f"{batch.shared} common"))))[0].firm.work)
    found = replace(found, entries=range(count))
    for one in found.steps or ():
        fewer = replace(found, steps=[step for step in found.steps or () if step != one])
        if still := run(fewer).get(world):
            found, differences = fewer, still
    for one in found.entries or ():
        fewer = replace(found, entries=[entry for entry in found.entries or () if entry != one])
        if still := run(fewer).get(world):
            found, differences = fewer, still
    return found, differences
