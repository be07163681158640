"""Delivery: at least once, idempotent, ordered per key, streamed (DESIGN D7).

::

    source database                                  target database
    begin                                            begin
      delete the oldest rows of the map from           batch number
      the outbox, keep their keys
      copy (projection of those keys) to stdout  ==>    copy target table from stdin
                                                       (a key that is there, or a record that is refused:
                                                        through a temporary table, judged)
                                                       record what arrived, per company
                                                     commit
      park the refused records, log why
    commit                      <- this is the acknowledgement

A crash before the target's commit leaves both sides as they were. A crash between the two commits leaves
the records in the outbox: they are delivered again and found already there.

A record that the other side refuses is parked with its cause, and the others of its batch go on. It is
tried again when it is stated again (it changed, or Sync asked), and by itself as ``refusals.csv`` says. One
batch of a map is under way at a time, whoever delivers: a lock of the source's transaction sees to it.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction

from tieout.database import sql, transfer
from tieout.database.answering import why_away
from tieout.database.judged import Merged, Refusal, first_line, merge_judged
from tieout.database.locks import wait_in_transaction
from tieout.dualwrite.delivery.problems import ColumnsDiffer, DeliveryStopped, TargetUnavailable
from tieout.dualwrite.delivery.rules import (
    ATTEMPTS_MAX,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    REFUSALS,
    ErrorClass,
    class_of,
    pause,
)
from tieout.dualwrite.maps.actions import continue_backlog
from tieout.dualwrite.maps.queries import find, maps, require_capturing
from tieout.dualwrite.maps.rules import Map, Policy, Side
from tieout.finance.staging import actions as staging
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.operations.approvals import actions as approvals
from tieout.problems.actions import (
    MAP,
    RecordProblem,
    id_of_name,
    keep_attempts,
    log_problems,
    resolve_problems,
)
from tieout.problems.catalogue import Process

BATCH_SIZE: Final = 50_000
BACKLOG_BATCH_SIZE: Final = 4_000  # small, because what is stated meanwhile waits for it
PARKED_AT_ONCE: Final = 5_000  # parked records that one run tries again

Answer = TypeVar("Answer")
_FIRST: Final = -(2**63)  # the numbers that an entry can have
_LAST: Final = 2**63 - 1

_PACKAGE: Final = "tieout.dualwrite.delivery"
_TAKE: Final = sql.load(_PACKAGE, "take_batch")
_TAKE_PARKED: Final = sql.load(_PACKAGE, "take_parked")
_HAS_PARKED: Final = sql.load(_PACKAGE, "has_parked")
_LAST_OWED: Final = sql.load(_PACKAGE, "last_owed")
_RANGE: Final = sql.load(_PACKAGE, "range_of_batch")
_PARK: Final = sql.load(_PACKAGE, "park")
_UNPARK: Final = sql.load(_PACKAGE, "unpark")
_RECORD_INTAKE: Final[dict[Side, Callable[..., None]]] = {
    Side.OPERATIONS: approvals.record_intake,
    Side.FINANCE: staging.record_intake,
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run carried.

    ``stated`` records were taken, ``landed`` rows were new or newer at the target, ``parked`` records were
    refused there. ``problem`` is what stopped the map; the rest stays owed.
    """

    map: str
    stated: int
    landed: int
    parked: int = 0
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one batch carried, as :class:`Delivered`."""

    taken: int
    landed: int
    parked: int


_NOTHING: Final = _Batch(0, 0, 0)


def deliver(
    *,
    actor: Actor,
    map: str,  # noqa: A002  the field's word
    batch_size: int = BATCH_SIZE,
    max_batches: int | None = None,
    try_parked: bool = True,
    between_commits: Callable[[], None] | None = None,
) -> Delivered:
    """Deliver what ``map`` owes, one bounded batch per pair of transactions; a paused map delivers nothing.

    One that is paused meanwhile carries no further batch. ``between_commits`` runs after the target's commit
    and before the acknowledgement, where a crash must do no harm. Raises :class:`MapNotRunning`,
    :class:`MapVersionTooOld`, :class:`ColumnsDiffer`, :class:`DeliveryStopped` and
    :class:`TargetUnavailable`; what was not acknowledged stays owed. A batch that met a lock, a deadlock or a
    broken connection is repeated before that.
    """
    permit(actor, Verb.DELIVER)
    found = find(map)
    if not require_capturing(found).delivers:
        return Delivered(found.map, 0, 0)
    done = []
    batches = _batches(found, batch_size, try_parked=try_parked, between_commits=between_commits)
    for batch in batches:
        done.append(batch)
        if max_batches is not None and len(done) == max_batches:
            break
        if not _repeated(found, lambda: require_capturing(found)).delivers:  # paused: the rest stays owed
            break
    return Delivered(
        found.map,
        sum(one.taken for one in done),
        sum(one.landed for one in done),
        sum(one.parked for one in done),
    )


def deliver_all(*, actor: Actor, batch_size: int = BATCH_SIZE) -> list[Delivered]:
    """Deliver every running map in the order of ``maps.csv``: set-up first, then documents, then actuals.

    What stops one map does not stop the others; its answer has the problem.
    """
    permit(actor, Verb.DELIVER)
    owing = [
        status.map.map
        for status in maps(actor=actor)
        if status.state.delivers and (status.waiting or status.parked) and status.is_current
    ]
    return [deliver_or_tell(actor=actor, map=name, batch_size=batch_size) for name in owing]


def deliver_or_tell(
    *,
    actor: Actor,
    map: str,  # noqa: A002  the field's word
    batch_size: int = BATCH_SIZE,
    max_batches: int | None = None,
    try_parked: bool = True,
) -> Delivered:
    """Deliver a map as :func:`deliver`; a problem that stops it is part of the answer, and is logged.

    It stands in the log of the side that the map starts from until the map delivers again.
    """
    try:
        done = deliver(
            actor=actor, map=map, batch_size=batch_size, max_batches=max_batches, try_parked=try_parked
        )
    except Problem as problem:
        done = Delivered(map, 0, 0, problem=problem)
    _keep_what_stopped(actor, done)
    return done


def _keep_what_stopped(actor: Actor, done: Delivered) -> None:
    """Log what stopped a map, or close what stopped it before; where its side is away, its log is too."""
    if done.problem is None and not done.stated:
        return
    alias, key, problem = find(done.map).source, id_of_name(MAP, done.map), done.problem
    met = None
    if problem is not None:
        met = RecordProblem(problem.code, "", MAP, key, done.map, problem.fields())
    with contextlib.suppress(OperationalError, InterfaceError):
        keep_attempts(alias=alias, process=Process.DELIVER, met={key: met}, done_by=actor.name)


@dataclass(frozen=True, slots=True)
class _Take:
    """Which records a batch takes: owed ones with numbers in a range, or parked ones due ``again``."""

    size: int
    after: int = _FIRST
    up_to: int = _LAST
    again: bool = False

    def run(self, map_: Map) -> int:
        """Put the keys into ``outbox_taken``; return their number."""
        if self.again:
            return sql.run(map_.source, _TAKE_PARKED, map=map_.map, batch_size=self.size)
        return sql.run(
            map_.source, _TAKE, map=map_.map, batch_size=self.size, after=self.after, up_to=self.up_to
        )


def _batches(
    map_: Map, size: int, *, try_parked: bool, between_commits: Callable[[], None] | None
) -> Iterator[_Batch]:
    """Yield the batches that carry something: parked records that are due, then what is owed.

    While the map catches up, what is stated now goes before each batch of its backlog. Else a run carries
    what is owed when it begins: under a steady load it would have no end, and the maps after it no turn.
    """

    def carried(take: _Take) -> Iterator[_Batch]:
        batch = _repeated(map_, lambda: _deliver_batch(map_, take, between_commits))
        if batch.taken:
            yield batch

    if try_parked and _repeated(map_, lambda: sql.one(map_.source, _HAS_PARKED, map=map_.map)["is_so"]):
        yield from carried(_Take(PARKED_AT_ONCE, again=True))
    while (backlog := _repeated(map_, lambda: continue_backlog(map_))) is not None:
        yield from carried(_Take(size, after=backlog))
        yield from carried(_Take(min(size, BACKLOG_BATCH_SIZE), up_to=backlog))
    last = _repeated(map_, lambda: sql.one(map_.source, _LAST_OWED, map=map_.map)["id"])
    while last is not None and (batch := list(carried(_Take(size, up_to=last)))):
        yield from batch


def _repeated(map_: Map, work: Callable[[], Answer]) -> Answer:
    """Do ``work``; repeat it while its error may pass, with growing pauses; else raise the map's problem."""
    for attempt in count(1):
        try:
            return work()
        except transfer.ColumnsDifferError as error:
            raise ColumnsDiffer(
                map=map_.map,
                table=error.table,
                column=error.column,
                source_type=error.source_type,
                target_type=error.target_type,
            ) from error
        except (DatabaseError, InterfaceError) as error:
            _forget_broken_connections()
            reason = first_line(error)
            if class_of(error) is not ErrorClass.TRANSIENT:
                raise DeliveryStopped(map=map_.map, reason=reason) from error
            if attempt == ATTEMPTS_MAX:
                raise TargetUnavailable(map=map_.map, database=_away(map_), reason=reason) from error
        time.sleep(pause(attempt) / 1000)
    raise AssertionError("counting never ends")


def _away(map_: Map) -> str:
    """Return which database of a map does not answer; the target if both do by now."""
    sides = (map_.source, map_.target)
    return next((alias for alias in sides if why_away(alias) is not None), map_.target)


def _deliver_batch(map_: Map, take: _Take, between_commits: Callable[[], None] | None) -> _Batch:
    with transaction.atomic(using=map_.source, durable=True):
        wait_in_transaction(map_.source, "deliver", map_.map)
        with connections[map_.source].cursor() as cursor:
            cursor.execute(
                "create temporary table if not exists outbox_taken (key uuid) on commit delete rows"
            )
        taken = take.run(map_)
        if not taken:
            return _NOTHING
        with connections[map_.source].cursor() as cursor:
            cursor.execute("analyze outbox_taken")  # the planner must know that a batch is small
        with transaction.atomic(using=map_.target, durable=True):
            merged = _land(map_, judged=take.again)
        _settle(map_, merged.refused, again=take.again)
        if between_commits is not None:
            between_commits()
    if take.again:  # one that is refused again has not moved
        return _Batch(taken - len(merged.refused), merged.landed, 0)
    return _Batch(taken, merged.landed, len(merged.refused))


def _land(map_: Map, *, judged: bool) -> Merged:
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
    merged = None if judged else _streamed(map_, stream)
    if merged is None:
        merged = merge_judged(
            **stream,
            key=map_.key,
            newer_by=_newer_by(map_),
            named_by=map_.names,
            is_refusal=_is_refusal,
        )
    if merged.landed and map_.intake:
        _RECORD_INTAKE[map_.target](map=map_.map, batch_id=batch_id)
    return merged


def _streamed(map_: Map, stream: dict[str, Any]) -> Merged | None:
    """Land the batch as if no record were refused; None when one is, or its key is there already."""
    try:
        with transaction.atomic(using=map_.target):  # a savepoint
            if map_.policy is Policy.NEWER:
                return Merged(transfer.merge_rows(**stream, key=map_.key, newer_by=_newer_by(map_)), ())
            return Merged(transfer.copy_rows(**stream), ())
    except DatabaseError as error:
        if not _is_refusal(error):
            raise
    return None


def _newer_by(map_: Map) -> str | None:
    return "version" if map_.policy is Policy.NEWER else None


def _settle(map_: Map, refused: Sequence[Refusal], *, again: bool) -> None:
    """Park what was refused and log why; what was parked and is refused no longer is over."""
    keys = [one.key for one in refused]
    passed = [row["key"] for row in sql.rows(map_.source, _UNPARK, map=map_.map, refused=keys)]
    resolve_problems(alias=map_.source, process=Process.DELIVER, record_ids=passed)
    if not refused:
        return
    rows = [
        {
            "key": str(one.key),
            "company_code": one.company_code,
            "kind": one.kind,
            "tried_again": REFUSALS.one(one.kind).tried_again,
        }
        for one in refused
    ]
    sql.run(
        map_.source,
        _PARK,
        map=map_.map,
        refused=json.dumps(rows),
        again=again,
        attempts_max=ATTEMPTS_MAX,
        first_pause=FIRST_PAUSE,
        longest_pause=LONGEST_PAUSE,
    )
    problems = (_problem(map_, one) for one in refused)
    log_problems(alias=map_.source, process=Process.DELIVER, problems=problems)


def _problem(map_: Map, refused: Refusal) -> RecordProblem:
    """Return what the log keeps of a refusal: all that the words of any of its codes need."""
    return RecordProblem(
        code=REFUSALS.one(refused.kind).code,
        company_code=refused.company_code,
        record_kind=map_.map,
        record_id=refused.key,
        record_name=refused.record_name,
        details={
            "map": map_.map,
            "record": refused.record_name,
            "table": map_.table,
            "rule": refused.rule,
            "field": refused.field,
            "value": refused.value,
            "other": refused.other,
        },
    )


def _is_refusal(error: DatabaseError) -> bool:
    return class_of(error) is ErrorClass.RECORD


def _forget_broken_connections() -> None:
    for alias in Side:
        connections[alias].close_if_unusable_or_obsolete()
