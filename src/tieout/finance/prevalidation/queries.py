"""Which staged actuals wait for prevalidation, as operations is asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.finance.prevalidation"
_DUE: Final = sql.load(_PACKAGE, "next_due_intake")
_OF_INTAKE: Final = sql.load(_PACKAGE, "keys_of_intake")
_WAITING: Final = sql.load(_PACKAGE, "keys_waiting")
_AS_STAGED: Final = sql.load(_PACKAGE, "as_staged")

BEFORE_ALL: Final = UUID(int=0)
AT_ONCE: Final = 10_000  # actuals that operations is asked for in one statement


@dataclass(frozen=True, slots=True)
class Staged:
    """Some staged actuals: their keys in order, and what they state as a JSON array."""

    keys: tuple[UUID, ...]
    stated: str


def next_due_intake(*, actor: Actor, company: str, after: int = 0) -> int | None:
    """Return the next delivery batch that is old enough and was not looked at; None: there is none.

    There is none either where the company does not prevalidate.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _DUE, company=company, after=after)
    return found[0]["id"] if found else None


def staged_of_intake(
    *, actor: Actor, company: str, intake_id: int, after: UUID = BEFORE_ALL, rows_max: int = AT_ONCE
) -> Staged:
    """Return the next actuals of a delivery batch of ``company`` that do not wait by themselves already."""
    return _staged(actor, _OF_INTAKE, company=company, intake_id=intake_id, after=after, rows_max=rows_max)


def staged_waiting(
    *, actor: Actor, company: str, after: UUID = BEFORE_ALL, rows_max: int = AT_ONCE
) -> Staged:
    """Return the next actuals that wait outside their delivery batch to be looked at, and are old enough."""
    return _staged(actor, _WAITING, company=company, after=after, rows_max=rows_max)


def _staged(actor: Actor, statement: sql.Statement, *, company: str, **wanted: Any) -> Staged:
    permit(actor, Verb.READ, company)
    keys = tuple(row["actual_id"] for row in sql.rows(FINANCE, statement, company=company, **wanted))
    if not keys:
        return Staged((), "[]")
    return Staged(keys, sql.one(FINANCE, _AS_STAGED, keys=list(keys))["stated"])
