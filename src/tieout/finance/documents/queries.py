"""Which documents wait to be posted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit

_WAITING: Final = sql.load("tieout.finance.documents", "waiting")


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
