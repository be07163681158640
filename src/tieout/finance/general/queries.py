"""General journals as people look at them: the list, lines, and what operations has not confirmed yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.finance.general.problems import GeneralJournalUnknown
from tieout.finance.general.rules import SILENT_ATTEMPTS, JournalState, SyncState, sync_state
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import ProblemText, render

_PACKAGE: Final = "tieout.finance.general"
_JOURNAL: Final = sql.load(_PACKAGE, "general_journal")
_JOURNALS: Final = sql.load(_PACKAGE, "general_journals")
_DRAFT_LINES: Final = sql.load(_PACKAGE, "draft_lines")
_POSTED_LINES: Final = sql.load(_PACKAGE, "posted_lines")
_TYPED: Final = sql.load(_PACKAGE, "typed_general_line")
_MESSAGES: Final = sql.load(_PACKAGE, "sync_messages")
_LINES_OF: Final = sql.load(_PACKAGE, "lines_of_journals")

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class GeneralJournalRow:
    """One general journal; ``sync`` is how far operations is with it, ``confirmed_as`` its journal there."""

    id: UUID
    number: str
    state: JournalState
    description: str
    made_by: str
    made_at: datetime
    done_by: str | None
    done_at: datetime | None
    lines: int
    project_lines: int
    sync: SyncState
    attempts: int
    message: ProblemText | None
    confirmed_as: str | None


@dataclass(frozen=True, slots=True)
class GeneralLine:
    """One line. Of a draft, what it would post now, with what is wrong (``problem``) or to be looked at.

    ``account`` and ``offset_account`` are the accounts of the ledger, also where the side is the project;
    None where none is found. ``amount`` is the project cost, of other lines what the account side takes.
    """

    line_number: int
    account_type: str
    offset_account_type: str
    account: str | None
    offset_account: str | None
    project_number: str | None
    project_name: str | None
    category_code: str | None
    accounting_date: date
    transaction_date: date
    quantity: Decimal
    unit_cost: Decimal | None
    sales_price: Decimal | None
    debit: Decimal
    credit: Decimal
    amount: Decimal
    currency_code: str
    digits: int
    accounting_amount: Decimal | None
    description: str
    voucher: str | None
    problem: ProblemText | None
    warning: ProblemText | None


@dataclass(frozen=True, slots=True)
class SyncMessage:
    """One posted journal that operations has not confirmed; ``is_stopped``: only a person can go on."""

    journal_id: UUID
    number: str
    description: str
    project_lines: int
    posted_by: str
    posted_at: datetime
    attempts: int
    sync: SyncState
    line: str
    message: ProblemText | None
    tried_at: datetime | None

    @property
    def is_stopped(self) -> bool:
        """Whether it failed so often that no run tries it."""
        return self.sync is SyncState.MANUAL


def named(company: str, number: str) -> dict[str, Any]:
    """Return a journal by its number; raise :class:`GeneralJournalUnknown` where there is none."""
    found = sql.rows(FINANCE, _JOURNAL, company=company, number=number)
    if not found:
        raise GeneralJournalUnknown(journal=number, company=company)
    return found[0]


def general_journal(*, actor: Actor, company: str, number: str) -> GeneralJournalRow:
    """Return one general journal; raise :class:`GeneralJournalUnknown` where there is none."""
    permit(actor, Verb.READ, company)
    found = named(company, number)
    found.pop("authors")
    return _row(found)


def general_journals(
    *, actor: Actor, company: str, state: str = "", before: UUID | None = None
) -> list[GeneralJournalRow]:
    """Return ``PAGE`` general journals of a company, newest first, those before key ``before``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _JOURNALS, company=company, state=state, before=before, row_limit=PAGE)
    return [_row(row) for row in found]


def general_lines(*, actor: Actor, company: str, number: str, after: int = 0) -> list[GeneralLine]:
    """Return ``PAGE`` lines after line ``after``: what a draft would post, or what was posted."""
    permit(actor, Verb.READ, company)
    journal = named(company, number)
    statement = _DRAFT_LINES if journal["state"] == JournalState.DRAFT else _POSTED_LINES
    found = sql.rows(FINANCE, statement, journal_id=journal["id"], after=after, row_limit=PAGE)
    return [_line(row) for row in found]


def typed_line(*, actor: Actor, company: str, number: str, line_number: int) -> dict[str, str] | None:
    """Return a line of a draft as it was typed, a text for each field of the file format."""
    permit(actor, Verb.READ, company)
    journal = named(company, number)
    found = sql.rows(FINANCE, _TYPED, journal_id=journal["id"], line_number=line_number)
    if not found:
        return None
    return {"company": company, "journal": number} | {name: _text(one) for name, one in found[0].items()}


def sync_messages(
    *, actor: Actor, company: str, attempts_min: int = SILENT_ATTEMPTS + 1, limit: int = PAGE
) -> list[SyncMessage]:
    """Return the posted journals that operations has not confirmed, after so many failures, most first.

    The seed's view leaves the first failure out; ``attempts_min`` 0 shows everything that waits.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _MESSAGES, company=company, attempts_min=attempts_min, row_limit=limit)
    return [_message(row) for row in found]


def lines_to_send(journal_ids: list[UUID]) -> list[UUID]:
    """Return the keys of the project lines of posted journals, for who sends them again."""
    return [row["key"] for row in sql.rows(FINANCE, _LINES_OF, journal_ids=journal_ids)]


def _row(row: dict[str, Any]) -> GeneralJournalRow:
    code, details = row.pop("code"), row.pop("details")
    attempts = row.pop("attempts")
    return GeneralJournalRow(
        **row | {"state": JournalState(row["state"])},
        sync=sync_state(row["project_lines"], attempts, row["confirmed_as"]),
        attempts=attempts or 0,
        message=render(code, json.loads(details)) if code else None,
    )


def _line(row: dict[str, Any]) -> GeneralLine:
    code, warning, details = row.pop("code"), row.pop("warning"), json.loads(row.pop("details"))
    said = details | {"key": f"Line {row['line_number']}"}
    return GeneralLine(
        **row,
        problem=render(code, said) if code else None,
        warning=render(warning, said) if warning else None,
    )


def _message(row: dict[str, Any]) -> SyncMessage:
    code, details = row.pop("code"), json.loads(row.pop("details"))
    return SyncMessage(
        **row,
        sync=sync_state(row["project_lines"], row["attempts"], None),
        line=str(details.get("line", "")),
        message=render(code, details) if code else None,
    )


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
