"""One laboratory for all seeds of these tests, on the tests' own server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.databases import close_connections, empty_databases

from tieout.faultlab import sessions, world


@pytest.fixture(scope="module")
def laboratory(server: None) -> Iterator[world.World]:
    """The small world, loaded; the databases are left empty."""
    empty_databases()
    with sessions.disturbable(), world.prepared() as prepared:
        yield prepared
    empty_databases()
    close_connections()
