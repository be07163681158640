"""What an entry of each class needs, beside the fields that every entry has (operations spec 1.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.formats import Side
from tieout.loading.price_problems import UnitOfOtherGroup
from tieout.loading.reference_problems import FieldNeeded, NotOfExpenses
from tieout.loading.references import Directory
from tieout.operations.entries.rules import KINDS

ENTRIES: Final = frozenset(KINDS.values())
_NO_WORK: Final = ["absence", "vacation"]


@dataclass(frozen=True, slots=True)
class Need:
    """A field that must not be blank where ``when`` is true, and why."""

    field: str
    when: pl.Expr
    reason: str


_NEEDS: Final[Mapping[str, tuple[Need, ...]]] = {
    "time_entry": (
        Need("project", ~pl.col("type").is_in(_NO_WORK), "Only absence and vacation are of no project"),
        Need("role", pl.col("project").is_not_null(), "Work on a project is priced by its role"),
    ),
    "expense_entry": (Need("currency", pl.col("price").is_not_null(), "A price is in some currency"),),
    "material_usage": (
        Need(
            "product_name",
            pl.col("product").is_null(),
            "Without a product it is a write-in, which has a name.",
        ),
        Need("currency", pl.col("price").is_not_null(), "A price is in some currency"),
    ),
}


def unfit(entity: str, chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield the entries that lack what they need, or whose category or unit is not one of theirs."""
    for need in _NEEDS.get(entity, ()):
        missing = chunk.frame.select((need.when & pl.col(need.field).is_null()).alias("missing"))["missing"]
        for place in missing.arg_true():
            yield place, FieldNeeded(row=chunk.number(place), field=need.field, reason=need.reason)
    if entity == "expense_entry":
        yield from _categories(chunk, directory)
    if entity == "material_usage":
        yield from _units(chunk, directory)


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
