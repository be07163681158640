"""Sends every model to the database of its side and refuses everything else (DESIGN D1)."""

from __future__ import annotations

from typing import Any

from tieout.database.aliases import DATABASES_OF_APP


class UnroutedModelError(RuntimeError):
    """A model was used without saying in which database: a programming error, never met by a user."""


def _only_home(app_label: str) -> str:
    homes = DATABASES_OF_APP.get(app_label)
    if homes is None:
        message = f"app {app_label!r} belongs to no database; add it to tieout.database.aliases"
        raise UnroutedModelError(message)
    if len(homes) > 1:
        message = f"tables of {app_label!r} exist in {homes}; say which with .using(alias)"
        raise UnroutedModelError(message)
    return homes[0]


class SideRouter:
    """One app, one database; an app with several homes must be addressed with ``using``."""

    def db_for_read(self, model: type[Any], **_hints: Any) -> str:
        """Return the alias that holds ``model``; raise when there is none or more than one."""
        return _only_home(model._meta.app_label)

    def db_for_write(self, model: type[Any], **_hints: Any) -> str:
        """Return the alias that holds ``model``; raise when there is none or more than one."""
        return _only_home(model._meta.app_label)

    def allow_relation(self, first: Any, second: Any, **_hints: Any) -> bool:
        """Allow a relation only between rows of one database."""
        return bool(first._state.db == second._state.db)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Create the tables of an app only in its own databases."""
        return db in DATABASES_OF_APP.get(app_label, ())
