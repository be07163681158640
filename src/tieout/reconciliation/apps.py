"""The Django app of tieout.reconciliation."""

from __future__ import annotations

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    """Tables of reconciliation; see tieout.database.aliases for the database that holds them."""

    name = "tieout.reconciliation"
    label = "reconciliation"
