"""Prices in words: what made one, or why there is none and what mends that."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tieout.operations.actuals.queries import ActualPrice, recorded
from tieout.operations.pricing.queries import Explained, PriceTrace, Step, steps, trace, whose_cost
from tieout.operations.pricing.rules import PRICED, REMEDIES, SAYINGS, PriceReason
from tieout.workspace.labels import CLASS_LABELS, SOURCE_LABELS, TYPE_LABELS, words

_STEP_LABELS: Final = {
    "list": "Price list",
    "line": "Line",
    "override": "Override",
    "cost": "Cost",
    "markup": "Markup",
    "rate": "Exchange rate",
    "reason": "Reason",
}
_ORDER: Final = (
    "The line of the list, or its override, or what it cost, then the markup on it, then the exchange rate;"
    " the price is rounded once, at the end."
)


@dataclass(frozen=True, slots=True)
class PriceWords:
    """One price in words; ``remedy`` is blank where it needs none, ``currency`` where none is known."""

    heading: str
    price: Decimal
    currency: str
    steps: tuple[tuple[str, str], ...]
    is_priced: bool
    remedy: str


def reason_words(reason: str) -> str:
    """Return why a price is what it is; a reason that is not known here as it is written."""
    return SAYINGS[PriceReason(reason)] if reason in set(PriceReason) else words(reason)


def is_priced(reason: str) -> bool:
    """Return whether a price with this reason is one; one that is not known here is."""
    return reason not in set(PriceReason) or PriceReason(reason) in PRICED


def of_actual(found: ActualPrice) -> dict[str, Any]:
    """Return the page of one actual's price."""
    kind = TYPE_LABELS.get(found.transaction_type, words(found.transaction_type))
    name = CLASS_LABELS.get(found.transaction_class, words(found.transaction_class))
    return {
        "actual": found,
        "kind": f"{kind}, {name.lower()}",
        "source": SOURCE_LABELS.get(found.source_kind, words(found.source_kind)),
        "words": _of_recorded(found),
        "order": _ORDER if found.trace_id else "",
    }


def sides(found: Explained) -> tuple[PriceWords, ...]:
    """Return cost and sales of an hour; a project without contract has no sales."""
    cost = _of_trace(f"Cost, {whose_cost(found)}", found.cost)
    if found.sales is None:
        return (cost,)
    whose = f"of contract {found.contract}" if found.quote is None else f"offered by quote {found.quote}"
    return cost, _of_trace(f"Sales, {whose}", found.sales)


def dimensions_of(text: str) -> dict[str, str] | None:
    """Return the dimensions that were typed, ``NAME=VALUE`` by commas; None where they cannot be read."""
    found = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, equals, value = (one.strip() for one in part.partition("="))
        if not (name and equals and value):
            return None
        found[name] = value
    return found


def _of_recorded(found: ActualPrice) -> PriceWords:
    price = recorded(found)
    if price is not None:
        return _of_trace("Price", trace(price=price))
    said = (("Reason", reason_words(found.price_reason) or "None was recorded."),)
    priced = is_priced(found.price_reason)
    return PriceWords("Price", found.price, found.currency_code, said, priced, _remedy(found.price_reason))


def _of_trace(heading: str, found: PriceTrace) -> PriceWords:
    price = found.price
    return PriceWords(
        heading=heading,
        price=price.price,
        currency=price.currency_code or "",
        steps=tuple(_worded(step) for step in steps(found)),
        is_priced=price.reason in PRICED,
        remedy=_remedy(price.reason.value),
    )


def _worded(step: Step) -> tuple[str, str]:
    return _STEP_LABELS[step.name], step.words


def _remedy(reason: str) -> str:
    return REMEDIES.get(PriceReason(reason), "") if reason in set(PriceReason) else ""
