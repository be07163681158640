"""Collect: bring the fact tables to what the sides publish now (DESIGN D8).

Per side one repeatable-read transaction reads and one transaction writes, so the facts of a side are those of
one moment, and rows and watermark are committed together or not at all: a row is never missed and never taken
twice, whatever crashes. A transaction that is still open is listed as in progress by the snapshot that is
kept; its rows come with the first collection after its commit, and nobody waits for it.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Final

from django.db import connections, transaction
from psycopg import sql as composed

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.database.locks import session_lock
from tieout.database.statistics import refresh_if_grown
from tieout.database.transfer import copy_rows
from tieout.kernel.access import Actor, Verb, permit
from tieout.reconciliation.collectors import queries
from tieout.reconciliation.collectors.rules import FACTS, Fact, Mode, Side, Source, must_restart

_PACKAGE: Final = "tieout.reconciliation.collectors"


@dataclass(frozen=True, slots=True)
class CollectedView:
    """What came from one view: rows (of a whole view 0 when it had not changed), and how long it took.

    ``restarted``: the fact table was emptied and filled again.
    """

    view: str
    side: Side
    rows: int
    ms: int
    restarted: bool


@dataclass(frozen=True, slots=True)
class Collection:
    """What one run collected. ``ran`` is False, and nothing was done, when another run was at it."""

    ran: bool
    views: tuple[CollectedView, ...]

    @property
    def rows(self) -> int:
        """All rows that came."""
        return sum(view.rows for view in self.views)


def collect(*, actor: Actor) -> Collection:
    """Take into the fact tables what both sides wrote since the last collection.

    Facts are of all companies: who may reconcile may collect. Memory does not grow with the rows, they
    stream.
    """
    permit(actor, Verb.RECONCILE)
    with session_lock(RECONCILIATION, "collect") as mine:
        if not mine:
            return Collection(ran=False, views=())
        collected = tuple(view for side in Side for view in _collect_side(side))
        for view in collected:
            refresh_if_grown(RECONCILIATION, view.view, view.rows)
    return Collection(ran=True, views=collected)


def _collect_side(side: Side) -> list[CollectedView]:
    done: list[CollectedView] = []
    # The side's transaction ends first, and on disk (make_durable.sql). A server that is killed forgets a
    # transaction whose end was not on disk, a rolled back one for example, and gives its number to another
    # one: what that one writes would be taken for known, had we kept our snapshot before.
    with transaction.atomic(using=RECONCILIATION, durable=True), transaction.atomic(using=side, durable=True):
        sql.run(side, sql.load(_PACKAGE, "one_snapshot"))
        source, written_to = queries.present_source(side)
        changed: set[str] = set()
        for fact in FACTS:
            if fact.side is side:
                view = _collect_view(fact, source, restart=fact.restarts_with in changed)
                if fact.mode is Mode.WHOLE and view.restarted:
                    changed.add(fact.view)
                done.append(view)
        sql.run(side, sql.load(_PACKAGE, "make_durable"), written_to=written_to)
    return done


def _collect_view(fact: Fact, source: Source, *, restart: bool) -> CollectedView:
    started = time.perf_counter()
    known = queries.known_source(fact.view)
    restart = restart or must_restart(known, source)
    if fact.mode is Mode.WHOLE:
        rows, restart = _replace(fact)
    else:
        if restart:
            _empty(fact.view)
        rows = _add(fact, since=None if restart or known is None else known.snapshot)
    sql.run(
        RECONCILIATION,
        sql.load(_PACKAGE, "remember_source"),
        view=fact.view,
        side=fact.side.value,
        row_count=rows,
        restarted=restart,
        **asdict(source),
    )
    return CollectedView(fact.view, fact.side, rows, round((time.perf_counter() - started) * 1000), restart)


def _add(fact: Fact, *, since: str | None) -> int:
    """Take the rows that came since the snapshot, all when it is None; return how many."""
    query, parameters = queries.reading(fact, since=since), {} if since is None else {"since": since}
    if fact.takes_back is None:
        return _stream(fact.side, query, parameters, fact.view)
    rows = _stream(fact.side, query, parameters, _arrived(fact))
    names = {
        "arrived": composed.Identifier(f"arrived_{fact.view}"),
        "other": composed.Identifier(fact.takes_back),
        "table": composed.Identifier(fact.view),
        "listed": _listed(fact),
    }
    _execute(
        composed.SQL("delete from {other} t using {arrived} a where t.line_id = a.line_id").format(**names)
    )
    _execute(composed.SQL("insert into {table} ({listed}) select {listed} from {arrived}").format(**names))
    return rows


def _listed(fact: Fact) -> composed.Composed:
    return composed.SQL(", ").join(composed.Identifier(column) for column in queries.columns_of(fact))


def _arrived(fact: Fact) -> str:
    """Make an empty temporary table for what arrives of a view; return its name."""
    name = f"arrived_{fact.view}"
    _execute(
        composed.SQL("create temporary table {} on commit drop as select {} from {} with no data").format(
            composed.Identifier(name), _listed(fact), composed.Identifier(fact.view)
        )
    )
    return name


def _replace(fact: Fact) -> tuple[int, bool]:
    """Take a whole view if it differs from its table. Return its rows (else 0) and whether it did."""
    listed, table = _listed(fact), composed.Identifier(fact.view)
    rows = _stream(fact.side, queries.reading(fact, since=None), {}, _arrived(fact))
    arrived = composed.Identifier(f"arrived_{fact.view}")
    differs = composed.SQL(
        "select exists ((select {c} from {a} except all select {c} from {t})"
        " union all (select {c} from {t} except all select {c} from {a}))"
    ).format(c=listed, a=arrived, t=table)
    with connections[RECONCILIATION].cursor() as cursor:
        cursor.execute(differs)
        changed = bool(cursor.fetchone()[0])
    if changed:
        _empty(fact.view)
        _execute(
            composed.SQL("insert into {t} ({c}) select {c} from {a}").format(t=table, c=listed, a=arrived)
        )
    return (rows if changed else 0), changed


def _stream(side: Side, query: str, parameters: dict[str, str], table: str) -> int:
    return copy_rows(
        source=side,
        query=query,
        parameters=parameters,
        target=RECONCILIATION,
        table=table,
    )


def _empty(table: str) -> None:
    _execute(composed.SQL("delete from {}").format(composed.Identifier(table)))


def _execute(statement: composed.Composed) -> None:
    with connections[RECONCILIATION].cursor() as cursor:
        cursor.execute(statement)
