"""The Django app of tieout.problems."""

from __future__ import annotations

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """Tables of problems; see tieout.database.aliases for the database that holds them."""

    name = "tieout.problems"
    label = "problems"
