"""Says what is wrong with a configuration, one finding per question (``tieout check``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db import Error, OperationalError, connections
from django.utils import timezone

from tieout.config.problems import (
    EncodingUnusable,
    RoleUnusable,
    ServerTooOld,
    TablesTooOld,
)
from tieout.database import sql
from tieout.database.aliases import ALIASES, DATABASES_OF_APP
from tieout.database.schema import APP_ROLE, as_owner, count_waiting_migrations
from tieout.jobs.rescue import lost_runs
from tieout.kernel.access import Actor, Role
from tieout.kernel.problems import Problem, ProblemText
from tieout.problems.rules import DatabaseUnreachable
from tieout.workspace.prerequisites import prerequisites

VERSION_REQUIRED: Final = 15
ENCODING_REQUIRED: Final = "UTF8"
SECONDS_TO_CONNECT: Final = "5"

_SERVER = sql.load("tieout.config", "server")
_EXAMINER: Final = Actor(name="check", roles=frozenset({Role.SYSTEM}), companies=None)
_RIGHTS = sql.load("tieout.config", "role_rights")


@dataclass(frozen=True, slots=True)
class Finding:
    """One question and its answer: ``said`` if all is well, else ``problem``."""

    question: str
    said: str = ""
    problem: ProblemText | None = None

    @property
    def is_ok(self) -> bool:
        """Whether nothing is to be done."""
        return self.problem is None


def databases() -> Iterator[Finding]:
    """Examine the three databases; a question is asked only where the ones before it have an answer."""
    for alias in ALIASES:
        connections[alias].settings_dict["OPTIONS"].setdefault("connect_timeout", SECONDS_TO_CONNECT)
        for finding in _database(alias):
            yield finding
            if not finding.is_ok:
                break


def first_line(error: Exception) -> str:
    """Return what an error says, on one line."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _database(alias: str) -> Iterator[Finding]:
    yield _reachable(alias)
    server = sql.one(alias, _SERVER)
    yield _version(alias, server["version"], server["version_number"])
    yield _encoding(alias, server["encoding"])
    yield _migrations(alias)
    yield _role(alias)


def _reachable(alias: str) -> Finding:
    question = f"{alias}: reachable"
    try:
        connections[alias].ensure_connection()
    except OperationalError as error:
        problem = DatabaseUnreachable(database=alias, reason=first_line(error))
        return Finding(question, problem=problem.text)
    except Error as error:  # connected, but the role cannot be assumed
        unusable = RoleUnusable(database=alias, role=APP_ROLE, reason=first_line(error))
        return Finding(question, problem=unusable.text)
    parameters = connections[alias].get_connection_params()
    return Finding(question, f"{parameters.get('host', 'local socket')}, database {parameters['dbname']}")


def _version(alias: str, version: str, number: int) -> Finding:
    question = f"{alias}: server version"
    if number // 10_000 >= VERSION_REQUIRED:
        return Finding(question, f"PostgreSQL {version}")
    problem = ServerTooOld(database=alias, version=version, required=str(VERSION_REQUIRED))
    return Finding(question, problem=problem.text)


def _encoding(alias: str, encoding: str) -> Finding:
    question = f"{alias}: encoding"
    if encoding == ENCODING_REQUIRED:
        return Finding(question, encoding)
    return Finding(question, problem=EncodingUnusable(database=alias, encoding=encoding).text)


def _migrations(alias: str) -> Finding:
    question = f"{alias}: tables"
    if waiting := count_waiting_migrations(alias):
        return Finding(question, problem=TablesTooOld(database=alias, count=waiting).text)
    return Finding(question, "all migrations applied")


def stale_tables() -> list[Problem]:
    """Return the problem of each database that cannot be reached or lacks migrations (CFG-105, CFG-104).

    A database that was never migrated has no role for the program either, so the owner looks.
    """
    with as_owner():
        found = [_stale(alias) for alias in ALIASES]
    return [problem for problem in found if problem is not None]


def _stale(alias: str) -> Problem | None:
    connections[alias].settings_dict["OPTIONS"].setdefault("connect_timeout", SECONDS_TO_CONNECT)
    try:
        waiting = count_waiting_migrations(alias)
    except OperationalError as error:
        return DatabaseUnreachable(database=alias, reason=first_line(error))
    return TablesTooOld(database=alias, count=waiting) if waiting else None


def _role(alias: str) -> Finding:
    models = [
        model
        for model in apps.get_models()
        if alias in DATABASES_OF_APP.get(model._meta.app_label, ()) and model._meta.managed
    ]
    append_only = [model._meta.db_table for model in models if getattr(model, "append_only", False)]
    rights = sql.one(
        alias, _RIGHTS, append_only=append_only, all_tables=[model._meta.db_table for model in models]
    )
    reason = ""
    if rights["role"] != APP_ROLE:
        reason = f"the connection is {rights['role']}"
    elif rights["changeable"]:
        reason = f"it may change {rights['changeable']}"
    elif rights["unreadable"]:
        reason = f"it may not read {rights['unreadable']}"
    question = f"{alias}: role"
    if reason:
        return Finding(question, problem=RoleUnusable(database=alias, role=APP_ROLE, reason=reason).text)
    return Finding(question, f"{APP_ROLE}, {len(append_only)} tables append-only")


def runs() -> Iterator[Finding]:
    """Say which runs of jobs lost their worker and wait for another one."""
    lost = lost_runs(actor=_EXAMINER)
    yield from (Finding("jobs: workers", problem=problem.text) for problem in lost)
    if not lost:
        yield Finding("jobs: workers", "no run has lost its worker")


def set_up() -> Iterator[Finding]:
    """Examine the set-up that integration needs (finance spec 3.10), as the workspace shows it."""
    for answer in prerequisites(_EXAMINER, timezone.localdate()):
        if not answer.problems:
            yield Finding(answer.question, answer.said)
        yield from (Finding(answer.question, problem=problem) for problem in answer.problems)
