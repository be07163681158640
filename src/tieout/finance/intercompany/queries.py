"""Which lending relationships are set up, by their keys; what lenders invoiced and borrowers have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.finance.intercompany"
SET_UP: Final = SetUp.of_stage(FINANCE, _PACKAGE, ("set_up_lending_relationship",))
"""The set-up that is mastered here."""

_POSTED: Final = sql.load(_PACKAGE, "posted_invoices")
_VENDOR: Final = sql.load(_PACKAGE, "vendor_invoices")

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice of a lender, as either company has it; ``partner`` is the other one.

    ``state``: waiting (the borrower has no vendor invoice yet), pending or posted (there). ``code`` is why
    the borrower's last step was refused; ``digits``: decimals of its currency.
    """

    id: UUID
    number: str
    partner: str
    project: str
    is_credit: bool
    invoice_date: date
    currency_code: str
    digits: int
    lines: int
    amount: Decimal
    accounting_amount: Decimal
    voucher: str
    posted_by: str
    state: str
    code: str


def posted_invoices(*, actor: Actor, company: str, before: UUID | None = None) -> list[InvoiceRow]:
    """Return what ``company`` invoiced for what it lent, the newest first."""
    return _page(_POSTED, actor, company, before)


def vendor_invoices(*, actor: Actor, company: str, before: UUID | None = None) -> list[InvoiceRow]:
    """Return the invoices of lenders that ``company`` has, the newest first."""
    return _page(_VENDOR, actor, company, before)


def _page(statement: sql.Statement, actor: Actor, company: str, before: UUID | None) -> list[InvoiceRow]:
    permit(actor, Verb.READ, company)
    asked: dict[str, Any] = {"company": company, "before": before, "rows_max": PAGE}
    return [InvoiceRow(**row) for row in sql.rows(FINANCE, statement, **asked)]
