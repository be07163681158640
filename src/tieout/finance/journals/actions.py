"""Posting of integration journals (finance spec 2.5); ``finance/imports`` makes them.

::

    take   lines without a voucher                 -> posting_line
    judge  date, accounts, or its first problem    -> posting_verdict
           then reversals, by what became of their originals
    write  vouchers and their lines, the outbox, errors, the problem log
    close  refused lines to a journal of their own, the journals' status

A slice is one transaction; one run of a company at a time has its journals in hand, by a lease
(``finance/postingruns``). Slices are posted several at once; those of a journal that is cut share it until a
last one, alone, gives it its status. One after the other are slices of a cut journal that reverses, and,
after all others in hand, those of journals that take back lines of another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import add, itemgetter
from typing import Any, Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.batches import each_batch
from tieout.finance.journals.queries import ImportParameters, import_parameters
from tieout.finance.journals.rules import (
    ALL_DRAFTS,
    POSTING_MATRIX,
    JournalChoice,
    NumberSequenceMissing,
    Slice,
    ToPost,
    slices,
    whole,
)
from tieout.finance.ledgers.actions import keep_periods
from tieout.finance.postingruns.actions import Run, posting_run
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

LINES_MAX: Final = 20_000  # journal lines posted in one transaction
JOURNALS_MAX: Final = 1_000  # draft journals taken in hand at once

JOURNAL_SEQUENCE: Final = "integration_journal"


def _sql(name: str) -> sql.Statement:
    return sql.load("tieout.finance.journals", name)


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


def take_numbers(company: str, sequence: str, size: int) -> dict[str, Any]:
    """Take a block of ``size`` numbers of a sequence of ``company``: prefix, digits and the first number.

    Raises :class:`NumberSequenceMissing`.
    """
    block = sql.rows(FINANCE, _sql("take_numbers"), company=company, sequence=sequence, size=size)
    if not block:
        raise NumberSequenceMissing(sequence=sequence, company=company)
    return block[0]


def post_integration_journals(
    *, actor: Actor, company: str, only: JournalChoice = ALL_DRAFTS
) -> PostedJournals:
    """Post the draft journals of ``company``, all of them or those that are chosen (finance spec 2.5).

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

        for alone, parts in groupby(_slices(actor, asked, run, only), lambda part: part.alone):
            if not alone:
                total = sum(each_batch(FINANCE, parts, post, lock=(job, str(run.id))), total)
                continue
            for part in parts:
                with transaction.atomic(using=FINANCE, durable=True):
                    total += post(part)
    return total


def _slices(actor: Actor, asked: ImportParameters, run: Run, only: JournalChoice) -> Iterator[Slice]:
    """Take journals in hand, as many as fit, and yield their slices; then the next ones."""
    after, in_turn = 0, itemgetter("takes_back", "reverses")  # what is posted alone comes last
    while True:
        run.renew()
        with transaction.atomic(using=FINANCE, durable=True):
            ids = sql.one(
                FINANCE,
                _sql("take_journals"),
                company=asked.code,
                run_id=run.id,
                after=after,
                numbers=list(only.numbers) or None,
                period_from=only.period_from,
                period_to=only.period_to,
                original=only.original,
                journals_max=JOURNALS_MAX,
                done_by=actor.name,
            )["journals"]
            taken = sql.rows(FINANCE, _sql("journals_taken"), journals=ids)
        if not taken:
            return
        for (takes_back, reverses), rows in groupby(sorted(taken, key=in_turn), in_turn):
            journals = [ToPost(row["id"], row["last_line"], reverses) for row in rows]
            # A journal that may be kept back whole is judged whole.
            dealt = slices(journals, LINES_MAX) if asked.transfer_error_lines else map(whole, journals)
            for part in dealt:
                run.renew()
                yield replace(part, alone=part.alone or takes_back)
        after = max(row["id"] for row in taken)


def _post_slice(
    actor: Actor, asked: ImportParameters, run: Run, part: Slice, refused_journals: set[int]
) -> PostedJournals:
    """Post one slice; ``refused_journals`` remembers, for later slices, which journals had a refusal."""
    company = asked.code
    sql.run(FINANCE, _sql("prepare_transaction"))
    keep_periods(company)
    journals = list(part.journals)
    locked = [row["id"] for row in sql.rows(FINANCE, _sql("lock_journals"), journals=journals, run_id=run.id)]
    if not locked:
        return PostedJournals()
    sql.run(FINANCE, _sql("take_lines"), journals=locked, line_from=part.line_from, line_to=part.line_to)
    judge_lines(company)
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


def judge_lines(company: str) -> None:
    """Judge the lines in the temporary table ``posting_line``: ``posting_verdict`` has one row of each."""
    sql.run(FINANCE, _sql("analyze_lines"))
    sql.run(FINANCE, _sql("judge_lines"), company=company)


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
                **take_numbers(asked.code, JOURNAL_SEQUENCE, len(mixed)),
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
