"""Journals: entry journals become actuals as typed; what is wrong with them is mended by journals too.

::

    make ──> draft ──confirm──> confirmed          (once, by somebody else than who made it)
              │ ^
              │ └─ lines entered, changed, removed; actuals taken
              └──delete──> deleted                  (what it held is live again)

Only a draft changes. Confirming is one statement whatever the number of lines: all of them, or none.
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
    MakerConfirms,
    NewValueUnfit,
    NothingCorrected,
)
from tieout.operations.journals.queries import draft, hold, keys_of, named
from tieout.operations.journals.rules import (
    ADJUSTING,
    CORRECTED_CLASS,
    KINDS,
    VALIDATION,
    JournalType,
    NewValues,
)
from tieout.problems.actions import RecordProblem

_PACKAGE: Final = "tieout.operations.journals"
_MAKE: Final = sql.load(_PACKAGE, "make_journal")
_DELETE: Final = sql.load(_PACKAGE, "delete_draft")
_DESCRIBE: Final = sql.load(_PACKAGE, "describe_draft")
_MAKE_LANDED: Final = sql.load(_PACKAGE, "make_landed_journals")
_ENTER: Final = sql.load(_PACKAGE, "enter_lines")
_PRICE: Final = sql.load(_PACKAGE, "price_lines")
_JUDGE: Final = sql.load(_PACKAGE, "judge_landed")
_REMOVE_REFUSED: Final = sql.load(_PACKAGE, "remove_refused")
_REMOVE: Final = sql.load(_PACKAGE, "remove_lines")
_CONFIRM_ENTRY: Final = sql.load(_PACKAGE, "confirm_entry_journal")
_CONFIRM_ADJUSTING: Final = sql.load(_PACKAGE, "confirm_adjusting_journal")
_TAKE: Final = sql.load(_PACKAGE, "take_actuals")
_GIVE_BACK: Final = sql.load(_PACKAGE, "give_back")
_SET_VALUES: Final = sql.load(_PACKAGE, "set_new_values")
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
class Confirmed:
    """What confirming a journal came to: actuals reversed and made, or lines or entries refused and nothing.

    ``problems`` are those of the first hundred; ``unpriced`` are recorded with amount 0 (APR-102).
    """

    reversed: int
    made: int
    refused: int
    problems: tuple[RecordProblem, ...]
    unpriced: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a draft took: actuals of ``sources`` (entries, or lines of entry journals).

    ``held`` sources it had before; ``ignored`` actuals are of no entry journal, so nothing is cancelled.
    """

    actuals: int
    sources: int
    held: int
    ignored: int
    refused: tuple[RecordProblem, ...]


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


def make_journal(
    *, actor: Actor, company: str, journal_type: JournalType, number: str = "", description: str = ""
) -> str:
    """Make a draft and return its number: ``number``, or the next of our own.

    Raises :class:`JournalNotDraft` where the number is taken.
    """
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        hold(company)
        made = make_draft(
            company=company,
            number=number,
            journal_type=journal_type,
            description=description,
            made_by=actor.name,
        )
        if made is None:
            state = named(company, number)["state"]
            raise JournalNotDraft(journal=number, company=company, state=f"there already ({state})")
    return made


def make_draft(
    *,
    company: str,
    made_by: str,
    journal_type: JournalType = JournalType.ENTRY,
    number: str = "",
    description: str = "",
    journal_id: UUID | None = None,
) -> str | None:
    """Make a draft in the caller's transaction; return its number, None where the number is taken.

    For the verbs that have judged who asks; they hold the journals (``hold``).
    """
    made = sql.rows(
        OPERATIONS,
        _MAKE,
        journal_id=journal_id,
        company=company,
        number=number,
        journal_type=journal_type,
        description=description,
        made_by=made_by,
    )
    return str(made[0]["number"]) if made else None


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
    verdicts = _enter(actor, lines, replaces=replaces)
    if replaces and verdicts:
        # What was to be replaced stays as it was.
        transaction.savepoint_rollback(before, using=OPERATIONS)
    elif places := [one.row for one in verdicts if one.outcome in _REFUSED_AFTERWARDS]:
        sql.run(OPERATIONS, _REMOVE_REFUSED, places=places)
    return verdicts


_REFUSED_AFTERWARDS: Final = frozenset(f"JRN-{number}" for number in (*range(102, 109), 110, 111, 112))


def enter_landed(*, entered_by: str, replaces: bool = False) -> tuple[list[Verdict], list[dict[str, Any]]]:
    """Enter and price what landed in the caller's transaction; return what was not, and what is wrong."""
    found = sql.rows(OPERATIONS, _ENTER, entered_by=entered_by, replaces=replaces)
    sql.run(OPERATIONS, _PRICE)
    return [Verdict.from_row(row) for row in found], sql.rows(OPERATIONS, _JUDGE)


def _enter(actor: Actor, lines: pl.DataFrame, *, replaces: bool) -> list[Verdict]:
    verdicts, faults = enter_landed(entered_by=actor.name, replaces=replaces)
    answered = {one.row for one in verdicts}
    if faults:
        names = ("company_code", "journal", "line_number")
        places = dict(zip(lines.select(names).iter_rows(), lines["row_number"], strict=True))
        for fault in faults:
            place = places.get(tuple(fault.pop(name) for name in names))
            if place is not None and place not in answered:
                verdicts.append(Verdict.from_row({"row": place, **fault}))
    return verdicts


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


# ---------------------------------------------------------------- corrections and cancellations


def take_actuals(
    *,
    actor: Actor,
    company: str,
    number: str,
    entry_ids: Sequence[UUID] = (),
    actual_ids: Sequence[UUID] = (),
) -> Taken:
    """Let a draft hold approved entries, each with all of its actuals that count; they are in process.

    A correction takes entries of its class, also by one of their actuals: cost and sales of an entry go
    together. A cancellation takes actuals of entry journals, one by one, and leaves others alone. What is
    invoiced, being corrected, or not approved is refused (``rules.TAKE_REFUSALS``), the rest is taken.
    """
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number, *ADJUSTING)
        wait_for_entries(company)
        found = sql.one(
            OPERATIONS,
            _TAKE,
            journal_id=journal["id"],
            company=company,
            of_class=CORRECTED_CLASS.get(JournalType(journal["journal_type"]), ""),
            entry_ids=list(entry_ids),
            actual_ids=list(actual_ids),
            actor=actor.name,
        )
    refused = tuple(RecordProblem(**row) for row in json.loads(found.pop("refused")))
    return Taken(**found, refused=refused)


def give_back(*, actor: Actor, company: str, number: str, source_ids: Sequence[UUID]) -> int:
    """Take entries (of a cancellation, lines) out of a draft; return how many actuals are live again."""
    permit(actor, Verb.MAKE_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number, *ADJUSTING)
        wait_for_entries(company)
        found = sql.one(
            OPERATIONS, _GIVE_BACK, journal_id=journal["id"], source_ids=list(source_ids), actor=actor.name
        )
    return int(found["actuals"])


def set_new_values(
    *, actor: Actor, company: str, number: str, values: NewValues
) -> tuple[NewValueUnfit, ...]:
    """Say what is to be different of all that a correction holds; return what is wrong, field by field.

    A record that ``company`` does not have is refused. With another project and no task, the task goes. What
    is bought under another subcontract costs by the purchase lists of that; it must be confirmed when the
    journal is.
    """
    permit(actor, Verb.MAKE_JOURNAL, company)
    keys, wrong = keys_of(company, values)
    if wrong:
        return wrong
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number, *CORRECTED_CLASS)
        sql.run(
            OPERATIONS,
            _SET_VALUES,
            journal_id=journal["id"],
            **{f"{field}_id": key for field, key in keys.items()},
            product_name=values.product_name,
            clears_subcontract=values.clears_subcontract,
            date=values.date,
            custom=json.dumps(dict(values.custom)),
        )
    return ()


# ---------------------------------------------------------------- confirming


def confirm_journal(*, actor: Actor, company: str, number: str) -> Confirmed:
    """Confirm a draft: all of it, once, or nothing if a line or entry is refused.

    Of an entry journal, exactly one actual per line, as typed; no resourcing unit cost or interorganizational
    sales is added, nothing is connected, nothing has an origin (operations spec 2.5). Of a correction, each
    actual that it holds is reversed and its entry made anew with the new values; of a cancellation, only
    reversed. Nobody confirms what they made, or put into it.
    """
    permit(actor, Verb.CONFIRM_JOURNAL, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        journal = draft(company, number)
        _refuse_maker(actor, journal)
        for lender in journal["lenders"]:
            permit(actor, Verb.CONFIRM_JOURNAL, lender)
        is_entry = journal["journal_type"] == JournalType.ENTRY
        if not is_entry:
            _refuse_no_values(journal)
            wait_for_entries(company)
        done = confirm_draft(journal_id=journal["id"], is_entry=is_entry, confirmed_by=actor.name)
        if not (done.made or done.reversed or done.refused):
            raise JournalEmpty(journal=number, company=company)
    return done


def confirm_draft(*, journal_id: UUID, is_entry: bool, confirmed_by: str) -> Confirmed:
    """Confirm a draft in the caller's transaction: all of it, or nothing if something in it is refused.

    For the verbs that have judged who asks; they hold the journals (``hold``).
    """
    statement = _CONFIRM_ENTRY if is_entry else _CONFIRM_ADJUSTING
    found = sql.one(OPERATIONS, statement, journal_id=journal_id, actor=confirmed_by)
    unpriced = json.loads(found["unpriced"])
    # Together: what a line is said to meet is all that it meets.
    met = unpriced if is_entry else [*unpriced, *json.loads(found["untaxed"])]
    settle_problems(problems=json.dumps(met), mended=[], settled_by=confirmed_by)
    return Confirmed(
        found["reversed"],
        found["made"],
        found["refused"],
        tuple(RecordProblem(**row) for row in json.loads(found["problems"])),
        len(unpriced),
    )


def _refuse_maker(actor: Actor, journal: dict[str, Any]) -> None:
    """Raise :class:`MakerConfirms` where the actor made the journal, or anything in it."""
    if actor.name in {journal["made_by"], *journal["authors"]}:
        raise MakerConfirms(journal=journal["number"], company=journal["company_code"], actor=actor.name)


def _refuse_no_values(journal: dict[str, Any]) -> None:
    if journal["journal_type"] != JournalType.CANCELLATION and not journal["changes"]:
        raise NothingCorrected(journal=journal["number"], company=journal["company_code"])
