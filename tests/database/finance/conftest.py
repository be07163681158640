"""A finance side for each test of this folder."""

from __future__ import annotations

import pytest
from tests.database.finance.world import World, build


@pytest.fixture
def world(databases: None) -> World:
    """The company NL01, set up and empty of documents."""
    return build()
