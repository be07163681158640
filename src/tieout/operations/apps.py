"""The Django app of tieout.operations."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Tables of operations; see tieout.database.aliases for the database that holds them."""

    name = "tieout.operations"
    label = "operations"
