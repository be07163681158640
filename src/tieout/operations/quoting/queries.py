"""Which quotes are set up, by their keys."""

from __future__ import annotations

from typing import Any, Final

from tieout.database import set_up, sql
from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor

_KNOWN: Final = {
    name.removeprefix("known_"): sql.load("tieout.operations.quoting", name) for name in ("known_quote",)
}
_SET_UP: Final = {
    name.removeprefix("set_up_"): sql.load("tieout.operations.quoting", name)
    for name in (
        "set_up_quote",
        "set_up_quote_line",
    )
}
_COUNTS: Final = sql.load("tieout.operations.quoting", "set_up_counts")
ENTITIES: Final = tuple(_SET_UP)
"""The set-up that is mastered here."""


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)


def set_up_records(
    *, actor: Actor, entity: str, wanted: Wanted, locked: bool = False
) -> list[dict[str, Any]]:
    """Return the wanted records of an entity that the actor may see, with the fields of its file format.

    ``locked``: nobody else changes them until the caller's transaction ends.
    """
    return set_up.records(OPERATIONS, _SET_UP[entity], actor=actor, wanted=wanted, locked=locked)


def set_up_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many records of each entity the actor may see, counted up to a most."""
    return set_up.counts(OPERATIONS, _COUNTS, actor=actor)
