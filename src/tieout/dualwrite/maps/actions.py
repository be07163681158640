"""Start, pause and stop maps."""

from __future__ import annotations

import json
from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.dualwrite.maps.queries import find
from tieout.dualwrite.maps.rules import MAPS, Map, Side, State
from tieout.kernel.access import Actor, Verb, permit

_UPSERT = sql.load("tieout.dualwrite.maps", "upsert_maps")
_SET_STATE = sql.load("tieout.dualwrite.maps", "set_state")
_INITIAL_WRITE = sql.load("tieout.dualwrite.maps", "initial_write")
_WRITE_RANGE = sql.load("tieout.dualwrite.maps", "write_range")
_BACKLOG = sql.load("tieout.dualwrite.maps", "backlog")
_CAUGHT_UP = sql.load("tieout.dualwrite.maps", "caught_up")

RECORDS_OF_RANGE: Final = 10_000  # records that an initial write states in one transaction


def load_maps() -> None:
    """Bring ``maps.csv`` into both sides: a new map runs, a known one keeps its state."""
    for side in Side:
        rows = [
            {"map": row.map, "version": row.version, "required_version": row.required_version}
            for row in MAPS
            if row.source is side
        ]
        with transaction.atomic(using=side):
            sql.run(side, _UPSERT, maps=json.dumps(rows))


def set_state(*, actor: Actor, map: str, state: State) -> None:  # noqa: A002  the field's word
    """Put a map into ``state``: running, paused (stated and queued) or not running (nothing is stated).

    A set-up map that was not running begins with an initial write: all its records are stated, and the other
    side takes those that it does not have or has older. The first range is stated here, the rest by delivery,
    range by range, also after a crash. What documents and actuals missed, Sync brings back. A map that starts
    with something owed is catching up until that is delivered.
    """
    permit(actor, Verb.MANAGE_MAPS)
    found = find(map)
    wanted = State.RUNNING if State(state) is State.CATCHING_UP else State(state)
    with transaction.atomic(using=found.source, durable=True):
        rows = sql.rows(found.source, _SET_STATE, map=found.map, state=wanted, changed_by=actor.name)
        before = {State(row["state_before"]) for row in rows}
        begins = State.NOT_RUNNING in before and wanted is not State.NOT_RUNNING
        if begins and found.master is not None:
            sql.one(found.source, _INITIAL_WRITE, map=found.map, master=found.master, begun_by=actor.name)
    if begins:
        _write_range(found)


def continue_backlog(map_: Map) -> int | None:
    """Return up to which entry what a map owes is backlog; None when it has none, or has it no longer.

    An initial write that is under way goes on by one range. A map that has caught up runs from then on.
    """
    if _backlog(map_) is None:
        return None
    _write_range(map_)
    with transaction.atomic(using=map_.source):
        sql.run(map_.source, _CAUGHT_UP, map=map_.map)
    return _backlog(map_)


def _backlog(map_: Map) -> int | None:
    found: int | None = sql.one(map_.source, _BACKLOG, map=map_.map)["backlog_to"]
    return found


def _write_range(map_: Map) -> int | None:
    """State the next range of an initial write, in a transaction of its own; None: none is under way."""
    if map_.master is None:
        return None
    with transaction.atomic(using=map_.source):
        stated: int | None = sql.one(map_.source, _WRITE_RANGE, map=map_.map, batch_size=RECORDS_OF_RANGE)[
            "stated"
        ]
    return stated
