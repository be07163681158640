"""What the problem log of each database holds open, in the words of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import ALIASES
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Json, ProblemText, render
from tieout.problems.catalogue import Process

_PACKAGE: Final = "tieout.problems"
_OPEN: Final = sql.load(_PACKAGE, "open_problems")
_CODES: Final = sql.load(_PACKAGE, "open_codes")
_TROUBLESHOOTING: Final = sql.load(_PACKAGE, "troubleshooting")
_OF_RECORDS: Final = sql.load(_PACKAGE, "problems_of_records")


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """One problem that is not over: where it is logged, which record met it, since when, and its words."""

    database: str
    company: str
    record_kind: str
    record_id: UUID | None
    record_name: str
    since: datetime
    text: ProblemText


class Shown(StrEnum):
    """Which problems a list shows: those that stand, those that are over, both."""

    OPEN = "open"
    OVER = "over"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One problem of one record, however often it came back: when first and last, how often, its words.

    ``key`` names it in ``database``; ``resolved_at`` is when it was over, ``None`` while it stands.
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
    text: ProblemText


@dataclass(frozen=True, slots=True)
class OpenCode:
    """How many problems of one code stand open since when; ``fields`` are those of the newest."""

    code: str
    problems: int
    since: datetime
    fields: Mapping[str, Json]


def open_problems(
    *, actor: Actor, company: str = "", process: Process | None = None, limit: int = 100
) -> tuple[OpenProblem, ...]:
    """Return the newest ``limit`` open problems of all three databases, of ``company`` or all companies.

    Companies are those that the actor may see; a problem of no company is seen by who may see all.
    """
    permit(actor, Verb.READ, company or None)
    companies = [company] if company else None if actor.companies is None else sorted(actor.companies)
    found = [
        _problem(alias, row)
        for alias in ALIASES
        for row in sql.rows(alias, _OPEN, companies=companies, process=process or "", row_limit=limit)
    ]
    return tuple(sorted(found, key=lambda one: one.since, reverse=True)[:limit])


def troubleshooting(
    *,
    actor: Actor,
    company: str,
    process: Process | None = None,
    shown: Shown = Shown.OPEN,
    since: datetime,
    until: datetime,
    limit: int = 100,
) -> tuple[Fingerprint, ...]:
    """Return what went wrong in ``company`` between two moments, the newest ``limit`` fingerprints.

    The log keeps everything for ever; what somebody deleted is not shown. A problem is over when its record
    has gone through the process that refused it, so the open ones are those of the most recent attempts.
    """
    permit(actor, Verb.READ, company)
    found = [
        Fingerprint(
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
            text=render(row["code"], json.loads(row["details"])),
        )
        for alias in ALIASES
        for row in sql.rows(
            alias,
            _TROUBLESHOOTING,
            companies=[company],
            process=process or "",
            state=shown,
            since=since,
            until=until,
            row_limit=limit,
        )
    ]
    return tuple(sorted(found, key=lambda one: one.last_seen, reverse=True)[:limit])


def open_codes(*, actor: Actor, alias: str, company: str, process: Process) -> tuple[OpenCode, ...]:
    """Return which codes stand open in one company and process, as database ``alias`` logged them."""
    permit(actor, Verb.READ, company)
    return tuple(
        OpenCode(row["code"], row["problems"], row["since"], json.loads(row["details"]))
        for row in sql.rows(alias, _CODES, company=company, process=process)
    )


def problems_of(*, actor: Actor, record_ids: Sequence[UUID]) -> tuple[OpenProblem, ...]:
    """Return the open problems of these records, of companies that the actor may see."""
    permit(actor, Verb.READ)
    keys = list(record_ids)
    rows = ((alias, row) for alias in ALIASES for row in sql.rows(alias, _OF_RECORDS, record_ids=keys))
    found = (_problem(alias, row) for alias, row in rows)
    return tuple(one for one in found if actor.companies is None or one.company in actor.companies)


def _problem(alias: str, row: Mapping[str, Any]) -> OpenProblem:
    return OpenProblem(
        database=alias,
        company=row["company_code"],
        record_kind=row["record_kind"],
        record_id=row["record_id"],
        record_name=row["record_name"],
        since=row["logged_at"],
        text=render(row["code"], json.loads(row["details"])),
    )
