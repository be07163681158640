"""The page of quotes and contracts: lines, winning a quote, confirming a contract (operations spec 4.1).

Both acts evaluate what was approved again, so the page shows first what that would come to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import ProblemText
from tieout.operations.organization.problems import ContractNotDraft
from tieout.operations.organization.queries import contract_lines, contracts
from tieout.operations.pricing.queries import SalesList, sales_lists
from tieout.operations.quoting.problems import (
    ContractNumberTaken,
    ProjectNotPresales,
    QuoteLinesClash,
    QuoteNotDraft,
)
from tieout.operations.quoting.queries import quote_lines, quotes
from tieout.operations.reevaluation.actions import Sold, confirm_contract, win_quote
from tieout.operations.reevaluation.queries import changes, requests
from tieout.workspace import entry_screens, labels, screens
from tieout.workspace.filters import typed
from tieout.workspace.pages import page

_NOT_NOW: Final = (ContractNotDraft, ContractNumberTaken, ProjectNotPresales, QuoteLinesClash, QuoteNotDraft)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Quotes or contracts: how they are listed, and what is done with one that is a draft."""

    label: str
    act: str
    said: str
    rows: Callable[..., Any]
    lines: Callable[..., Sequence[Any]]
    verb: Callable[..., Sold]


_KINDS: Final = {
    "quote": _Kind("Quotes", "Win", "won", quotes, quote_lines, win_quote),
    "contract": _Kind("Contracts", "Confirm", "confirmed", contracts, contract_lines, confirm_contract),
}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def contracts_page(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show *Quotes and contracts*; one of them with its lines, the preview of its act, and the act."""
    frame = screens.frame(actor, company)
    query = request.GET.dict()
    name = query.get("kind", "")
    name = name if name in _KINDS else "quote"
    kind, number = _KINDS[name], typed(query, "number")
    context: dict[str, Any] = {
        "frame": frame,
        "kind": name,
        "kinds": [(key, one.label, key == name) for key, one in _KINDS.items()],
        "one": kind,
        "number": number,
    }
    status = 200
    if number:
        context |= _of_one(request, actor, company, name, number)
        status = 409 if context.get("problem") else 200
    else:
        found, following = kind.rows(actor=actor, company=company, after=typed(query, "after"))
        context |= {"rows": found, "following": following, "requests": requests(actor=actor, company=company)}
    return render(request, "workspace/contracts.html", context, status=status)


def _of_one(request: HttpRequest, actor: Actor, company: str, name: str, number: str) -> dict[str, Any]:
    """Return one quote or contract, after what a button did with it."""
    kind = _KINDS[name]
    did = problem = None
    is_preview = request.POST.get("do") != "act"
    lines = kind.lines(actor=actor, company=company, **{name: number})
    if request.method == "POST":
        permit(actor, Verb.LOAD, company)
        if lines:  # it is of this company
            did, problem = _done(actor, name, number, is_preview=is_preview)
        lines = kind.lines(actor=actor, company=company, **{name: number})
    return {
        "lines": lines,
        "lists": did.lists if did and name == "quote" else _lists(actor, company, name, number),
        "are_of_contract": bool(did) or name == "contract",
        "did": did,
        "money": [
            {
                "row": one,
                "type": labels.TYPE_LABELS[one.transaction_type],
                "billing": labels.BILLING_LABELS[one.billing_type],
            }
            for one in (changes(did.before, did.after) if did else ())
        ],
        "problem": problem,
        "is_preview": is_preview,
        "may": entry_screens.may(actor, Verb.LOAD, company),
    }


def _lists(actor: Actor, company: str, name: str, number: str) -> tuple[SalesList, ...]:
    """Return the sales lists that a quote or contract is priced by."""
    return sales_lists(actor=actor, company=company, **{name: number})


def _done(
    actor: Actor, name: str, number: str, *, is_preview: bool
) -> tuple[Sold | None, ProblemText | None]:
    try:
        return _KINDS[name].verb(actor=actor, **{name: number}, is_preview=is_preview), None
    except _NOT_NOW as problem:
        return None, problem.text
