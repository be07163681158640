"""Posting of vendor invoices and expense reports to the integration accounts (finance spec 2.9, step 1).

::

    reach   the last key of the next batch
    take    documents that wait up to there, locked for this run            -> document_batch
            their lines, with their places in the vouchers                  -> document_batch_line
            the dimensions of their entries                                 -> document_dimension
    judge   each document: good, or its first problem                       -> document_verdict
    write   vouchers and their lines, the outbox, the queue, the problem log

One batch is one transaction, and several are worked on at once: voucher numbers, which one batch takes after
the other and without a gap, are taken last. A document is posted whole or refused whole; refused documents
keep waiting with their code and are tried again by the next run, the others go on. Of two runs one waits for
a round of batches of the other, and the unique document of a voucher is the last guard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.batches import each_batch
from tieout.database.landing import Landing, Verdict, copy_in, land
from tieout.database.locks import wait_in_transaction
from tieout.finance.documents.models import VendorInvoiceLine
from tieout.finance.documents.rules import (
    EXPENSE_REPORT,
    VENDOR_INVOICE,
    DocumentKind,
    SortedLines,
)
from tieout.finance.ledgers.actions import keep_periods
from tieout.finance.vouchers.actions import begin_vouchers, write_vouchers
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

DOCUMENTS_MAX: Final = 10_000
LINES_MAX: Final = 20_000

_PACKAGE: Final = "tieout.finance.documents"
_REACH: Final = {
    VENDOR_INVOICE.name: sql.load(_PACKAGE, "reach_vendor_invoices"),
    EXPENSE_REPORT.name: sql.load(_PACKAGE, "reach_expense_reports"),
}
_TAKE: Final = {
    VENDOR_INVOICE.name: sql.load(_PACKAGE, "take_vendor_invoices"),
    EXPENSE_REPORT.name: sql.load(_PACKAGE, "take_expense_reports"),
}
_TAKE_LINES: Final = {
    VENDOR_INVOICE.name: sql.load(_PACKAGE, "take_vendor_invoice_lines"),
    EXPENSE_REPORT.name: sql.load(_PACKAGE, "take_expense_lines"),
}
_STATE: Final = {
    VENDOR_INVOICE.name: sql.load(_PACKAGE, "state_vendor_invoices"),
    EXPENSE_REPORT.name: sql.load(_PACKAGE, "state_expense_reports"),
}
_PREPARE: Final = sql.load(_PACKAGE, "prepare_transaction")
_DIMENSIONS: Final = sql.load(_PACKAGE, "dimension_documents")
_LINE_POSTINGS: Final = sql.load(_PACKAGE, "write_line_postings")
_COST_STOCKED: Final = sql.load(_PACKAGE, "cost_stocked_lines")
_JUDGE: Final = sql.load(_PACKAGE, "judge_documents")
_DRAFT_VOUCHERS: Final = sql.load(_PACKAGE, "draft_vouchers")
_VOUCHER_LINES: Final = sql.load(_PACKAGE, "write_voucher_lines")
_LEAVE_QUEUE: Final = sql.load(_PACKAGE, "leave_queue")
_MARK_REFUSED: Final = sql.load(_PACKAGE, "mark_refused")
_REFUSED: Final = sql.load(_PACKAGE, "refused_documents")
_POSTED: Final = sql.load(_PACKAGE, "posted_documents")
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PostedDocuments:
    """What one run did: documents posted, their lines and accounting amount, and how many were refused."""

    documents: int = 0
    lines: int = 0
    accounting_amount: Decimal = Decimal(0)
    refused: int = 0

    def __add__(self, other: PostedDocuments) -> PostedDocuments:
        return PostedDocuments(
            self.documents + other.documents,
            self.lines + other.lines,
            self.accounting_amount + other.accounting_amount,
            self.refused + other.refused,
        )


def post_vendor_invoices(*, actor: Actor, company: str) -> PostedDocuments:
    """Post the vendor invoices of ``company`` that wait: per line a debit of the procurement integration
    account, one of the recoverable tax, one credit of the vendor account (finance spec 2.9). A stocked line
    debits its cost instead: profit and loss or work in progress, as the profile of its project says.

    A document is refused, with a row in the problem log, for a missing number sequence (DOC-106), a missing
    integration account (DOC-107), a closed project (INT-701), a period that is not open (DOC-103; documents
    are never shifted to another date), a missing rate into the reporting currency (DOC-102), a missing
    account of the vendor, the tax or a stocked line (DOC-101), no profile for one (DOC-110), or an account
    that demands other dimensions (DOC-111). It takes no voucher number, and the next run tries it again.
    """  # noqa: D205  one sentence
    return _post(actor, company, VENDOR_INVOICE)


def post_expense_reports(*, actor: Actor, company: str) -> PostedDocuments:
    """Post the expense reports of ``company`` that wait: per line a debit of the expense integration account,
    per currency and payee one of the recoverable tax and one credit.

    Who is credited says the payment method of the line: employee, vendor, cash or company card. Refusals as
    for vendor invoices, and a payment method that is not set up (DOC-108).
    """  # noqa: D205  one sentence
    return _post(actor, company, EXPENSE_REPORT)


@dataclass(frozen=True, slots=True)
class _Part:
    """The documents of one batch: those that wait with keys above ``after``, up to ``reached``."""

    after: UUID
    reached: UUID


def _post(actor: Actor, company: str, kind: DocumentKind) -> PostedDocuments:
    permit(actor, Verb.POST_DOCUMENTS, company)

    def post(part: _Part) -> PostedDocuments:
        return _post_part(actor, company, kind, part)

    lock = (Verb.POST_DOCUMENTS, company, kind.name)
    return sum(each_batch(FINANCE, _parts(company, kind), post, lock=lock), PostedDocuments())


def _parts(company: str, kind: DocumentKind) -> Iterator[_Part]:
    """Yield what waits in parts, by key; each document is tried once in a run."""
    asked = {"company": company, "documents_max": DOCUMENTS_MAX, "lines_max": LINES_MAX}
    after = _BEFORE_ALL
    while reached := sql.one(FINANCE, _REACH[kind.name], after=after, **asked)["reached"]:
        yield _Part(after, reached)
        after = reached


def _post_part(actor: Actor, company: str, kind: DocumentKind, part: _Part) -> PostedDocuments:
    sql.run(FINANCE, _PREPARE)
    keep_periods(company)
    if not sql.run(FINANCE, _TAKE[kind.name], company=company, after=part.after, reached=part.reached):
        return PostedDocuments()  # another run has posted them
    sql.run(FINANCE, _TAKE_LINES[kind.name])
    if kind is VENDOR_INVOICE:
        sql.run(FINANCE, _COST_STOCKED, company=company)
    sql.run(FINANCE, _DIMENSIONS, company=company)
    types = {"debit_type": kind.debit_type}
    sql.run(FINANCE, _JUDGE, company=company, module=kind.module, sequence=kind.sequence, **types)
    sql.run(FINANCE, _VOUCHER_LINES, company=company, **types)
    sql.run(FINANCE, _LINE_POSTINGS)
    sql.run(FINANCE, _STATE[kind.name])
    sql.run(FINANCE, _LEAVE_QUEUE)
    sql.run(FINANCE, _MARK_REFUSED)
    posted = _settle_problems(actor, company, kind)
    # Last: who takes numbers keeps others from taking some until the transaction ends.
    begin_vouchers()
    sql.run(FINANCE, _DRAFT_VOUCHERS)
    write_vouchers(actor=actor, company=company, sequence=kind.sequence, document_kind=kind.name)
    return posted


def _settle_problems(actor: Actor, company: str, kind: DocumentKind) -> PostedDocuments:
    refused = sql.rows(FINANCE, _REFUSED, company=company, document_kind=kind.name)
    posted = sql.one(FINANCE, _POSTED)
    log_problems(alias=FINANCE, process=Process.POST_DOCUMENTS, problems=map(RecordProblem.from_row, refused))
    resolve_problems(
        alias=FINANCE,
        process=Process.POST_DOCUMENTS,
        record_ids=posted.pop("refused_before"),
        resolved_by=actor.name,
    )
    return PostedDocuments(**posted, refused=len(refused))


VENDOR_INVOICE_LINES: Final = Landing(
    sql.load(_PACKAGE, "land_vendor_invoice_lines"),
    "landed_vendor_invoice_line",
    (
        "row_number",
        "document",
        "company_code",
        "vendor_id",
        "invoice_number",
        "line_number",
        "invoice_date",
        "accounting_date",
        "project_id",
        "category_id",
        "description",
        "quantity",
        "unit",
        "stocked",
        "subcontract_id",
        "manual_verification",
        "block_payment",
        "unit_price",
        "amount",
        "tax_amount",
        "currency_code",
        "exchange_rate",
        "accounting_digits",
    ),
)
EXPENSE_LINES: Final = Landing(
    sql.load(_PACKAGE, "land_expense_lines"),
    "landed_expense_line",
    (
        "row_number",
        "document",
        "company_code",
        "report_number",
        "resource_code",
        "line_number",
        "distribution",
        "line_amount",
        "transaction_date",
        "project_id",
        "category_id",
        "description",
        "amount",
        "tax_amount",
        "currency_code",
        "payment_method",
        "exchange_rate",
        "accounting_digits",
    ),
)
_ENTER_VENDOR_INVOICES: Final = sql.load(_PACKAGE, "enter_vendor_invoices")
_ENTER_VENDOR_INVOICE_LINES: Final = sql.load(_PACKAGE, "enter_vendor_invoice_lines")
_ENTER_EXPENSE_LINES: Final = sql.load(_PACKAGE, "enter_expense_lines")


def enter_vendor_invoice_lines(
    *, actor: Actor, companies: Collection[str], lines: SortedLines
) -> list[Verdict]:
    """Enter vendor invoice lines in the caller's transaction; return what became of those not entered.

    They have the columns of ``VENDOR_INVOICE_LINES``. A new invoice waits for posting from then on. A
    line with the same key and content is already there; refused are one with other content (LOAD-210) and one
    of an invoice that is posted (LOAD-219).

    Invoices that are new and have nothing to judge go straight into their tables, the others land first.
    """
    _begin(actor, companies, VENDOR_INVOICE_LINES)
    others = _enter_straight(actor, lines)
    return _enter(actor, VENDOR_INVOICE_LINES, _ENTER_VENDOR_INVOICE_LINES, others) if len(others) else []


def enter_expense_lines(*, actor: Actor, companies: Collection[str], lines: pl.DataFrame) -> list[Verdict]:
    """Enter expense lines in the caller's transaction; as ``enter_vendor_invoice_lines``, for reports."""
    _begin(actor, companies, EXPENSE_LINES)
    return _enter(actor, EXPENSE_LINES, _ENTER_EXPENSE_LINES, lines)


def _begin(actor: Actor, companies: Collection[str], landing: Landing) -> None:
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[FINANCE].in_atomic_block:
        raise transaction.TransactionManagementError("documents are entered in the caller's transaction")
    wait_in_transaction(FINANCE, "enter", landing.table)  # of two loads at once, one sees what the other did


def _enter(actor: Actor, landing: Landing, statement: sql.Statement, lines: pl.DataFrame) -> list[Verdict]:
    land(FINANCE, landing, lines)
    return [Verdict.from_row(row) for row in sql.rows(FINANCE, statement, entered_by=actor.name)]


def _enter_straight(actor: Actor, lines: SortedLines) -> pl.DataFrame:
    """Enter the lines of whole new invoices; return those of the other invoices."""
    invoices = lines.invoices.write_json()
    found = sql.rows(FINANCE, _ENTER_VENDOR_INVOICES, invoices=invoices, entered_by=actor.name)
    known = [row["document"] for row in found]
    straight, others = lines.straight, lines.others
    if known:
        is_known = pl.col("document").is_in(known)
        left = set(lines.invoices["document"]) - set(known)
        straight, others = straight.filter(~is_known), lines.lines.filter(~pl.col("document").is_in(left))
    copy_in(FINANCE, VendorInvoiceLine._meta.db_table, straight.drop("document"))
    return others
