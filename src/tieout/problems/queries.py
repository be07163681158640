"""What the problem log of each database holds, in the words of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from tieout.database import sql
from tieout.database.aliases import ALIASES
from tieout.database.answering import why_away
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Json, ProblemText, render
from tieout.problems.catalogue import Process
from tieout.problems.rules import VIEWS, DatabaseUnreachable, State, View

_PACKAGE: Final = "tieout.problems"
_CODES: Final = sql.load(_PACKAGE, "open_codes")
_TROUBLESHOOTING: Final = sql.load(_PACKAGE, "troubleshooting")
_OF_RECORDS: Final = sql.load(_PACKAGE, "problems_of_records")
_RECORDS: Final = sql.load(_PACKAGE, "records_of_problems")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One problem of one record, however often it came back: when first and last, how often, its words.

    ``key`` names it in ``database``; ``resolved_at`` is when it was over, ``None`` while it stands, and
    ``resolved_by`` who or what brought it through.
    """

    database: str
    key: int
    company: str
    record_kind: str
    record_id: UUID | None
    record_name: str
    times: int
    first_seen: datetime
    last_seen: datetime
    resolved_at: datetime | None
    resolved_by: str
    text: ProblemText


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is wanted: a view, and what narrows it. ``state`` None is that of the view.

    ``since`` and ``until`` bound when a problem was met; without ``since`` the view's own days do.
    """

    view: View = View.MOST_RECENT
    company: str = ""
    process: Process | None = None
    code: str = ""
    state: State | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class OpenCode:
    """How many problems of one code stand open since when; ``fields`` are those of the newest."""

    code: str
    problems: int
    since: datetime
    fields: Mapping[str, Json]


def troubleshooting(*, actor: Actor, asked: Asked) -> tuple[Fingerprint, ...]:
    """Return what went wrong in one company, or in all that the actor may see, the newest first.

    The log keeps everything for ever. A problem is over when its record has gone through the process that
    refused it, so the open ones are those of the most recent attempts. A problem of no company (a job for
    all of them, a map) is seen by who may see every company. The log of a database that is away is left out:
    that it is away stands in the log of another.
    """
    permit(actor, Verb.READ, asked.company or None)
    view = VIEWS.one(asked.view)
    since = asked.since or (None if view.kept is None else timezone.now() - view.kept)
    wanted = {
        "companies": seen_companies(actor, asked.company),
        "process": asked.process or "",
        "code": asked.code,
        "state": asked.state or view.state,
        "newest_of_record": view.newest_of_record,
        "deleted": view.deleted,
        "since": since,
        "until": asked.until,
        "row_limit": asked.limit,
    }
    found = [
        _fingerprint(alias, row)
        for alias in ALIASES
        if why_away(alias) is None
        for row in sql.rows(alias, _TROUBLESHOOTING, **wanted)
    ]
    return tuple(sorted(found, key=lambda one: one.last_seen, reverse=True)[: asked.limit])


def databases_away() -> tuple[DatabaseUnreachable, ...]:
    """Return the problem of each database that does not answer now."""
    found = ((alias, why_away(alias)) for alias in ALIASES)
    return tuple(
        DatabaseUnreachable(database=alias, reason=reason) for alias, reason in found if reason is not None
    )


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins where the program runs."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def seen_companies(actor: Actor, company: str) -> list[str] | None:
    """Return the companies whose problems are meant by ``company`` (empty: all); None is every one."""
    if company:
        return [company, ""] if actor.companies is None else [company]
    return None if actor.companies is None else sorted(actor.companies)


def open_codes(*, actor: Actor, alias: str, company: str, process: Process) -> tuple[OpenCode, ...]:
    """Return which codes stand open in one company and process, as database ``alias`` logged them."""
    permit(actor, Verb.READ, company)
    return tuple(
        OpenCode(row["code"], row["problems"], row["since"], json.loads(row["details"]))
        for row in sql.rows(alias, _CODES, company=company, process=process)
    )


def records_of(
    *, actor: Actor, company: str, alias: str, keys: Sequence[int], process: Process
) -> list[UUID]:
    """Return the records of ``company`` that met these problems of the log of ``alias`` in one process."""
    permit(actor, Verb.READ, company)
    found = sql.rows(alias, _RECORDS, company=company, problem_ids=list(keys), process=process)
    return [row["record_id"] for row in found]


def problems_of(*, actor: Actor, record_ids: Sequence[UUID]) -> tuple[Fingerprint, ...]:
    """Return the open problems of these records, of companies that the actor may see."""
    permit(actor, Verb.READ)
    keys = list(record_ids)
    rows = ((alias, row) for alias in ALIASES for row in sql.rows(alias, _OF_RECORDS, record_ids=keys))
    found = (_fingerprint(alias, row) for alias, row in rows)
    return tuple(one for one in found if actor.companies is None or one.company in actor.companies)


def _fingerprint(alias: str, row: Mapping[str, Any]) -> Fingerprint:
    return Fingerprint(
        database=alias,
        key=row["id"],
        company=row["company_code"],
        record_kind=row["record_kind"],
        record_id=row["record_id"],
        record_name=row["record_name"],
        times=row["times"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        resolved_at=row["resolved_at"],
        resolved_by=row["resolved_by"] or "",
        text=render(row["code"], json.loads(row["details"])),
    )
