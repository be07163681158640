"""Import from staging: what arrived becomes lines of integration journals (finance spec 2.3, 2.4, 2.13).

::

    take   what arrived, or was refused before     -> import_row
    judge  each actual: good, or its first problem -> import_batch
    deal   period keys to journals                 (rules.allot)
    write  journals, lines, what is tried again, the problem log

Each batch is one transaction. One import of a company runs at a time. It judges several delivery batches at
once; they write their lines one after the other. A batch that reverses what is not there yet waits for those
before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from functools import partial
from itertools import accumulate
from operator import add
from threading import Event
from typing import Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.batches import each_batch
from tieout.database.locks import session_lock, wait_in_transaction
from tieout.finance.journals.actions import JOURNAL_SEQUENCE, take_numbers
from tieout.finance.journals.queries import ImportParameters, import_parameters
from tieout.finance.journals.rules import Allotment, Draft, JournalKind, allot
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

RETRY_MAX: Final = 20_000  # refused actuals tried again in one transaction

VOUCHER_SEQUENCE: Final = "integration_journal_voucher"

WAITS_FOR: Final = {
    JournalKind.INTEGRATION: "import",
    JournalKind.BEGINNING_BALANCE: "beginning_balances",
}
_BEFORE_ALL: Final = UUID(int=0)


def _sql(name: str) -> sql.Statement:
    return sql.load("tieout.finance.imports", name)


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import did: lines made and their accounting amount, journals opened, actuals refused."""

    lines: int = 0
    accounting_amount: Decimal = Decimal(0)
    journals: int = 0
    refused: int = 0

    def __add__(self, other: Imported) -> Imported:
        return Imported(*map(add, astuple(self), astuple(other)))


@dataclass(slots=True)
class _Intake:
    """A delivery batch of actuals that is not imported yet, and the one that has its turn before it."""

    id: int
    batch_id: int
    before: _Intake | None = None
    had_turn: Event = field(default_factory=Event)

    def take_turn(self) -> None:
        """Wait until the batch before writes its lines, or has none to write: lines go by arrival."""
        if self.before is not None:
            self.before.had_turn.wait()
            self.before = None


class _LackingOriginal(Exception):  # noqa: N818  no error: the batch has its turn after those before it
    """A batch reverses what has no journal line, and a batch that is imported beside it may have brought."""


@contextmanager
def _alone(verb: Verb, company: str) -> Iterator[None]:
    """Hold the lock of ``verb`` in ``company``, or raise :class:`AlreadyRunning`."""
    with session_lock(FINANCE, verb, company) as held:
        if not held:
            raise AlreadyRunning(job=f"{verb} of {company}")
        yield


def import_from_staging(*, actor: Actor, company: str) -> Imported:
    """Make integration journal lines of the actuals that ``company`` has in staging (finance spec 2.3).

    First those that an earlier import refused, then each delivery batch not yet imported. An actual is
    journalised once, however often it arrives. Where the company prevalidates, only valid ones are taken, and
    the others wait (finance spec 2.2). A refused one (IMP-104 rate, DW-205 project, IMP-105 category, IMP-106
    line property, IMP-108 posting matrix, IMP-109 company of the project, IMP-103 lending relationship,
    IMP-107 profile, IMP-111 its original) is logged and tried again by the next import; the others go on.
    Billed sales (IMP-110) wait for their invoice proposal and are not tried again. Raises
    :class:`AlreadyRunning`, :class:`IntegrationNotSetUp` and :class:`NumberSequenceMissing`.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    asked = import_parameters(company)
    with _alone(Verb.IMPORT_FROM_STAGING, company):
        total = _import_waiting(actor, asked, JournalKind.INTEGRATION)
        lock = (Verb.IMPORT_FROM_STAGING, company, "round")
        found = each_batch(
            FINANCE, _intakes(asked), partial(_import_beside, asked), lock=lock, over=_had_turn
        )
        return sum((imported or _import_in_turn(asked, intake) for intake, imported in found), total)


def import_beginning_balances(*, actor: Actor, company: str) -> Imported:
    """Make journal lines of the actuals dated up to the cut-off that :func:`import_from_staging` left.

    They go to journals of their own, whose vouchers have a number and no ledger entries: the ledger has those
    balances already (finance spec 2.13). Documents born in finance are never among them. Refuses and raises
    as import does, but lets billed sales in.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    with _alone(Verb.IMPORT_FROM_STAGING, company):
        return _import_waiting(actor, import_parameters(company), JournalKind.BEGINNING_BALANCE)


def _intakes(asked: ImportParameters) -> Iterator[_Intake]:
    """Yield the delivery batches that are open, oldest first; only prevalidated ones, where that is asked."""
    after, intake = 0, None
    of = {"company": asked.code, "prevalidation": asked.prevalidation}
    while rows := sql.rows(FINANCE, _sql("next_intake"), **of, after=after):
        yield (intake := _Intake(**rows[0], before=intake))
        after = intake.id


def _import_beside(asked: ImportParameters, intake: _Intake) -> tuple[_Intake, Imported | None]:
    """Import a delivery batch while others are imported; None if it lacks what one of them may bring."""
    try:
        return intake, _import_intake(asked, intake, beside=intake)
    except _LackingOriginal:
        transaction.set_rollback(True, using=FINANCE)
        return intake, None


def _had_turn(intake: _Intake) -> None:
    """Let the next batch have its turn, whatever became of this one."""
    intake.had_turn.set()


def _import_in_turn(asked: ImportParameters, intake: _Intake) -> Imported:
    with transaction.atomic(using=FINANCE, durable=True):
        return _import_intake(asked, intake)


def _import_intake(asked: ImportParameters, intake: _Intake, *, beside: _Intake | None = None) -> Imported:
    sql.run(FINANCE, _sql("take_intake"), batch_id=intake.batch_id, **asked.kept)
    if asked.prevalidation:
        sql.run(FINANCE, _sql("leave_invalid"))
    imported, _ = _import_rows(asked, JournalKind.INTEGRATION, beside=beside)
    if asked.beginning_balances_until:
        kept = {**asked.kept, "validation": asked.validation}
        sql.run(FINANCE, _sql("keep_beginning"), batch_id=intake.batch_id, **kept)
    sql.run(FINANCE, _sql("close_intake"), intake_id=intake.id)
    return imported


def _import_waiting(actor: Actor, asked: ImportParameters, kind: JournalKind) -> Imported:
    """Import what waits outside its delivery batch for this kind of journal, in slices by key."""
    total, after = Imported(), _BEFORE_ALL
    with transaction.atomic(using=FINANCE, durable=True):
        sql.run(FINANCE, _sql("forget_journalised"), company=asked.code)
        sql.run(FINANCE, _sql("sort_waiting"), **asked.kept)
    while True:
        with transaction.atomic(using=FINANCE, durable=True):
            of = {"company": asked.code, "prevalidation": asked.prevalidation, "waits_for": WAITS_FOR[kind]}
            taken = sql.run(FINANCE, _sql("take_retry"), **of, after=after, rows_max=RETRY_MAX)
            # Most runs find nothing waiting, and judge nothing.
            imported, reached = _import_rows(asked, kind) if taken else (Imported(), None)
            if reached is None:
                return total
            passed = sql.rows(FINANCE, _sql("release_retried"), after=after, reached=reached)
            resolve_problems(
                alias=FINANCE,
                process=Process.IMPORT_FROM_STAGING,
                record_ids=[row["actual_id"] for row in passed],
                resolved_by=actor.name,
            )
        total, after = total + imported, reached


def _import_rows(
    asked: ImportParameters, kind: JournalKind, *, beside: _Intake | None = None
) -> tuple[Imported, UUID | None]:
    """Judge the actuals in ``import_row`` and write the good ones; return also the last key among them.

    ``beside``: the batch that they are, while others are imported. Raises :class:`_LackingOriginal` then for
    a reversal of nothing.
    """
    sql.run(FINANCE, sql.load("tieout.finance.journals", "prepare_transaction"))
    sql.run(FINANCE, _sql("judge_rows"), company=asked.code, kind=kind)
    summary = sql.one(FINANCE, _sql("batch_summary"))
    if summary.pop("lacks_original") and beside:
        raise _LackingOriginal
    if beside:
        beside.take_turn()
        # Held to the end of the transaction: the drafts that one batch fills would look full to the next.
        wait_in_transaction(FINANCE, Verb.IMPORT_FROM_STAGING, asked.code, "lines")
        beside.had_turn.set()
    journals = _write_lines(asked, kind, summary["lines"]) if summary["lines"] else 0
    if summary["refused"]:
        of = {"company": asked.code, "waits_for": WAITS_FOR[kind], "validation": asked.validation}
        sql.run(FINANCE, _sql("keep_refused"), **of)
        refused = sql.rows(FINANCE, _sql("refused_rows"), company=asked.code)
        log_problems(
            alias=FINANCE,
            process=Process.IMPORT_FROM_STAGING,
            problems=map(RecordProblem.from_row, refused),
        )
    reached: UUID | None = summary.pop("actual_to")
    return Imported(**summary, journals=journals), reached


def _write_lines(asked: ImportParameters, kind: JournalKind, lines: int) -> int:
    """Deal the good actuals out to journals and write their lines; return how many journals were opened."""
    counts = {row["period_key"]: row["lines"] for row in sql.rows(FINANCE, _sql("batch_keys"))}
    drafts = sql.rows(FINANCE, _sql("lock_drafts"), company=asked.code, kind=kind, period_keys=list(counts))
    parts = allot(counts, [Draft(**row) for row in drafts], asked.line_limit)
    opened = iter(_open_journals(asked, kind, [part for part in parts if part.journal_id is None]))
    journals = [next(opened) if part.journal_id is None else part.journal_id for part in parts]
    sizes = [part.size for part in parts]
    block = take_numbers(asked.code, VOUCHER_SEQUENCE, lines)
    sql.run(
        FINANCE,
        _sql("write_lines"),
        company=asked.code,
        kind=kind,
        journals=journals,
        period_keys=[part.period_key for part in parts],
        first_lines=[part.first_line for part in parts],
        positions_from=[part.position_from for part in parts],
        positions_to=[part.position_to for part in parts],
        first_numbers=list(accumulate(sizes[:-1], initial=block.pop("first_number"))),
        **block,
    )
    sql.run(FINANCE, _sql("count_lines"), journals=journals, sizes=sizes)
    return sum(part.journal_id is None for part in parts)


def _open_journals(asked: ImportParameters, kind: JournalKind, parts: list[Allotment]) -> list[int]:
    """Make one journal per part and return their keys in the order of the parts."""
    if not parts:
        return []
    made = sql.rows(
        FINANCE,
        _sql("open_journals"),
        company=asked.code,
        kind=kind,
        period_keys=[part.period_key for part in parts],
        line_limit=asked.line_limit,
        **take_numbers(asked.code, JOURNAL_SEQUENCE, len(parts)),
    )
    return sorted(row["id"] for row in made)
