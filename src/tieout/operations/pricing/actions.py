"""Entering what prices are made of: units of measure, dimensions, price lists, their uses and their lines.

A record is known by its key. A new one is added, one with other content is changed (its version rises, and
what travels is stated in the outbox), an equal one stays as it is: entering twice is entering once.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import Verdict
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.pricing.rules import DIMENSIONS, UNITS
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
_JUDGED: Final = frozenset(
    {"price_list", "price_list_use", "role_price", "role_price_markup", "price_override"}
)


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to; whoever enters
    lines of a list that several companies use may do so in each of them. Refused, as LOAD-210: a dimension
    that lines are priced by and that changes its kind or stops applying; a priority that another has; a
    second way to write a key, with other content. Lists that overlap or never apply, keys with several
    prices and overrides of no line are entered and logged (LOAD-371 to LOAD-374).
    """
    permit(actor, Verb.LOAD)
    shared = {row["company"] for row in sql.rows(OPERATIONS, _COMPANIES, records=records)}
    for company in sorted({*companies, *shared}):
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    verdicts = [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER[entity], records=records)]
    if entity in _JUDGED:
        _log_problems(actor, records)
    return verdicts


def _log_problems(actor: Actor, records: str) -> None:
    """Log what is wrong with the lists that were entered or got uses or lines, and close what is over."""
    lists = [row["id"] for row in sql.rows(OPERATIONS, _LISTS_OF, records=records)]
    found = sql.one(OPERATIONS, _PROBLEMS, lists=lists)
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
