"""The workspace as a Django app; its users stand in the reconciliation database."""

from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Tables with the prefix ``workspace_``."""

    name = "tieout.workspace"
    label = "workspace"
