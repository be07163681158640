"""The pages of verification: the lines that wait for the project manager, and the invoices they block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tieout.finance.documents.queries import VerifiedInvoice, every_verified_invoice, verified_invoices
from tieout.kernel.access import Actor, Verb, may, permit
from tieout.kernel.problems import ProblemText
from tieout.kernel.problems import render as words_of
from tieout.operations.verification.actions import Decided, reject_lines, verify_lines
from tieout.operations.verification.queries import waiting_lines
from tieout.workspace import grid_files, screens
from tieout.workspace.filters import typed
from tieout.workspace.grid_files import Value
from tieout.workspace.pages import page

_BARRED: Final = {"APR-152": "you entered it", "APR-153": "others verify it"}
HEADER: Final = (
    "Vendor account",
    "Name",
    "Vendor invoice",
    "Invoice date",
    "Accounting date",
    "Amount",
    "Currency",
    "Accounting amount",
    "Voucher",
    "Lines",
    "Verified",
    "Payment",
    "Verified at",
    "Rejected by",
    "Reason",
    "Entered by",
)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a button did, in words, and the problems of the lines that it left."""

    said: str = ""
    problems: tuple[ProblemText, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@page
def verification_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Verification*: the lines that wait, since when; *Verify* and *Reject* for those chosen."""
    frame = screens.frame(actor, company)
    outcome = _press(request, actor, company) if request.method == "POST" else _Outcome()
    query = request.GET.dict()
    project = typed(query, "project")
    lines, following = waiting_lines(
        actor=actor, company=company, project=project, after=_key(typed(query, "after"))
    )
    context = {
        "frame": frame,
        "project": project,
        "lines": [(one, _BARRED.get(one.barred_by, "")) for one in lines],
        "following": following,
        "outcome": outcome,
        "may_verify": may(actor, Verb.VERIFY, company),
    }
    return render(request, "workspace/verification.html", context)


def _press(request: HttpRequest, actor: Actor, company: str) -> _Outcome:
    permit(actor, Verb.VERIFY, company)
    chosen = [key for text in request.POST.getlist("line") if (key := _key(text)) is not None]
    if not chosen:
        return _Outcome("Nothing was chosen.")
    if request.POST.get("do") == "reject":
        reason = request.POST.get("reason", "")[:400]
        return _said("Rejected", reject_lines(actor=actor, company=company, line_ids=chosen, reason=reason))
    return _said("Verified", verify_lines(actor=actor, company=company, line_ids=chosen))


def _said(word: str, done: Decided) -> _Outcome:
    said = f"{word}: {done.done:,}."
    if done.approved.refused:
        said += f" Approval refused {done.approved.refused:,} of them: see Troubleshoot."
    return _Outcome(said, tuple(words_of(one.code, one.details) for one in done.refused))


@require_safe
@page
def invoices_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Vendor invoices to verify*: how far each is, and whether its vendor may be paid."""
    query = request.GET.dict()
    only_blocked = query.get("view") == "blocked"
    found, following = verified_invoices(
        actor=actor, company=company, only_blocked=only_blocked, before=_key(typed(query, "before"))
    )
    context = {
        "frame": screens.frame(actor, company),
        "only_blocked": only_blocked,
        "invoices": found,
        "following": following,
        "may_export": may(actor, Verb.EXPORT, company),
        "workbook_rows": grid_files.XLSX_ROWS_MAX,
    }
    return render(request, "workspace/verified_invoices.html", context)


@require_safe
@page
def invoices_export(request: HttpRequest, actor: Actor, company: str, kind: str) -> HttpResponseBase:
    """Send the invoices of the view as a file: what a payment run reads before it pays."""
    permit(actor, Verb.EXPORT, company)
    if kind not in grid_files.KINDS:
        said = (f"A file is {' or '.join(grid_files.KINDS)}, not {kind}.",)
        context = {"heading": "No file was made", "lines": said}
        return render(request, "workspace/message.html", context, status=400)
    only_blocked = request.GET.get("view") == "blocked"
    digits = screens.frame(actor, company).digits
    rows = _rows(every_verified_invoice(actor=actor, company=company, only_blocked=only_blocked), digits)
    return grid_files.file_of(kind, f"vendor-invoices-{company}", HEADER, rows)


def _rows(invoices: Iterator[VerifiedInvoice], digits: int) -> Iterator[tuple[Value, ...]]:
    for one in invoices:
        yield (
            one.vendor_account,
            one.vendor_name,
            one.invoice_number,
            one.invoice_date,
            one.accounting_date,
            round(one.amount, one.digits),
            one.currency_code,
            round(one.accounting_amount, digits),
            one.voucher,
            one.lines,
            one.verified,
            one.payment,
            one.released_at,
            one.rejected_by,
            one.rejected_because,
            one.entered_by,
        )


def _key(text: str) -> UUID | None:
    """Return the key that a text is, None if it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
