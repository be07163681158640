"""What a line of a vendor invoice needs: a category that fits, and a subcontract of its vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import polars as pl

from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.formats import Side
from tieout.loading.invoice_problems import (
    NotOfMaterial,
    SubcontractNotInForce,
    SubcontractOfOtherVendor,
)
from tieout.loading.reference_problems import FieldNeeded
from tieout.loading.references import Directory, Key

ENTITY: Final = "vendor_invoice_line"
_IN_FORCE: Final = frozenset({"confirmed", "closed"})
"""What an invoice may come under: the invoice of work that is done may follow its end."""


def fill_categories(chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Give the lines without a category that of their company; yield those of companies that have none."""
    blank = chunk.frame["category"].is_null()
    if not blank.any():
        return
    codes = chunk.frame.filter(blank)["company"].unique().to_list()
    directory.find(Side.FINANCE, "company", {(code,) for code in codes})
    companies = directory.known(Side.FINANCE, "company").attributes
    defaults = [companies.get((code,), {}).get("default_item_category") for code in codes]
    found = chunk.frame["company"].replace_strict(
        codes, pl.Series(defaults, dtype=pl.String), default=None, return_dtype=pl.String
    )
    chunk.frame = chunk.frame.with_columns(pl.coalesce("category", found).alias("category"))
    for place in chunk.frame["category"].is_null().arg_true():
        reason = f"Company {chunk.value('company', place)} has no default item category"
        yield place, FieldNeeded(row=chunk.number(place), field="category", reason=reason)


def unfit(chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield the stocked lines of no material, and those under a subcontract that is not their vendor's."""
    yield from _not_of_material(chunk, directory)
    if not chunk.frame["subcontract"].is_null().all():
        yield from _subcontracts(chunk, directory)


def _not_of_material(chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    stocked = chunk.frame["stocked"] == 1
    if not stocked.any():
        return
    known = directory.known(Side.FINANCE, "category").attributes
    classes = {key[0]: str(found["transaction_class"]) for key, found in known.items()}
    wrong = [code for code, of_class in classes.items() if of_class != "material"]
    for place in (stocked & chunk.frame["category"].is_in(wrong)).arg_true() if wrong else ():
        code = str(chunk.value("category", place))
        yield place, NotOfMaterial(row=chunk.number(place), value=code, transaction_class=classes[code])


def _subcontracts(chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    known = directory.known(Side.OPERATIONS, "subcontract").attributes
    problems: dict[Key, Callable[..., Problem] | None] = {}
    for place, key in enumerate(chunk.frame.select("vendor", "subcontract").iter_rows()):
        vendor, number = key
        found = known.get((number,))
        if found is None:
            continue
        if key not in problems:
            problems[key] = _not_taken(vendor, found)
        if make := problems[key]:
            yield place, make(row=chunk.number(place), value=number)


def _not_taken(vendor: str, found: Mapping[str, Any]) -> Callable[..., Problem] | None:
    """Return what makes the problem of a line of this vendor under a subcontract, None if there is none."""
    if found["vendor"] != vendor:
        return lambda **of: SubcontractOfOtherVendor(**of, vendor=vendor, stored=found["vendor"])
    if found["status"] not in _IN_FORCE:
        return lambda **of: SubcontractNotInForce(**of, stored=found["status"])
    return None
