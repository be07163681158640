"""The workspace as a Django app; its users stand in the reconciliation database."""

from __future__ import annotations

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Tables with the prefix ``workspace_``."""

    name = "tieout.workspace"
    label = "workspace"

    def ready(self) -> None:
        """Tell the jobs who the users are."""
        from tieout.jobs.approvers import use_users  # noqa: PLC0415  the models are there only now
        from tieout.workspace.actors import actor_named  # noqa: PLC0415

        use_users(actor_named)
