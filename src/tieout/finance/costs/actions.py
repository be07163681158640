"""Post costs: moving posted costs from work in progress to profit and loss, and back (finance spec 2.5.2).

::

    take   the chosen costs, by voucher or by project     -> cost_line
           those without ledger entries, as posting takes  -> posting_line, posting_verdict
    judge  where each stands, and whether it may move      -> cost_verdict
    write  transfers, their vouchers and ledger entries

Nothing that was posted is changed: a move is a voucher of its own, and moving back is another. While costs
move, no journal of the company is posted, for it is the company's posting run: a reversal posts the
counter-entry of where its original stands.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.finance.costs.rules import CostsTo, NothingChosen, OfProject, PeriodNotOpen
from tieout.finance.journals.actions import judge_lines
from tieout.finance.journals.rules import IntegrationNotSetUp, NumberSequenceMissing
from tieout.finance.ledgers.actions import keep_periods
from tieout.finance.postingruns.actions import posting_run
from tieout.finance.vouchers.actions import begin_drafts, write_drafts
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import ProblemText, render

LINES_MAX: Final = 20_000  # costs moved in one transaction
REFUSALS_MAX: Final = 100  # told in words; all are counted

SEQUENCE: Final = "post_costs_voucher"

_BEFORE_ALL: Final = UUID(int=0)


def _sql(name: str) -> sql.Statement:
    return sql.load("tieout.finance.costs", name)


@dataclass(frozen=True, slots=True)
class PostedCosts:
    """What one call moved, in the accounting currency; how many it refused, the first of them in words."""

    moved: int = 0
    accounting_amount: Decimal = Decimal(0)
    refused: int = 0
    problems: tuple[ProblemText, ...] = ()

    def __add__(self, other: PostedCosts) -> PostedCosts:
        return PostedCosts(
            self.moved + other.moved,
            self.accounting_amount + other.accounting_amount,
            self.refused + other.refused,
            (*self.problems, *other.problems)[:REFUSALS_MAX],
        )


def post_costs(
    *,
    actor: Actor,
    company: str,
    costs: Sequence[str] | OfProject,
    to: CostsTo,
    accounting_date: date,
    is_preview: bool = False,
) -> PostedCosts:
    """Move costs to profit and loss (debit cost, credit WIP) or to the balance, on ``accounting_date``.

    ``costs`` are numbers of vouchers of integration or general journal lines or of vendor invoices for stock,
    or what a project has in progress. One that its profile kept out of the ledger (no ledger) enters it now,
    by the posting matrix; its reporting amount is at the rate of ``accounting_date`` (DOC-102 without one).
    What cannot move is refused, the rest moves: no posted cost (PST-211), a reversed one (PST-212), one that
    stands there already or never enters the ledger (PST-213), of a closed project (INT-701), of a fixed
    price, an investment or presales (PST-214), whose sale is accrued or invoiced (PST-215), without an
    account (DOC-101) or with other dimensions than that demands (PST-218). ``is_preview`` writes nothing.
    Raises :class:`AlreadyRunning`, :class:`IntegrationNotSetUp`,
    :class:`NumberSequenceMissing`, :class:`PeriodNotOpen` and :class:`NothingChosen`.
    """
    permit(actor, Verb.POST_INTEGRATION_JOURNAL, company)
    if isinstance(costs, OfProject) and to is CostsTo.BALANCE:
        raise NothingChosen(project=costs.project)
    _refuse_unready(company, accounting_date)
    total, after, numbers = PostedCosts(), _BEFORE_ALL, () if isinstance(costs, OfProject) else tuple(costs)
    job = f"{Verb.POST_INTEGRATION_JOURNAL} of {company}"
    with nullcontext() if is_preview else posting_run(actor=actor, company=company, job=job) as run:
        while True:
            if run:
                run.renew()
            with transaction.atomic(using=FINANCE, durable=True):
                keep_periods(company)
                _refuse_unready(company, accounting_date)  # it may have been closed since the last batch
                if isinstance(costs, OfProject):
                    _take_of_project(company, costs, after)
                else:
                    taken, numbers = numbers[:LINES_MAX], numbers[LINES_MAX:]
                    sql.run(FINANCE, _sql("take_by_number"), company=company, numbers=list(taken))
                moved, summary = _move(actor, company, to, accounting_date, is_preview=is_preview)
            total += moved
            after = summary["line_to"]
            if summary["chosen"] == 0 or not (numbers or isinstance(costs, OfProject)):
                return total


def _refuse_unready(company: str, accounting_date: date) -> None:
    found = sql.rows(
        FINANCE, _sql("readiness"), company=company, sequence=SEQUENCE, accounting_date=accounting_date
    )
    if not found:
        raise IntegrationNotSetUp(account_kind="procurement", company=company)
    if not found[0]["has_numbers"]:
        raise NumberSequenceMissing(sequence=SEQUENCE, company=company)
    if not found[0]["is_open"]:
        raise PeriodNotOpen(accounting_date=accounting_date, company=company)


def _take_of_project(company: str, costs: OfProject, after: UUID) -> None:
    sql.run(
        FINANCE,
        _sql("take_of_project"),
        company=company,
        project=costs.project,
        date_from=costs.date_from,
        date_to=costs.date_to,
        after=after,
        lines_max=LINES_MAX,
    )


def _judge(company: str, to: CostsTo, accounting_date: date) -> None:
    """Judge the costs in ``cost_line``; those without ledger entries as posting would."""
    sql.run(FINANCE, _sql("take_unposted"), treatment=to, accounting_date=accounting_date)
    judge_lines(company)
    sql.run(FINANCE, _sql("judge_costs"), company=company, treatment=to)


def _move(
    actor: Actor, company: str, to: CostsTo, accounting_date: date, *, is_preview: bool
) -> tuple[PostedCosts, dict[str, Any]]:
    """Judge the costs in ``cost_line`` and move the good ones."""
    _judge(company, to, accounting_date)
    if not is_preview:
        sql.run(FINANCE, _sql("write_transfers"), company=company, treatment=to)
        begin_drafts()
        sql.run(FINANCE, _sql("draft_vouchers"), accounting_date=accounting_date)
        sql.run(FINANCE, _sql("draft_entries"))
        write_drafts(actor=actor, company=company, sequence=SEQUENCE, document_kind="cost_transfer")
    summary = sql.one(FINANCE, _sql("batch_summary"))
    refused = sql.rows(FINANCE, _sql("refused_costs"), rows_max=REFUSALS_MAX)
    moved = PostedCosts(
        moved=summary["moved"],
        accounting_amount=summary["accounting_amount"],
        refused=summary["chosen"] - summary["moved"],
        problems=tuple(render(row["code"], json.loads(row["details"])) for row in refused),
    )
    return moved, summary
