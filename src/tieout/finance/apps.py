"""The Django app of tieout.finance."""

from __future__ import annotations

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """Tables of finance; see tieout.database.aliases for the database that holds them."""

    name = "tieout.finance"
    label = "finance"
