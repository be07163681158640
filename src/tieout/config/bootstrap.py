"""How every program of ours starts: environment, logs, embedded server if it is the default, Django."""

from __future__ import annotations

import os

import django

from tieout.config import logs
from tieout.config.databases import uses_embedded_server
from tieout.database import embedded


def start(*, server: bool = True) -> None:
    """Make Django usable; with ``server`` also start (or join) the embedded server when it is the default.

    The server is left by itself when the program ends; the last program out stops it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieout.config.settings")
    logs.configure(level=os.environ.get("TIEOUT_LOG", "WARNING"))
    if server and uses_embedded_server():
        embedded.start(data_directory=embedded.default_data_directory())
    django.setup()
