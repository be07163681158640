"""Collect: bring the fact tables to what the sides publish now (DESIGN D8).

A repeatable-read transaction reads a side at one moment, and one transaction writes all that was read: rows
and watermarks are committed together or not at all, so that a row is never missed and never taken twice,
whatever crashes. A transaction that is still open is listed as in progress by the snapshot that is kept; its
rows come with the first collection after its commit, and nobody waits for it.

No moment is that of both sides, and records travel meanwhile. A record is owed by its source until it has
arrived: who reads the source first finds it owed, or arrived, or both, and never neither. Records travel both
ways, hence::

    operations   what it owes, what arrived     an actual that is not owed by now has arrived
    finance      everything                     and is found here; a document is owed, or arrives by
    operations   what came meanwhile            now; an actual that finance has already is known
                                                a new one is on its way, whatever became of it
"""

from __future__ import annotations

import time
from collections.abc import Callable
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
from tieout.problems.rules import AlreadyRunning
from tieout.reconciliation.collectors import queries
from tieout.reconciliation.collectors.problems import FactsDiffer, NoSuchBucket
from tieout.reconciliation.collectors.rules import (
    FACTS,
    Bucket,
    Checksum,
    Difference,
    Fact,
    Mode,
    Side,
    differences,
    must_restart,
)

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

    def __add__(self, later: CollectedView) -> CollectedView:
        """Return what came from the view in both readings of one run."""
        restarted = self.restarted or later.restarted
        rows = later.rows if later.restarted else self.rows + later.rows
        return CollectedView(self.view, self.side, rows, self.ms + later.ms, restarted)


@dataclass(frozen=True, slots=True)
class Collection:
    """What one run collected. ``ran`` is False, and nothing was done, when another run was at it."""

    ran: bool
    views: tuple[CollectedView, ...]

    @property
    def rows(self) -> int:
        """All rows that came."""
        return sum(view.rows for view in self.views)


@dataclass(frozen=True, slots=True)
class Verification:
    """What comparing facts with their sides brought: how many buckets were compared, and which differ.

    ``ran`` is False, and nothing was compared, when another run was collecting. ``problem`` is there when
    something differs.
    """

    ran: bool
    buckets: int
    differing: int
    differences: tuple[Difference, ...]
    problem: FactsDiffer | None


@dataclass(frozen=True, slots=True)
class CollectedAgain:
    """What collecting one bucket again did: facts that were taken away, and those that stand there now."""

    bucket: Bucket
    removed: int
    rows: int


def collect(*, actor: Actor, between_reads: Callable[[], None] | None = None) -> Collection:
    """Take into the fact tables what both sides wrote since the last collection.

    Facts are of all companies: who may reconcile may collect. Memory does not grow with the rows, they
    stream. ``between_reads`` runs where one side was read and the next one is not: records travel then, too.
    """
    permit(actor, Verb.RECONCILE)
    with session_lock(RECONCILIATION, "collect") as mine:
        if not mine:
            return Collection(ran=False, views=())
        collected = _collect_sides(between_reads=between_reads)
    return Collection(ran=True, views=collected)


def verify(*, actor: Actor) -> Verification:
    """Collect, and compare checksums of every bucket of the facts with what the sides publish.

    Both are of one snapshot, so that whatever differs was changed, added or deleted after it had been
    collected, or was missed. It reads every fact once, in the servers; one row per bucket comes back. Answers
    for the companies of ``actor``, and for facts that name none.
    """
    permit(actor, Verb.RECONCILE)
    found: list[tuple[dict[Bucket, Checksum], dict[Bucket, Checksum]]] = []

    def compare(side: Side) -> None:
        found.extend(
            (queries.checksums(side, fact), queries.checksums(RECONCILIATION, fact))
            for fact in FACTS
            if fact.side is side and fact.mode is Mode.INCREMENTAL
        )

    with session_lock(RECONCILIATION, "collect") as mine:
        if not mine:
            return Verification(ran=False, buckets=0, differing=0, differences=(), problem=None)
        _collect_sides(then=compare)
    seen = [tuple(_of_companies(actor, one) for one in pair) for pair in found]
    differing = tuple(one for published, collected in seen for one in differences(published, collected))
    problem = None
    if differing:
        problem = FactsDiffer(buckets=len(differing), example=_said(differing[0].bucket))
    return Verification(
        ran=True,
        buckets=sum(len({*published, *collected}) for published, collected in seen),
        differing=len(differing),
        differences=differing,
        problem=problem,
    )


def collect_again(*, actor: Actor, view: str, company: str = "", month: str = "") -> CollectedAgain:
    """Take one bucket of facts away and take it anew, with all else that came since the last collection.

    Raises :class:`NoSuchBucket` for a view that is not collected row by row, and :class:`AlreadyRunning`.
    """
    permit(actor, Verb.RECONCILE, company or None)
    views = tuple(fact.view for fact in FACTS if fact.mode is Mode.INCREMENTAL)
    if view not in views:
        raise NoSuchBucket(view=view, views=views)
    fact, bucket, done = FACTS.one(view), Bucket(view, company, month), []

    def replace(side: Side) -> None:
        if side is fact.side:
            done.append(_replace_bucket(fact, bucket))

    with session_lock(RECONCILIATION, "collect") as mine:
        if not mine:
            raise AlreadyRunning(job="collect")
        _collect_sides(then=replace)
    return done[0]


def _of_companies(actor: Actor, found: dict[Bucket, Checksum]) -> dict[Bucket, Checksum]:
    """Return the buckets that ``actor`` may see; those of facts without a company are everybody's."""
    return {
        bucket: one
        for bucket, one in found.items()
        if actor.companies is None or not bucket.company_code or bucket.company_code in actor.companies
    }


def _said(bucket: Bucket) -> str:
    return " ".join(filter(None, (bucket.view, bucket.company_code, bucket.month)))


def _collect_sides(
    *, then: Callable[[Side], None] | None = None, between_reads: Callable[[], None] | None = None
) -> tuple[CollectedView, ...]:
    """Collect what both sides wrote, all or nothing; ``then`` sees a side and its facts as of one moment."""
    with transaction.atomic(using=RECONCILIATION, durable=True):
        done = _collect_side(Side.OPERATIONS)
        if between_reads:
            between_reads()
        done += _collect_side(Side.FINANCE, then=then)
        if between_reads:
            between_reads()
        for later in _collect_side(Side.OPERATIONS, then=then, meanwhile=True):
            place = next(n for n, view in enumerate(done) if view.view == later.view)
            done[place] = done[place] + later
    for view in done:
        refresh_if_grown(RECONCILIATION, view.view, view.rows)
    return tuple(done)


def _collect_side(
    side: Side, *, then: Callable[[Side], None] | None = None, meanwhile: bool = False
) -> list[CollectedView]:
    """Collect what a side wrote.

    ``meanwhile``: since it was read for this collection. What it owed and how its maps stood then remains,
    and what is new is on its way: the other side was read before it could arrive, or it had arrived.
    """
    done: list[CollectedView] = []
    # The side's transaction ends first, and on disk (make_durable.sql). A server that is killed forgets a
    # transaction whose end was not on disk, a rolled back one for example, and gives its number to another
    # one: what that one writes would be taken for known, had we kept our snapshot before.
    with transaction.atomic(using=side, durable=True):
        sql.run(side, sql.load(_PACKAGE, "one_snapshot"))
        source, written_to = queries.present_source(side)
        known = {
            view: one.snapshot
            for view, one in queries.known_sources(side).items()
            if not must_restart(one, source)
        }
        facts = [fact for fact in FACTS if fact.side is side and not (meanwhile and fact.mode is Mode.WHOLE)]
        incremental = {fact.view for fact in facts if fact.mode is Mode.INCREMENTAL}
        news = queries.with_news(side, {view: known[view] for view in known.keys() & incremental})
        changed: set[str] = set()
        for fact in facts:
            since = None if fact.restarts_with in changed else known.get(fact.view)
            view = _collect_view(fact, since=since, has_news=fact.view in news, meanwhile=meanwhile)
            if fact.mode is Mode.WHOLE and view.restarted:
                changed.add(fact.view)
            done.append(view)
        sql.run(
            RECONCILIATION,
            sql.load(_PACKAGE, "remember_sources"),
            side=side.value,
            views=[view.view for view in done],
            row_counts=[view.rows for view in done],
            restarted=[view.view for view in done if view.restarted],
            **asdict(source),
        )
        if then:
            then(side)
        sql.run(side, sql.load(_PACKAGE, "make_durable"), written_to=written_to)
    return done


def _replace_bucket(fact: Fact, bucket: Bucket) -> CollectedAgain:
    """Put what the side publishes of a bucket in the place of its facts.

    A fact that stands in another bucket, because its company or date was changed since, is taken from there.
    """
    where = queries.of_bucket(fact)
    named = {"company": bucket.company_code, "month": bucket.month}
    arrived = _arrived(fact)
    reading = (
        f"{queries.reading(fact, since=None)} where {where.as_string(connections[fact.side].connection)}"
    )
    rows = _stream(fact.side, reading, named, arrived)
    names = {
        "table": composed.Identifier(fact.view),
        "arrived": composed.Identifier(arrived),
        "where": where,
        "key": composed.SQL(", ").join(map(composed.Identifier, fact.key_columns)),
        "listed": _listed(fact),
    }
    removed = _execute(
        composed.SQL(
            "delete from {table} where ({where}) or ({key}) in (select {key} from {arrived})"
        ).format(**names),
        named,
    )
    _execute(composed.SQL("insert into {table} ({listed}) select {listed} from {arrived}").format(**names))
    return CollectedAgain(bucket, removed, rows)


def _collect_view(fact: Fact, *, since: str | None, has_news: bool, meanwhile: bool) -> CollectedView:
    """Collect what the snapshot ``since`` did not show, all when it is None."""
    started, rows, restart = time.perf_counter(), 0, since is None
    if fact.mode is Mode.WHOLE:
        rows, restart = _replace(fact)
    elif restart or has_news:
        if restart:
            _empty(fact.view)
        rows = _add(fact, since=since, meanwhile=meanwhile and not restart)
    return CollectedView(fact.view, fact.side, rows, round((time.perf_counter() - started) * 1000), restart)


def _add(fact: Fact, *, since: str | None, meanwhile: bool) -> int:
    """Take the rows that came since the snapshot, all when it is None; return how many."""
    query, parameters = queries.reading(fact, since=since), {} if since is None else {"since": since}
    on_its_way = fact.sent_by if meanwhile else None
    if fact.takes_back is None and on_its_way is None:
        return _stream(fact.side, query, parameters, fact.view)
    arrived = _arrived(fact)
    rows = _stream(fact.side, query, parameters, arrived)
    names = {
        "arrived": composed.Identifier(arrived),
        "table": composed.Identifier(fact.view),
        "listed": _listed(fact),
    }
    if fact.takes_back is not None:
        _execute(
            composed.SQL("delete from {other} t using {arrived} a where t.line_id = a.line_id").format(
                other=composed.Identifier(fact.takes_back), **names
            )
        )
    if on_its_way is not None:
        _execute(
            composed.SQL(
                "insert into fact_operations_owed (map, key, stated_at)"
                " select {map}, {key}, statement_timestamp() from {arrived}"
            ).format(map=composed.Literal(on_its_way), key=composed.Identifier(fact.key), **names)
        )
    _execute(composed.SQL("insert into {table} ({listed}) select {listed} from {arrived}").format(**names))
    return rows


def _listed(fact: Fact) -> composed.Composed:
    return composed.SQL(", ").join(composed.Identifier(column) for column in queries.columns_of(fact))


def _arrived(fact: Fact) -> str:
    """Make an empty temporary table for what arrives of a view; return its name."""
    name = f"arrived_{fact.view}"
    _execute(
        composed.SQL(
            "drop table if exists pg_temp.{name};"
            " create temporary table {name} on commit drop as select {listed} from {table} with no data"
        ).format(name=composed.Identifier(name), listed=_listed(fact), table=composed.Identifier(fact.view))
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


def _execute(statement: composed.Composed, parameters: dict[str, str] | None = None) -> int:
    with connections[RECONCILIATION].cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
