"""The maps as they stand now, on both sides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from tieout.database import sql
from tieout.dualwrite.maps.problems import (
    KeyNotUnique,
    MapLags,
    MapNotRunning,
    MapPaused,
    MapVersionTooOld,
    RecordsRefused,
    UnknownMap,
)
from tieout.dualwrite.maps.rules import MAPS, Map, Side, State, is_current, lag_words
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem

_STATES = sql.load("tieout.dualwrite.maps", "states")
_OWED = sql.load("tieout.dualwrite.maps", "owed")
_KEYS = sql.load("tieout.dualwrite.maps", "keys_not_unique")

LAG_MAX: Final = timedelta(minutes=5)  # a running map that owes for longer is not being delivered


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
        return _lag(self.oldest)

    @property
    def is_current(self) -> bool:
        """Say whether the version satisfies the required one."""
        return is_current(self.version, self.map.required_version)


def maps(*, actor: Actor) -> list[MapStatus]:
    """Return every map in the order of ``maps.csv``."""
    permit(actor, Verb.READ)
    found = _states(actor)
    for side in Side:
        for row in sql.rows(side, _OWED):
            found[row["map"]] |= row
    return [
        MapStatus(**{**found[one.map], "state": State(found[one.map]["state"]), "map": one})
        for one in sorted(MAPS, key=lambda row: row.order)
        if one.map in found
    ]


def _states(actor: Actor | None = None) -> dict[str, dict[str, Any]]:
    """Return the maps as they stand; what was refused is counted in the companies of ``actor``."""
    companies = None if actor is None or actor.companies is None else sorted(actor.companies)
    return {row["map"]: row for side in Side for row in sql.rows(side, _STATES, companies=companies)}


def find(name: str) -> Map:
    """Return the map called ``name``; raise :class:`UnknownMap`."""
    if (name,) not in MAPS.keys():  # noqa: SIM118  Table is no mapping
        raise UnknownMap(map=name, maps=tuple(row.map for row in MAPS))
    return MAPS.one(name)


def require_capturing(map_: Map) -> State:
    """Return the state of a map that is running or paused; raise when it is neither or too old."""
    row = next((row for row in sql.rows(map_.source, _STATES, companies=[]) if row["map"] == map_.map), None)
    if row is None or row["state"] == State.NOT_RUNNING:
        raise MapNotRunning(map=map_.map)
    if not is_current(row["version"], map_.required_version):
        raise MapVersionTooOld(map=map_.map, version=row["version"], required=map_.required_version)
    return State(row["state"])


def hindrances(*, actor: Actor) -> list[Problem]:
    """Return what keeps maps from carrying records now, in the order of ``maps.csv`` (finance spec 3.10).

    A map that is not running, paused or too old; records that the other side refused; records that a running
    map has owed for long, because nothing delivers. Costs the same whatever is owed.
    """
    permit(actor, Verb.READ)
    states = _states(actor)
    found: list[Problem] = []
    for map_ in sorted(MAPS, key=lambda row: row.order):
        found += _hindrances_of(map_, states.get(map_.map))
    found += [
        KeyNotUnique(map=row["map"], table=row["table_name"], key=row["key"])
        for side in Side
        for row in sql.rows(side, _KEYS, maps=_keys_at(side))
    ]
    return found


def _hindrances_of(map_: Map, row: dict[str, Any] | None) -> Iterator[Problem]:
    if row is None or row["state"] == State.NOT_RUNNING:
        yield MapNotRunning(map=map_.map)
    if row is None:
        return
    state = State(row["state"])
    if state is State.PAUSED:
        yield MapPaused(map=map_.map)
    if not is_current(row["version"], map_.required_version):
        yield MapVersionTooOld(map=map_.map, version=row["version"], required=map_.required_version)
    if row["parked"]:
        yield RecordsRefused(map=map_.map, count=row["parked"])
    lag = _lag(row["oldest"])
    if state is State.RUNNING and lag >= LAG_MAX:
        yield MapLags(map=map_.map, lag=lag_words(lag))


def _keys_at(target: Side) -> str:
    """Return the maps that land at a side, with their tables and keys, as JSON."""
    return json.dumps(
        [{"map": row.map, "table_name": row.table, "key": row.key} for row in MAPS if row.target is target]
    )


def _lag(oldest: datetime | None) -> timedelta:
    return max(timezone.now() - oldest, timedelta(0)) if oldest else timedelta(0)
