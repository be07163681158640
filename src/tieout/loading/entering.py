"""Which verb of which stage enters the records of an entity, and in what form it wants them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.database.landing import Landing, Verdict, copy_text
from tieout.finance.documents import actions as documents
from tieout.finance.ledgers import actions as ledgers
from tieout.kernel.access import Actor
from tieout.loading.columns import Chunk
from tieout.loading.formats import FORMATS, Side
from tieout.loading.values import Value
from tieout.operations.entries import actions as entries
from tieout.operations.organization import actions as organization
from tieout.operations.pricing import actions as pricing

BLOCK: Final = 2_000
"""Rows of one write to the server."""


@dataclass(frozen=True, slots=True)
class Documents:
    """A verb that takes records through a landing table, and the chunk's column for each of its."""

    verb: Callable[..., list[Verdict]]
    argument: str
    landing: Landing
    sources: tuple[str, ...]


def _sources(landing: Landing, **renamed: str) -> tuple[str, ...]:
    """Return the chunk's column for each of the landing's but the first, the row number."""
    usual = {"company_code": "company", "tax_amount": "tax", "currency_code": "currency"} | renamed
    return tuple(usual.get(column, column) for column in landing.columns[1:])


_DOCUMENTS: Final = {
    "vendor_invoice_line": Documents(
        documents.enter_vendor_invoice_lines,
        "lines",
        documents.VENDOR_INVOICE_LINES,
        _sources(documents.VENDOR_INVOICE_LINES),
    ),
    "expense_line": Documents(
        documents.enter_expense_lines,
        "lines",
        documents.EXPENSE_LINES,
        _sources(documents.EXPENSE_LINES, resource_code="resource"),
    ),
    "time_entry": Documents(
        entries.enter_time_entries,
        "entries",
        entries.TIME_ENTRIES,
        _sources(entries.TIME_ENTRIES, entry_date="date"),
    ),
}
_PRICING: Final = frozenset({"price_list", "role_price"})
_DOCUMENT_KEY: Final = ("company", "vendor", "invoice_number", "report_number")
"""Fields that tell documents apart, of those that an entity has."""
_BLANK: Final = frozenset({"description"})
"""Texts that are empty where the file says nothing."""

DOCUMENTS: Final = frozenset(_DOCUMENTS)
MAPS: Final = {
    "company": "cdm_companies",
    "currency": "transactioncurrencies",
    "exchange_rate": "msdyn_exchangerates",
    "vendor": "msdyn_vendors",
    "category": "msdyn_transactioncategories",
    "contract_line": "msdyn_projects",
    "project": "msdyn_projects",
}
"""Set-up that travels to the other side, and the map that carries it."""


def alias_of(entity: str) -> str:
    """Return the database of the side that masters an entity."""
    return FINANCE if FORMATS[entity].side is Side.FINANCE else OPERATIONS


def blocks(entity: str, chunk: Chunk) -> list[str]:
    """Return the records of a chunk of documents as the stage wants them, in COPY text; of set-up nothing."""
    found = _DOCUMENTS.get(entity)
    return list(_blocks(found, chunk)) if found is not None else []


def enter(
    *, actor: Actor, entity: str, companies: Collection[str], chunk: Chunk, text: Sequence[str] = ()
) -> list[Verdict]:
    """Enter the records of a chunk in the transaction of their side; a verdict's ``row`` is its place there.

    ``text`` are its ``blocks``. Of documents those that were entered have no verdict.
    """
    if entity in _DOCUMENTS:
        found = _DOCUMENTS[entity]
        return found.verb(actor=actor, companies=companies, **{found.argument: text})
    records = json.dumps([_record(chunk, place) for place in range(len(chunk))])
    if alias_of(entity) == FINANCE:
        verb = ledgers.enter_set_up
    else:
        verb = pricing.enter_set_up if entity in _PRICING else organization.enter_set_up
    return verb(actor=actor, entity=entity, companies=companies, records=records)


def _blocks(found: Documents, chunk: Chunk) -> Iterator[str]:
    columns = [_column(chunk, source) for source in found.sources]
    for start in range(0, len(chunk), BLOCK):
        stop = min(start + BLOCK, len(chunk))
        yield copy_text([range(start, stop), *(column[start:stop] for column in columns)])


def _column(chunk: Chunk, source: str) -> list[Any]:
    if source == "minutes":
        return [int(decimal_of(hours) * 60) for hours in chunk.columns["hours"]]
    if source == "document":
        return _numbered(chunk)
    column = chunk.columns[source]
    return ["" if value is None else value for value in column] if source in _BLANK else column


def _numbered(chunk: Chunk) -> list[int]:
    """Return a number per record, the same for lines of one document."""
    names = [name for name in _DOCUMENT_KEY if name in chunk.columns]
    keys = list(zip(*(chunk.columns[name] for name in names), strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return [numbers[key] for key in keys]


def decimal_of(value: Value) -> Decimal:
    """Return a value that must be a number."""
    if not isinstance(value, Decimal):
        raise TypeError(f"a number was expected, not {value!r}")
    return value


def _record(chunk: Chunk, place: int) -> dict[str, Any]:
    return {"row": place} | {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in chunk.record(place).items()
    }
