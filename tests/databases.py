"""The three test databases: where they are, how they are made and emptied (see tests/conftest.py)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    yield
    close_connections()
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
    """Empty all tables and load the reference tables again."""
    from tieout.config.migrate import load_reference_tables

    for alias in ALIASES:
        _empty(alias)
    load_reference_tables()


def close_connections() -> None:
    """Close this program's connections to the three databases."""
    from django.db import connections

    for alias in ALIASES:
        connections[alias].close()


def _empty(alias: str) -> None:
    with psycopg.connect(server_url(database_of(alias)), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # append-only guards are for the program
        names = [
            row[0]
            for row in connection.execute(
                "select quote_ident(tablename) from pg_tables where schemaname = 'public'"
                " and tablename <> all(%s)",
                [list(_KEPT)],
            )
        ]
        probe = " union all ".join(f"(select '{name}' where exists (select from {name}))" for name in names)
        filled = [row[0] for row in connection.execute(probe.encode())]
        if filled:
            connection.execute(f"truncate {', '.join(filled)} restart identity cascade".encode())
