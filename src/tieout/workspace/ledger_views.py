"""The pages of the general ledger: trial balance, the entries of an account, a voucher and its relatives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tieout.finance.seals.queries import last_seal
from tieout.finance.vouchers import queries
from tieout.finance.vouchers.queries import AccountBalance, AccountEntry, Place
from tieout.kernel.access import Actor
from tieout.reconciliation.windows.rules import Window
from tieout.workspace import screens
from tieout.workspace.filters import window_asked
from tieout.workspace.pages import page

DOCUMENT_LABELS: Final = {
    "vendor_invoice": "Vendor invoice",
    "expense_report": "Expense report",
    "integration_journal_line": "Integration journal",
    "cost_transfer": "Post costs",
    "general_journal_line": "General journal",
    "intercompany_invoice": "Intercompany invoice",
    "intercompany_vendor_invoice": "Intercompany vendor invoice",
}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry with its words and addresses."""

    entry: AccountEntry
    document: str
    posting_type: str
    url: str


@require_safe
@page
def trial_balance(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Trial balance*: opening, debit, credit and balance of each account; each opens its entries."""
    frame = screens.frame(actor, company)
    window, mistake = _window(request, frame)
    rows = queries.trial_balance(actor=actor, company=company, since=window.first, as_of=window.last)
    context = {
        "frame": frame,
        "window": window,
        "mistake": mistake,
        "rows": [(one, _account_url(company, one.account, window)) for one in rows],
        "sums": _sums(rows),
        "last_seal": last_seal(actor=actor, company=company),
    }
    return render(request, "workspace/trial_balance.html", context)


@require_safe
@page
def account_detail(request: HttpRequest, actor: Actor, company: str, account: str) -> HttpResponse:
    """Show *Account detail*: what stood on an account, its entries as they were posted, what stands."""
    frame = screens.frame(actor, company)
    window, mistake = _window(request, frame)
    balances = queries.trial_balance(actor=actor, company=company, since=window.first, as_of=window.last)
    found = next((one for one in balances if one.account == account), None)
    entries = queries.account_entries(
        actor=actor,
        company=company,
        account=account,
        first=window.first,
        last=window.last,
        after=_place(request.GET.get("after", "")),
    )
    here = _account_url(company, account, window)
    more = len(entries) == queries.PAGE
    context = {
        "frame": frame,
        "window": window,
        "mistake": mistake,
        "account": account,
        "balance": found,
        "rows": [_entry(company, one) for one in entries],
        "next_page": f"{here}&after={entries[-1].voucher_id}.{entries[-1].line_no}" if more else "",
        "first_page": here if request.GET.get("after") else "",
    }
    return render(request, "workspace/account_detail.html", context)


@require_safe
@page
def voucher(request: HttpRequest, actor: Actor, company: str, number: str) -> HttpResponse:
    """Show *Voucher transactions* and *Related vouchers* of one voucher."""
    frame = screens.frame(actor, company)
    found = queries.voucher(actor=actor, company=company, number=number)
    if found is None:
        raise Http404
    whole = Window(found.accounting_date.replace(month=1, day=1), found.accounting_date)
    context = {
        "frame": frame,
        "voucher": found,
        "document": document_label(found.document_kind),
        "entries": [
            (one, posting_label(one.posting_type), _account_url(company, one.account, whole))
            for one in found.entries
        ],
        "debit": sum(
            (one.accounting_amount for one in found.entries if one.accounting_amount > 0), Decimal(0)
        ),
        "related": [(one, document_label(one.document_kind)) for one in found.related],
        "trace_url": f"{reverse('trace', args=[company])}?{urlencode({'id': found.number})}",
    }
    return render(request, "workspace/voucher.html", context)


def document_label(kind: str) -> str:
    """Return what kind of document a voucher posted, in words."""
    return DOCUMENT_LABELS.get(kind, kind.replace("_", " ").capitalize())


def posting_label(posting_type: str) -> str:
    """Return a posting type in words."""
    words = posting_type.replace("_", " ").capitalize()
    return words.replace("Wip ", "WIP ", 1)


def _window(request: HttpRequest, frame: screens.Frame) -> tuple[Window, str]:
    """Return the dates asked for; without any, the preset ones, or this year where no period is open."""
    this_year = Window(date(frame.today.year, 1, 1), frame.today)
    window, mistake = window_asked(request.GET, frame.preset or this_year)
    return window or this_year, mistake


def _sums(rows: list[AccountBalance]) -> dict[str, Decimal]:
    names = ("opening", "debit", "credit", "accounting_amount", "reporting_amount")
    return {name: sum((getattr(one, name) for one in rows), Decimal(0)) for name in names}


def _account_url(company: str, account: str, window: Window) -> str:
    dates = urlencode({"from": window.first.isoformat(), "to": window.last.isoformat()})
    return f"{reverse('account-detail', args=[company, account])}?{dates}"


def _entry(company: str, one: AccountEntry) -> _Entry:
    return _Entry(
        one,
        document_label(one.document_kind),
        posting_label(one.posting_type),
        reverse("voucher", args=[company, one.voucher]),
    )


def _place(text: str) -> Place:
    """Return where a page begins; what is no place is the beginning."""
    voucher_id, _, line_no = text.partition(".")
    if not (voucher_id.isdecimal() and line_no.isdecimal() and len(voucher_id) < 19 and len(line_no) < 10):  # noqa: PLR2004  bigint, integer
        return queries.BEFORE_ALL
    return Place(int(voucher_id), int(line_no))
