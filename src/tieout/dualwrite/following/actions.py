"""Continuous delivery: one process follows both outboxes and delivers what is stated within moments.

::

    commit on a side  --notify-->  wake  -->  which maps owe?  -->  each in its order, a few batches
                                    ^                                        |
                                    +---------- nothing moved <--------------+

A notification that is lost costs ``SECONDS_BETWEEN_LOOKS``, nothing else: what is owed stands in the outbox.
A second process that follows stands by until the first has ended. Batches of a map are small and few at a
time, so that one map with a backlog does not keep the others waiting.

What breaks it off stands in the problem log: a database that is away (CFG-105) until it answers again, an
error that nobody foresaw (DW-215) until a pass over the maps has gone through.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, connections

from tieout.database import sql
from tieout.database.judged import first_line
from tieout.database.listening import Listener
from tieout.database.locks import session_lock
from tieout.dualwrite.delivery.actions import Delivered, deliver_or_tell
from tieout.dualwrite.delivery.problems import DeliveryBrokeOff
from tieout.dualwrite.delivery.rules import pause
from tieout.dualwrite.maps.rules import MAPS, Side
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.problems.actions import (
    JOB_STEP,
    RecordProblem,
    id_of_name,
    keep_where_possible,
    look_at_databases,
)
from tieout.problems.catalogue import Process

SECONDS_BETWEEN_LOOKS: Final = 2
SECONDS_BETWEEN_PARKED: Final = 5  # parked records are judged again so often, if they may have changed
BATCH_SIZE: Final = 10_000
BATCHES_AT_ONCE: Final = 2  # of one map: what is new, and one of its backlog

_OWING: Final = sql.load("tieout.dualwrite.following", "owing")
_CHANNEL: Final = "outbox"
_NAME: Final = "continuous delivery"

Tell = Callable[[Delivered], None]

log = structlog.get_logger("tieout.following")


def follow(*, actor: Actor, stop: Event, tell: Tell = lambda _: None) -> int:
    """Deliver what is stated as it is stated, until ``stop`` is set; return how many records were carried.

    ``tell`` hears of every delivery that carried something or met a problem. What stops a map, or the whole
    of it, is tried again with growing pauses. While another process follows, this one stands by.
    """
    permit(actor, Verb.DELIVER)
    followed = _Following(actor, stop, tell)
    try:
        with Listener(Side, _CHANNEL) as listener:
            while not stop.is_set():
                followed.until_broken(listener)
                listener.wait(SECONDS_BETWEEN_LOOKS, stop)
    except Exception as error:
        _keep(actor, _broken_off(error))
        raise
    finally:
        connections.close_all()  # of this thread
    return followed.carried


def _broken_off(error: Exception) -> Problem:
    """Return the problem of an error that ended the delivery of all maps."""
    if isinstance(error, Problem):
        return DeliveryBrokeOff(reason=error.code).because(error)
    return DeliveryBrokeOff(reason=f"{type(error).__name__}, {first_line(error)}")


def _keep(actor: Actor, problem: Problem | None) -> None:
    """Keep what broke continuous delivery off, or that it goes on."""
    key = id_of_name(JOB_STEP, _NAME)
    met = None if problem is None else RecordProblem(problem.code, "", JOB_STEP, key, _NAME, problem.fields())
    keep_where_possible(process=Process.DELIVER, met={key: met}, done_by=actor.name)


@dataclass
class _Rest:
    """A map that met problems in a row: how many, and until when it is left alone (monotonic seconds)."""

    problems: int = 0
    until: float = 0.0


@dataclass
class _Following:
    """What one process that follows knows."""

    actor: Actor
    stop: Event
    tell: Tell
    carried: int = 0
    looked_at_parked: float = 0.0
    is_well: bool = False  # a pass has gone through since the beginning, or since something broke off
    resting: dict[str, _Rest] = field(default_factory=dict)

    def until_broken(self, listener: Listener) -> None:
        """Deliver until we are to stop or a database is gone; at once, when another process follows."""
        try:
            with session_lock(Side.OPERATIONS, "follow") as is_ours:
                while is_ours and not self.stop.is_set():
                    moved = self._pass()
                    self._goes_on()
                    if not moved:
                        listener.wait(SECONDS_BETWEEN_LOOKS, self.stop)
        except (OperationalError, InterfaceError) as error:
            log.warning("following broke off", reason=str(error))
            connections.close_all()
            self.is_well = False
            look_at_databases(done_by=self.actor.name)

    def _goes_on(self) -> None:
        """Close what broke us off before, once a pass has gone through."""
        if not self.is_well:
            look_at_databases(done_by=self.actor.name)
            _keep(self.actor, None)
            self.is_well = True

    def _pass(self) -> bool:
        """Deliver a little of every map that owes; say whether anything moved."""
        now = time.monotonic()
        with_parked = now - self.looked_at_parked >= SECONDS_BETWEEN_PARKED
        if with_parked:
            self.looked_at_parked = now
        owing = {row["map"] for side in Side for row in sql.rows(side, _OWING, with_parked=with_parked)}
        moved = False
        for map_ in sorted(MAPS, key=lambda row: row.order):
            if map_.map in owing and not self.stop.is_set() and self._is_rested(map_.map, now):
                moved |= self._deliver(map_.map, with_parked=with_parked)
        return moved

    def _is_rested(self, name: str, now: float) -> bool:
        return name not in self.resting or self.resting[name].until <= now

    def _deliver(self, name: str, *, with_parked: bool) -> bool:
        done = deliver_or_tell(
            actor=self.actor,
            map=name,
            batch_size=BATCH_SIZE,
            max_batches=BATCHES_AT_ONCE,
            try_parked=with_parked,
        )
        self.carried += done.stated
        if done.problem is None:
            self.resting.pop(name, None)
        else:
            rest = self.resting.setdefault(name, _Rest())
            rest.problems += 1
            rest.until = time.monotonic() + pause(rest.problems) / 1000
            log.warning("map stopped", map=name, problem=str(done.problem))
        if done.stated or done.problem is not None:
            self.tell(done)
        return bool(done.stated)
