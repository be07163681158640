"""Fixtures of all tests: three real databases on a server of their own.

By default an embedded server is started without durability in a temporary directory, and stopped at the
end. ``TIEOUT_TEST_SERVER_URL=postgresql://user@host:port/postgres`` runs the same tests on another server
(for example Debian's PostgreSQL 15); the databases made there are dropped again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests import databases as test_databases
from tieout.config import logs

test_databases.point_at_test_databases()
logs.configure()
django.setup()
# A password is slow to guess, on purpose; those of tests need not be. Programs that tests start verify
# them all the same.
PBKDF2PasswordHasher.iterations = 1

_FOLDER: Final = Path(__file__).parent
_FIRST: Final = ("simulation", "journeys", "browser")
"""Folders of the longest files: those that begin last would leave one of two workers without work."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--scale``: run the measured sizes too."""
    parser.addoption("--scale", action="store_true", help="run the tests marked scale")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip real-data tests only where the folder is absent, scale tests unless asked for; longest first."""
    items.sort(key=_turn)
    for item in items:
        if item.get_closest_marker("real_data") and not test_databases.REAL_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"no public data at {test_databases.REAL_DATA}"))
        if item.get_closest_marker("scale") and not config.getoption("--scale"):
            item.add_marker(pytest.mark.skip(reason="a measured size; run with --scale"))


def _turn(item: pytest.Item) -> int:
    """Return the place of a test's folder; the order within it stays."""
    folder = item.path.relative_to(_FOLDER).parts[0]
    return _FIRST.index(folder) if folder in _FIRST else len(_FIRST)


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """Three migrated databases on a running server."""
    with test_databases.server():
        yield


@pytest.fixture
def databases(server: None) -> Iterator[None]:
    """The three databases, empty but for reference tables; cleaned before the test, not after it."""
    test_databases.empty_databases()
    yield
    test_databases.close_connections()
