"""Fixtures of all tests: three real databases on a server of their own.

By default an embedded server is started without durability in a temporary directory, and stopped at the
end. ``TIEOUT_TEST_SERVER_URL=postgresql://user@host:port/postgres`` runs the same tests on another server
(for example Debian's PostgreSQL 15); the databases made there are dropped again.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import django
import psycopg
import pytest

from tieout.database import embedded
from tieout.database.aliases import ALIASES

REAL_DATA = Path(os.environ.get("TIEOUT_REAL_DATA") or Path(__file__).parents[2] / "shared" / "data")
_TEMPORARY = tempfile.TemporaryDirectory(prefix="tieout-test-", ignore_cleanup_errors=True)
_DATA_DIRECTORY = Path(_TEMPORARY.name) / "data"
_GIVEN = os.environ.get("TIEOUT_TEST_SERVER_URL", "")
# Rows that the program itself keeps in these tables are not a test's to remove.
_KEPT = ("django_migrations", "django_content_type", "auth_permission")


def _server_url(database: str) -> str:
    if _GIVEN:
        scheme, authority, _, query, fragment = urlsplit(_GIVEN)
        return urlunsplit((scheme, authority, f"/{database}", query, fragment))
    address = embedded.address(data_directory=_DATA_DIRECTORY)
    return f"postgresql://{address.user}@/{database}?host={quote(str(address.host))}&port={address.port}"


def _database(alias: str) -> str:
    return f"tieout_test_{os.getpid()}_{alias}"


def _point_at_test_databases() -> None:
    os.environ["TIEOUT_DATA_DIRECTORY"] = str(_DATA_DIRECTORY)
    for alias in ALIASES:
        url = _server_url(_database(alias))
        # Without a host in the authority urlsplit needs the port beside it, so it is passed as options.
        os.environ[f"TIEOUT_{alias.upper()}_DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieout.config.settings"


_point_at_test_databases()
django.setup()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--scale``: run the measured sizes too."""
    parser.addoption("--scale", action="store_true", help="run the tests marked scale")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip real-data tests only where the folder is absent, and scale tests unless asked for."""
    for item in items:
        if item.get_closest_marker("real_data") and not REAL_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"no public data at {REAL_DATA}"))
        if item.get_closest_marker("scale") and not config.getoption("--scale"):
            item.add_marker(pytest.mark.skip(reason="a measured size; run with --scale"))


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """Three migrated databases on a running server."""
    from tieout.config.migrate import migrate

    running = None if _GIVEN else embedded.start(data_directory=_DATA_DIRECTORY, durable=False)
    with psycopg.connect(_server_url("postgres"), autocommit=True) as connection:
        for alias in ALIASES:
            connection.execute(f'create database "{_database(alias)}"'.encode())
    migrate()
    yield
    _close()
    with psycopg.connect(_server_url("postgres"), autocommit=True) as connection:
        for alias in ALIASES:
            connection.execute(f'drop database "{_database(alias)}" with (force)'.encode())
    if running is not None:
        running.stop()
        _TEMPORARY.cleanup()


@pytest.fixture
def databases(server: None) -> Iterator[None]:
    """The three databases, empty but for reference tables; cleaned before the test, not after it."""
    from tieout.config.migrate import load_reference_tables

    for alias in ALIASES:
        _empty(alias)
    load_reference_tables()
    yield
    _close()


def _close() -> None:
    from django.db import connections

    for alias in ALIASES:
        connections[alias].close()


def _empty(alias: str) -> None:
    with psycopg.connect(_server_url(_database(alias)), autocommit=True) as connection:
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
