"""Which company lends to which, and the invoices between them (finance spec 2.8).

::

    lender     settle  what was taken back before its invoice: out of the queue
               take    posted sales that wait for an invoice                    -> lent_line
               judge   each invoice: good, or its first problem                 -> lent_invoice
               write   invoices, their lines, vouchers; out of one queue, into the next
    borrower   make    a pending vendor invoice of each invoice in the queue    -> arrival
               post    pending ones: voucher, project costs; out of the queue   -> pending

A sale enters the lender's queue with the voucher of its journal line. Writing, making and posting are a
transaction each. What the lender has posted waits in the queue until the
borrower has posted it, whatever crashes in between; a sale is on one invoice line, an invoice becomes one
vendor invoice, a vendor invoice one voucher, by keys of the database.

A line that takes a sale back accrues the counter-entry when it is posted, as the sale did, and the credit
note takes that back as the invoice took back the accrual of the sale. So each invoice line undoes what the
voucher of its own journal line accrued, and nothing depends on which of the two was first (decision 0021).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.landing import Verdict
from tieout.database.locks import session_lock
from tieout.finance.intercompany.rules import (
    FIRST_LINE,
    Invoiced,
    LentWork,
    MadeVendorInvoices,
    PostedInvoices,
    PostedVendorInvoices,
)
from tieout.finance.ledgers.actions import keep_periods
from tieout.finance.vouchers.actions import begin_drafts, write_drafts
from tieout.kernel.access import Actor, Verb, may, permit
from tieout.kernel.problems import render
from tieout.problems.actions import (
    LENT_WORK,
    RecordProblem,
    id_of_name,
    log_problems,
    resolve_problems,
)
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

LINES_MAX: Final = 20_000  # lines of one transaction, and of one invoice

INVOICE_SEQUENCE: Final = "intercompany_invoice"
INVOICE_VOUCHER_SEQUENCE: Final = "intercompany_invoice_voucher"
VENDOR_VOUCHER_SEQUENCE: Final = "intercompany_vendor_voucher"

_PACKAGE: Final = "tieout.finance.intercompany"
_STATEMENTS: Final = ("enter_lending_relationship",)
_ENTER: Final = {name.removeprefix("enter_"): sql.load(_PACKAGE, name) for name in _STATEMENTS}
ENTITIES: Final = tuple(_ENTER)
_BEFORE_ALL: Final = UUID(int=0)
# Who judges the invoices of a lender, and who drafts their entries; then the same of its credit notes.
_JUDGED_BY: Final = (("judge_pending", "draft_pending_entries"), ("judge_credits", "draft_credit_entries"))


def _sql(name: str) -> sql.Statement:
    return sql.load(_PACKAGE, name)


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to. A changed
    relationship counts for what is imported and posted from then on.
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[FINANCE].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    return [Verdict.from_row(row) for row in sql.rows(FINANCE, _ENTER[entity], records=records)]


def post_intercompany_invoices(
    *,
    actor: Actor,
    company: str,
    until: date,
    invoice_date: date,
    lent: LentWork = LentWork(),  # noqa: B008  frozen
    is_preview: bool = False,
) -> PostedInvoices:
    """Invoice what ``company`` has lent up to ``until``, dated ``invoice_date`` (finance spec 2.8, step 4).

    Per borrower and currency, or per project, one invoice of what was sold and one credit note of what was
    taken back after its invoice; of more than ``LINES_MAX`` lines there are several. Each posts a debit of
    the customer, a credit of intercompany revenue and the counter-entry of the accrual, and waits for its
    borrower. An invoice is refused, the others go on: no customer for the borrower (DOC-121), no number
    sequence (DOC-106), a period that is not open (DOC-103), no rate (DOC-102), no account (DOC-101), one that
    demands other dimensions (DOC-111). ``is_preview`` writes nothing. Raises :class:`AlreadyRunning`.
    """
    permit(actor, Verb.INVOICE_INTERCOMPANY, company)
    total, after = PostedInvoices(), dict(FIRST_LINE)
    chosen = {
        "company": company,
        "borrowing_company": lent.borrowing_company,
        "project": lent.project,
        "by_project": lent.by_project,
        "until": until,
        "invoice_date": invoice_date,
    }
    with session_lock(FINANCE, Verb.INVOICE_INTERCOMPANY, company) as held:
        if not held:
            raise AlreadyRunning(job=f"{Verb.INVOICE_INTERCOMPANY} of {company}")
        if not is_preview:
            with transaction.atomic(using=FINANCE, durable=True):
                sql.run(FINANCE, _sql("settle_lent_sales"), company=company)
        while True:
            with transaction.atomic(using=FINANCE, durable=True):
                sql.run(FINANCE, _sql("take_lent_lines"), **chosen, **after, lines_max=LINES_MAX)
                invoices = _invoice_batch(actor, company, invoice_date, is_preview=is_preview)
                last = sql.rows(FINANCE, _sql("last_lent_line"))
            total += PostedInvoices.of(invoices)
            if not last or last[0].pop("taken") < LINES_MAX:
                return total
            after = last[0]


def _invoice_batch(actor: Actor, company: str, invoice_date: date, *, is_preview: bool) -> list[Invoiced]:
    """Judge the invoices of the lines in ``lent_line`` and post the good ones."""
    sequences = {"sequence": INVOICE_SEQUENCE, "voucher_sequence": INVOICE_VOUCHER_SEQUENCE}
    dated = {"company": company, "invoice_date": invoice_date}
    keep_periods(company)
    sql.run(FINANCE, _sql("judge_invoices"), **dated, **sequences)
    if not is_preview:
        sql.run(FINANCE, _sql("write_invoices"), **dated, sequence=INVOICE_SEQUENCE)
        sql.run(FINANCE, _sql("write_invoice_lines"))
        begin_drafts()
        sql.run(FINANCE, _sql("draft_invoice_vouchers"), invoice_date=invoice_date)
        sql.run(FINANCE, _sql("draft_invoice_entries"))
        write_drafts(
            actor=actor,
            company=company,
            sequence=INVOICE_VOUCHER_SEQUENCE,
            document_kind="intercompany_invoice",
        )
        sql.run(FINANCE, _sql("hand_over_invoices"))
        sql.run(FINANCE, _sql("leave_lent_queue"))
    found = sql.rows(FINANCE, _sql("invoices_of_batch"))
    if not is_preview:
        _settle_refused_invoices(actor, company, found)
    for row in found:
        code, details = row.pop("code"), row.pop("details")
        row["problem"] = render(code, json.loads(details)) if code else None
        del row["projects"]
    return [Invoiced(**row) for row in found]


def _settle_refused_invoices(actor: Actor, company: str, found: Iterable[dict[str, Any]]) -> None:
    """Log what was refused, for each project on the invoice; what those on a good one met before is over.

    An invoice that is refused leaves no record, and the next run may put its lines on others: what is known
    of them is whose work they are, in which currency, and whether they take it back.
    """
    refused: dict[UUID, RecordProblem] = {}
    good: set[UUID] = set()
    for row in found:
        of = (company, row["borrowing_company"], row["currency_code"], "credit" if row["is_credit"] else "")
        for project in row["projects"]:
            record = id_of_name(LENT_WORK, *of, project)
            if not row["code"]:
                good.add(record)
                continue
            details = json.loads(row["details"])
            name = f"{company} to {row['borrowing_company']}, {project}, {row['currency_code']}"
            name = f"{name}, credit" if row["is_credit"] else name
            refused[record] = RecordProblem(row["code"], company, LENT_WORK, record, name, details)
    process = Process.POST_DOCUMENTS
    log_problems(alias=FINANCE, process=process, problems=refused.values())
    resolve_problems(
        alias=FINANCE, process=process, record_ids=sorted(good - refused.keys()), resolved_by=actor.name
    )


def hand_over_to_borrowers(*, actor: Actor, borrowers: Collection[str]) -> None:
    """Make the pending vendor invoices of these borrowers at once, where ``actor`` may.

    Where not, or where it runs already, the job that makes them does.
    """
    for company in sorted(borrowers):
        if may(actor, Verb.DELIVER, company):
            with session_lock(FINANCE, "intercompany_vendor_invoices", company) as held:
                if held:
                    _make(actor, company)


def make_vendor_invoices(*, actor: Actor, company: str) -> MadeVendorInvoices:
    """Make a pending vendor invoice of each invoice that lenders have posted to ``company``.

    It has the number of the lender's invoice, and waits for posting. Refused, and tried again by the next
    run: the lender is no vendor here (DOC-122), its number is taken (DOC-123), no rate (DOC-102), a credit
    whose invoice is not here yet (DOC-124). Raises :class:`AlreadyRunning`.
    """
    permit(actor, Verb.DELIVER, company)
    with session_lock(FINANCE, "intercompany_vendor_invoices", company) as held:
        if not held:
            raise AlreadyRunning(job=f"intercompany vendor invoices of {company}")
        return _make(actor, company)


def _make(actor: Actor, company: str) -> MadeVendorInvoices:
    total = MadeVendorInvoices()
    for is_credit in (False, True):
        after = _BEFORE_ALL
        while True:
            with transaction.atomic(using=FINANCE, durable=True):
                sql.run(
                    FINANCE,
                    _sql("take_arrivals"),
                    company=company,
                    is_credit=is_credit,
                    after=after,
                    lines_max=LINES_MAX,
                )
                sql.run(FINANCE, _sql("make_vendor_invoice_lines"))
                sql.run(FINANCE, _sql("make_vendor_invoices"), company=company, made_by=actor.name)
                sql.run(FINANCE, _sql("settle_arrivals"))
                done = sql.one(FINANCE, _sql("arrivals_of_batch"))
                _settle_problems(actor, company, "refused_arrivals", done.pop("refused_before"))
            reached = done.pop("reached")
            if reached is None:
                break
            total, after = total + MadeVendorInvoices(**done), reached
    return total


def post_intercompany_vendor_invoices(
    *, actor: Actor, company: str, chosen: Sequence[UUID] | None = None
) -> PostedVendorInvoices:
    """Post the pending invoices of lenders in ``company``, or the ``chosen`` ones, by their keys (step 5).

    Those that lenders have posted since are made first. Each posts a debit of intercompany cost per line,
    which is the project's cost, and a credit of the vendor; operations is told nothing. One is refused, the
    others go on: no number sequence (DOC-106), a closed project (INT-701), a period that is not open
    (DOC-103), no rate (DOC-102), no account (DOC-101), one that demands other dimensions (DOC-111). Credit
    notes come after the invoices: they post the counter-entry of what they take back, and wait until that
    is posted (DOC-124). Raises :class:`AlreadyRunning`.
    """
    permit(actor, Verb.POST_DOCUMENTS, company)
    with session_lock(FINANCE, "intercompany_vendor_invoices", company) as held:
        if not held:
            raise AlreadyRunning(job=f"intercompany vendor invoices of {company}")
        _make(actor, company)
        total = PostedVendorInvoices()
        for is_credit in (False, True):
            asked: dict[str, Any] = {"company": company, "is_credit": is_credit, "lines_max": LINES_MAX}
            asked |= {"after": _BEFORE_ALL, "chosen": None if chosen is None else list(chosen)}
            while True:
                with transaction.atomic(using=FINANCE, durable=True):
                    sql.run(FINANCE, _sql("take_pending"), **asked)
                    done = _post_pending(actor, company, is_credit=is_credit)
                reached = done.pop("reached")
                if reached is None:
                    break
                total, asked["after"] = total + PostedVendorInvoices(**done), reached
        return total


def _post_pending(actor: Actor, company: str, *, is_credit: bool) -> dict[str, Any]:
    """Post the pending invoices in ``taken_invoice``; return what that did, and how far it reached."""
    sequence = VENDOR_VOUCHER_SEQUENCE
    if not is_credit:
        sql.run(FINANCE, _sql("place_pending"), company=company)
    judge, draft = _JUDGED_BY[is_credit]
    keep_periods(company)
    sql.run(FINANCE, _sql(judge), company=company, sequence=sequence)
    begin_drafts()
    sql.run(FINANCE, _sql("draft_pending_vouchers"))
    sql.run(FINANCE, _sql(draft))
    write_drafts(actor=actor, company=company, sequence=sequence, document_kind="intercompany_vendor_invoice")
    sql.run(FINANCE, _sql("write_costs"), company=company)
    sql.run(FINANCE, _sql("leave_queue"))
    sql.run(FINANCE, _sql("mark_refused"))
    done = sql.one(FINANCE, _sql("pending_of_batch"))
    _settle_problems(actor, company, "refused_pending", done.pop("refused_before"))
    return done


def _settle_problems(actor: Actor, company: str, refused: str, refused_before: Sequence[UUID]) -> None:
    found = sql.rows(FINANCE, _sql(refused), company=company)
    log_problems(alias=FINANCE, process=Process.POST_DOCUMENTS, problems=map(RecordProblem.from_row, found))
    resolve_problems(
        alias=FINANCE, process=Process.POST_DOCUMENTS, record_ids=refused_before, resolved_by=actor.name
    )
