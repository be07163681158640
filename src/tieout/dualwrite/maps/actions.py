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


def load_maps() -> None:
    """Bring ``maps.csv`` into both sides: a new map runs, a known one keeps its state."""
    for side in Side:
        rows = [{"map": row.map, "version": row.version} for row in MAPS if row.source is side]
        with transaction.atomic(using=side):
            sql.run(side, _UPSERT, maps=json.dumps(rows))


def set_state(*, actor: Actor, map: str, state: State) -> None:  # noqa: A002  the field's word
    """Put a map into ``state``: running, paused (stated and queued) or not running (nothing is stated)."""
    permit(actor, Verb.MANAGE_MAPS)
    found = find(map)
    with transaction.atomic(using=found.source, durable=True):
        sql.run(found.source, _SET_STATE, map=found.map, state=State(state), changed_by=actor.name)
