"""A server of the laboratory's own: without durability, in a directory that is gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tieout.database import embedded
from tieout.database.aliases import ALIASES

_DATA_DIRECTORY = "TIEOUT_DATA_DIRECTORY"


@contextmanager
def own_server() -> Iterator[None]:
    """Make this program's databases those of a new server, whatever is configured; remove it at the end.

    To be entered before the program starts. What the operator has is neither read nor touched.
    """
    with tempfile.TemporaryDirectory(prefix="tieout-faultlab-", ignore_cleanup_errors=True) as folder:
        for alias in ALIASES:
            os.environ.pop(f"TIEOUT_{alias.upper()}_DATABASE_URL", None)
        os.environ[_DATA_DIRECTORY] = str(Path(folder) / "data")
        running = embedded.start(data_directory=Path(folder) / "data", durable=False)
        try:
            yield
        finally:
            running.stop()
