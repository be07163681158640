"""The page of quotes and contracts: win a quote, confirm a contract, close it as lost (operations spec 4.1).

Each act changes what was approved, so the page shows first what that would come to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tieout.kernel.access import Actor, Verb, may, permit
from tieout.kernel.problems import ProblemText
from tieout.operations.organization.problems import ContractNotDraft, ContractNotOpen
from tieout.operations.organization.queries import contract_lines, contracts
from tieout.operations.pricing.queries import SalesList, sales_lists
from tieout.operations.quoting.problems import (
    ContractNumberTaken,
    ProjectNotPresales,
    QuoteLinesClash,
    QuoteNotDraft,
)
from tieout.operations.quoting.queries import quote_lines, quotes
from tieout.operations.reevaluation.actions import Lost, Sold, close_contract, confirm_contract, win_quote
from tieout.operations.reevaluation.queries import changes, requests
from tieout.workspace import labels, screens
from tieout.workspace.filters import typed
from tieout.workspace.pages import page

_NOT_NOW: Final = (
    ContractNotDraft,
    ContractNotOpen,
    ContractNumberTaken,
    ProjectNotPresales,
    QuoteLinesClash,
    QuoteNotDraft,
)


@dataclass(frozen=True, slots=True)
class _Act:
    """What is done with a quote or contract: its button, what is said of it then, and the verb."""

    label: str
    said: str
    verb: Callable[..., Sold | Lost]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Quotes or contracts: how they are listed, and what is done with one, by the name of its button."""

    label: str
    rows: Callable[..., Any]
    lines: Callable[..., Sequence[Any]]
    acts: Mapping[str, _Act]


_CLOSE: Final = _Act("Close as lost", "closed as lost", close_contract)
_KINDS: Final = {
    "quote": _Kind("Quotes", quotes, quote_lines, {"act": _Act("Win", "won", win_quote)}),
    "contract": _Kind(
        "Contracts",
        contracts,
        contract_lines,
        {"act": _Act("Confirm", "confirmed", confirm_contract), "close": _CLOSE},
    ),
}
# The button that shows first what the act would do.
_PREVIEWS: Final = {"preview": "act", "preview_close": "close"}


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
    pressed = request.POST.get("do", "preview")
    is_preview = pressed not in kind.acts
    button = _PREVIEWS.get(pressed, "act") if is_preview else pressed
    act = kind.acts.get(button, kind.acts["act"])
    lines = kind.lines(actor=actor, company=company, **{name: number})
    if request.method == "POST":
        permit(actor, Verb.LOAD, company)
        if lines:  # it is of this company
            did, problem = _done(actor, act, {name: number}, is_preview=is_preview)
        lines = kind.lines(actor=actor, company=company, **{name: number})
    return {
        "lines": lines,
        "lists": did.lists
        if isinstance(did, Sold) and name == "quote"
        else _lists(actor, company, name, number),
        "are_of_contract": bool(did) or name == "contract",
        "did": did,
        "made": did.reversed if isinstance(did, Lost) else did and did.reevaluated,
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
        "act": act,
        "button": button,
        "is_close": act is _CLOSE,
        "may_close": "close" in kind.acts,
        "may": may(actor, Verb.LOAD, company),
    }


def _lists(actor: Actor, company: str, name: str, number: str) -> tuple[SalesList, ...]:
    """Return the sales lists that a quote or contract is priced by."""
    return sales_lists(actor=actor, company=company, **{name: number})


def _done(
    actor: Actor, act: _Act, wanted: Mapping[str, str], *, is_preview: bool
) -> tuple[Sold | Lost | None, ProblemText | None]:
    try:
        return act.verb(actor=actor, **wanted, is_preview=is_preview), None
    except _NOT_NOW as problem:
        return None, problem.text
