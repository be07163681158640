"""The lease of a posting run (finance spec 5, L14).

::

    begin   is there a run of the company that is alive?   yes: AlreadyRunning
            no: end the one that was lost, and begin one
    renew   before each round of work                      its journals stay its own for LEASE more
    end     whatever happened                              journals still in hand are draft again

Alive is a run whose session is there and whose lease is not over. A program that dies takes its session with
it, so that the next run goes on at once; one that hangs holds its journals until its lease is over. When it
wakes up it finds its journals in the hands of another run and posts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.locks import lock_key, session_lock, wait_in_transaction
from tieout.kernel.access import Actor
from tieout.problems.rules import AlreadyRunning

LEASE: Final = timedelta(minutes=5)


def _sql(name: str) -> sql.Statement:
    return sql.load("tieout.finance.postingruns", name)


@dataclass(frozen=True, slots=True)
class Run:
    """A run under way: its key, and ``renew``, which it calls before each round of work.

    ``renew`` raises :class:`AlreadyRunning` when another run has taken over: this one hung, and its lease was
    over.
    """

    id: int
    renew: Callable[[], None]


@contextmanager
def posting_run(*, actor: Actor, company: str, job: str) -> Iterator[Run]:
    """Be the one posting run of ``company``; raise :class:`AlreadyRunning` while another one is alive."""
    name = ("posting run", str(uuid4()))
    with session_lock(FINANCE, *name):
        with transaction.atomic(using=FINANCE, durable=True):
            wait_in_transaction(FINANCE, "posting runs", company)
            if sql.rows(FINANCE, _sql("alive"), company=company):
                raise AlreadyRunning(job=job)
            sql.run(FINANCE, _sql("end_lost"), company=company)
            begun = sql.one(
                FINANCE,
                _sql("begin"),
                company=company,
                lock_key=lock_key(*name),
                started_by=actor.name,
                lease=LEASE,
            )
        run_id = int(begun["id"])
        try:
            yield Run(run_id, lambda: _renew(run_id, job))
        finally:
            if connections[FINANCE].is_usable():  # a session that is gone is a run that was lost
                _end(run_id, company, actor)


def _renew(run_id: int, job: str) -> None:
    with transaction.atomic(using=FINANCE, durable=True):
        if not sql.run(FINANCE, _sql("renew"), run_id=run_id, lease=LEASE):
            raise AlreadyRunning(job=job)


def _end(run_id: int, company: str, actor: Actor) -> None:
    with transaction.atomic(using=FINANCE, durable=True):
        sql.run(FINANCE, _sql("hand_back"), run_id=run_id, company=company, done_by=actor.name)
        sql.run(FINANCE, _sql("end"), run_id=run_id)
