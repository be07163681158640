"""What evaluating projects again would come to, and what waits for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit

PAGE: Final = 100

_PACKAGE: Final = "tieout.operations.reevaluation"
_SIZE: Final = sql.load(_PACKAGE, "size")
_MONEY: Final = sql.load(_PACKAGE, "money")
_UNBILLED_SIZE: Final = sql.load(_PACKAGE, "unbilled_size")
_CONTRACT_MONEY: Final = sql.load(_PACKAGE, "contract_money")
_REQUESTS: Final = sql.load(_PACKAGE, "requests")


@dataclass(frozen=True, slots=True)
class ProjectSize:
    """One project and its approved entries, counted up to a most.

    Of a lost contract: its records with unbilled sales that no invoice bills.
    """

    id: UUID
    number: str
    company_code: str
    entries: int


@dataclass(frozen=True, slots=True)
class Money:
    """What the live actuals of one type, billing type and currency come to."""

    transaction_type: str
    billing_type: str
    currency_code: str
    digits: int
    actuals: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One project that was to be evaluated again, and what came of it so far."""

    id: int
    project_number: str
    is_whole: bool
    reason: str
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    done: int
    refused: int


def sizes(*, actor: Actor, projects: Collection[UUID], most: int) -> tuple[ProjectSize, ...]:
    """Return these projects with their entries; raise the access problem for one that is withheld."""
    permit(actor, Verb.READ)
    found = sql.rows(OPERATIONS, _SIZE, projects=list(projects), most=most)
    for row in found:
        permit(actor, Verb.READ, row["company_code"])
    return tuple(ProjectSize(**row) for row in found)


def money(*, actor: Actor, projects: Collection[ProjectSize]) -> tuple[Money, ...]:
    """Return what the entries of these projects come to in live actuals."""
    for one in projects:
        permit(actor, Verb.READ, one.company_code)
    found = sql.rows(OPERATIONS, _MONEY, projects=[one.id for one in projects])
    return tuple(Money(**row) for row in found)


def unbilled_sizes(
    *, actor: Actor, projects: Collection[UUID], contract_id: UUID, most: int
) -> tuple[ProjectSize, ...]:
    """Return these projects with the records whose unbilled sales a lost contract gives up."""
    permit(actor, Verb.READ)
    found = sql.rows(OPERATIONS, _UNBILLED_SIZE, projects=list(projects), contract_id=contract_id, most=most)
    for row in found:
        permit(actor, Verb.READ, row["company_code"])
    return tuple(ProjectSize(**row) for row in found)


def contract_money(
    *, actor: Actor, projects: Collection[ProjectSize], contract_id: UUID
) -> tuple[Money, ...]:
    """Return what the live actuals of these projects under a contract come to, whatever made them."""
    for one in projects:
        permit(actor, Verb.READ, one.company_code)
    wanted = [one.id for one in projects]
    found = sql.rows(OPERATIONS, _CONTRACT_MONEY, projects=wanted, contract_id=contract_id)
    return tuple(Money(**row) for row in found)


def requests(*, actor: Actor, company: str) -> tuple[RequestRow, ...]:
    """Return the latest ``PAGE`` requests of ``company``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _REQUESTS, company=company, row_limit=PAGE)
    return tuple(RequestRow(**row) for row in found)


@dataclass(frozen=True, slots=True)
class MoneyChange:
    """What the live actuals of one type, billing type and currency came to before, and come to after."""

    transaction_type: str
    billing_type: str
    currency_code: str
    digits: int
    actuals_before: int
    before: Decimal
    actuals_after: int
    after: Decimal


def changes(before: Collection[Money], after: Collection[Money]) -> tuple[MoneyChange, ...]:
    """Return both side by side; what stands on one side only is 0 on the other."""
    then, now = (
        {(one.transaction_type, one.billing_type, one.currency_code): one for one in side}
        for side in (before, after)
    )
    return tuple(
        MoneyChange(
            *key,
            digits=(now.get(key) or then[key]).digits,
            actuals_before=then[key].actuals if key in then else 0,
            before=then[key].amount if key in then else Decimal(0),
            actuals_after=now[key].actuals if key in now else 0,
            after=now[key].amount if key in now else Decimal(0),
        )
        for key in sorted(then.keys() | now.keys())
    )
