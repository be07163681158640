"""Where the public data is, and small helpers to read rows in a test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


def real_data() -> Path:
    """Return the folder of public data; the test is skipped only where it is absent."""
    folder = Path(os.environ.get("TIEOUT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no public data in {folder}")
    return folder


@pytest.fixture(scope="session")
def council_spend() -> list[Path]:
    """Return the twelve quarterly files, in order of name."""
    return sorted((real_data() / "council_spend").glob("*.csv"))


@pytest.fixture(scope="session")
def profiles() -> Path:
    """Return the folder of mapping profiles."""
    return REPOSITORY / "tests" / "profiles"
