"""The outbox as a Django app: its tables exist in operations and in finance."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Tables with the prefix ``outbox_``."""

    name = "tieout.outbox"
    label = "outbox"
