"""Journals: entry journals become actuals as typed; what is wrong with them is mended by journals too.

::

    make ──> draft ──confirm──> confirmed          (once, by somebody else than who made it)
              │ ^
              │ └─ lines entered, changed, removed; actuals taken
              └──delete──> deleted                  (what it held is live again)

Only a draft changes. Confirming is one statement whatever the number of lines: all of them, or none.
Corrections and cancellations stand in ``journals/corrections``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import Landing, Verdict, land
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.entries.actions import settle_problems, wait_for_entries
from tieout.operations.journals.problems import (
    JournalEmpty,
    JournalNotDraft,
    JournalUnknown,
    MakerConfirms,
    NotOfJournalType,
)
from tieout.operations.journals.rules import KINDS, VALIDATION, JournalType

_PACKAGE: Final = "tieout.operations.journals"
_MAKE: Final = sql.load(_PACKAGE, "make_journal")
_NAMED: Final = sql.load(_PACKAGE, "journal_named")
_DELETE: Final = sql.load(_PACKAGE, "delete_draft")
_DESCRIBE: Final = sql.load(_PACKAGE, "describe_draft")
_MAKE_LANDED: Final = sql.load(_PACKAGE, "make_landed_journals")
_ENTER: Final = sql.load(_PACKAGE, "enter_lines")
_PRICE: Final = sql.load(_PACKAGE, "price_lines")
_JUDGE: Final = sql.load(_PACKAGE, "judge_landed")
_REMOVE_REFUSED: Final = sql.load(_PACKAGE, "remove_refused")
_REMOVE: Final = sql.load(_PACKAGE, "remove_lines")
_CONFIRM: Final = sql.load(_PACKAGE, "confirm_entry_journal")
LINES: Final = Landing(
    sql.load(_PACKAGE, "land_lines"),
    "landed_journal_line",
    (
        "row_number",
        "company_code",
        "journal",
        "line_number",
        "transaction_type",
        "transaction_class",
        "billing_type",
        "amount_method",
        "quantity",
        "unit",
        "typed_price",
        "tax_amount",
        "currency_code",
        "transaction_date",
        "accounting_date",
        "project_id",
        "task_id",
        "role_id",
        "category_id",
        "product_id",
        "product_name",
        "resource_id",
        "contract_line_id",
        "customer_id",
        "description",
        "external_description",
        "custom",
    ),
)


@dataclass(frozen=True, slots=True)
class LineRefused:
    """Why one line of a draft cannot be confirmed, in fields that the words of its code are filled from."""

    line_id: UUID | None
    line_number: int
    code: str
    field: str
    stored: str
    value: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming an entry journal came to: all lines became actuals, or some were refused and none did.

    ``refusals`` are the first hundred; ``unpriced`` lines were recorded with amount 0 (APR-102).
    """

    confirmed: int
    refused: int
    refusals: tuple[LineRefused, ...]
    unpriced: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """What deleting a draft came to: lines that went, and actuals that are live again."""

    lines: int
    actuals: int


def load_journal_tables() -> None:
    """Make ``operations_journal_kind`` and ``operations_journal_rule`` what the two CSV files say."""
    with transaction.atomic(using=OPERATIONS, durable=True):
        wait_in_transaction(OPERATIONS, "load_journal_tables")
        for name, table in (("load_kinds", KINDS), ("load_rules", VALIDATION)):
            rows: list[dict[str, Any]] = [asdict(row) for row in table]
            sql.run(OPERATIONS, sql.load(_PACKAGE, name), rows=json.dumps(rows))


# ---------------------------------------------------------------- drafts


def make_journal(
    *, actor: Actor, company: str, journal_type: JournalType, number: str = "", description: str = ""
) -> str:
    """Make a draft and return its number: ``number``, or the next of our own.

    Raises :class:`JournalNotDraft` where the number is taken.
    """
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        hold(company)
        made = sql.rows(
            OPERATIONS,
            _MAKE,
            company=company,
            number=number,
            journal_type=journal_type,
            description=description,
            made_by=actor.name,
        )
        if not made:
            state = named(company, number)["state"]
            raise JournalNotDraft(journal=number, company=company, state=f"there already ({state})")
    return str(made[0]["number"])


def describe_journal(*, actor: Actor, company: str, number: str, description: str) -> None:
    """Give a draft another description."""
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number)
        sql.run(OPERATIONS, _DESCRIBE, journal_id=journal["id"], description=description)


def enter_journal_lines(
    *, actor: Actor, companies: Collection[str], lines: pl.DataFrame, replaces: bool = False
) -> list[Verdict]:
    """Enter lines into drafts of entry journals in the caller's transaction; return what was not entered.

    ``lines`` have the columns of ``LINES``. A journal that is not there is made. A line without a price gets
    that of the price lists, with its trace; a typed one wins. One with the number and content of a line that
    is there is already there, with other content it is refused (LOAD-210) or ``replaces`` that line. What
    could not be confirmed is not entered (``rules.LINE_REFUSALS``).
    """
    for company in sorted(companies):
        permit(actor, Verb.MAKE_JOURNAL, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("lines are entered in the caller's transaction")
    for company in sorted(companies):
        hold(company)
    land(OPERATIONS, LINES, lines)
    sql.run(OPERATIONS, _MAKE_LANDED, made_by=actor.name)
    before = transaction.savepoint(using=OPERATIONS)
    verdicts = _enter(actor, replaces=replaces)
    if replaces and verdicts:
        # What was to be replaced stays as it was.
        transaction.savepoint_rollback(before, using=OPERATIONS)
    elif places := [one.row for one in verdicts if one.outcome in _REFUSED_AFTERWARDS]:
        sql.run(OPERATIONS, _REMOVE_REFUSED, places=places)
    return verdicts


_REFUSED_AFTERWARDS: Final = frozenset(f"JRN-{number}" for number in (*range(102, 109), 110, 111, 112))


def _enter(actor: Actor, *, replaces: bool) -> list[Verdict]:
    found = sql.rows(OPERATIONS, _ENTER, entered_by=actor.name, replaces=replaces)
    verdicts = [Verdict.from_row(row) for row in found]
    answered = {one.row for one in verdicts}
    sql.run(OPERATIONS, _PRICE)
    judged = [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _JUDGE)]
    return verdicts + [one for one in judged if one.row not in answered]


def remove_lines(*, actor: Actor, company: str, number: str, line_numbers: Sequence[int]) -> int:
    """Take lines out of a draft of an entry journal; return how many there were."""
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number, JournalType.ENTRY)
        return sql.run(OPERATIONS, _REMOVE, journal_id=journal["id"], line_numbers=list(line_numbers))


def delete_journal(*, actor: Actor, company: str, number: str) -> Deleted:
    """Delete a draft; the actuals that it held are live again. Its number is not given again."""
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number)
        wait_for_entries(company)
        return Deleted(**sql.one(OPERATIONS, _DELETE, journal_id=journal["id"], actor=actor.name))


# ---------------------------------------------------------------- confirming


def confirm_entry_journal(*, actor: Actor, company: str, number: str) -> Confirmed:
    """Confirm a draft of an entry journal: exactly one actual per line, as typed, all at once, once.

    No resourcing unit cost or interorganizational sales is added; nothing is connected and nothing has an
    origin (operations spec 2.5). Nobody confirms what they made, or a line of it.
    """
    permit(actor, Verb.CONFIRM_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number, JournalType.ENTRY)
        refuse_maker(actor, journal)
        for lender in journal["lenders"]:
            permit(actor, Verb.CONFIRM_JOURNAL, lender)
        found = sql.one(OPERATIONS, _CONFIRM, journal_id=journal["id"], actor=actor.name)
        if not found["confirmed"] and not found["refused"]:
            raise JournalEmpty(journal=number, company=company)
        settle_problems(problems=found["unpriced"], mended=[], settled_by=actor.name)
    refusals = tuple(LineRefused(**row) for row in json.loads(found["refusals"]))
    return Confirmed(found["confirmed"], found["refused"], refusals, len(json.loads(found["unpriced"])))


def refuse_maker(actor: Actor, journal: dict[str, Any]) -> None:
    """Raise :class:`MakerConfirms` where the actor made the journal, or anything in it."""
    if actor.name in {journal["made_by"], *journal["authors"]}:
        raise MakerConfirms(
            journal=journal["number"], company=journal["company_code"], actor=actor.name
        )


# ---------------------------------------------------------------- one journal


def hold(company: str) -> None:
    """Hold the journals of ``company`` until the transaction ends: two people change or confirm in turn."""
    wait_in_transaction(OPERATIONS, "journals", company)


def named(company: str, number: str) -> dict[str, Any]:
    """Return a journal by its number; raise :class:`JournalUnknown` where there is none."""
    found = sql.rows(OPERATIONS, _NAMED, company=company, number=number)
    if not found:
        raise JournalUnknown(journal=number, company=company)
    return found[0]


def draft(company: str, number: str, *wanted: JournalType) -> dict[str, Any]:
    """Return a draft, held until the transaction ends, of one of the ``wanted`` types (none: any)."""
    hold(company)
    journal = named(company, number)
    if wanted and journal["journal_type"] not in wanted:
        words = journal["journal_type"].replace("_", " ")
        raise NotOfJournalType(journal=number, company=company, journal_type=words)
    if journal["state"] != "draft":
        raise JournalNotDraft(journal=number, company=company, state=journal["state"])
    return journal
