"""Which vendor invoice lines wait to be verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, may, permit

_WAITING: Final = sql.load("tieout.operations.verification", "waiting_lines")
_NAMED: Final = sql.load("tieout.operations.verification", "lines_named")
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One line that waits, for ``days`` by now; a rejected one says who rejected it and why.

    ``barred_by`` is the code by which this person would be refused, blank where they may decide. The header
    of an invoice travels apart: until it arrives its number and vendor are null. ``digits`` are the decimals
    of its currency.
    """

    line_id: UUID
    waits_since: datetime
    days: int
    voucher: str
    line_number: int
    invoice_number: str | None
    vendor_account: str | None
    vendor_name: str | None
    project_number: str | None
    project_name: str | None
    category_name: str | None
    subcontract_number: str | None
    description: str
    accounting_date: date
    quantity: Decimal
    unit: str
    amount: Decimal
    currency_code: str
    digits: int
    accounting_amount: Decimal
    stocked: bool
    block_payment: bool
    entered_by: str
    rejected_because: str | None
    rejected_by: str | None
    barred_by: str


def waiting_lines(
    *, actor: Actor, company: str, project: str = "", after: UUID | None = None, page: int = PAGE
) -> tuple[tuple[WaitingLine, ...], UUID | None]:
    """Return ``page`` lines of ``company`` that wait, first come first, and ``after`` of the next page.

    ``project`` limits them to one project, by its number.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS,
        _WAITING,
        company=company,
        project=project,
        after=after,
        actor=actor.name,
        every_project=may(actor, Verb.APPROVE_EVERY_PROJECT, company),
        row_limit=page + 1,
    )
    lines = tuple(WaitingLine(**row) for row in found[:page])
    return lines, lines[-1].line_id if len(found) > page else None


def lines_named(*, actor: Actor, company: str, names: Sequence[str]) -> dict[str, UUID]:
    """Return the keys of lines that wait, by name: ``VI000012/3`` is line 3 of that voucher."""
    permit(actor, Verb.READ, company)
    return {
        row["name"]: row["line_id"]
        for row in sql.rows(OPERATIONS, _NAMED, company=company, names=list(names))
    }
