"""Which lending relationships are set up, by their keys; what lenders invoiced and borrowers have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp
from tieout.finance.intercompany.problems import InvoiceOfSeveralLenders, NoPendingInvoice
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.finance.intercompany"
SET_UP: Final = SetUp.of_stage(FINANCE, _PACKAGE, ("set_up_lending_relationship",))
"""The set-up that is mastered here."""

_POSTED: Final = sql.load(_PACKAGE, "posted_invoices")
_VENDOR: Final = sql.load(_PACKAGE, "vendor_invoices")
_PENDING_NAMED: Final = sql.load(_PACKAGE, "pending_named")

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
    tax_amount: Decimal
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


def pending_named(
    *, actor: Actor, company: str, numbers: Sequence[str], lending_company: str = ""
) -> list[UUID]:
    """Return the keys of the pending invoices of lenders with these numbers in ``company``.

    Two lenders may give out the same number; ``lending_company`` says whose. Raises
    :class:`NoPendingInvoice` and :class:`InvoiceOfSeveralLenders`.
    """
    permit(actor, Verb.READ, company)
    asked = {"company": company, "numbers": list(numbers), "lending_company": lending_company}
    found: dict[str, list[dict[str, Any]]] = {number: [] for number in numbers}
    for row in sql.rows(FINANCE, _PENDING_NAMED, **asked):
        found[row["number"]].append(row)
    for number, rows in found.items():
        if not rows:
            raise NoPendingInvoice(company=company, document=number)
        if len(rows) > 1:
            lenders = tuple(row["lending_company"] for row in rows)
            raise InvoiceOfSeveralLenders(company=company, document=number, lending_companies=lenders)
    return [row["id"] for rows in found.values() for row in rows]


def _page(statement: sql.Statement, actor: Actor, company: str, before: UUID | None) -> list[InvoiceRow]:
    permit(actor, Verb.READ, company)
    asked: dict[str, Any] = {"company": company, "before": before, "rows_max": PAGE}
    return [InvoiceRow(**row) for row in sql.rows(FINANCE, statement, **asked)]
