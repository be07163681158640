"""The maps as they stand now, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tieout.database import sql
from tieout.dualwrite.maps.problems import MapNotRunning, MapVersionTooOld, UnknownMap
from tieout.dualwrite.maps.rules import MAPS, Map, Side, State, is_current
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem

_STATES = sql.load("tieout.dualwrite.maps", "states")


@dataclass(frozen=True, slots=True)
class MapStatus:
    """One map: its state, its version, and how many stated records wait for delivery."""

    map: Map
    state: State
    version: str
    changed_at: datetime
    changed_by: str
    waiting: int
    oldest: datetime | None

    @property
    def is_current(self) -> bool:
        """Say whether the version satisfies the required one."""
        return is_current(self.version, self.map.required_version)


def maps(*, actor: Actor) -> list[MapStatus]:
    """Return every map in the order of ``maps.csv``."""
    permit(actor, Verb.READ)
    found = {row["map"]: row for side in Side for row in sql.rows(side, _STATES)}
    return [
        MapStatus(**{**found[one.map], "state": State(found[one.map]["state"]), "map": one})
        for one in sorted(MAPS, key=lambda row: row.order)
        if one.map in found
    ]


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
    found: list[Problem] = []
    for status in maps(actor=actor):
        if status.state is State.NOT_RUNNING:
            found.append(MapNotRunning(map=status.map.map))
        if not status.is_current:
            found.append(
                MapVersionTooOld(
                    map=status.map.map, version=status.version, required=status.map.required_version
                )
            )
    return found
