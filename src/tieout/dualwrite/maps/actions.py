"""Start, pause and stop maps."""

from __future__ import annotations

import json

from django.db import transaction

from tieout.database import sql
from tieout.dualwrite.maps.queries import find
from tieout.dualwrite.maps.rules import MAPS, Side, State
from tieout.kernel.access import Actor, Verb, permit

_UPSERT = sql.load("tieout.dualwrite.maps", "upsert_maps")
_SET_STATE = sql.load("tieout.dualwrite.maps", "set_state")
_INITIAL_WRITE = sql.load("tieout.dualwrite.maps", "initial_write")


def load_maps() -> None:
    """Bring ``maps.csv`` into both sides: a new map runs, a known one keeps its state."""
    for side in Side:
        rows = [{"map": row.map, "version": row.version} for row in MAPS if row.source is side]
        with transaction.atomic(using=side):
            sql.run(side, _UPSERT, maps=json.dumps(rows))


def set_state(*, actor: Actor, map: str, state: State) -> None:  # noqa: A002  the field's word
    """Put a map into ``state``: running, paused (stated and queued) or not running (nothing is stated).

    A set-up map that was not running begins with an initial write: all its records are stated, and the other
    side takes those that it does not have or has older. What documents and actuals missed, Sync brings back.
    """
    permit(actor, Verb.MANAGE_MAPS)
    found = find(map)
    with transaction.atomic(using=found.source, durable=True):
        rows = sql.rows(found.source, _SET_STATE, map=found.map, state=State(state), changed_by=actor.name)
        before = {State(row["state_before"]) for row in rows}
        begins = State.NOT_RUNNING in before and state != State.NOT_RUNNING
        if begins and found.master is not None:
            sql.one(found.source, _INITIAL_WRITE, map=found.map, master=found.master)
