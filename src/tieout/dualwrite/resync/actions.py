"""Sync: state again what did not arrive (finance spec 3.6; seed *Integration workspace*)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.dualwrite.maps.queries import find, require_capturing
from tieout.dualwrite.maps.rules import Map
from tieout.kernel.access import Actor, Verb, permit

_STATE_AGAIN = sql.load("tieout.dualwrite.resync", "state_again")
_STATE_PARKED = sql.load("tieout.dualwrite.resync", "state_parked")
# What must travel with a record, so that it can be used on the other side: (map, statement for its keys).
_COMPANIONS: Final = {
    "msdyn_projectvendorinvoicelines": (
        "msdyn_projectvendorinvoices",
        sql.load("tieout.dualwrite.resync", "invoices_of_lines"),
    ),
    "msdyn_actuals": (
        "msdyn_transactionconnections",
        sql.load("tieout.dualwrite.resync", "connections_of_actuals"),
    ),
}


def resync(*, actor: Actor, map: str, keys: Sequence[UUID]) -> int:  # noqa: A002  the field's word
    """State the records ``keys`` of ``map`` again, with what must travel with them; return how many.

    Asking twice is harmless: delivery finds what is already there. Raises :class:`MapNotRunning` when the
    map would not carry them, :class:`MapVersionTooOld` when it is older than Sync needs.
    """
    permit(actor, Verb.RESYNC)
    asked = find(map)
    require_capturing(asked)
    if not keys:
        return 0
    with transaction.atomic(using=asked.source, durable=True):
        if asked.map in _COMPANIONS:
            companion, statement = _COMPANIONS[asked.map]
            require_capturing(find(companion))
            found = sql.rows(asked.source, statement, keys=list(keys))
            _state(find(companion), [row["key"] for row in found], actor)
        return _state(asked, list(keys), actor)


def resync_parked(*, actor: Actor, map: str) -> int:  # noqa: A002  the field's word
    """State again what the other side refused of ``map``; return how many records, in the actor's companies.

    Raises what :func:`resync` raises. A record whose cause is not mended is refused and parked again.
    """
    permit(actor, Verb.RESYNC)
    asked = find(map)
    require_capturing(asked)
    companies = None if actor.companies is None else sorted(actor.companies)
    with transaction.atomic(using=asked.source, durable=True):
        return sql.run(asked.source, _STATE_PARKED, map=asked.map, companies=companies, asked_by=actor.name)


def _state(map_: Map, keys: list[UUID], actor: Actor) -> int:
    if not keys:
        return 0
    return sql.run(map_.source, _STATE_AGAIN, map=map_.map, keys=keys, asked_by=actor.name)
