"""Brings the three databases to the program's shape: prelude, Django migrations, definitions, grants.

Tables are Django migrations. What can be said again at any time - functions, triggers, views - is not
migrated but *defined*: every ``sql/definitions/*.sql`` of an app runs after the migrations, in name order,
in one transaction, and may assume nothing of an earlier version (``create or replace``, ``drop ... if
exists``). A view is then edited where it stands, and its history is the file's.

Migrations run as the owner; the program itself runs under ``tieout_app``, which may neither update nor
delete rows of an append-only table (D6).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from tieout.database.aliases import ALIASES, DATABASES_OF_APP

APP_ROLE = "tieout_app"


@contextmanager
def as_owner() -> Iterator[None]:
    """Within this block the three connections are the owner's, outside it the program's."""
    before = {alias: connections[alias].settings_dict["OPTIONS"] for alias in ALIASES}
    for alias in ALIASES:
        options = {key: value for key, value in before[alias].items() if key != "assume_role"}
        _reconnect(alias, options)
    try:
        yield
    finally:
        for alias in ALIASES:
            _reconnect(alias, before[alias])


def _reconnect(alias: str, options: dict[str, object]) -> None:
    connections[alias].close()
    connections[alias].settings_dict["OPTIONS"] = options


def is_migrated() -> bool:
    """Return whether one of the databases has tables of the program already."""
    with as_owner():  # the program's role is made by the first migration
        return any(MigrationRecorder(connections[alias]).applied_migrations() for alias in ALIASES)


def migrate() -> None:
    """Create or upgrade all three databases; safe to run again at any time."""
    with as_owner():
        for alias in ALIASES:
            _run_file(alias, "tieout.database", "prelude.sql")
            _migrate(alias)
            with transaction.atomic(using=alias):
                _define(alias)
                _guard_append_only(alias)
                _grant(alias)


def count_waiting_migrations(alias: str) -> int:
    """Return how many migrations of the apps that live in the database are not applied in it."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(_latest_migrations(executor, alias)))


def _migrate(alias: str) -> None:
    """Apply the migrations of the apps that live in the database, and no others.

    Django's command runs those of all apps in each database and lets the router skip the tables; what it
    works out on the way about the models of the other two is most of its time.
    """
    executor = MigrationExecutor(connections[alias])
    executor.loader.check_consistent_history(connections[alias])
    executor.migrate(_latest_migrations(executor, alias))
    emit_post_migrate_signal(verbosity=0, interactive=False, db=alias)


def _latest_migrations(executor: MigrationExecutor, alias: str) -> list[tuple[str, str]]:
    return [
        (app, name)
        for app, name in executor.loader.graph.leaf_nodes()
        if alias in DATABASES_OF_APP.get(app, ())
    ]


def _run_file(alias: str, package: str, name: str) -> None:
    text = (resources.files(package) / "sql" / name).read_text(encoding="utf-8")
    with connections[alias].cursor() as cursor:
        cursor.execute(text)


def _define(alias: str) -> None:
    for app in apps.get_app_configs():
        if alias not in DATABASES_OF_APP.get(app.label, ()) or not app.name.startswith("tieout."):
            continue
        folder = resources.files(app.name) / "sql" / "definitions"
        if not folder.is_dir():
            continue
        for entry in sorted(folder.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".sql"):
                with connections[alias].cursor() as cursor:
                    cursor.execute(entry.read_text(encoding="utf-8"))


def _tables(alias: str) -> Iterator[tuple[str, bool]]:
    for model in apps.get_models():
        if alias in DATABASES_OF_APP.get(model._meta.app_label, ()) and model._meta.managed:
            yield model._meta.db_table, bool(getattr(model, "append_only", False))


def _guard_append_only(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        for table, append_only in _tables(alias):
            name = sql.Identifier(table)
            cursor.execute(sql.SQL("drop trigger if exists tieout_append_only on {}").format(name))
            if append_only:
                cursor.execute(
                    sql.SQL(
                        "create trigger tieout_append_only before update or delete or truncate on {}"
                        " for each statement execute function tieout_refuse_change()"
                    ).format(name)
                )


def _grant(alias: str) -> None:
    role = sql.Identifier(APP_ROLE)
    with connections[alias].cursor() as cursor:
        cursor.execute(sql.SQL("grant usage on schema public to {}").format(role))
        cursor.execute(sql.SQL("grant execute on all functions in schema public to {}").format(role))
        cursor.execute(
            sql.SQL("grant select, insert, update, delete on all tables in schema public to {}").format(role)
        )
        cursor.execute(sql.SQL("grant usage, select on all sequences in schema public to {}").format(role))
        for table, append_only in _tables(alias):
            if append_only:
                cursor.execute(
                    sql.SQL("revoke update, delete, truncate on {} from {}").format(
                        sql.Identifier(table), role
                    )
                )
