"""What a collector asks: a source about itself, our watermark, and the text that reads a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.db import connections, models
from psycopg import sql as composed

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.reconciliation.collectors.rules import Fact, Mode, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGE: Final = "tieout.reconciliation.collectors"

# What the previous snapshot did not show: begun after it, or in progress then and committed since. The first
# condition is implied by the second; it is there for the index on xid.
_SINCE: Final = (
    "xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)"
    " and not pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)"
)


def present_source(alias: str) -> tuple[Source, str]:
    """Return which database ``alias`` is, what this transaction sees, and how far its log reaches."""
    found = sql.one(alias, sql.load(_PACKAGE, "source"))
    written_to = found.pop("written_to")
    return Source(**found), written_to


def known_source(view: str) -> Source | None:
    """Return up to where the fact table of ``view`` was collected, ``None`` before the first time."""
    found = sql.rows(RECONCILIATION, sql.load(_PACKAGE, "known_source"), view=view)
    return Source(**found[0]) if found else None


def columns_of(fact: Fact) -> tuple[str, ...]:
    """Return the columns that a view publishes for its fact table: the contract is ``facts/models.py``.

    The number that a whole table gives its own rows is not the source's.
    """
    table = next(
        m for m in apps.get_app_config("reconciliation").get_models() if m._meta.db_table == fact.view
    )
    own = models.AutoField if fact.mode is Mode.WHOLE else ()
    return tuple(f.column for f in table._meta.concrete_fields if not isinstance(f, own))


def reading(fact: Fact, *, since: str | None) -> str:
    """Return the query that reads ``fact``: all of it, or what the snapshot ``since`` did not show."""
    query = composed.SQL("select {} from {}").format(
        _listed(columns_of(fact)), composed.Identifier(fact.view)
    )
    if since is not None:
        query = composed.SQL("{} where {}").format(query, composed.SQL(_SINCE))
    return query.as_string(connections[fact.side].connection)


def _listed(columns: Iterable[str]) -> composed.Composed:
    return composed.SQL(", ").join(composed.Identifier(column) for column in columns)
