"""Batches of one run, several at once: each in a session and a transaction of its own.

The server works on one session's statement with one core, so a run that hands it batch after batch leaves the
others idle. A session that is done takes the next batch::

    run ──lock──┬── session: batch 1 ── batch 3 ────── batch 4 ──┬──unlock──lock── ...
                └── session: batch 2 ─────────── batch 5 ────────┘
                                                     somebody else waits for the lock
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from itertools import chain, islice
from threading import Barrier
from typing import Final, Generic, TypeVar

from django.db import connections, transaction

from tieout.database.locks import is_waited_for, wait_in_session, wait_in_transaction

Batch = TypeVar("Batch")
Done = TypeVar("Done")

AT_ONCE: Final = max(1, min(4, os.cpu_count() or 1))
"""Batches worked on at once: one for each core, but no more than a server shares with other programs."""


ROUND: Final = 100
"""Batches after which a run lets go of its lock, and tells what it made, even if nobody waits for it."""


def each_batch(
    alias: str,
    batches: Iterable[Batch],
    work: Callable[[Batch], Done],
    *,
    lock: tuple[str, ...],
    over: Callable[[Batch], object] | None = None,
) -> Iterator[Done]:
    """Yield what ``work`` makes of each batch, in their order; each batch is one transaction of ``alias``.

    No two batches may concern the same record. ``lock`` is held while batches are under way; when somebody
    waits for it, no further one is begun until they had it: another run waits for a batch or two and not for
    the run. ``work`` must not wait for it. An error is raised when what is under way is over: the other
    batches stand, later ones are not begun. ``over`` is called with each batch that was begun when its
    transaction is over, however it ended, also where it got no session: what other batches wait for.
    """
    waiting = iter(batches)
    found = list(islice(waiting, AT_ONCE))
    with _sessions(len(found)) as at_once:
        while found:
            if len(found) == 1:  # it needs no other session: the transaction that holds the lock is its own
                try:
                    with transaction.atomic(using=alias, durable=True):
                        wait_in_transaction(alias, *lock)
                        done = [work(found[0])]
                finally:
                    if over:
                        over(found[0])
            else:
                with wait_in_session(alias, *lock):
                    round_ = _Round(at_once, alias, work, lock, over)
                    done = round_.work_off(chain(found, waiting), at_once=len(found))
            yield from done
            found = list(islice(waiting, AT_ONCE))


@contextmanager
def _sessions(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that keep their sessions for the whole run: a new session reads catalogues and pages anew."""
    with ThreadPoolExecutor(max_workers=max(1, count), thread_name_prefix="batch") as sessions:
        try:
            yield sessions
        finally:
            if count > 1:
                together = Barrier(count)  # so that no thread ends its session twice and another never
                for _ in range(count):
                    sessions.submit(_end_session, together)


def _end_session(together: Barrier) -> None:
    together.wait()
    connections.close_all()  # this thread's own


@dataclass(frozen=True, slots=True)
class _Round(Generic[Batch, Done]):
    """The batches that are worked on under one holding of the lock."""

    sessions: ThreadPoolExecutor
    alias: str
    work: Callable[[Batch], Done]
    lock: tuple[str, ...]
    over: Callable[[Batch], object] | None

    def work_off(self, batches: Iterator[Batch], *, at_once: int) -> list[Done]:
        """Work on batches until none is left, one fails, or the lock is wanted; return what they made."""
        started: list[Future[Done]] = []
        try:
            self._start(islice(batches, at_once), started)
            under_way = set(started)
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                if self._goes_on(started):
                    before = len(started)
                    self._start(islice(batches, len(done)), started)
                    under_way.update(started[before:])
        finally:
            wait(started)  # the lock is not let go before the batches that it is held for
        return [one.result() for one in started]

    def _start(self, batches: Iterator[Batch], started: list[Future[Done]]) -> None:
        for batch in batches:  # each is among them at once: asking for the next one may fail
            started.append(self.sessions.submit(copy_context().run, self._in_own_session, batch))  # noqa: PERF401

    def _in_own_session(self, batch: Batch) -> Done:
        try:
            with transaction.atomic(using=self.alias, durable=True):
                return self.work(batch)
        finally:
            if self.over:
                self.over(batch)

    def _goes_on(self, started: list[Future[Done]]) -> bool:
        if len(started) >= ROUND or any(one.done() and one.exception() for one in started):
            return False
        return not is_waited_for(self.alias, *self.lock)
