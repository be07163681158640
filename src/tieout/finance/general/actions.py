"""General journals: entered as drafts, posted at once, then sent to operations (finance spec 2.14).

::

    make ──> draft ──post──> posted ──> waits for operations ──> confirmed there
              │ ^                          │    ^
              │ └─ lines entered, removed  └────┘ an attempt failed; after five somebody presses Sync
              └──delete──> deleted

Posting is one transaction whatever the number of lines: all of them, or none with each refused line's
reason. It writes a voucher per line, the project cost, what waits, and what operations has to learn; so a
crash loses nothing and posts nothing twice. Who makes a journal does not post it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.landing import Landing, Verdict, land
from tieout.database.locks import wait_in_transaction
from tieout.finance.general.problems import (
    GeneralJournalEmpty,
    GeneralJournalNotDraft,
    MakerPosts,
    TooManyProjectLines,
)
from tieout.finance.general.queries import named
from tieout.finance.general.rules import (
    ATTEMPTS_MAX,
    LINE_REFUSALS,
    NUMBERS,
    SEQUENCE,
    JournalState,
    is_shown,
)
from tieout.finance.journals.rules import NumberSequenceMissing
from tieout.finance.ledgers.actions import keep_periods
from tieout.finance.vouchers.actions import begin_drafts, write_drafts
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

TOLD_MAX: Final = 100  # lines told in words; all are counted and logged
LOGGED_AT_ONCE: Final = 5_000  # lines whose refusals are in hand at a time
JOURNALS_AT_ONCE: Final = 100  # taken by one step of a run

_PACKAGE: Final = "tieout.finance.general"
LINES: Final = Landing(
    sql.load(_PACKAGE, "land_general_lines"),
    "landed_general_line",
    (
        "row_number",
        "company_code",
        "journal",
        "line_number",
        "account_type",
        "offset_account_type",
        "account",
        "offset_account",
        "debit",
        "credit",
        "currency_code",
        "accounting_date",
        "transaction_date",
        "project_id",
        "contract_line_id",
        "task_id",
        "category_id",
        "role_id",
        "resource_id",
        "task_number",
        "resource_code",
        "quantity",
        "unit_cost",
        "sales_price",
        "description",
    ),
)
_MAKE: Final = sql.load(_PACKAGE, "make_general_journal")
_MAKE_LANDED: Final = sql.load(_PACKAGE, "make_landed_general")
_ENTER: Final = sql.load(_PACKAGE, "enter_general_lines")
_REMOVE: Final = sql.load(_PACKAGE, "remove_general_lines")
_DELETE: Final = sql.load(_PACKAGE, "delete_general_draft")
_JUDGE: Final = sql.load(_PACKAGE, "judge_general")
_SUMMARY: Final = sql.load(_PACKAGE, "general_summary")
_TOLD: Final = sql.load(_PACKAGE, "told_lines")
_DRAFT_VOUCHERS: Final = sql.load(_PACKAGE, "draft_vouchers")
_DRAFT_ENTRIES: Final = sql.load(_PACKAGE, "draft_entries")
_POSTED_LINES: Final = sql.load(_PACKAGE, "write_posted_lines")
_REFUSED_BEFORE: Final = sql.load(_PACKAGE, "refused_before")
_CLOSE: Final = sql.load(_PACKAGE, "close_general")
_TAKE: Final = sql.load(_PACKAGE, "take_waiting")
_KEEP: Final = sql.load(_PACKAGE, "keep_answers")
_REARM: Final = sql.load(_PACKAGE, "rearm")


@dataclass(frozen=True, slots=True)
class PostedGeneral:
    """What posting a journal came to: all lines and their project cost, or refused lines and nothing.

    ``refusals`` and ``warnings`` tell the first hundred lines; ``refused`` and ``warned`` count all.
    """

    posted: int = 0
    cost: Decimal = Decimal(0)
    refused: int = 0
    warned: int = 0
    refusals: tuple[RecordProblem, ...] = ()
    warnings: tuple[RecordProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingJournal:
    """One posted journal that operations has not confirmed, with so many project lines."""

    journal_id: UUID
    number: str
    project_lines: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: the number of the confirmed journal, or a code with its details."""

    journal_id: UUID
    confirmed_as: str | None = None
    code: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def make_general_journal(*, actor: Actor, company: str, number: str = "", description: str = "") -> str:
    """Make a draft and return its number: ``number``, or the next of the sequence ``general_journal``.

    Raises :class:`GeneralJournalNotDraft` where the number is taken, :class:`NumberSequenceMissing`.
    """
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=FINANCE, durable=True):
        _hold(company)
        made = sql.rows(
            FINANCE,
            _MAKE,
            company=company,
            number=number,
            sequence=NUMBERS,
            description=description,
            made_by=actor.name,
        )
        if not made and not number:
            raise NumberSequenceMissing(sequence=NUMBERS, company=company)
        if not made:
            state = named(company, number)["state"]
            raise GeneralJournalNotDraft(journal=number, company=company, state=f"there already ({state})")
    return str(made[0]["number"])


def enter_general_lines(
    *, actor: Actor, companies: Collection[str], lines: pl.DataFrame, replaces: bool = False
) -> list[Verdict]:
    """Enter lines into drafts in the caller's transaction; return what was not entered.

    ``lines`` have the columns of ``LINES``. A journal that is not there is made. One with the number and
    content of a line that is there is already there, with other content it is refused (LOAD-210) or
    ``replaces`` that line. Whether lines may be posted is judged by posting, and shown before.
    """
    for company in sorted(companies):
        permit(actor, Verb.MAKE_JOURNAL, company)
    if not connections[FINANCE].in_atomic_block:
        raise transaction.TransactionManagementError("lines are entered in the caller's transaction")
    for company in sorted(companies):
        _hold(company)
    land(FINANCE, LINES, lines)
    sql.run(FINANCE, _MAKE_LANDED, made_by=actor.name)
    found = sql.rows(FINANCE, _ENTER, entered_by=actor.name, replaces=replaces)
    return [Verdict.from_row(row) for row in found]


def remove_general_lines(*, actor: Actor, company: str, number: str, line_numbers: Sequence[int]) -> int:
    """Take lines out of a draft; return how many there were."""
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=FINANCE, durable=True):
        journal = _draft(company, number)
        gone = sql.rows(FINANCE, _REMOVE, journal_id=journal["id"], line_numbers=list(line_numbers))
        _over([row["id"] for row in gone], actor)
    return len(gone)


def delete_general_journal(*, actor: Actor, company: str, number: str) -> int:
    """Delete a draft; return how many lines it had. Its number is not given again."""
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=FINANCE, durable=True):
        journal = _draft(company, number)
        gone = sql.one(FINANCE, _DELETE, journal_id=journal["id"], actor=actor.name)
        _over([journal["id"], *gone["line_ids"]], actor)
    return int(gone["lines"])


def post_general_journal(*, actor: Actor, company: str, number: str) -> PostedGeneral:
    """Post a draft: every line, or none when one is refused (``rules.LINE_REFUSALS``).

    A line debits project cost and credits its offset account, or the reverse, by a voucher of its own. Lines
    with a project then wait for operations. Warnings do not stop it. Raises
    :class:`GeneralJournalUnknown`, :class:`GeneralJournalNotDraft`, :class:`GeneralJournalEmpty`,
    :class:`MakerPosts`, :class:`NumberSequenceMissing` and, above the company's limit of project lines,
    :class:`TooManyProjectLines`. Why a journal or a line is refused stands in the problem log until that is
    posted or deleted.
    """
    permit(actor, Verb.POST_DOCUMENTS, company)
    try:
        return _post(actor, company, number)
    except (GeneralJournalEmpty, MakerPosts, NumberSequenceMissing, TooManyProjectLines) as problem:
        with transaction.atomic(using=FINANCE, durable=True):
            key = _draft(company, number)["id"]
            met = RecordProblem(problem.code, company, "general_journal", key, number, problem.fields())
            log_problems(alias=FINANCE, process=Process.POST_DOCUMENTS, problems=[met])
        raise


def _post(actor: Actor, company: str, number: str) -> PostedGeneral:
    """Post a draft in one transaction, or log which of its lines are refused."""
    with transaction.atomic(using=FINANCE, durable=True):
        journal = _draft(company, number)
        if actor.name in {journal["made_by"], *journal["authors"]}:
            raise MakerPosts(journal=number, company=company, actor=actor.name)
        keep_periods(company)
        sql.run(FINANCE, _JUDGE, company=company, journal_id=journal["id"])
        found = sql.one(FINANCE, _SUMMARY, company=company, sequence=SEQUENCE)
        _refuse_whole(company, number, found)
        _over([journal["id"]], actor)
        told = _told(0, TOLD_MAX)
        for skipped in range(0, found["refused"], LOGGED_AT_ONCE):
            met = _told(skipped, min(LOGGED_AT_ONCE, found["refused"] - skipped))
            log_problems(alias=FINANCE, process=Process.POST_DOCUMENTS, problems=met)
        if not found["refused"]:
            _write(actor, company, journal)
    return PostedGeneral(
        posted=0 if found["refused"] else found["lines"],
        cost=Decimal(0) if found["refused"] else found["cost"],
        refused=found["refused"],
        warned=found["warned"],
        refusals=tuple(one for one in told if one.code in LINE_REFUSALS),
        warnings=tuple(one for one in told if one.code not in LINE_REFUSALS),
    )


def _told(skipped: int, limit: int) -> list[RecordProblem]:
    """Return lines of ``general_verdict`` that are refused, then those to be looked at, after so many."""
    found = sql.rows(FINANCE, _TOLD, skipped=skipped, row_limit=limit)
    return [RecordProblem.from_row(row) for row in found]


def _over(record_ids: Sequence[UUID], actor: Actor) -> None:
    """State that what posting met with these journals or lines is over."""
    resolve_problems(
        alias=FINANCE, process=Process.POST_DOCUMENTS, record_ids=record_ids, resolved_by=actor.name
    )


def _refuse_whole(company: str, number: str, found: dict[str, Any]) -> None:
    if not found["lines"]:
        raise GeneralJournalEmpty(journal=number, company=company)
    if not found["has_numbers"]:
        raise NumberSequenceMissing(sequence=SEQUENCE, company=company)
    if 0 < found["line_limit"] < found["project_lines"]:
        raise TooManyProjectLines(
            journal=number, company=company, limit=found["line_limit"], found=found["project_lines"]
        )


def _write(actor: Actor, company: str, journal: dict[str, Any]) -> None:
    """Write what the good lines in ``general_verdict`` post, and what follows from it."""
    begin_drafts()
    sql.run(FINANCE, _DRAFT_VOUCHERS)
    sql.run(FINANCE, _DRAFT_ENTRIES)
    write_drafts(actor=actor, company=company, sequence=SEQUENCE, document_kind="general_journal_line")
    sql.run(FINANCE, _POSTED_LINES, journal_id=journal["id"])
    _over([row["line_id"] for row in sql.rows(FINANCE, _REFUSED_BEFORE)], actor)
    sql.one(FINANCE, _CLOSE, journal_id=journal["id"], company=company, actor=actor.name)


# ---------------------------------------------------------------- the way to operations


def waiting_for_operations(*, actor: Actor, company: str, after: UUID) -> list[WaitingJournal]:
    """Return posted journals that operations has not confirmed and that have attempts left.

    At most ``JOURNALS_AT_ONCE``, after key ``after``.
    """
    permit(actor, Verb.DELIVER, company)
    found = sql.rows(
        FINANCE,
        _TAKE,
        company=company,
        attempts_max=ATTEMPTS_MAX,
        after=after,
        row_limit=JOURNALS_AT_ONCE,
    )
    return [WaitingJournal(**row) for row in found]


def keep_answers(*, actor: Actor, company: str, answers: Sequence[Answer]) -> int:
    """Keep what operations answered: confirmed journals wait no longer, of others the attempt is counted.

    The first failure of a journal is silent, later ones stand in the problem log. Keeping an answer twice is
    harmless: a confirmed journal has no row to count on. Return how many failed.
    """
    permit(actor, Verb.DELIVER, company)
    rows = [
        {
            "journal_id": str(one.journal_id),
            "confirmed_as": one.confirmed_as,
            "code": one.code,
            "details": one.details,
        }
        for one in answers
    ]
    with transaction.atomic(using=FINANCE, durable=True):
        failed = sql.rows(FINANCE, _KEEP, answers=json.dumps(rows))
        told = [row for row in failed if is_shown(row.pop("attempts"))]
        log_problems(
            alias=FINANCE,
            process=Process.SYNC_GENERAL_JOURNAL,
            problems=[RecordProblem.from_row(row) for row in told],
        )
        resolve_problems(
            alias=FINANCE,
            process=Process.SYNC_GENERAL_JOURNAL,
            record_ids=[one.journal_id for one in answers if one.confirmed_as is not None],
        )
    return len(failed)


def rearm(*, actor: Actor, company: str, journal_ids: Sequence[UUID]) -> list[UUID]:
    """Forget the failed attempts of journals and their messages, so that runs try them again.

    What *Delete* of the tab does; *Sync* sends them again besides. Return those that still wait.
    """
    permit(actor, Verb.RESYNC, company)
    with transaction.atomic(using=FINANCE, durable=True):
        found = sql.rows(FINANCE, _REARM, company=company, journal_ids=list(journal_ids))
        keys = [row["journal_id"] for row in found]
        resolve_problems(
            alias=FINANCE, process=Process.SYNC_GENERAL_JOURNAL, record_ids=keys, resolved_by=actor.name
        )
    return keys


# ---------------------------------------------------------------- one journal


def _hold(company: str) -> None:
    """Hold the general journals of ``company`` until the transaction ends: people change them in turn."""
    wait_in_transaction(FINANCE, "general journals", company)


def _draft(company: str, number: str) -> dict[str, Any]:
    """Return a draft, held until the transaction ends."""
    _hold(company)
    journal = named(company, number)
    if journal["state"] != JournalState.DRAFT:
        raise GeneralJournalNotDraft(journal=number, company=company, state=journal["state"])
    return journal
