"""What an entry of each class needs, beside the fields that every entry has (operations spec 1.5)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

import polars as pl

from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.formats import Side
from tieout.loading.named_values import STANDARD, parse
from tieout.loading.price_problems import (
    DimensionNotReadable,
    DimensionNotUsed,
    TaxOfProduct,
    UnitOfOtherGroup,
)
from tieout.loading.reference_problems import CustomValueUnfit, FieldNeeded, NotOfExpenses
from tieout.loading.references import Directory
from tieout.operations.entries.rules import KINDS

ENTRIES: Final = frozenset(KINDS.values())
WORK: Final = ENTRIES | {"journal_line"}
"""What carries the firm's own dimensions, and may name a resource that another company lends."""
_NO_WORK: Final = ["absence", "vacation"]
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,16})?")
_ON: Final = {
    "time_entry": ("on_time",),
    "expense_entry": ("on_expense",),
    "material_usage": ("on_material",),
    "journal_line": ("on_time", "on_expense", "on_material"),
}
"""Where a custom field must be declared to stand in an entry; in a line of a journal, anywhere."""


@dataclass(frozen=True, slots=True)
class Need:
    """A field that must not be blank where ``when`` is true, and why."""

    field: str
    when: pl.Expr
    reason: str


_HAS_TAX: Final = pl.col("tax").str.contains("[1-9]")
_HAS_MONEY: Final = pl.col("price").is_not_null() | _HAS_TAX
_NEEDS: Final[Mapping[str, tuple[Need, ...]]] = {
    "time_entry": (
        Need("project", ~pl.col("type").is_in(_NO_WORK), "Only absence and vacation are of no project"),
        Need("role", pl.col("project").is_not_null(), "Work on a project is priced by its role"),
    ),
    "expense_entry": (Need("currency", _HAS_MONEY, "A price or tax is in some currency"),),
    "material_usage": (
        Need(
            "product_name",
            pl.col("product").is_null(),
            "Without a product it is a write-in, which has a name.",
        ),
        Need("currency", _HAS_MONEY, "A price or tax is in some currency"),
    ),
}


def unfit(entity: str, chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield the entries that lack what they need, or whose category or unit is not one of theirs."""
    for need in _NEEDS.get(entity, ()):
        missing = chunk.frame.select((need.when & pl.col(need.field).is_null()).alias("missing"))["missing"]
        for place in missing.arg_true():
            yield place, FieldNeeded(row=chunk.number(place), field=need.field, reason=need.reason)
    if entity in WORK:
        yield from _own_fields(entity, chunk, directory)
    if entity == "expense_entry":
        yield from _categories(chunk, directory)
    if entity == "material_usage":
        yield from _units(chunk, directory)
        yield from _taxes(chunk)


def _categories(chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    known = directory.known(Side.OPERATIONS, "category").attributes
    classes = {key[0]: str(found["transaction_class"]) for key, found in known.items()}
    wrong = [code for code, of_class in classes.items() if of_class != "expense"]
    for place in chunk.frame["category"].is_in(wrong).arg_true() if wrong else ():
        code = str(chunk.value("category", place))
        yield (
            place,
            NotOfExpenses(row=chunk.number(place), value=code, transaction_class=classes[code]),
        )


def _taxes(chunk: Chunk) -> Iterator[tuple[int, Problem]]:
    """Yield the usages of products that have a tax: only what is typed has one (operations spec 3.7)."""
    wrong = chunk.frame.select((_HAS_TAX & pl.col("product").is_not_null()).alias("wrong"))["wrong"]
    for place in wrong.arg_true():
        tax, product = (str(chunk.value(name, place)) for name in ("tax", "product"))
        yield place, TaxOfProduct(row=chunk.number(place), field="tax", value=tax, product=product)


def _units(chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield the usages whose unit is not one of the product's group."""
    units = directory.known(Side.OPERATIONS, "unit").attributes
    products = directory.known(Side.OPERATIONS, "product").attributes
    for product, unit in chunk.frame.select("product", "unit").unique().iter_rows():
        group, wanted = _group(units, unit), _group(products, product)
        if None in (group, wanted) or group == wanted:
            continue
        same = (chunk.frame["product"] == product) & (chunk.frame["unit"] == unit)
        for place in same.arg_true():
            yield place, UnitOfOtherGroup(row=chunk.number(place), value=unit, group=group, wanted=wanted)


def _group(known: Mapping[Any, Mapping[str, Any]], code: str | None) -> Any:
    found = known.get((code,))
    return found and found["unit_group"]


# ------------------------------------------------------------ the firm's own fields


def _own_fields(entity: str, chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield entries whose own fields cannot be read, are not declared, or have a value that does not fit.

    Each text is read once; what it says is added to the chunk as ``dimension_values``.
    """
    texts = chunk.frame["dimensions"]
    read = {text: parse(text) for text in texts.unique()}
    names = {(name,) for found in read.values() for name in found or ()}
    directory.find(Side.OPERATIONS, "pricing_dimension", names)
    directory.find(Side.OPERATIONS, "custom_field", names)
    for text, found in read.items():
        for make in _unfit_fields(entity, str(text), found, directory):
            for place in (texts == text).arg_true():
                yield place, make(row=chunk.number(place))
    values = pl.Series([json.dumps(found or {}) for found in read.values()])
    chunk.frame = chunk.frame.with_columns(
        texts.replace_strict(pl.Series(list(read), dtype=pl.String), values).alias("dimension_values")
    )


def _unfit_fields(
    entity: str, text: str, found: Mapping[str, str] | None, directory: Directory
) -> Iterator[Callable[..., Problem]]:
    """Yield what makes the problem of a row, for each field that is not as declared."""
    if found is None or found.keys() & set(STANDARD):
        yield partial(DimensionNotReadable, value=text)
        return
    dimensions = directory.known(Side.OPERATIONS, "pricing_dimension").attributes
    fields = directory.known(Side.OPERATIONS, "custom_field").attributes
    for name, value in found.items():
        declared = fields.get((name,))
        if declared is None or not any(declared[on] for on in _ON[entity]):
            if (name,) not in dimensions:
                reason = "it is not declared" if declared is None else "entries of this class do not have it"
                yield partial(DimensionNotUsed, value=name, reason=reason)
        elif allowed := _not_of_kind(declared, value):
            yield partial(CustomValueUnfit, field=name, value=value, allowed=allowed)


def _not_of_kind(declared: Mapping[str, Any], value: str) -> str:
    """Return what a custom field takes, if the value is not of that; else blank."""
    match declared["kind"]:
        case "number":
            return "" if _NUMBER.fullmatch(value) else "a number, as 7.5"
        case "date":
            return "" if _is_day(value) else "a day, as 2025-01-31"
        case "choice":
            words = declared["choices"].split("|")
            return "" if value in words else ", ".join(words)
    return ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
