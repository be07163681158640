"""The jobs as a Django app; what their runs did stands in the reconciliation database."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Tables with the prefix ``jobs_``; procrastinate finds ``tasks`` here."""

    name = "tieout.jobs"
    label = "jobs"
