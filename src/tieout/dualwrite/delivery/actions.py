"""Delivery: at least once, idempotent, ordered per key, streamed (DESIGN D7).

::

    source database                                  target database
    begin                                            begin
      delete the oldest rows of the map from           batch number
      the outbox, keep their keys
      copy (projection of those keys) to stdout  ==>    copy target table from stdin
                                                       (a key that is there: merge through a temporary table)
                                                       record what arrived, per company
                                                     commit
    commit                      <- this is the acknowledgement

A crash before the target's commit leaves both sides as they were. A crash between the two commits leaves
the records in the outbox: they are delivered again and found already there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, OperationalError, connections, transaction

from tieout.database import sql, transfer
from tieout.dualwrite.delivery.problems import ColumnsDiffer, TargetUnavailable
from tieout.dualwrite.maps.queries import find, maps, require_capturing
from tieout.dualwrite.maps.rules import Map, Policy, Side, State
from tieout.finance.staging import actions as staging
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.approvals import actions as approvals

BATCH_SIZE: Final = 50_000

_TAKE = sql.load("tieout.dualwrite.delivery", "take_batch")
_RANGE = sql.load("tieout.dualwrite.delivery", "range_of_batch")
_RECORD_INTAKE: Final[dict[Side, Callable[..., None]]] = {
    Side.OPERATIONS: approvals.record_intake,
    Side.FINANCE: staging.record_intake,
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run carried: ``stated`` records taken, ``landed`` rows new or newer at the target."""

    map: str
    stated: int
    landed: int


def deliver(
    *,
    actor: Actor,
    map: str,  # noqa: A002  the field's word
    batch_size: int = BATCH_SIZE,
    max_batches: int | None = None,
    between_commits: Callable[[], None] | None = None,
) -> Delivered:
    """Deliver what ``map`` owes, one bounded batch per pair of transactions; a paused map delivers nothing.

    ``between_commits`` runs after the target's commit and before the acknowledgement: the place where a
    crash must do no harm. Raises :class:`MapNotRunning`, :class:`MapVersionTooOld`,
    :class:`ColumnsDiffer` and :class:`TargetUnavailable`; what was not acknowledged stays owed.
    """
    permit(actor, Verb.DELIVER)
    found = find(map)
    stated = landed = batches = 0
    if require_capturing(found) is State.PAUSED:
        return Delivered(found.map, 0, 0)
    while max_batches is None or batches < max_batches:
        taken, arrived = _deliver_batch(found, batch_size, between_commits)
        if not taken:
            break
        stated, landed, batches = stated + taken, landed + arrived, batches + 1
    return Delivered(found.map, stated, landed)


def deliver_all(*, actor: Actor, batch_size: int = BATCH_SIZE) -> list[Delivered]:
    """Deliver every running map in the order of ``maps.csv``: set-up first, then documents, then actuals."""
    permit(actor, Verb.DELIVER)
    return [
        deliver(actor=actor, map=status.map.map, batch_size=batch_size)
        for status in maps(actor=actor)
        if status.state is State.RUNNING and status.waiting and status.is_current
    ]


def _deliver_batch(map_: Map, batch_size: int, between_commits: Callable[[], None] | None) -> tuple[int, int]:
    try:
        with transaction.atomic(using=map_.source, durable=True):
            with connections[map_.source].cursor() as cursor:
                cursor.execute(
                    "create temporary table if not exists outbox_taken (key uuid) on commit delete rows"
                )
            taken = sql.run(map_.source, _TAKE, map=map_.map, batch_size=batch_size)
            if not taken:
                return 0, 0
            with connections[map_.source].cursor() as cursor:
                cursor.execute("analyze outbox_taken")  # the planner must know that a batch is small
            with transaction.atomic(using=map_.target, durable=True):
                landed = _land(map_)
            if between_commits is not None:
                between_commits()
    except transfer.ColumnsDifferError as error:
        raise ColumnsDiffer(
            map=map_.map,
            table=error.table,
            column=error.column,
            source_type=error.source_type,
            target_type=error.target_type,
        ) from error
    except OperationalError as error:
        _forget_broken_connections()
        raise TargetUnavailable(map=map_.map, database=map_.target, reason=_first_line(error)) from error
    return taken, landed


def _land(map_: Map) -> int:
    with connections[map_.target].cursor() as cursor:
        cursor.execute("select nextval('outbox_batch_id')")
        batch_id = cursor.fetchone()[0]
    projection = sql.load("tieout.dualwrite.maps", map_.map)
    stream: dict[str, Any] = {
        "source": map_.source,
        "query": projection.text,
        "parameters": {**sql.one(map_.source, _RANGE), "batch_id": batch_id},
        "target": map_.target,
        "table": map_.table,
    }
    if map_.policy is Policy.NEWER:
        landed = transfer.merge_rows(**stream, key=map_.key, newer_by="version")
    else:
        try:
            with transaction.atomic(
                using=map_.target
            ):  # a savepoint: the stream may meet a key that is there
                landed = transfer.copy_rows(**stream)
        except IntegrityError:
            landed = transfer.merge_rows(**stream, key=map_.key, newer_by=None)
    if landed and map_.intake:
        _RECORD_INTAKE[map_.target](map=map_.map, batch_id=batch_id)
    return landed


def _forget_broken_connections() -> None:
    for alias in Side:
        connections[alias].close_if_unusable_or_obsolete()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
