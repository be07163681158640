"""Entering what prices are made of: units of measure, dimensions, price lists, their uses and their lines.

Copying a price list, and what the contract of a won quote gets of the quote's.

A record is known by its key. A new one is added, one with other content is changed (its version rises, and
what travels is stated in the outbox), an equal one stays as it is: entering twice is entering once.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import Verdict
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.organization.actions import CONTRACT_LINES
from tieout.operations.pricing.problems import PriceListCodeTaken, PriceListNotNamed, PriceListUnknown
from tieout.operations.pricing.rules import CODE_MAX, DIMENSIONS, NAME_MAX, UNITS, ListsOnWin
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

_PACKAGE: Final = "tieout.operations.pricing"
_STATEMENTS: Final = (
    "enter_unit",
    "enter_pricing_dimension",
    "enter_pricing_parameters",
    "enter_product",
    "enter_price_list",
    "enter_price_list_use",
    "enter_role_price",
    "enter_role_price_markup",
    "enter_price_override",
    "enter_category_price",
    "enter_product_price",
)
_ENTER: Final = {name.removeprefix("enter_"): sql.load(_PACKAGE, name) for name in _STATEMENTS}
ENTITIES: Final = tuple(_ENTER)
_COMPANIES: Final = sql.load(_PACKAGE, "companies_of_lists")
_PROBLEMS: Final = sql.load(_PACKAGE, "price_list_problems")
_LISTS_OF: Final = sql.load(_PACKAGE, "lists_of_records")
_TO_COPY: Final = sql.load(_PACKAGE, "list_to_copy")
_COPY: Final = sql.load(_PACKAGE, "copy_price_lists")
_KEEP_COMPANIES: Final = sql.load(_PACKAGE, "keep_companies")
_TO_GIVE: Final = sql.load(_PACKAGE, "lists_to_give")
_GIVE_LISTS: Final = sql.load(_PACKAGE, "give_lists")
_GIVE_OVERRIDES: Final = sql.load(_PACKAGE, "give_overrides")
_JUDGED: Final = frozenset(
    {"price_list", "price_list_use", "role_price", "role_price_markup", "price_override"}
)
_OF_QUOTES: Final = frozenset({"price_list_use", "price_override"})

log = structlog.get_logger("tieout.operations.pricing")


@dataclass(frozen=True, slots=True)
class CopiedList:
    """One copy of a price list, and how many lines of each kind it has."""

    price_list_id: UUID
    code: str
    role_prices: int
    markups: int
    category_prices: int
    product_prices: int


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to; whoever enters
    lines of a list that several companies use may do so in each of them. Refused, as LOAD-210: a dimension
    that lines are priced by and that changes its kind or stops applying; a priority that another has; a
    second way to write a key, with other content. Lists that overlap or never apply, keys with several
    prices and overrides of no line are entered and logged (LOAD-371 to LOAD-374). Refused too, as LOAD-349:
    uses and overrides of a quote that is won or lost.
    """
    permit(actor, Verb.LOAD)
    shared = {row["company"] for row in sql.rows(OPERATIONS, _COMPANIES, records=records)}
    for company in sorted({*companies, *shared}):
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    if entity in _OF_QUOTES:
        wait_in_transaction(OPERATIONS, CONTRACT_LINES)  # nobody wins the quote meanwhile
    verdicts = [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER[entity], records=records)]
    if entity in _JUDGED:
        _log_problems(actor, [row["id"] for row in sql.rows(OPERATIONS, _LISTS_OF, records=records)])
    return verdicts


def copy_price_list(*, actor: Actor, price_list: str, code: str, name: str = "") -> CopiedList:
    """Copy the price list of this code with its lines of all kinds, under another ``code`` and ``name``.

    Not copied are overrides (operations spec 3.4) and who uses it: the copy belongs to the same companies,
    as a default list of each that is not active, until it is given to somebody. Whoever copies may load in
    each of them. Raises PriceListNotNamed, PriceListUnknown, PriceListCodeTaken.
    """
    permit(actor, Verb.LOAD)
    code, name = code.strip(), name.strip() or code.strip()
    for field, value, most in (("code", code, CODE_MAX), ("name", name, NAME_MAX)):
        if not value or len(value) > most or not value.isprintable():
            raise PriceListNotNamed(price_list=price_list, field=field, most=most)
    with transaction.atomic(using=OPERATIONS, durable=True):
        of_list = json.dumps([{"code": price_list}])
        for row in sql.rows(OPERATIONS, _COMPANIES, records=of_list):
            permit(actor, Verb.LOAD, row["company"])
        original = sql.one(OPERATIONS, _TO_COPY, price_list=price_list, code=code)
        if original["price_list_id"] is None:
            raise PriceListUnknown(price_list=price_list)
        if original["is_taken"]:
            raise PriceListCodeTaken(price_list=price_list, taken=code)
        copied = _copied([{**original, "code": code, "name": name}])
        if not copied:  # entered meanwhile
            raise PriceListCodeTaken(price_list=price_list, taken=code)
        sql.run(
            OPERATIONS,
            _KEEP_COMPANIES,
            original=original["price_list_id"],
            copy=copied[0].price_list_id,
        )
        _log_problems(actor, [copied[0].price_list_id])
    log.info("price list copied", price_list=price_list, code=code, actor=actor.name)
    return copied[0]


def give_lists(*, actor: Actor, quote: str, contract: UUID) -> None:
    """Give the contract that this quote became what its company's parameters say (operations spec 3.3).

    In the transaction in which the quote is won. ``same``: the lists that the quote itself uses;
    ``same_with_overrides``: its overrides besides; ``copies``: copies of all that it is priced by, also of
    its customer's or company's lists. The lists of these are not given otherwise: the contract looks them up
    as the quote did.
    """
    permit(actor, Verb.LOAD)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("lists are given in the caller's transaction")
    found = sql.rows(OPERATIONS, _TO_GIVE, quote=quote)
    permit(actor, Verb.LOAD, found[0]["company_code"])
    way = ListsOnWin(found[0]["lists_on_win"] or ListsOnWin.SAME_WITH_OVERRIDES)
    lists = [row["price_list_id"] for row in found if row["whose"] == "own"]
    if way is ListsOnWin.COPIES:
        priced_by = [row for row in found if row["whose"] is not None]
        lists = [copy.price_list_id for copy in _copied(priced_by)]
    sql.run(OPERATIONS, _GIVE_LISTS, contract=contract, lists=lists)
    if way is ListsOnWin.SAME_WITH_OVERRIDES:
        sql.run(OPERATIONS, _GIVE_OVERRIDES, quote=quote, contract=contract)
    _log_problems(actor, lists)
    log.info("price lists given", quote=quote, lists=len(lists), lists_on_win=way, actor=actor.name)


def _copied(originals: Collection[dict[str, Any]]) -> list[CopiedList]:
    """Copy these lists under the code and name that stand beside each; not those whose code is taken."""
    copies = [{name: str(row[name]) for name in ("price_list_id", "code", "name")} for row in originals]
    return [CopiedList(**row) for row in sql.rows(OPERATIONS, _COPY, copies=json.dumps(copies))]


def _log_problems(actor: Actor, lists: Collection[UUID]) -> None:
    """Log what is wrong with lists that were entered or got uses or lines, and close what is over."""
    found = sql.one(OPERATIONS, _PROBLEMS, lists=list(lists))
    problems = [RecordProblem(**row) for row in json.loads(found["problems"])]
    log_problems(alias=OPERATIONS, process=Process.LOAD, problems=problems)
    resolve_problems(
        alias=OPERATIONS, process=Process.LOAD, record_ids=found["mended"], resolved_by=actor.name
    )


def load_standards() -> None:
    """Set up the unit and the dimensions that every firm has, where they are missing; what is there stays."""
    with transaction.atomic(using=OPERATIONS, durable=True):
        for name, rows in (("add_units", UNITS), ("add_dimensions", DIMENSIONS)):
            found = json.dumps([asdict(row) for row in rows], default=str)
            sql.run(OPERATIONS, sql.load(_PACKAGE, name), rows=found)
