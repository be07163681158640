"""Integration journals: import from staging, post (finance spec 2.3 to 2.5).

::

    import   take   what arrived, or was refused before     -> import_row
             judge  each actual: good, or its first problem -> import_batch
             deal   period keys to journals                 (rules.allot)
             write  journals, lines, what is tried again, the problem log
    post     take   lines without a voucher                 -> posting_line
             judge  date, accounts, or its first problem    -> posting_verdict
                    then reversals, by what became of their originals
             write  vouchers and their lines, the outbox, errors, the problem log
             close  refused lines to a journal of their own, the journals' status

Each batch is one transaction; of each verb one run per company at a time: an import holds a lock, a posting
run its journals by a lease (``finance/postingruns``). Slices of whole journals are posted several at once.
One after the other are those of a journal that is cut, and, after all others in hand, of journals that take
back lines of another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, replace
from decimal import Decimal
from itertools import accumulate, groupby
from operator import add, itemgetter
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.batches import each_batch
from tieout.database.locks import session_lock
from tieout.finance.journals.queries import ImportParameters, import_parameters
from tieout.finance.journals.rules import (
    POSTING_MATRIX,
    Allotment,
    Draft,
    JournalKind,
    NumberSequenceMissing,
    Slice,
    allot,
    slices,
    whole,
)
from tieout.finance.postingruns.actions import Run, posting_run
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

RETRY_MAX: Final = 20_000  # refused actuals tried again in one transaction
LINES_MAX: Final = 20_000  # journal lines posted in one transaction
JOURNALS_MAX: Final = 1_000  # draft journals taken in hand at once

JOURNAL_SEQUENCE: Final = "integration_journal"
VOUCHER_SEQUENCE: Final = "integration_journal_voucher"

WAITS_FOR: Final = {
    JournalKind.INTEGRATION: "import",
    JournalKind.BEGINNING_BALANCE: "beginning_balances",
}
_BEFORE_ALL: Final = UUID(int=0)


def _sql(name: str) -> sql.Statement:
    return sql.load("tieout.finance.journals", name)


@dataclass(frozen=True, slots=True)
class Imported:
    """What one import did: lines made and their accounting amount, journals opened, actuals refused."""

    lines: int = 0
    accounting_amount: Decimal = Decimal(0)
    journals: int = 0
    refused: int = 0

    def __add__(self, other: Imported) -> Imported:
        return Imported(*map(add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class PostedJournals:
    """What one posting run did. ``accounting_amount`` is that of the lines that made ledger entries.

    ``journals_in_error`` hold what was refused; the journals that it was taken out of are posted.
    """

    journals_posted: int = 0
    journals_in_error: int = 0
    lines: int = 0
    accounting_amount: Decimal = Decimal(0)
    refused: int = 0

    def __add__(self, other: PostedJournals) -> PostedJournals:
        return PostedJournals(*map(add, astuple(self), astuple(other)))


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
    journalised once, however often it arrives. A refused one (IMP-104 rate, DW-205 project, IMP-105
    category, IMP-106 line property, IMP-108 posting matrix, IMP-109 company of the project, IMP-103 lending
    relationship, IMP-107 profile, IMP-110 billed sales, IMP-111 its original) is logged and tried again by
    the next import; the others go on. Raises :class:`AlreadyRunning`, :class:`IntegrationNotSetUp` and
    :class:`NumberSequenceMissing`.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    asked = import_parameters(company)
    with _alone(Verb.IMPORT_FROM_STAGING, company):
        total = _import_waiting(actor, asked, JournalKind.INTEGRATION)
        while True:
            with transaction.atomic(using=FINANCE, durable=True):
                imported = _import_next_intake(asked)
            if imported is None:
                return total
            total += imported


def import_beginning_balances(*, actor: Actor, company: str) -> Imported:
    """Make journal lines of the actuals dated up to the cut-off that :func:`import_from_staging` left.

    They go to journals of their own, whose vouchers have a number and no ledger entries: the ledger has those
    balances already (finance spec 2.13). Documents born in finance are never among them. Refuses and raises
    as import does, but lets billed sales in.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    with _alone(Verb.IMPORT_FROM_STAGING, company):
        return _import_waiting(actor, import_parameters(company), JournalKind.BEGINNING_BALANCE)


def _import_next_intake(asked: ImportParameters) -> Imported | None:
    """Import the oldest delivery batch that is open; None when there is none."""
    intake = sql.rows(FINANCE, _sql("next_intake"), company=asked.code)
    if not intake:
        return None
    batch_id = intake[0]["batch_id"]
    sql.run(FINANCE, _sql("take_intake"), batch_id=batch_id, **asked.kept)
    imported, _ = _import_rows(asked, JournalKind.INTEGRATION)
    if asked.beginning_balances_until:
        sql.run(FINANCE, _sql("keep_beginning"), batch_id=batch_id, **asked.kept)
    sql.run(FINANCE, _sql("close_intake"), intake_id=intake[0]["id"])
    return imported


def _import_waiting(actor: Actor, asked: ImportParameters, kind: JournalKind) -> Imported:
    """Import what waits outside its delivery batch for this kind of journal, in slices by key."""
    total, after = Imported(), _BEFORE_ALL
    with transaction.atomic(using=FINANCE, durable=True):
        sql.run(FINANCE, _sql("forget_journalised"), company=asked.code)
        sql.run(FINANCE, _sql("sort_waiting"), **asked.kept)
    while True:
        with transaction.atomic(using=FINANCE, durable=True):
            sql.run(
                FINANCE,
                _sql("take_retry"),
                company=asked.code,
                waits_for=WAITS_FOR[kind],
                after=after,
                rows_max=RETRY_MAX,
            )
            imported, reached = _import_rows(asked, kind)
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


def _import_rows(asked: ImportParameters, kind: JournalKind) -> tuple[Imported, UUID | None]:
    """Judge the actuals in ``import_row`` and write the good ones; return also the last key among them."""
    sql.run(FINANCE, _sql("prepare_transaction"))
    sql.run(FINANCE, _sql("judge_rows"), company=asked.code, kind=kind)
    summary = sql.one(FINANCE, _sql("batch_summary"))
    journals = _write_lines(asked, kind, summary["lines"]) if summary["lines"] else 0
    if summary["refused"]:
        sql.run(FINANCE, _sql("keep_refused"), company=asked.code, waits_for=WAITS_FOR[kind])
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
    block = _take_numbers(asked.code, VOUCHER_SEQUENCE, lines)
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
        **_take_numbers(asked.code, JOURNAL_SEQUENCE, len(parts)),
    )
    return sorted(row["id"] for row in made)


def _take_numbers(company: str, sequence: str, size: int) -> dict[str, Any]:
    """Take a block of ``size`` numbers: prefix, digits and the first number."""
    block = sql.rows(FINANCE, _sql("take_numbers"), company=company, sequence=sequence, size=size)
    if not block:
        raise NumberSequenceMissing(sequence=sequence, company=company)
    return block[0]


def post_integration_journals(
    *, actor: Actor, company: str, journal_numbers: list[str] | None = None
) -> PostedJournals:
    """Post the draft journals of ``company``, or only those named by ``journal_numbers`` (finance spec 2.5).

    One voucher per line: debit and credit by the posting matrix, on an accounting date and by a profile that
    are decided again; a reversal posts the counter-entry of where its original stands. A line is refused for
    a period that is not open (PST-201, PST-202) or for the reason that its PST-203 names; the other lines are
    posted, and the refused ones move to a journal of their own, in error. Where the company does not move
    them, one refused line keeps its whole journal in error. A journal in error is not tried again until it is
    updated to draft. What was posted stays posted: a run that broke off is continued by the next one. Raises
    :class:`AlreadyRunning` and :class:`IntegrationNotSetUp`.
    """
    permit(actor, Verb.POST_INTEGRATION_JOURNAL, company)
    asked = import_parameters(company)
    total, refused_journals = PostedJournals(), set[int]()
    job = f"{Verb.POST_INTEGRATION_JOURNAL} of {company}"
    with posting_run(actor=actor, company=company, job=job) as run:

        def post(part: Slice) -> PostedJournals:
            return _post_slice(actor, asked, run, part, refused_journals)

        for alone, parts in groupby(_slices(actor, asked, run, journal_numbers), lambda part: part.alone):
            if not alone:
                total = sum(each_batch(FINANCE, parts, post, lock=(job, str(run.id))), total)
                continue
            for part in parts:
                with transaction.atomic(using=FINANCE, durable=True):
                    total += post(part)
    return total


def _slices(actor: Actor, asked: ImportParameters, run: Run, numbers: list[str] | None) -> Iterator[Slice]:
    """Take journals in hand, as many as fit, and yield their slices; then the next ones."""
    after, by_takes_back = 0, itemgetter("takes_back")
    while True:
        with transaction.atomic(using=FINANCE, durable=True):
            taken = sql.rows(
                FINANCE,
                _sql("take_journals"),
                company=asked.code,
                run_id=run.id,
                after=after,
                numbers=numbers,
                journals_max=JOURNALS_MAX,
                done_by=actor.name,
            )
        if not taken:
            return
        for takes_back, rows in groupby(sorted(taken, key=by_takes_back), by_takes_back):
            journals = [(row["id"], row["last_line"]) for row in rows]
            # A journal that may be kept back whole is judged whole.
            cut = slices(journals, LINES_MAX) if asked.transfer_error_lines else map(whole, journals)
            for part in cut:
                run.renew()
                yield replace(part, alone=part.alone or takes_back)
        after = max(row["id"] for row in taken)


def _post_slice(
    actor: Actor, asked: ImportParameters, run: Run, part: Slice, refused_journals: set[int]
) -> PostedJournals:
    """Post one slice; ``refused_journals`` remembers, for later slices, which journals had a refusal."""
    company = asked.code
    sql.run(FINANCE, _sql("prepare_transaction"))
    journals = list(part.journals)
    locked = [row["id"] for row in sql.rows(FINANCE, _sql("lock_journals"), journals=journals, run_id=run.id)]
    if not locked:
        return PostedJournals()
    sql.run(FINANCE, _sql("take_lines"), journals=locked, line_from=part.line_from, line_to=part.line_to)
    sql.run(FINANCE, _sql("analyze_lines"))
    sql.run(FINANCE, _sql("judge_lines"), company=company)
    sql.run(FINANCE, _sql("judge_reversals"), company=company)
    if not asked.transfer_error_lines:
        sql.run(FINANCE, _sql("block_journals"))
    sql.run(FINANCE, _sql("write_vouchers"), company=company, posted_by=actor.name)
    sql.run(FINANCE, _sql("write_voucher_lines"), company=company)
    sql.run(FINANCE, _sql("write_reversal_lines"), company=company)
    sql.run(FINANCE, _sql("queue_lent_sales"), company=company)
    sql.run(FINANCE, _sql("state_postings"))
    summary = sql.one(FINANCE, _sql("slice_summary"))
    resolve_problems(
        alias=FINANCE,
        process=Process.POST_INTEGRATION_JOURNAL,
        record_ids=summary["refused_before"],
        resolved_by=actor.name,
    )
    refused = _refuse_lines(company) if summary["journals_refused"] else 0
    refused_journals.update(summary["journals_refused"])
    in_error = refused_journals.intersection(locked) if part.ends else set[int]()
    posted = _close(actor, asked, locked, in_error) if part.ends else 0
    return PostedJournals(
        journals_posted=posted,
        journals_in_error=len(in_error),
        lines=summary["lines"],
        accounting_amount=summary["accounting_amount"],
        refused=refused,
    )


def _close(actor: Actor, asked: ImportParameters, journals: list[int], in_error: set[int]) -> int:
    """Give the journals their status; return how many are posted, those that refused lines left included."""
    if in_error and asked.transfer_error_lines:
        mixed = sql.rows(FINANCE, _sql("refused_in_journals"), journals=sorted(in_error))
        if mixed:
            sql.run(
                FINANCE,
                _sql("transfer_lines"),
                company=asked.code,
                journals=[row["journal_id"] for row in mixed],
                sizes=[row["refused"] for row in mixed],
                moved_by=actor.name,
                **_take_numbers(asked.code, JOURNAL_SEQUENCE, len(mixed)),
            )
            in_error = in_error.difference(row["journal_id"] for row in mixed)
    sql.run(
        FINANCE,
        _sql("close_journals"),
        journals=journals,
        journals_refused=sorted(in_error),
        posted_by=actor.name,
    )
    return len(journals) - len(in_error)


def _refuse_lines(company: str) -> int:
    """Keep and log the refused lines of the slice; return their number."""
    sql.run(FINANCE, _sql("write_errors"))
    refused = sql.rows(FINANCE, _sql("refused_lines"), company=company)
    log_problems(
        alias=FINANCE,
        process=Process.POST_INTEGRATION_JOURNAL,
        problems=map(RecordProblem.from_row, refused),
    )
    return len(refused)


def load_posting_matrix() -> None:
    """Make ``finance_posting_rule`` say exactly what ``posting_matrix.csv`` says."""
    matrix = json.dumps([asdict(row) for row in POSTING_MATRIX])
    with transaction.atomic(using=FINANCE):
        sql.run(FINANCE, _sql("clear_posting_matrix"), matrix=matrix)
        sql.run(FINANCE, _sql("load_posting_matrix"), matrix=matrix)
