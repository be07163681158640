"""Batches of one run, several at once: each in a session and a transaction of its own.

The server works on one session's statement with one core, so a run that hands it batch after batch leaves the
others idle::

    run ──lock──┬── session: batch 1 ──┬──unlock──lock──┬── session: batch 3 ──┬── ...
                └── session: batch 2 ──┘                └── session: batch 4 ──┘
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import copy_context
from itertools import islice
from threading import Barrier
from typing import Final, TypeVar

from django.db import connections, transaction

from tieout.database.locks import wait_in_transaction

Batch = TypeVar("Batch")
Done = TypeVar("Done")

AT_ONCE: Final = max(1, min(4, os.cpu_count() or 1))
"""Batches worked on at once: one for each core, but no more than a server shares with other programs."""


def each_batch(
    alias: str, batches: Iterable[Batch], work: Callable[[Batch], Done], *, lock: tuple[str, ...]
) -> Iterator[Done]:
    """Yield what ``work`` makes of each batch, in their order; each batch is one transaction of ``alias``.

    No two batches may concern the same record. ``lock`` is held while a round of batches is under way, so
    that another run waits for a round and not for the run; ``work`` must not wait for it. An error is raised
    when its round is over: the other batches of the round stand, later ones are not begun.
    """
    waiting = iter(batches)
    found = list(islice(waiting, AT_ONCE))
    with _sessions(len(found)) as at_once:
        while found:
            with transaction.atomic(using=alias, durable=True):
                wait_in_transaction(alias, *lock)
                # A batch alone needs no other session: the transaction that holds the lock is its own.
                done = [work(found[0])] if len(found) == 1 else _at_once(at_once, alias, found, work)
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


def _at_once(
    sessions: ThreadPoolExecutor, alias: str, batches: Sequence[Batch], work: Callable[[Batch], Done]
) -> list[Done]:
    started = [sessions.submit(copy_context().run, _in_own_session, alias, batch, work) for batch in batches]
    wait(started)
    return [one.result() for one in started]


def _in_own_session(alias: str, batch: Batch, work: Callable[[Batch], Done]) -> Done:
    with transaction.atomic(using=alias, durable=True):
        return work(batch)
