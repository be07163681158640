"""The three test databases: where they are, how they are made and emptied (see tests/conftest.py)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from tieout.database import embedded
from tieout.database.aliases import ALIASES

REAL_DATA = Path(os.environ.get("TIEOUT_REAL_DATA") or Path(__file__).parents[2] / "shared" / "data")
TEMPORARY = tempfile.TemporaryDirectory(prefix="tieout-test-", ignore_cleanup_errors=True)
DATA_DIRECTORY = Path(TEMPORARY.name) / "data"
GIVEN = os.environ.get("TIEOUT_TEST_SERVER_URL", "")
# Rows that the program itself keeps in these tables are not a test's to remove.
_KEPT = ("django_migrations", "django_content_type", "auth_permission")
_OWNERS: dict[str, _Owner] = {}
_WORLDS: dict[object, tuple[object, list[_Owner]]] = {}
T = TypeVar("T")
_WRITTEN = b"""
    select quote_ident(attname) from pg_attribute
    where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""
_SEQUENCES = b"""
    select pg_get_serial_sequence(attrelid::regclass::text, attname) from pg_attribute
    where attrelid = %s::regclass and attname = 'id' and atttypid = any(array['int4', 'int8']::regtype[])
        and pg_get_serial_sequence(attrelid::regclass::text, attname) is not null
"""


def server_url(database: str) -> str:
    """Return the address of ``database`` on the server of the tests."""
    if GIVEN:
        scheme, authority, _, query, fragment = urlsplit(GIVEN)
        return urlunsplit((scheme, authority, f"/{database}", query, fragment))
    address = embedded.address(data_directory=DATA_DIRECTORY)
    return f"postgresql://{address.user}@/{database}?host={quote(str(address.host))}&port={address.port}"


def database_of(alias: str) -> str:
    """Return the name of the test database of ``alias``: this run's own."""
    return f"tieout_test_{os.getpid()}_{alias}"


def point_at_test_databases() -> None:
    """Set the environment so that settings find the test databases, here and in programs that tests start."""
    os.environ["TIEOUT_DATA_DIRECTORY"] = str(DATA_DIRECTORY)
    for alias in ALIASES:
        os.environ[f"TIEOUT_{alias.upper()}_DATABASE_URL"] = server_url(database_of(alias))
    # A worker does what a test asks and nothing by the clock: at 23:00 the daily Sync would be there first.
    os.environ["TIEOUT_SCHEDULE"] = "off"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieout.config.settings"


@contextmanager
def server() -> Iterator[None]:
    """Three migrated databases on a running server; both are removed afterwards."""
    from tieout.config.migrate import migrate

    running = None
    if not GIVEN:
        running = embedded.start(data_directory=DATA_DIRECTORY, durable=False)
    _on_server('create database "{}"')
    migrate()
    _OWNERS.update({alias: _Owner(alias) for alias in ALIASES})
    yield
    close_connections()
    _WORLDS.clear()
    while _OWNERS:
        _OWNERS.popitem()[1].leave()
    _on_server('drop database "{}" with (force)')
    if running is not None:
        running.stop()
        embedded.remove(data_directory=DATA_DIRECTORY)
        TEMPORARY.cleanup()


def _on_server(command: str) -> None:
    with psycopg.connect(server_url("postgres"), autocommit=True) as connection:
        for alias in ALIASES:
            connection.execute(command.format(database_of(alias)).encode())


def empty_databases() -> None:
    """Make all tables what they were after migration: empty, but for the reference tables."""
    for alias in ALIASES:
        _OWNERS[alias].empty()


def close_connections() -> None:
    """Close this program's connections to the three databases."""
    from django.db import connections

    for alias in ALIASES:
        connections[alias].close()


def _union(queries: Iterable[str]) -> bytes:
    return " union all ".join(f"({query})" for query in queries).encode()


@contextmanager
def kept_as_they_are() -> Iterator[Callable[[], None]]:
    """Yield what brings the databases back to what they hold now, as often as wanted."""
    owners = [_Owner(alias, kept="kept_by_test") for alias in ALIASES]

    def bring_back() -> None:
        for owner in owners:
            owner.empty()

    yield bring_back
    for owner in owners:
        owner.leave()


def kept_world(key: object, build: Callable[[], T]) -> T:
    """Do to empty databases what ``build`` does, once; bring back later what came of it the first time.

    ``key`` says what is built. Databases that are not empty are built in as they are.
    """
    if any(_OWNERS[alias].is_filled() for alias in ALIASES):
        return build()
    if key not in _WORLDS:
        made = build()
        name = f"kept_world_{len(_WORLDS)}"
        _WORLDS[key] = made, [_Owner(alias, kept=name, of=_OWNERS[alias]) for alias in ALIASES]
        return made
    found, owners = _WORLDS[key]
    for owner in owners:
        owner.empty()
    return cast("T", found)


class _Owner:
    """A connection of a database's owner; knows what tables held when it was made, and brings it back."""

    def __init__(self, alias: str, *, kept: str = "kept", of: _Owner | None = None) -> None:
        self._alias, self._kept, self._of = alias, kept, of
        self._connection = of.connection() if of else self._connect()
        names = [
            row[0]
            for row in self._connection.execute(
                "select quote_ident(tablename) from pg_tables where schemaname = 'public'"
                " and tablename <> all(%s)",
                [list(_KEPT)],
            )
        ]
        filled = self._tables(_union(f"select '{name}' where exists (select from {name})" for name in names))
        self._connection.execute(f"create schema {kept}".encode())
        for name in filled:
            self._connection.execute(f"create table {kept}.{name} as table {name}".encode())
        self._columns = {name: ", ".join(self._of_columns(name, _WRITTEN)) for name in filled}
        self._numbered = {name: self._of_columns(name, _SEQUENCES) for name in filled}
        self._is_filled = _union(
            f"select '{name}' where exists (select from {name})" for name in names if name not in filled
        )
        self._is_changed = _union(
            f"select '{name}' where exists ((table {name} except all table {kept}.{name})"
            f" union all (table {kept}.{name} except all table {name}))"
            for name in filled
        )

    def empty(self) -> None:
        """Empty what a test has filled, and say again what it has changed of the reference tables."""
        self.connection()
        self._truncate(self._tables(self._is_filled))
        changed = self._tables(self._is_changed)
        self._truncate(
            self._tables(_union(f"select '{name}' where exists (select from {name})" for name in changed))
        )
        for name in changed:
            columns = self._columns[name]
            self._connection.execute(
                f"insert into {name} ({columns}) select {columns} from {self._kept}.{name}".encode()
            )
            for sequence in self._numbered[name]:
                self._connection.execute(
                    f"select setval('{sequence}', max(id)) from {self._kept}.{name}".encode()
                )

    def is_filled(self) -> bool:
        """Whether a table is filled that was empty when this was made."""
        self.connection()
        return bool(self._tables(self._is_filled))

    def connection(self) -> psycopg.Connection[tuple[str, ...]]:
        """Return the connection, or its owner's; it is made anew where a test has ended the server."""
        if self._of:
            self._connection = self._of.connection()
            return self._connection
        with suppress(psycopg.OperationalError):
            self._connection.execute(b"select 1")
        if self._connection.closed:
            self._connection = self._connect()
        return self._connection

    def leave(self) -> None:
        """Forget what was kept and close the connection; a test may have ended the server meanwhile."""
        connection = self.connection()
        connection.execute(f"drop schema if exists {self._kept} cascade".encode())
        connection.close()

    def _connect(self) -> psycopg.Connection[tuple[str, ...]]:
        connection = psycopg.connect(server_url(database_of(self._alias)), autocommit=True)
        connection.execute("set session_replication_role = replica")  # append-only guards are for the program
        return connection

    def _of_columns(self, name: str, query: bytes) -> list[str]:
        return [row[0] for row in self._connection.execute(query, [name])]

    def _tables(self, query: bytes) -> list[str]:
        return [row[0] for row in self._connection.execute(query)] if query else []

    def _truncate(self, names: list[str]) -> None:
        if names:
            self._connection.execute(f"truncate {', '.join(names)} restart identity cascade".encode())
