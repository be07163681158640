"""A server of the laboratory's own: without durability, in a directory that is gone afterwards."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock
from urllib.parse import quote

from django.db import connections

from tieout.database import embedded
from tieout.database.aliases import ALIASES


@contextmanager
def own_server() -> Iterator[None]:
    """Make this program's databases those of a new server, whatever is configured; remove it at the end.

    To be entered before the program starts. What the operator has is neither read nor touched. The server is
    removed too when somebody ends the program.
    """
    for number in (signal.SIGTERM, signal.SIGINT):  # what runs in the background would not hear the second
        signal.signal(number, _leave)
    with tempfile.TemporaryDirectory(prefix="tieout-faultlab-", ignore_cleanup_errors=True) as folder:
        directory = Path(folder) / "data"
        running = embedded.start(data_directory=directory, durable=False)
        try:
            with mock.patch.dict(os.environ, _environment(directory)):
                yield
        finally:
            for alias in ALIASES:
                connections[alias].close()
            running.stop()
            embedded.remove(data_directory=directory)


def _leave(number: int, _: object) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


def _environment(directory: Path) -> dict[str, str]:
    """Return the settings that name the server's databases, as an operator would give their own."""
    address = embedded.address(data_directory=directory)
    place = f"host={quote(str(address.host))}&port={address.port}"
    given = {
        f"TIEOUT_{alias.upper()}_DATABASE_URL": f"postgresql://{address.user}@/{alias}?{place}"
        for alias in ALIASES
    }
    return {**given, "TIEOUT_DATA_DIRECTORY": str(directory)}
