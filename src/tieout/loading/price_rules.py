"""What a row of pricing must be so that it can ever price: its dimensions, unit, method, user and dates.

They continue the precedence of ``judging``, between what the row refers to and its numbers. The firm's own
dimensions stand in one field as ``name=value;name=value``; what they say is added to the chunk as an object.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.formats import Side
from tieout.loading.named_values import STANDARD, parse
from tieout.loading.price_problems import (
    DimensionNotReadable,
    DimensionNotUsed,
    ListReversed,
    MethodIncomplete,
    MethodOfOtherContext,
    OutsideOfList,
    UnitOfOtherGroup,
    UserNotOne,
    UserOfOtherContext,
)
from tieout.loading.references import Directory

Row = Mapping[str, Any]
_DIMENSIONED: Final = frozenset({"role_price", "role_price_markup", "price_override"})
_NEEDED: Final = {"price_per_unit": "price", "markup_over_cost": "percent"}
_FROM_COST: Final = frozenset({"at_cost", "markup_over_cost"})
_USERS: Final = {
    "price_list": ("organizational_unit", "contract"),
    "price_list_use": (
        "organizational_unit",
        "contract",
        "quote",
        "subcontract",
        "customer",
        "vendor",
        "company",
    ),
    "price_override": ("organizational_unit", "contract", "quote", "subcontract", "customer", "vendor"),
}
_CONTEXT_OF: Final = {
    "organizational_unit": ("cost",),
    **dict.fromkeys(("contract", "quote", "customer"), ("sales",)),
    **dict.fromkeys(("subcontract", "vendor"), ("purchase",)),
}
"""The contexts of a list that each can use or have an override on."""
_OF_COMPANY: Final = frozenset({"customer", "vendor"})


def unfit(entity: str, chunk: Chunk, directory: Directory) -> Iterator[tuple[int, Problem]]:
    """Yield the rows of pricing that could never price; add ``dimension_values`` to what has dimensions."""
    checks = _CHECKS.get(entity, ())
    if not checks:
        return
    rows = list(chunk.frame.iter_rows(named=True))
    if entity in _DIMENSIONED:
        yield from _dimensions(entity, chunk, rows, directory)
    for check in checks:
        for place, row in enumerate(rows):
            problem = check(entity, chunk.number(place), row, directory)
            if problem is not None:
                yield place, problem


# ------------------------------------------------------------ dimensions


def _dimensions(
    entity: str, chunk: Chunk, rows: Sequence[Row], directory: Directory
) -> Iterator[tuple[int, Problem]]:
    """Yield rows whose dimensions cannot be read, are not declared, or are not used there."""
    texts = {row["dimensions"] for row in rows}
    read = {text: parse(text) for text in texts}
    names = {name for found in read.values() for name in found or ()} | set(STANDARD)
    directory.find(Side.OPERATIONS, "pricing_dimension", {(name,) for name in names})
    for place, row in enumerate(rows):
        found = read[row["dimensions"]]
        if found is None or found.keys() & set(STANDARD):
            yield place, DimensionNotReadable(row=chunk.number(place), value=row["dimensions"])
            continue
        given = [*found, *(name for name in STANDARD if row[name] is not None)]
        for name in given:
            reason = _not_used(entity, name, row, directory)
            if reason:
                yield place, DimensionNotUsed(row=chunk.number(place), value=name, reason=reason)
    chunk.frame = chunk.frame.with_columns(
        chunk.frame["dimensions"]
        .map_elements(lambda text: json.dumps(read[text] or {}), return_dtype=pl.String(), skip_nulls=False)
        .alias("dimension_values")
    )


def _not_used(entity: str, name: str, row: Row, directory: Directory) -> str:
    """Return why a dimension cannot stand in a row, or blank."""
    declared = directory.known(Side.OPERATIONS, "pricing_dimension").attributes.get((name,))
    if declared is None:
        return "it is not declared"
    price_list = _list_of(row, directory)
    if price_list and declared[f"{price_list['context']}_priority"] is None:
        return f"it does not apply to {price_list['context']} lists"
    is_price = entity == "role_price" or (entity == "price_override" and row["price"] is not None)
    return "it is a dimension of markups" if is_price and declared["kind"] == "markup" else ""


def _list_of(row: Row, directory: Directory) -> Mapping[str, Any] | None:
    return directory.known(Side.OPERATIONS, "price_list").attributes.get((row["price_list"],))


# ------------------------------------------------------------ one row


def _unit(entity: str, number: int, row: Row, directory: Directory) -> Problem | None:
    """Time is priced in units of time, a product in units of its group."""
    units = directory.known(Side.OPERATIONS, "unit")
    code = row["time_unit"] if entity == "price_list" else row["unit"]
    unit = units.attributes.get((code,))
    if unit is None:
        return None
    if entity == "product_price":
        thing = directory.known(Side.OPERATIONS, "product").attributes.get((row["product"],))
    else:
        directory.find(Side.OPERATIONS, "unit", {("hour",)})
        thing = units.attributes.get(("hour",))
    if thing is None or thing["unit_group"] == unit["unit_group"]:
        return None
    return UnitOfOtherGroup(row=number, value=code, group=unit["unit_group"], wanted=thing["unit_group"])


def _method(_entity: str, number: int, row: Row, _directory: Directory) -> Problem | None:
    needed = _NEEDED.get(row["method"])
    if needed is None or row[needed] is not None:
        return None
    return MethodIncomplete(row=number, value=row["method"], field=needed)


def _method_of_work(entity: str, number: int, row: Row, directory: Directory) -> Problem | None:
    """What work costs is where a price at cost starts from, so only a sales list sells at it."""
    found = _list_of(row, directory)
    if row["method"] in _FROM_COST and found and found["context"] != "sales":
        return MethodOfOtherContext(
            row=number, value=row["method"], price_list=row["price_list"], context=found["context"]
        )
    return _method(entity, number, row, directory)


def _price_or_percent(_entity: str, number: int, row: Row, _directory: Directory) -> Problem | None:
    if (row["price"] is None) != (row["percent"] is None):
        return None
    return MethodIncomplete(row=number, value="price_override", field="price or percent, one of them")


def _user(entity: str, number: int, row: Row, directory: Directory) -> Problem | None:
    """A use has exactly one user, an override at most one; they are of the list's context.

    A customer or vendor is known by company and number: without the company the row would be for everybody.
    """
    given = [name for name in _USERS[entity] if row[name] is not None]
    for party in given:
        if party in _OF_COMPANY:
            if row["company"] is None:
                return MethodIncomplete(row=number, value=f"{party} {row[party]}", field="company")
            given = [name for name in given if name != "company"]  # it says whose customer or vendor
    if entity == "price_list_use" and len(given) != 1:
        return UserNotOne(row=number, value=", ".join(given) or "none", allowed=", ".join(_USERS[entity]))
    if entity == "price_override" and len(given) > 1:
        return UserNotOne(row=number, value=", ".join(given), allowed=", ".join(_USERS[entity]))
    found = row if entity == "price_list" else _list_of(row, directory)
    for name in given:
        if found and found["context"] not in _CONTEXT_OF.get(name, (found["context"],)):
            return UserOfOtherContext(row=number, field=name, context=found["context"])
    return None


def _dates(_entity: str, number: int, row: Row, _directory: Directory) -> Problem | None:
    first, last = row["valid_from"], row["valid_to"]
    if first is None or last is None or first <= last:
        return None
    return ListReversed(row=number, value=row["code"], first=str(first), last=str(last))


def _inside(_entity: str, number: int, row: Row, directory: Directory) -> Problem | None:
    found = _list_of(row, directory)
    if found is None:
        return None
    first, last, day = found["valid_from"], found["valid_to"], row["effective_from"]
    if first is not None and last is not None and first <= day <= last:
        return None
    return OutsideOfList(
        row=number, value=str(day), price_list=row["price_list"], first=str(first), last=str(last)
    )


_Check = Callable[[str, int, Row, Directory], Problem | None]
_CHECKS: Final[Mapping[str, tuple[_Check, ...]]] = {
    "price_list": (_unit, _user, _dates),
    "price_list_use": (_user,),
    "role_price": (_unit, _method_of_work),
    "role_price_markup": (lambda *_: None,),
    "price_override": (_unit, _user, _price_or_percent, _inside),
    "category_price": (_method,),
    "product_price": (_unit, _method),
}
