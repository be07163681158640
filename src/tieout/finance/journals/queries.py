"""Integration journals and where their lines stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.finance.journals.rules import IntegrationNotSetUp
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Json

_PACKAGE: Final = "tieout.finance.journals"
_WAITING: Final = sql.load(_PACKAGE, "waiting")
_JOURNALS: Final = sql.load(_PACKAGE, "journals")
_JOURNAL: Final = sql.load(_PACKAGE, "journal")
_STEPS: Final = sql.load(_PACKAGE, "journal_steps")
_PARAMETERS: Final = sql.load(_PACKAGE, "company")
_LINES: Final = sql.load(_PACKAGE, "journal_lines")

NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ImportParameters:
    """How a company imports and posts: a row of its integration parameters."""

    code: str
    line_limit: int
    transfer_error_lines: bool
    beginning_balances_until: date | None
    prevalidation: bool

    @property
    def validation(self) -> str:
        """What is known of an actual in the hands of import: where the company prevalidates, it is valid."""
        return "valid" if self.prevalidation else "pending"

    @property
    def kept(self) -> dict[str, Any]:
        """The parameters of the statements that tell beginning balances from the rest."""
        return {"company": self.code, "beginning_balances_until": self.beginning_balances_until}


@dataclass(frozen=True, slots=True)
class WaitingJournals:
    """Journals of one status (draft, processing or error), their lines without a voucher and their cost."""

    status: str
    journals: int
    lines: int
    accounting_amount: Decimal


@dataclass(frozen=True, slots=True)
class Journal:
    """One integration journal: its header.

    ``original``: the number of the journal whose refused lines it holds, else empty. ``held_by`` and
    ``held_until`` say whose run has it in hand while it is processing.
    """

    id: int
    number: str
    kind: str
    period_key: date
    status: str
    line_count: int
    line_limit: int
    created_at: datetime
    posted_at: datetime | None
    posted_by: str
    original: str
    held_by: str
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class JournalStep:
    """One step of a journal: what was done, what it became, how many lines it concerned, who and when."""

    step: str
    status: str
    lines: int
    done_by: str
    done_at: datetime


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Which journals are asked for: of these statuses, and of these period keys; empty: any."""

    statuses: tuple[str, ...] = ()
    period_from: date | None = None
    period_to: date | None = None


EVERY_JOURNAL: Final = JournalFilter()


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line and its derived ``status``: posted (``posted_on`` is the ledger date), error, or draft.

    ``shifted_from``: the accounting date that its actual came with, where that is not the date of the line.
    ``code`` and ``details`` say why the last run refused it; the words are in the problem catalogue.
    ``amount`` is less the discount and with the fee. ``digits``: decimals of its currency.
    """

    id: UUID
    line_number: int
    actual_id: UUID
    voucher: str
    transaction_type: str
    transaction_class: str
    line_property: str
    project_id: UUID
    project_number: str
    category_id: UUID | None
    transaction_date: date
    accounting_date: date
    quantity: Decimal
    price: Decimal
    amount: Decimal
    discount_amount: Decimal
    fee_amount: Decimal
    currency_code: str
    digits: int
    exchange_rate: Decimal
    accounting_amount: Decimal
    source_kind: str
    source_id: UUID
    subcontract: str
    status: str
    posted_on: date | None
    shifted_from: date | None
    code: str | None
    details: Mapping[str, Json]


def import_parameters(company: str) -> ImportParameters:
    """Return how ``company`` imports and posts; raise :class:`IntegrationNotSetUp` when it does not."""
    found = sql.rows(FINANCE, _PARAMETERS, company=company)
    if not found:
        raise IntegrationNotSetUp(account_kind="procurement", company=company)
    return ImportParameters(**found[0])


def waiting_journals(*, actor: Actor, company: str) -> list[WaitingJournals]:
    """Return what ``company`` has in journals that are not posted; amounts in its accounting currency."""
    permit(actor, Verb.READ, company)
    return [WaitingJournals(**row) for row in sql.rows(FINANCE, _WAITING, company=company)]


def journals(
    *,
    actor: Actor,
    company: str,
    only: JournalFilter = EVERY_JOURNAL,
    before: int = NEWEST,
    rows_max: int = 100,
) -> list[Journal]:
    """Return a page of journals, newest first; for the next page pass the last ``id`` as ``before``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(
        FINANCE,
        _JOURNALS,
        company=company,
        statuses=list(only.statuses) or None,
        period_from=only.period_from,
        period_to=only.period_to,
        before=before,
        rows_max=rows_max,
    )
    return [Journal(**row) for row in found]


def journal(*, actor: Actor, company: str, number: str) -> Journal | None:
    """Return the journal of this number; None when the company has none."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _JOURNAL, company=company, number=number)
    return Journal(**found[0]) if found else None


def journal_steps(*, actor: Actor, company: str, number: str) -> list[JournalStep]:
    """Return what was done to a journal, in order."""
    permit(actor, Verb.READ, company)
    return [JournalStep(**row) for row in sql.rows(FINANCE, _STEPS, company=company, number=number)]


def journal_lines(
    *, actor: Actor, company: str, number: str, after: int = 0, rows_max: int = 200
) -> list[JournalLine]:
    """Return a page of lines by line number; for the next page pass the last line number as ``after``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _LINES, company=company, number=number, after=after, rows_max=rows_max)
    return [JournalLine(**{**row, "details": json.loads(row["details"] or "{}")}) for row in found]
