"""Masters made on the fly: a project, category or vendor that a document names and nobody has set up.

Likewise a role or price list that a role price names. Only what is missing is made, and nothing that is
there is changed. Projects and categories are mastered in operations: they are entered there and travel to
finance by their map, before the documents that need them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from tieout.database.landing import LOADED
from tieout.dualwrite.delivery.actions import deliver
from tieout.dualwrite.maps.problems import MapNotRunning
from tieout.kernel.access import Actor, Role
from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.entering import MAPS
from tieout.loading.formats import FORMATS
from tieout.loading.given import enter_judged, judge
from tieout.loading.profile import Profile
from tieout.loading.references import Directory, Key, Reference
from tieout.loading.sources import SourceRow

_NAMED_BY: Final = {
    "project": "number",
    "category": "code",
    "vendor": "account_number",
    "role": "code",
    "price_list": "code",
}


@dataclass
class Masters:
    """Makes what is missing for one load, and counts it."""

    actor: Actor
    profile: Profile
    directory: Directory
    dry_run: bool
    made: Counter[str] = field(default_factory=Counter)

    def make(self, reference: Reference, chunk: Chunk, missing: Collection[Key]) -> dict[Key, Problem]:
        """Make the missing records that the profile allows; return why one could not be, by key."""
        target, side = reference.target, FORMATS[reference.target].side
        if target not in self.profile.create_missing:
            return {}
        reasons: dict[Key, Problem] = {}
        wanted = self.directory.find(side, target, missing)
        if wanted:
            reasons = self._enter(reference, chunk, wanted)
            self.directory.find(side, target, wanted)
        if side is not reference.side:
            for problem in () if self.dry_run else send(self.actor, target):
                reasons |= dict.fromkeys(set(missing) - reasons.keys(), problem)
            self.directory.find(reference.side, target, missing)
        return reasons

    def _enter(self, reference: Reference, chunk: Chunk, wanted: set[Key]) -> dict[Key, Problem]:
        rows = _rows(reference, chunk, wanted)
        own = self.profile.create.get(reference.target, {})
        profile = Profile(name=self.profile.name, format=FORMATS[reference.target], constants=own)
        headers = tuple(name for name in next(iter(rows.values())).values if name not in own)
        found = judge(self.actor, profile, headers, rows.values(), self.directory)
        by_number = {row.number: key for key, row in rows.items()}
        reasons = {by_number[number]: problems[0] for number, problems in found.problems.items()}
        if len(found.chunk):
            verdicts = enter_judged(self.actor, found, durable=not self.dry_run)
            self.made[reference.target] += sum(verdict.outcome == LOADED for verdict in verdicts)
        return reasons


def send(actor: Actor, entity: str) -> list[MapNotRunning]:
    """Deliver the maps of an entity now, as the program's own job would; return why one could not be.

    A map that does not run is its integrator's decision; when it starts, it sends what is there.
    """
    courier = Actor(name=actor.name, roles=frozenset({Role.SYSTEM}), companies=None)
    waiting = []
    for name in MAPS.get(entity, ()):
        try:
            deliver(actor=courier, map=name)
        except MapNotRunning as problem:
            waiting.append(problem)
    return waiting


def _rows(reference: Reference, chunk: Chunk, wanted: set[Key]) -> dict[Key, SourceRow]:
    """Return one row per record to make, with the number and company of the first row that names it.

    And with the other fields that this row gives it (``profile.with_made``).
    """
    rows: dict[Key, SourceRow] = {}
    made = f"{reference.target}."
    given = [name for name in chunk.format.fields if name.startswith(made)]
    for place, key in enumerate(chunk.frame.select(reference.fields).iter_rows()):
        if key in wanted and key not in rows:
            values = {_NAMED_BY[reference.target]: str(key[-1])}
            values |= {
                name.removeprefix(made): str(chunk.frame[name][place]) for name in given
            }  # a number is its text
            if "company" in FORMATS[reference.target].fields:
                values["company"] = str(chunk.value("company", place))
            rows[key] = SourceRow(chunk.number(place), values)
    return rows
