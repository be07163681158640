"""Integration journals and where their lines stand."""

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

_PACKAGE: Final = "tieout.finance.journals"
_WAITING: Final = sql.load(_PACKAGE, "waiting")
_JOURNALS: Final = sql.load(_PACKAGE, "journals")
_LINES: Final = sql.load(_PACKAGE, "journal_lines")

NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class WaitingJournals:
    """Journals of one status (draft or error), their lines without a voucher and the cost of these."""

    status: str
    journals: int
    lines: int
    accounting_amount: Decimal


@dataclass(frozen=True, slots=True)
class Journal:
    """One integration journal: its header."""

    id: int
    number: str
    period_key: date
    status: str
    line_count: int
    line_limit: int
    created_at: datetime
    posted_at: datetime | None
    posted_by: str


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line and its derived ``status``: posted (``posted_on`` is the ledger date), error, or draft.

    ``code`` and ``details`` say why the last run refused it; the words are in the problem catalogue.
    """

    id: UUID
    line_number: int
    actual_id: UUID
    voucher: str
    transaction_type: str
    transaction_class: str
    line_property: str
    project_id: UUID
    category_id: UUID | None
    transaction_date: date
    accounting_date: date
    quantity: Decimal
    price: Decimal
    amount: Decimal
    currency_code: str
    exchange_rate: Decimal
    accounting_amount: Decimal
    source_kind: str
    source_id: UUID
    status: str
    posted_on: date | None
    code: str | None
    details: Mapping[str, Json]


def waiting_journals(*, actor: Actor, company: str) -> list[WaitingJournals]:
    """Return what ``company`` has in journals that are not posted; amounts in its accounting currency."""
    permit(actor, Verb.READ, company)
    return [WaitingJournals(**row) for row in sql.rows(FINANCE, _WAITING, company=company)]


def journals(*, actor: Actor, company: str, before: int = NEWEST, rows_max: int = 100) -> list[Journal]:
    """Return a page of journals, newest first; for the next page pass the last ``id`` as ``before``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _JOURNALS, company=company, before=before, rows_max=rows_max)
    return [Journal(**row) for row in found]


def journal_lines(
    *, actor: Actor, company: str, number: str, after: int = 0, rows_max: int = 200
) -> list[JournalLine]:
    """Return a page of lines by line number; for the next page pass the last line number as ``after``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _LINES, company=company, number=number, after=after, rows_max=rows_max)
    return [JournalLine(**{**row, "details": json.loads(row["details"] or "{}")}) for row in found]
