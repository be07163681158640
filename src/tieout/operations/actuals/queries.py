"""The actuals of a project or of one source document, as doors show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.operations.actuals"
_OF_PROJECT: Final = sql.load(_PACKAGE, "actuals_of_project")

PAGE: Final = 200
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ActualRow:
    """One actual: ``amount`` in ``currency_code``; ``accounting_amount`` where finance posted it first."""

    id: UUID
    transaction_date: date
    transaction_type: str
    transaction_class: str
    billing_type: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    currency_code: str
    accounting_amount: Decimal | None
    price_reason: str
    source_kind: str
    source_id: UUID
    skip_sync: bool
    created_at: datetime


def actuals_of_project(
    *, actor: Actor, company: str, project_id: UUID, after: UUID = _BEFORE_ALL
) -> list[ActualRow]:
    """Return the next ``PAGE`` actuals of a project of ``company`` after key ``after``, oldest first."""
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS, _OF_PROJECT, company=company, project_id=project_id, after=after, row_limit=PAGE
    )
    return [ActualRow(**row) for row in found]
