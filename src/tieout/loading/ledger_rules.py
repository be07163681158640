"""What a row of the ledger's set-up must be so that finance can post by it (finance spec 1.11, 1.13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.formats import Side
from tieout.loading.ledger_problems import (
    AccrualWithoutCost,
    LendsToItself,
    OneOwner,
    RangeEndsBeforeItBegins,
    RuleOfTwo,
)
from tieout.loading.references import Directory
from tieout.loading.unknown_problems import SalesTaxUnknown

Row = Mapping[str, Any]
_COSTED: Final = ("time", "expense", "material")
"""The classes that cost something; a fee is only sold."""


_TAX_GROUP_OF: Final[Mapping[str, str]] = {
    "sales_tax_group_use": "is_sales",
    "item_sales_tax_group_use": "is_item",
}
"""Which kind of group a use names: that of who is billed, or of what is."""


def unfit(entity: str, chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield the rows by which nothing could be posted, or no tax could be found."""
    if entity in _TAX_GROUP_OF:
        yield from _of_other_kind(chunk, directory, _TAX_GROUP_OF[entity])
    check = _CHECKS.get(entity)
    if check is None:
        return
    for place, row in enumerate(chunk.frame.iter_rows(named=True)):
        for problem in check(chunk.number(place), row):
            yield place, problem


def _of_other_kind(chunk: Chunk, directory: Directory, kind: str) -> Iterator[tuple[int, Problem]]:
    """Yield the rows whose group is known, but of the other kind: a sale would have no tax."""
    known = directory.known(Side.FINANCE, "sales_tax_group").attributes
    for place, key in enumerate(chunk.frame.select("company", "tax_group").iter_rows()):
        if key in known and not known[key][kind]:
            yield place, SalesTaxUnknown(row=chunk.number(place), field="tax_group", value=str(key[1]))


def _accrues_without_cost(number: int, row: Row) -> Iterator[Problem]:
    """Revenue is accrued against a cost that is in profit and loss (finance spec 9, N6)."""
    for of_class in _COSTED:
        treatment = row[f"{of_class}_costs"]
        if row[f"accrue_{of_class}"] and treatment != "profit_and_loss":
            yield AccrualWithoutCost(
                row=number,
                value=row["code"],
                transaction_class=of_class,
                stored=treatment.replace("_", " "),
            )


def _of_two(number: int, row: Row) -> Iterator[Problem]:
    named = [
        f"{name.replace('_', ' ')} {row[name]}"
        for name in ("project", "project_group", "contract")
        if row[name] is not None
    ]
    if len(named) > 1:
        yield RuleOfTwo(row=number, named=" and ".join(named))


def _of_one_owner(*names: str) -> Callable[[int, Row], Iterator[Problem]]:
    def check(number: int, row: Row) -> Iterator[Problem]:
        found = sum(row[name] is not None for name in names)
        if found != 1:
            yield OneOwner(row=number, found=found, owners=", ".join(names))

    return check


def _of_a_range(number: int, row: Row) -> Iterator[Problem]:
    if row["last_account"] and row["last_account"] < row["account"]:
        yield RangeEndsBeforeItBegins(row=number, value=row["last_account"], stored=row["account"])


def _to_itself(number: int, row: Row) -> Iterator[Problem]:
    if row["company"] == row["borrowing_company"]:
        yield LendsToItself(row=number, value=row["company"])


_CHECKS: Final[Mapping[str, Callable[[int, Row], Iterator[Problem]]]] = {
    "project_profile": _accrues_without_cost,
    "profile_rule": _of_two,
    "posting_profile": _of_two,
    "account_dimension": _of_a_range,
    "dimension_default": _of_one_owner("project", "vendor", "resource", "customer"),
    "sales_tax_group_use": _of_one_owner("project", "contract", "customer"),
    "item_sales_tax_group_use": _of_one_owner("category", "product"),
    "lending_relationship": _to_itself,
}
