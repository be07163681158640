"""The page *Intercompany invoices*: what a company lent and has to invoice, and what lenders invoiced to it.

Preview says what Post would do and writes nothing. Each button answers with the page itself, and sending the
page twice is harmless: a sale is invoiced once, a vendor invoice posted once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tieout.finance.intercompany import actions, queries
from tieout.finance.intercompany.rules import Invoiced, LentWork
from tieout.kernel.access import Actor, Verb, may
from tieout.workspace import screens
from tieout.workspace.entry_forms import key_of
from tieout.workspace.pages import page

_STATES: Final = {"waiting": "Not yet received", "pending": "Pending", "posted": "Posted"}
_TEXT_MAX: Final = 120


@dataclass(slots=True)
class _Answer:
    """What a button answered: words, a mistake in what was typed, and the invoices of a preview or a run."""

    said: str = ""
    mistake: str = ""
    invoices: tuple[Invoiced, ...] = field(default_factory=tuple)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def intercompany_invoices(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show what the company invoiced and what was invoiced to it; preview and post both."""
    frame = screens.frame(actor, company)
    typed = {name: request.POST.get(name, "").strip()[:_TEXT_MAX] for name in ("borrower", "project", "per")}
    typed |= {name: request.POST.get(name, frame.today.isoformat()) for name in ("until", "on")}
    answer = _Answer()
    if request.method == "POST":
        button = request.POST.get("do", "")
        if button in {"preview", "post"}:
            answer = _invoice(actor, company, typed, is_preview=button == "preview")
        elif button == "post_pending":
            answer = _post_pending(actor, company, request.POST.getlist("chosen"))
        else:
            answer = _Answer(mistake="This page has no such button.")
    before = {name: key_of(request.GET.get(name, "")) for name in ("before", "vendor_before")}
    issued = queries.posted_invoices(actor=actor, company=company, before=before["before"])
    received = queries.vendor_invoices(actor=actor, company=company, before=before["vendor_before"])
    context: dict[str, Any] = {
        "frame": frame,
        "answer": answer,
        "typed": typed,
        "issued": [(one, _STATES[one.state]) for one in issued],
        "received": [(one, _STATES[one.state]) for one in received],
        "issued_next": _next_page(company, "before", issued),
        "received_next": _next_page(company, "vendor_before", received),
        "may_invoice": may(actor, Verb.INVOICE_INTERCOMPANY, company),
        "may_post": may(actor, Verb.POST_DOCUMENTS, company),
    }
    status = 400 if answer.mistake else 200
    return render(request, "workspace/intercompany_invoices.html", context, status=status)


def _next_page(company: str, name: str, rows: list[queries.InvoiceRow]) -> str:
    here = reverse("intercompany-invoices", args=[company])
    return f"{here}?{name}={rows[-1].id}" if len(rows) == queries.PAGE else ""


def _invoice(actor: Actor, company: str, typed: dict[str, str], *, is_preview: bool) -> _Answer:
    try:
        until, on = (date.fromisoformat(typed[name]) for name in ("until", "on"))
    except ValueError:
        return _Answer(mistake="A date is written 2025-01-31.")
    done = actions.post_intercompany_invoices(
        actor=actor,
        company=company,
        until=until,
        invoice_date=on,
        lent=LentWork(typed["borrower"], typed["project"], typed["per"] == "project"),
        is_preview=is_preview,
    )
    if not is_preview:
        actions.hand_over_to_borrowers(actor=actor, borrowers=done.borrowers)
    if not done.invoices:
        return _Answer("Nothing is to be invoiced.")
    would = "that would be posted" if is_preview else "posted"
    refused = f" Refused: {done.refused}." if done.refused else ""
    return _Answer(f"Invoices {would}: {done.posted}.{refused}", invoices=done.invoices)


def _post_pending(actor: Actor, company: str, ticked: list[str]) -> _Answer:
    chosen = [key for key in map(key_of, ticked) if key is not None]
    if not chosen:
        return _Answer(mistake="Choose an invoice.")
    done = actions.post_intercompany_vendor_invoices(actor=actor, company=company, chosen=chosen)
    refused = f" Refused: {done.refused}; why stands beside each." if done.refused else ""
    return _Answer(f"Vendor invoices posted: {done.invoices}.{refused}")
