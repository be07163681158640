"""The writes of the problem log: what a set of records met, that it is over, that somebody has seen enough.

The first two run inside the caller's transaction, so that a problem stands in the log exactly when the
attempt that met it is committed. They keep one invariant: of one process, one record has at most one open
problem. A record that is refused again for the same reason is counted (``Sighting``); for another reason,
or where the old problem was deleted from the screens, that is closed and the new one logged. The caller sees
to it that a record is tried by one run at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import ALIASES, RECONCILIATION, SIDES
from tieout.database.answering import why_away
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Json
from tieout.problems.catalogue import CATALOGUE, Process
from tieout.problems.queries import databases_away, seen_companies
from tieout.problems.rules import DatabaseUnreachable

_LOG: Final = sql.load("tieout.problems", "log_problems")
_RESOLVE: Final = sql.load("tieout.problems", "resolve_problems")
_HIDE: Final = sql.load("tieout.problems", "hide_problems")

JOB_STEP: Final = "job_step"
MAP: Final = "map"
DATABASE: Final = "database"
FILE: Final = "file"
SEALS: Final = "seals"
LENT_WORK: Final = "lent_work"
NAMED_KINDS: Final = frozenset({JOB_STEP, MAP, DATABASE, FILE, SEALS, LENT_WORK})
"""Kinds of what has only a name, and so no trace."""

_NAMES: Final = UUID("6d1c4b52-6a4f-5f3c-9a51-0d6f5f0c7e21")  # the space of the names below


def id_of_name(kind: str, *names: str) -> UUID:
    """Return the identifier under which the log keeps what has only a name: one of ``NAMED_KINDS``."""
    return uuid5(_NAMES, "/".join((kind, *names)))


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """What one record met: a code of the catalogue, the record, and the fields its texts are filled from."""

    code: str
    company_code: str
    record_kind: str
    record_id: UUID
    record_name: str
    details: Mapping[str, Json]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> RecordProblem:
        """Return the problem in a row that a statement answered; ``details`` arrives as JSON text."""
        return cls(**{**row, "details": json.loads(row["details"])})


def log_problems(
    *, alias: str, process: Process, problems: Iterable[RecordProblem], run_id: UUID | None = None
) -> int:
    """Log what a set of records met, in database ``alias``; return how many problems are new.

    One statement whatever the number of records. A code that is not in the catalogue raises
    :class:`KeyError`; outside a transaction :class:`~django.db.transaction.TransactionManagementError`.
    """
    rows = [{**asdict(problem), "record_id": str(problem.record_id)} for problem in problems]
    if unknown := {str(row["code"]) for row in rows} - CATALOGUE.keys():
        raise KeyError(", ".join(sorted(unknown)))
    if not rows:
        return 0
    _require_transaction(alias)
    return sql.run(alias, _LOG, problems=json.dumps(rows), process=process, run_id=run_id)


def resolve_problems(
    *, alias: str, process: Process, record_ids: Sequence[UUID], resolved_by: str = "system"
) -> int:
    """State that the open problems which ``process`` met with these records are over; return how many."""
    if not record_ids:
        return 0
    _require_transaction(alias)
    return sql.run(alias, _RESOLVE, record_ids=list(record_ids), process=process, resolved_by=resolved_by)


def keep_attempts(
    *,
    alias: str,
    process: Process,
    met: Mapping[UUID, RecordProblem | None],
    done_by: str,
    run_id: UUID | None = None,
) -> None:
    """Log what attempts met, and close, in one transaction, what those met that went through now (None).

    It is for what failed as a whole, and so has no transaction of its own left: a step of a job, a map.
    """
    problems = [one for one in met.values() if one is not None]
    passed = [key for key, one in met.items() if one is None]
    with transaction.atomic(using=alias):
        log_problems(alias=alias, process=process, problems=problems, run_id=run_id)
        resolve_problems(alias=alias, process=process, record_ids=passed, resolved_by=done_by)


def keep_where_possible(*, process: Process, met: Mapping[UUID, RecordProblem | None], done_by: str) -> None:
    """Keep what attempts met as :func:`keep_attempts`, in the first database that answers, and only there.

    It is for what concerns all of them, and must be told also when one is away: the rows that another of them
    keeps of the same are closed with it.
    """
    passed: Mapping[UUID, RecordProblem | None] = dict.fromkeys(met)
    for alias in (RECONCILIATION, *SIDES):
        if why_away(alias) is None:
            keep_attempts(alias=alias, process=process, met=met, done_by=done_by)
            met = passed


def look_at_databases(*, done_by: str) -> tuple[DatabaseUnreachable, ...]:
    """Ask each database whether it answers; keep in one that does which do not, and close what is over."""
    met: dict[UUID, RecordProblem | None] = {id_of_name(DATABASE, alias): None for alias in ALIASES}
    away = databases_away()
    for one in away:
        key = id_of_name(DATABASE, one.database)
        met[key] = RecordProblem(one.code, "", DATABASE, key, one.database, one.fields())
    keep_where_possible(process=Process.START, met=met, done_by=done_by)
    return away


def hide_problems(*, actor: Actor, company: str, keys: Mapping[str, Sequence[int]]) -> int:
    """Take problems of ``company`` from the screens (*Delete*); return how many rows of the log they were.

    ``keys`` are those of their fingerprints by database. The log keeps them and who did it; a problem that is
    met again is shown again, also one that was never over.
    """
    permit(actor, Verb.RUN_JOBS, company)
    companies = seen_companies(actor, company)
    return sum(
        sql.run(alias, _HIDE, problem_ids=list(found), companies=companies, hidden_by=actor.name)
        for alias, found in keys.items()
        if found
    )


def _require_transaction(alias: str) -> None:
    if not transaction.get_connection(alias).in_atomic_block:
        raise transaction.TransactionManagementError("a problem is logged in the transaction that met it")
