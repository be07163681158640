"""The addresses of the three databases: the operator's, or those of the embedded server (DESIGN D2)."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tieout.database import embedded
from tieout.database.aliases import ALIASES
from tieout.database.schema import APP_ROLE


class DatabaseUrlError(ValueError):
    """A ``TIEOUT_*_DATABASE_URL`` cannot be read."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}; write postgresql://user:password@host:5432/name")
        self.variable = variable
        self.reason = reason


def variable_of(alias: str) -> str:
    """Return the environment variable that addresses ``alias``."""
    return f"TIEOUT_{alias.upper()}_DATABASE_URL"


def uses_embedded_server() -> bool:
    """Say whether no database is given by the operator; given ones must be all three."""
    given = [alias for alias in ALIASES if os.environ.get(variable_of(alias))]
    if given and len(given) < len(ALIASES):
        missing = next(variable_of(alias) for alias in ALIASES if alias not in given)
        raise DatabaseUrlError(missing, "is not set, though the other databases are")
    return not given


def from_environment() -> dict[str, dict[str, Any]]:
    """Return Django's ``DATABASES``: an empty default, so that an unrouted use fails, and the three."""
    if uses_embedded_server():
        address = embedded.address(data_directory=embedded.default_data_directory())
        parts: dict[str, dict[str, Any]] = {
            alias: {"HOST": address.host, "PORT": str(address.port), "USER": address.user, "NAME": alias}
            for alias in ALIASES
        }
    else:
        parts = {alias: parse_url(variable_of(alias), os.environ[variable_of(alias)]) for alias in ALIASES}
    return {"default": {}} | {alias: _settings(part) for alias, part in parts.items()}


def parse_url(variable: str, url: str) -> dict[str, Any]:
    """Return host, port, user, password, name and options of a PostgreSQL URL."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise DatabaseUrlError(variable, "is not a URL") from error
    if split.scheme not in {"postgresql", "postgres"}:
        raise DatabaseUrlError(variable, f"starts with {split.scheme or 'nothing'}, not postgresql")
    name = unquote(split.path.lstrip("/"))
    if not name:
        raise DatabaseUrlError(variable, "names no database")
    query = dict(parse_qsl(split.query))
    return {
        "HOST": query.pop("host", "") or unquote(split.hostname or ""),
        "PORT": query.pop("port", "") or str(port or ""),
        "USER": unquote(split.username or ""),
        "PASSWORD": unquote(split.password or ""),
        "NAME": name,
        "OPTIONS": query,
    }


def _settings(part: dict[str, Any]) -> dict[str, Any]:
    # Compiling our statements costs more than it gives: a full reconciliation of 100,000 lines takes 0.35 s
    # without and 0.79 s with it, by `make bench-decisions WHAT=jit` on PostgreSQL 15.
    ours = {"assume_role": APP_ROLE, "application_name": "tieout", "options": "-c jit=off"}
    options = ours | part.pop("OPTIONS", {})
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": options,
        **part,
    }
