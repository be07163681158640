"""A server of its own for what is measured: embedded, durable, gone afterwards."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections


@contextmanager
def own_server(name: str) -> Iterator[Path]:
    """Run three migrated databases in a folder of their own, whatever the environment names."""
    with tempfile.TemporaryDirectory(prefix=f"tieout-{name}-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        os.environ["TIEOUT_DATA_DIRECTORY"] = f"{folder}/data"
        for variable in [name for name in os.environ if name.endswith("_DATABASE_URL")]:
            del os.environ[variable]
        yield from _with_server(Path(folder))


def _with_server(folder: Path) -> Iterator[Path]:
    from tieout.config import bootstrap
    from tieout.database import embedded

    data_directory = embedded.default_data_directory()
    with embedded.start(data_directory=data_directory):
        bootstrap.start(server=False)
        from tieout.config.migrate import migrate

        migrate()
        yield folder
        connections.close_all()
    embedded.remove(data_directory=data_directory)
