"""What lies in staging, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Json

_WAITING: Final = sql.load("tieout.finance.staging", "waiting")
_ROWS: Final = sql.load("tieout.finance.staging", "staged_rows")
_ROWS_WAITING: Final = sql.load("tieout.finance.staging", "staged_rows_waiting")

BEFORE_ALL: Final = UUID(int=0)
JOURNALISED: Final = "journalised"
NOT_JOURNALISED: Final = (
    "waiting",
    "pending",
    "valid",
    "invalid",
    "refused",
    "deleted",
    "beginning",
    "left_out",
)
STATES: Final = (*NOT_JOURNALISED, JOURNALISED)


@dataclass(frozen=True, slots=True)
class WaitingStaging:
    """What a company has in staging: batches not imported, and what waits outside them.

    That is what import refused, what waits for an import because its journal line was deleted, and what waits
    for that of beginning balances. Where the company prevalidates (``prevalidation``), ``pending`` actuals
    wait, in their batches or outside, until operations is asked for them; ``validated`` ones outside wait for
    their import, and ``invalid`` ones are not imported. Amounts are in the accounting currency where the
    actual carries it, else in its own.
    """

    batches: int
    actuals: int
    amount_total: Decimal
    refused: int
    refused_amount: Decimal
    deleted: int = 0
    deleted_amount: Decimal = Decimal(0)
    beginning: int = 0
    beginning_amount: Decimal = Decimal(0)
    prevalidation: bool = False
    pending: int = 0
    validated: int = 0
    invalid: int = 0
    invalid_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class StagedRow:
    """One actual that arrived and its derived ``state``, one of ``STATES``.

    ``code`` and ``details`` say why import refused it or why it is invalid, ``attempts`` how often it was
    tried; ``journal``, ``line_number`` and ``voucher`` are its journal line's. ``digits``: decimals of
    its currency. ``checked_at``: when prevalidation last looked at it by itself. ``left_out_by`` and
    ``left_out_because``: who left it out, and why; empty in other states.
    """

    actual_id: UUID
    arrived_at: datetime
    transaction_type: str
    transaction_class: str
    source_kind: str
    project: str
    subcontract: str
    transaction_date: date
    accounting_date: date
    amount: Decimal
    currency_code: str
    digits: int
    accounting_amount: Decimal | None
    state: str
    code: str | None
    attempts: int
    details: Mapping[str, Json]
    journal: str | None
    line_number: int | None
    voucher: str | None
    checked_at: datetime | None
    left_out_by: str
    left_out_because: str


def staged_rows(
    *,
    actor: Actor,
    company: str,
    states: tuple[str, ...] = (),
    after: UUID = BEFORE_ALL,
    rows_max: int = 100,
) -> list[StagedRow]:
    """Return a page of what arrived, of these states (empty: any); for the next pass the last key."""
    permit(actor, Verb.READ, company)
    # Whatever has no journal line stands in a worklist: it is not looked for among all that ever arrived.
    statement = _ROWS_WAITING if states and JOURNALISED not in states else _ROWS
    found = sql.rows(
        FINANCE, statement, company=company, states=list(states) or None, after=after, rows_max=rows_max
    )
    return [StagedRow(**{**row, "details": json.loads(row["details"] or "{}")}) for row in found]


def waiting_staging(*, actor: Actor, company: str) -> WaitingStaging:
    """Return what ``company`` has in staging and not yet in an integration journal."""
    permit(actor, Verb.READ, company)
    return WaitingStaging(**sql.one(FINANCE, _WAITING, company=company))
