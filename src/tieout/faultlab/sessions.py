"""Disturbs runs where it hurts: at their commits, and in their connections.

A run that crashes ends as a killed program does: its sessions are gone and nothing of it runs on. A run that
is held open stands still right before a commit, in a session of its own, while others read and write. One
thread works at a time, so that the same steps give the same interleaving.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar, Final
from unittest import mock

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tieout.database import batches, sql
from tieout.database.aliases import ALIASES, FINANCE
from tieout.dualwrite.delivery import actions as delivery
from tieout.faultlab.scenario import Break, How
from tieout.kernel.problems import Problem

SECONDS: Final = 60  # longest time that a run may take
_LOCK_WAIT: Final = "60ms"  # beside a run that is held open, which nobody ends by waiting
_WAIT_BRIEFLY: Final = sql.load("tieout.faultlab", "wait_briefly")
_END_SESSION: Final = sql.load("tieout.faultlab", "end_session")
_HAS_SESSION: Final = sql.load("tieout.faultlab", "has_session")
_EXPECTED: Final = frozenset({"DW-201", "DW-202"})
"""Problems with which a verb says that it does nothing: the map does not run, or has an old version."""


_CRASHES: Final = frozenset({How.CRASH_BEFORE, How.CRASH_AFTER})


class CrashError(BaseException):
    """The program is gone. No handler of the product may catch it, as none catches a killed process."""


@dataclass
class _Watch:
    """What happens to one run, and how far it has come."""

    broken: Break | None
    commits: int = 0
    fired: bool = False
    held: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def is_due(self, how: How) -> bool:
        """Whether this commit is the one."""
        return self.broken is not None and self.broken.how is how and self.commits == self.broken.commit

    @property
    def crashed(self) -> bool:
        """Whether the program is gone; otherwise it must answer for what happened to its database."""
        return self.fired and self.broken is not None and self.broken.how in _CRASHES


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended. ``whole``: it did all it could; otherwise it was broken off, or met what was held."""

    whole: bool
    error: BaseException | None = None


class _Now:
    """The watch of the thread that asks."""

    of: ClassVar = threading.local()
    beside: ClassVar[bool] = False  # a run is held open


def _watch() -> _Watch | None:
    found: _Watch | None = getattr(_Now.of, "watch", None)
    return found


@contextmanager
def disturbable() -> Iterator[None]:
    """Within this block commits and connections pass the watch of their run."""
    wrapper: Any = BaseDatabaseWrapper
    commit, connect = wrapper._commit, wrapper.connect  # noqa: SLF001  every commit and connection goes here

    def commit_watched(self: BaseDatabaseWrapper) -> None:
        watch = _watch()
        if watch is None:
            commit(self)
            return
        watch.commits += 1
        _before_commit(watch, self)
        commit(self)
        if watch.is_due(How.CRASH_AFTER):
            _crash(watch)

    def connect_watched(self: BaseDatabaseWrapper) -> None:
        watch = _watch()
        if watch is not None and watch.crashed:
            raise CrashError  # handlers of the product try to go on; a program that is gone does not
        if watch is not None and watch.fired and watch.broken and watch.broken.database == self.alias:
            raise OperationalError(f"connection to {self.alias} refused")
        connect(self)
        if _Now.beside:
            sql.rows(self.alias, _WAIT_BRIEFLY, time=_LOCK_WAIT)

    wrapper._commit, wrapper.connect = commit_watched, connect_watched  # noqa: SLF001
    try:
        # What repeats a batch pauses before it: no time passes here. And the commits of several batches at
        # once would come in any order.
        pauses = mock.patch.object(delivery, "time", SimpleNamespace(sleep=lambda _: None))
        with pauses, mock.patch.object(batches, "AT_ONCE", 1):
            yield
    finally:
        wrapper._commit, wrapper.connect = commit, connect  # noqa: SLF001


def _before_commit(watch: _Watch, wrapper: BaseDatabaseWrapper) -> None:
    if watch.is_due(How.CRASH_BEFORE):
        _crash(watch)
    if watch.is_due(How.CUT):
        watch.fired = True
        _end(wrapper.connection.info.backend_pid)
    if watch.is_due(How.HOLD):
        watch.held.set()
        if not watch.go_on.wait(SECONDS):
            raise TimeoutError("nobody let the run go on")


def _crash(watch: _Watch) -> None:
    watch.fired = True
    for alias in ALIASES:
        raw = connections[alias].connection
        if raw is not None and not raw.closed:
            process = raw.info.backend_pid
            raw.close()
            _end(process)  # and wait until its locks are free
        connections[alias].connection = None
    raise CrashError


def owner(alias: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Return a connection of the owner of the tables, each of its statements a transaction."""
    parameters = connections[alias].get_connection_params()
    for name in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters, autocommit=True)


class _Administrator:
    """The connection that ends others."""

    connection: ClassVar[psycopg.Connection[tuple[Any, ...]] | None] = None


def _end(process: int) -> None:
    if _Administrator.connection is None or _Administrator.connection.closed:
        _Administrator.connection = owner(FINANCE)
    administrator, of = _Administrator.connection, {"process": process}
    administrator.execute(_END_SESSION.text.encode(), of)
    until = time.monotonic() + SECONDS
    while (
        True
    ):  # the server's own waiting looks ten times a second; a session is gone in a millisecond or two
        there = administrator.execute(_HAS_SESSION.text.encode(), of, prepare=True).fetchone()
        if there is None or not there[0]:
            return
        if time.monotonic() > until:
            raise TimeoutError(f"session {process} does not end")
        time.sleep(0.0005)


def administrator_leaves() -> None:
    """Close the connection that ends others."""
    if _Administrator.connection is not None:
        _Administrator.connection.close()
        _Administrator.connection = None


def run(call: Callable[[], object], broken: Break | None, *, beside: bool = False) -> Ending:
    """Call a verb, disturbed as ``broken`` says; ``beside``: a run is held open meanwhile."""
    watch = _Watch(broken)
    if broken is not None and broken.how is How.GONE:
        connections[broken.database].close()
        watch.fired = True
    return _called(call, watch, beside=beside)


def _called(call: Callable[[], object], watch: _Watch, *, beside: bool) -> Ending:
    _Now.of.watch = watch
    error: BaseException | None = None
    try:
        call()
    except (Exception, CrashError) as raised:  # noqa: BLE001  what it was decides below
        error = raised
    finally:
        _Now.of.watch = None
    if error is None:
        return Ending(whole=True)  # who returns has done all, whatever happened meanwhile
    if watch.crashed:
        forget_broken()
        return Ending(whole=False)
    close_old_connections()  # as before each request and each job
    if isinstance(error, Problem) and error.code in _EXPECTED:
        return Ending(whole=True)
    if (watch.fired or beside) and isinstance(error, DatabaseError | InterfaceError | Problem):
        return Ending(whole=False)
    return Ending(whole=False, error=error)


def forget_broken() -> None:
    """Give this thread the connections of a program that has just begun, where its own are of no use."""
    for alias in ALIASES:
        wrapper = connections[alias]
        with suppress(Exception):
            if wrapper.connection is not None and not wrapper.connection.closed and wrapper.is_usable():
                continue
        with suppress(Exception):
            wrapper.close()
        wrapper.connection = None
        wrapper.in_atomic_block, wrapper.savepoint_ids, wrapper.needs_rollback = False, [], False
        wrapper.atomic_blocks = []
        wrapper.closed_in_transaction = False


def _limit_waiting(time: str) -> None:
    """Let the open sessions of this thread wait so long for a lock; those opened later know by themselves."""
    for alias in ALIASES:
        if connections[alias].connection is not None:
            sql.rows(alias, _WAIT_BRIEFLY, time=time)


class Held:
    """A run that stands still before a commit, in a session of its own."""

    def __init__(self, call: Callable[[], object], broken: Break) -> None:
        self._watch = _Watch(broken)
        self._ended: Ending | None = None
        self._thread = threading.Thread(target=self._work, args=(call,), name="held", daemon=True)
        self._thread.start()
        while self._thread.is_alive() and not self._watch.held.wait(0.001):
            pass
        if not self._watch.held.is_set():
            self._thread.join()
            return
        _Now.beside = True
        _limit_waiting(_LOCK_WAIT)

    def _work(self, call: Callable[[], object]) -> None:
        try:
            self._ended = _called(call, self._watch, beside=True)
        finally:
            connections.close_all()  # this thread's own

    @property
    def ended(self) -> Ending | None:
        """How it ended, if it never came to that commit."""
        return self._ended

    def let_go(self) -> Ending:
        """Let it go on to its end."""
        _Now.beside = False
        _limit_waiting("0")
        self._watch.go_on.set()
        self._thread.join(SECONDS)
        return self._ended or Ending(whole=False, error=TimeoutError("the run never ended"))
