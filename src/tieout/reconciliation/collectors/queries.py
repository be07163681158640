"""What a collector asks: a source about itself, our watermark, and the text that reads a view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import connections, models
from psycopg import sql as composed

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.reconciliation.collectors.rules import Bucket, Checksum, Fact, Mode, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def known_sources(side: str) -> dict[str, Source]:
    """Return up to where the facts of each view of ``side`` were collected; none before the first time."""
    found = sql.rows(RECONCILIATION, sql.load(_PACKAGE, "known_sources"), side=side)
    return {row.pop("view"): Source(**row) for row in found}


def with_news(side: str, since: Mapping[str, str]) -> set[str]:
    """Return which of the views of ``side`` have rows that the snapshot ``since``, by view, did not show.

    One question for all of them: most collections find little, and asking each view costs more than a row.
    """
    if not since:
        return set()
    news = composed.SQL(_SINCE.replace("%(since)s", "{since}"))
    asked = [
        composed.SQL("select {name} as view where exists (select from {view} where {news})").format(
            name=composed.Literal(view),
            view=composed.Identifier(view),
            news=news.format(since=composed.Literal(snapshot)),
        )
        for view, snapshot in sorted(since.items())
    ]
    with connections[side].cursor() as cursor:
        # Few rows are new or none: by the index on xid, whatever the statistics say of rows newer than they.
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(composed.SQL(" union all ").join(asked))
        found = {view for (view,) in cursor.fetchall()}
        cursor.execute("set local enable_seqscan = on")
    return found


def columns_of(fact: Fact) -> tuple[str, ...]:
    """Return the columns that a view publishes for its fact table: the contract is ``facts/models.py``.

    The number that a whole table gives its own rows is not the source's.
    """
    return tuple(_fields_of(fact))


def _fields_of(fact: Fact) -> dict[str, models.Field[Any, Any]]:
    table = next(
        m for m in apps.get_app_config("reconciliation").get_models() if m._meta.db_table == fact.view
    )
    own = models.AutoField if fact.mode is Mode.WHOLE else ()
    return {f.column: f for f in table._meta.concrete_fields if not isinstance(f, own)}


def reading(fact: Fact, *, since: str | None) -> str:
    """Return the query that reads ``fact``: all of it, or what the snapshot ``since`` did not show."""
    query = composed.SQL("select {} from {}").format(
        _listed(columns_of(fact)), composed.Identifier(fact.view)
    )
    if since is not None:
        query = composed.SQL("{} where {}").format(query, composed.SQL(_SINCE))
    return query.as_string(connections[fact.side].connection)


def checksums(alias: str, fact: Fact) -> dict[Bucket, Checksum]:
    """Return the checksum of each bucket of ``fact`` in ``alias``: of the view of its side, or of the facts.

    One row per bucket comes back, whatever the number of facts.
    """
    query = composed.SQL(
        "select {company}, {month}, count(*), coalesce(sum({amount}), 0), sum({print})"
        " from {view} group by 1, 2"
    ).format(
        company=_company(fact),
        month=_month(fact),
        amount=composed.Identifier(fact.amount) if fact.amount else composed.SQL("0::numeric"),
        print=_print(fact),
        view=composed.Identifier(fact.view),
    )
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return {
            Bucket(fact.view, company, month): Checksum(rows, amount, of_all)
            for company, month, rows, amount, of_all in cursor.fetchall()
        }


def of_bucket(fact: Fact) -> composed.Composed:
    """Return the condition that a row belongs to the bucket of parameters ``company`` and ``month``."""
    return composed.SQL("{} = %(company)s and {} = %(month)s").format(_company(fact), _month(fact))


def _company(fact: Fact) -> composed.Composable:
    return composed.Identifier(fact.company) if fact.company else composed.SQL("''::text")


def _month(fact: Fact) -> composed.Composable:
    if not fact.dated:
        return composed.SQL("''::text")
    column = _as_stated(fact.dated, _fields_of(fact)[fact.dated])
    return composed.SQL("to_char({}, 'YYYY-MM')").format(column)


def _print(fact: Fact) -> composed.Composable:
    """Return a number for all that a row says: 60 bits of its MD5, which are the same on any server."""
    said = composed.SQL(", ").join(
        composed.SQL("coalesce({}::text, chr(30))").format(_said(column, field))
        for column, field in _fields_of(fact).items()
        if column not in fact.set_up_columns
    )
    return composed.SQL(
        "('x' || substr(md5(concat_ws(chr(31), {})), 1, 15))::bit(60)::bigint::numeric"
    ).format(said)


def _said(column: str, field: models.Field[Any, Any]) -> composed.Composable:
    """Return a column as text that no setting of a session changes: dates and times as numbers."""
    stated = _as_stated(column, field)
    if isinstance(field, models.DateTimeField):
        return composed.SQL("extract(epoch from {})").format(stated)
    if isinstance(field, models.DateField):
        return composed.SQL("({} - date '1970-01-01')").format(stated)
    return stated


def _as_stated(column: str, field: models.Field[Any, Any]) -> composed.Composable:
    """Return a column, a moment in UTC wherever the session may stand."""
    if isinstance(field, models.DateTimeField):
        return composed.SQL("({} at time zone 'UTC')").format(composed.Identifier(column))
    return composed.Identifier(column)


def _listed(columns: Iterable[str]) -> composed.Composed:
    return composed.SQL(", ").join(composed.Identifier(column) for column in columns)
