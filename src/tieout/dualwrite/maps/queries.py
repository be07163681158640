"""The maps as they stand now, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tieout.database import sql
from tieout.dualwrite.maps.problems import MapNotRunning, MapVersionTooOld, UnknownMap
from tieout.dualwrite.maps.rules import MAPS, Map, Side, State, is_current
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem

_STATES = sql.load("tieout.dualwrite.maps", "states")
_OWED = sql.load("tieout.dualwrite.maps", "owed")


@dataclass(frozen=True, slots=True)
class MapStatus:
    """One map: its state and version, and what it owes.

    ``waiting`` records are stated and not delivered, the ``oldest`` since then; ``backlog`` of them from
    before the map started. ``parked`` ones the other side refused. ``written`` of ``to_write`` records the
    initial write has stated; None where none is under way.
    """

    map: Map
    state: State
    version: str
    changed_at: datetime
    changed_by: str
    waiting: int
    backlog: int
    oldest: datetime | None
    parked: int
    written: int | None
    to_write: int | None

    @property
    def lag(self) -> timedelta:
        """How long the oldest owed record has waited."""
        return max(timezone.now() - self.oldest, timedelta(0)) if self.oldest else timedelta(0)

    @property
    def is_current(self) -> bool:
        """Say whether the version satisfies the required one."""
        return is_current(self.version, self.map.required_version)


def maps(*, actor: Actor) -> list[MapStatus]:
    """Return every map in the order of ``maps.csv``."""
    permit(actor, Verb.READ)
    found = _states()
    companies = None if actor.companies is None else sorted(actor.companies)
    for side in Side:
        for row in sql.rows(side, _OWED, companies=companies):
            found[row["map"]] |= row
    return [
        MapStatus(**{**found[one.map], "state": State(found[one.map]["state"]), "map": one})
        for one in sorted(MAPS, key=lambda row: row.order)
        if one.map in found
    ]


def _states() -> dict[str, dict[str, Any]]:
    return {row["map"]: row for side in Side for row in sql.rows(side, _STATES)}


def find(name: str) -> Map:
    """Return the map called ``name``; raise :class:`UnknownMap`."""
    if (name,) not in MAPS.keys():  # noqa: SIM118  Table is no mapping
        raise UnknownMap(map=name, maps=tuple(row.map for row in MAPS))
    return MAPS.one(name)


def require_capturing(map_: Map) -> State:
    """Return the state of a map that is running or paused; raise when it is neither or too old."""
    row = next((row for row in sql.rows(map_.source, _STATES) if row["map"] == map_.map), None)
    if row is None or row["state"] == State.NOT_RUNNING:
        raise MapNotRunning(map=map_.map)
    if not is_current(row["version"], map_.required_version):
        raise MapVersionTooOld(map=map_.map, version=row["version"], required=map_.required_version)
    return State(row["state"])


def hindrances(*, actor: Actor) -> list[Problem]:
    """Return what keeps maps from carrying records now, in the order of ``maps.csv`` (finance spec 3.10)."""
    permit(actor, Verb.READ)
    states = _states()
    found: list[Problem] = []
    for map_ in sorted(MAPS, key=lambda row: row.order):
        row = states.get(map_.map)
        if row is None or row["state"] == State.NOT_RUNNING:
            found.append(MapNotRunning(map=map_.map))
        if row is not None and not is_current(row["version"], map_.required_version):
            found.append(
                MapVersionTooOld(map=map_.map, version=row["version"], required=map_.required_version)
            )
    return found
