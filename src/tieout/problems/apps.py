"""The Django app of tieout.problems."""

from __future__ import annotations

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    """Tables with the prefix ``problem_``, in all three databases."""

    name = "tieout.problems"
    label = "problems"

    def ready(self) -> None:
        """Give the problem classes their words before anybody can meet one."""
        from tieout.problems import catalogue  # noqa: F401, PLC0415  importing it registers them
