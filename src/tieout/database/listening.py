"""Waits until a database says that there is something to do (``LISTEN``), or until a time has passed."""

from __future__ import annotations

import select
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import psycopg
import structlog
from django.db import connections
from psycopg import sql

if TYPE_CHECKING:
    from threading import Event

SECONDS_BETWEEN_LOOKS: Final = 0.2  # how soon a wait notices that it is to stop

log = structlog.get_logger("tieout.listening")


class Listener:
    """Connections of its own to some databases, which hear one channel.

    What was notified since the last :meth:`wait` ends the next one at once, so that nothing is missed between
    looking and waiting. A connection that breaks is opened again; until then only the time ends a wait.
    """

    def __init__(self, aliases: Iterable[str], channel: str) -> None:
        self._channel = channel
        self._open: dict[str, psycopg.Connection | None] = dict.fromkeys(aliases)

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for alias in self._open:
            self._close(alias)

    def wait(self, seconds: float, stop: Event) -> None:
        """Return when something was notified, when ``seconds`` have passed, or when ``stop`` is set."""
        self._listen()
        until = time.monotonic() + seconds
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            heard = [one for one in self._open.values() if one is not None]
            ready, _, _ = select.select(heard, [], [], min(left, SECONDS_BETWEEN_LOOKS))
            if ready and self._notified():
                return

    def _notified(self) -> bool:
        """Take what has arrived; say whether something was notified."""
        found = False
        for alias, connection in self._open.items():
            if connection is None:
                continue
            try:
                connection.pgconn.consume_input()
                while connection.pgconn.notifies() is not None:
                    found = True
            except psycopg.Error:
                log.warning("listening broke off", database=alias)
                self._close(alias)
        return found

    def _listen(self) -> None:
        for alias, connection in self._open.items():
            if connection is not None:
                continue
            try:
                self._open[alias] = _connected(alias, self._channel)
            except psycopg.Error:
                log.warning("cannot listen", database=alias)

    def _close(self, alias: str) -> None:
        connection, self._open[alias] = self._open[alias], None
        if connection is not None:
            connection.close()


def _connected(alias: str, channel: str) -> psycopg.Connection:
    """Return a connection of its own to a database, reached as Django's is, that hears ``channel``."""
    wrapper = connections[alias]
    opened: psycopg.Connection = wrapper.get_new_connection(wrapper.get_connection_params())
    try:
        opened.autocommit = True
        opened.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
    except psycopg.Error:
        opened.close()
        raise
    return opened
