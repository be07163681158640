"""Quotes as doors show them; which are set up, by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit

PAGE: Final = 200

_QUOTES: Final = sql.load("tieout.operations.quoting", "quotes")
_QUOTE_LINES: Final = sql.load("tieout.operations.quoting", "quote_lines")
_KNOWN: Final = {
    name.removeprefix("known_"): sql.load("tieout.operations.quoting", name) for name in ("known_quote",)
}
SET_UP: Final = SetUp.of_stage(
    OPERATIONS,
    "tieout.operations.quoting",
    (
        "set_up_quote",
        "set_up_quote_line",
    ),
)
"""The set-up that is mastered here."""


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One quote of a company; ``amount`` is what its lines come to, None where none says an amount.

    ``digits``: decimals of its currency.
    """

    number: str
    name: str
    customer: str
    currency_code: str
    digits: int
    status: str
    lines: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class QuoteLineRow:
    """What one line takes of a project: which classes, of which tasks, billed how.

    ``digits``: decimals of the currency of its amount.
    """

    line_number: int
    name: str
    billing_method: str
    included_tasks: str
    include_time: bool
    include_expense: bool
    include_material: bool
    include_fee: bool
    amount: Decimal | None
    digits: int
    project: str | None
    stage: str | None


def quotes(*, actor: Actor, company: str, after: str = "") -> tuple[tuple[QuoteRow, ...], str | None]:
    """Return the next ``PAGE`` quotes of ``company`` after a number, and the next page's ``after``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _QUOTES, company=company, after=after, row_limit=PAGE + 1)
    shown = tuple(QuoteRow(**row) for row in found[:PAGE])
    return shown, shown[-1].number if len(found) > PAGE else None


def quote_lines(*, actor: Actor, company: str, quote: str) -> tuple[QuoteLineRow, ...]:
    """Return the lines of one quote of ``company``, in their order; none where it is not known."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _QUOTE_LINES, company=company, quote=quote)
    return tuple(QuoteLineRow(**row) for row in found)
