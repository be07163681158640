"""Django migrations of our apps: write them, or check that none is missing (``--check``)."""

from __future__ import annotations

import os
import sys

from django.core.management import call_command
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tieout.config import bootstrap

OUR_APPS = ("outbox", "problems", "operations", "finance", "reconciliation", "jobs", "workspace", "jobs")


def missing() -> list[str]:
    """Return the operations that the models have and no migration has yet; empty when all is written."""
    from django.apps import apps  # noqa: PLC0415  Django is set up first

    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(graph=loader.graph)
    return [
        f"{label}: {operation.describe()}"
        for label, migrations in changes.items()
        if label in OUR_APPS
        for migration in migrations
        for operation in migration.operations
    ]


def main(arguments: list[str]) -> int:
    """Write the missing migrations, or only name them; return the exit code."""
    check = "--check" in arguments
    bootstrap.start(server=not check)
    found = missing()
    if not found:
        return 0
    if check:
        sys.stderr.write("Models have changed without a migration; run `make migrations`:\n")
        sys.stderr.writelines(f"  {line}\n" for line in found)
        return 1
    from tieout.database import schema  # noqa: PLC0415  Django is set up first

    with schema.as_owner():
        call_command("makemigrations", *OUR_APPS)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieout.config.settings")
    raise SystemExit(main(sys.argv[1:]))
