"""What waits for submission and approval, and why it was refused: counts and money per hop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.operations.approvals"
_WAITING: Final = sql.load(_PACKAGE, "waiting")
_TIME_ENTRIES: Final = sql.load(_PACKAGE, "time_entries")


class Hop(StrEnum):
    """Where on the way to actuals a record waits."""

    DRAFT = "draft"  # time to be submitted
    SUBMITTED = "submitted"  # time to be approved by a person
    ARRIVED = "arrived"  # documents born in finance, to be approved by the next run
    REFUSED = "refused"  # documents that the last run refused, with their code


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at one hop of one company.

    ``amount`` is in the company's accounting currency and ``None`` for time, which has no amount before it is
    priced in the currency of its unit; ``minutes`` is ``None`` for documents. ``code`` is that of a refusal.
    """

    hop: Hop
    kind: str
    code: str
    count: int
    minutes: int | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class TimeEntryState:
    """Where one time entry stands: draft, submitted or approved (operations spec 5.1)."""

    entry_id: UUID
    external_id: str
    project_id: UUID
    date: date
    minutes: int
    state: str
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None


def waiting(*, actor: Actor, company: str) -> list[Waiting]:
    """Return what waits in ``company``, hop by hop; a hop where nothing waits is left out."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _WAITING, company=company)
    return [Waiting(**{**row, "hop": Hop(row["hop"])}) for row in found]


def time_entries(*, actor: Actor, company: str, entry_ids: Sequence[UUID]) -> list[TimeEntryState]:
    """Return where these entries of ``company`` stand, in the order they came; unknown ones are left out."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _TIME_ENTRIES, company=company, entry_ids=list(entry_ids))
    return [TimeEntryState(**row) for row in found]
