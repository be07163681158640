"""Which verb of which stage enters the records of an entity, and in what form it wants them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.database.landing import Landing, Verdict
from tieout.finance.agreements import actions as agreements
from tieout.finance.dimensions import actions as dimensions
from tieout.finance.documents import actions as documents
from tieout.finance.documents.rules import sort_lines
from tieout.finance.general import actions as general
from tieout.finance.intercompany import actions as intercompany
from tieout.finance.ledgers import actions as ledgers
from tieout.finance.profiles import actions as profiles
from tieout.finance.taxes import actions as taxes
from tieout.kernel.access import Actor
from tieout.loading.columns import Chunk
from tieout.loading.formats import FORMATS, Side
from tieout.operations.entries import actions as entries
from tieout.operations.entries.rules import KINDS, whole_minutes
from tieout.operations.journals import actions as journals
from tieout.operations.journals.rules import with_units
from tieout.operations.organization import actions as organization
from tieout.operations.pricing import actions as pricing
from tieout.operations.purchasing import actions as purchasing
from tieout.operations.quoting import actions as quoting


@dataclass(frozen=True, slots=True)
class Documents:
    """A verb that takes records through a landing table, and the chunk's column for each of its."""

    verb: Callable[..., list[Verdict]]
    argument: str
    landing: Landing
    renamed: Mapping[str, str]
    fixed: Mapping[str, str | None] = field(default_factory=dict)
    """Columns of the landing that the records of this entity do not have, and what stands there."""
    prepare: Callable[[pl.DataFrame], Any] = lambda records: records
    """What the stage does with records before it enters them, while others are being entered."""

    def source(self, column: str) -> str:
        """Return the chunk's column for one of the landing."""
        return self.renamed.get(column) or _USUALLY.get(column, column)


_USUALLY: Final = {"company_code": "company", "tax_amount": "tax", "currency_code": "currency"}
_DOCUMENTS: Final = {
    "vendor_invoice_line": Documents(
        documents.enter_vendor_invoice_lines,
        "lines",
        documents.VENDOR_INVOICE_LINES,
        {},
        prepare=sort_lines,
    ),
    "expense_line": Documents(
        documents.enter_expense_lines,
        "lines",
        documents.EXPENSE_LINES,
        {"resource_code": "resource"},
    ),
    **{
        kind: Documents(
            entries.enter_entries,
            "entries",
            entries.ENTRIES,
            {"entry_date": "date", "custom": "dimension_values", "time_type": "type"},
            {"transaction_class": of_class, "tax_amount": "0"},
        )
        for of_class, kind in KINDS.items()
    },
    "general_journal_line": Documents(
        general.enter_general_lines,
        "lines",
        general.LINES,
        {"task_number": "task", "resource_code": "resource"},
    ),
    "journal_line": Documents(
        journals.enter_journal_lines,
        "lines",
        journals.LINES,
        {"typed_price": "price", "transaction_date": "date", "custom": "dimension_values"},
        prepare=with_units,
    ),
}
_VERBS: Final[Mapping[str, Callable[..., list[Verdict]]]] = {
    **dict.fromkeys(profiles.ENTITIES, profiles.enter_set_up),
    **dict.fromkeys(dimensions.ENTITIES, dimensions.enter_set_up),
    **dict.fromkeys(taxes.ENTITIES, taxes.enter_set_up),
    **dict.fromkeys(agreements.ENTITIES, agreements.enter_set_up),
    **dict.fromkeys(intercompany.ENTITIES, intercompany.enter_set_up),
    **dict.fromkeys(pricing.ENTITIES, pricing.enter_set_up),
    **dict.fromkeys(("quote", "quote_line"), quoting.enter_set_up),
    "subcontract": purchasing.enter_set_up,
    **dict.fromkeys(("custom_field", "project_approver", "time_delegate"), entries.enter_set_up),
}
"""Which verb enters the set-up that is not of the ledgers of finance or the organization of operations."""
_DOCUMENT_KEY: Final = ("company", "vendor", "invoice_number", "report_number")
"""Fields that tell documents apart, of those that an entity has."""
_BLANK: Final = frozenset(
    {
        "description",
        "external_description",
        "product_name",
        "unit",
        "currency",
        "billing_type",
        "account",
        "offset_account",
    }
)
"""Texts that are empty where the file says nothing."""
_ABSENT: Final = dict.fromkeys(
    ("time_type", "product_name", "unit", "currency_code", "external_description"), ""
)
"""Texts that are empty where an entity has no such field; anything else is null."""

DOCUMENTS: Final = frozenset(_DOCUMENTS)
MAPS: Final = {
    "company": ("cdm_companies",),
    "currency": ("transactioncurrencies",),
    "exchange_rate": ("msdyn_exchangerates",),
    "vendor": ("msdyn_vendors",),
    "category": ("msdyn_transactioncategories",),
    "role": ("bookableresourcecategories",),
    "customer": ("accounts",),
    "contract": ("salesorders",),
    "contract_line": ("salesorderdetails", "msdyn_projects"),  # a project takes its situation from its line
    "project": ("msdyn_projects",),
}
"""Set-up that travels to the other side, and the maps that carry it, in their order."""


def alias_of(entity: str) -> str:
    """Return the database of the side that masters an entity."""
    return FINANCE if FORMATS[entity].side is Side.FINANCE else OPERATIONS


def landed(entity: str, chunk: Chunk) -> Any:
    """Return the records of a chunk of documents as the stage takes them; of set-up nothing."""
    found = _DOCUMENTS.get(entity)
    if found is None:
        return None
    frame = chunk.frame.with_columns(
        *(pl.col(name).fill_null("") for name in _BLANK if name in chunk.frame.columns),
        *_made(found.landing.columns, chunk.frame),
    )
    records = frame.select(_column(found, column, frame.columns) for column in found.landing.columns)
    return found.prepare(records)


def enter(
    *,
    actor: Actor,
    entity: str,
    companies: Collection[str],
    chunk: Chunk,
    records: Any = None,
) -> list[Verdict]:
    """Enter the records of a chunk in the transaction of their side; a verdict's ``row`` is its place there.

    ``records`` is what ``landed`` made of documents. Of these only what was not entered has a verdict.
    """
    if entity in _DOCUMENTS:
        found = _DOCUMENTS[entity]
        return found.verb(actor=actor, companies=companies, **{found.argument: records})
    rows = json.dumps([_record(chunk, place) for place in range(len(chunk))])
    usual = ledgers.enter_set_up if alias_of(entity) == FINANCE else organization.enter_set_up
    verb = _VERBS.get(entity, usual)
    return verb(actor=actor, entity=entity, companies=companies, records=rows)


def _column(found: Documents, column: str, there: Collection[str]) -> pl.Expr:
    """Return a column of a landing: the chunk's, or what stands for one that the records do not have."""
    source = found.source(column)
    if source in there:
        return pl.col(source).alias(column)
    return pl.lit(found.fixed.get(column, _ABSENT.get(column)), dtype=pl.String).alias(column)


def _made(columns: Collection[str], frame: pl.DataFrame) -> Iterator[pl.Series | pl.Expr]:
    """Yield the columns of a landing that no column of the chunk is."""
    yield pl.int_range(pl.len(), dtype=pl.Int32).alias("row_number")
    if "document" in columns:
        names = [name for name in _DOCUMENT_KEY if name in frame.columns]
        yield pl.struct(names).rank("dense").cast(pl.Int32).alias("document")
    if "minutes" in columns and "hours" in frame.columns:
        hours = frame["hours"].unique()
        minutes = pl.Series([whole_minutes(Decimal(text)) for text in hours], dtype=pl.Int32)
        yield frame["hours"].replace_strict(hours, minutes).alias("minutes")


def _record(chunk: Chunk, place: int) -> dict[str, Any]:
    return {"row": place} | {
        name: str(value) if isinstance(value, date) else value for name, value in chunk.record(place).items()
    }
