"""Which documents wait to be posted, and which invoices to be verified before they are paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit

_WAITING: Final = sql.load("tieout.finance.documents", "waiting")
_VERIFIED: Final = sql.load("tieout.finance.documents", "verified_invoices")
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class WaitingDocuments:
    """Documents of one kind that wait with one problem (``code`` empty: not tried yet).

    ``accounting_amount`` is the sum of their lines in the accounting currency of the company.
    """

    document_kind: str
    code: str
    documents: int
    accounting_amount: Decimal


def waiting_documents(*, actor: Actor, company: str) -> list[WaitingDocuments]:
    """Return what waits to be posted in ``company``, by kind and problem; reads every waiting line."""
    permit(actor, Verb.READ, company)
    return [WaitingDocuments(**row) for row in sql.rows(FINANCE, _WAITING, company=company)]


@dataclass(frozen=True, slots=True)
class VerifiedInvoice:
    """One vendor invoice that the project manager verifies: ``verified`` of its ``lines`` are, by now.

    ``is_blocked``: the vendor is not paid yet. ``released_at`` is when the latest line was verified; the
    rejection is that of a line which nobody has verified since. The voucher is null until it is posted.
    ``digits`` are the decimals of its currency.
    """

    invoice_id: UUID
    vendor_account: str | None
    vendor_name: str | None
    invoice_number: str
    invoice_date: date
    accounting_date: date
    amount: Decimal
    currency_code: str
    digits: int
    accounting_amount: Decimal
    lines: int
    verified: int
    rejected_because: str | None
    rejected_by: str | None
    block_payment: bool
    is_blocked: bool
    released_at: datetime | None
    entered_by: str
    voucher: str | None

    @property
    def payment(self) -> str:
        """Whether it may be paid, in a word: what is not blocked at all is ``free``."""
        if not self.block_payment:
            return "free"
        return "blocked" if self.is_blocked else "released"


def verified_invoices(
    *,
    actor: Actor,
    company: str,
    only_blocked: bool = False,
    before: UUID | None = None,
    page: int = PAGE,
) -> tuple[tuple[VerifiedInvoice, ...], UUID | None]:
    """Return ``page`` invoices to verify of ``company``, the latest first, and the next ``before``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(
        FINANCE,
        _VERIFIED,
        company=company,
        only_blocked=only_blocked,
        before=before,
        row_limit=page + 1,
    )
    shown = tuple(VerifiedInvoice(**row) for row in found[:page])
    return shown, shown[-1].invoice_id if len(found) > page else None


def every_verified_invoice(
    *, actor: Actor, company: str, only_blocked: bool = False, at_once: int = 1_000
) -> Iterator[VerifiedInvoice]:
    """Yield all of them, read page by page."""
    before: UUID | None = None
    while True:
        found, before = verified_invoices(
            actor=actor, company=company, only_blocked=only_blocked, before=before, page=at_once
        )
        yield from found
        if before is None:
            return
