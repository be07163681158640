"""The actuals of a project, what they come to, and what an event would make of work: as doors show them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.actuals.rules import Relation, Situation, Worked
from tieout.operations.pricing.queries import Price
from tieout.operations.pricing.rules import PriceReason

_PACKAGE: Final = "tieout.operations.actuals"
_OF_PROJECT: Final = sql.load(_PACKAGE, "actuals_of_project")
_PAGE: Final = sql.load(_PACKAGE, "actuals_page")
_TO_DATE: Final = sql.load(_PACKAGE, "actuals_to_date")
_CUSTOM_NAMES: Final = sql.load(_PACKAGE, "custom_names")
_PROJECT: Final = sql.load(_PACKAGE, "project_named")
_TASKS: Final = sql.load(_PACKAGE, "tasks_of_project")
_PRICE: Final = sql.load(_PACKAGE, "actual_price")
_SITUATION: Final = sql.load(_PACKAGE, "asked_situation")

PAGE: Final = 200
TASKS_MAX: Final = 500
TASK_CHOICES_MAX: Final = 5_000
_BEFORE_ALL: Final = UUID(int=0)
_CURRENCIES_MAX: Final = 200  # there are fewer in the world
_COST: Final = "cost"


@dataclass(frozen=True, slots=True)
class ActualRow:
    """One actual: ``amount`` in ``currency_code``; ``accounting_amount`` where finance posted it first."""

    id: UUID
    transaction_date: date
    transaction_type: str
    transaction_class: str
    billing_type: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    currency_code: str
    accounting_amount: Decimal | None
    price_reason: str
    source_kind: str
    source_id: UUID
    skip_sync: bool
    created_at: datetime


def actuals_of_project(
    *, actor: Actor, company: str, project_id: UUID, after: UUID = _BEFORE_ALL
) -> list[ActualRow]:
    """Return the next ``PAGE`` actuals of a project of ``company`` after key ``after``, oldest first."""
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS, _OF_PROJECT, company=company, project_id=project_id, after=after, row_limit=PAGE
    )
    return [ActualRow(**row) for row in found]


@dataclass(frozen=True, slots=True)
class ProjectHead:
    """One project; contract, customer and currency are None where it has none."""

    id: UUID
    number: str
    name: str
    stage: str
    company_code: str
    unit_code: str
    contract_number: str | None
    customer_name: str | None
    currency_code: str | None


@dataclass(frozen=True, slots=True)
class TaskName:
    """One task of a project."""

    id: UUID
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actuals of a project are asked for; of task, class and type blank means all of them."""

    project_id: UUID
    first: date = date.min
    last: date = date.max
    task_id: UUID | None = None
    transaction_class: str = ""
    transaction_type: str = ""


class Place(NamedTuple):
    """Where a page of actuals ended: the date and key of its last row that reverses nothing."""

    day: date
    actual_id: UUID


FROM_THE_LATEST: Final = Place(date.max, UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class ActualLine:
    """One actual as people read it, in names (``what``: role, category or product); blank is what it lacks.

    A reversal (``reverses_id``) stands behind its original, whose key and date it carries in ``original_id``
    and ``original_date``. ``posted_amount`` and ``voucher`` are finance's, in its accounting currency.
    """

    id: UUID
    reverses_id: UUID | None
    original_id: UUID
    original_date: date
    transaction_date: date
    accounting_date: date
    transaction_type: str
    transaction_class: str
    billing_type: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    discount_amount: Decimal
    fee_amount: Decimal
    currency_code: str
    digits: int
    price_reason: str
    source_kind: str
    source_id: UUID
    skip_sync: bool
    description: str
    custom: Mapping[str, str]
    created_at: datetime
    task_number: str
    resource_name: str
    what: str
    customer_name: str
    adjustment_status: str
    billing_status: str
    voucher: str
    posted_amount: Decimal | None
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToDate:
    """What the actuals of one task, or of all (``is_total``), come to in one currency.

    Sales are what is charged for; ``not_charged`` is what was sold for nothing. None: there are no such rows.
    """

    is_total: bool
    task_id: UUID | None
    task_number: str
    task_name: str
    currency_code: str
    digits: int
    actuals: int
    quantity: Decimal | None
    cost: Decimal | None
    unbilled_sales: Decimal | None
    billed_sales: Decimal | None
    not_charged: Decimal | None


@dataclass(frozen=True, slots=True)
class ActualPrice:
    """The price of one actual and the keys that were recorded of where it came from.

    ``trace_id`` None: nothing was recorded, as of the cost of a document that was born in finance.
    ``subcontract`` is what it was bought under.
    """

    actual_id: UUID
    transaction_date: date
    transaction_type: str
    transaction_class: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    tax_amount: Decimal
    currency_code: str
    digits: int
    price_reason: str
    source_kind: str
    source_id: UUID
    reverses_id: UUID | None
    subcontract: str
    project_number: str
    project_name: str
    trace_id: UUID | None
    price_list_id: UUID | None
    line_id: UUID | None
    override_id: UUID | None
    markup_id: UUID | None
    markup_percent: Decimal | None
    list_price: Decimal | None
    list_currency: str | None
    cost_price: Decimal | None
    cost_currency: str | None
    cost_percent: Decimal | None
    exchange_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Work on a project that might be done, by the keys that people know; blank is not said."""

    project: str
    worked: Worked
    resource: str = ""
    task: str = ""
    role: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How such work would be taken: by which contract line, whether it is chargeable, and what decides that.

    ``unknown`` names what is not set up; the rest then says nothing. ``situation`` None: the project is
    closed and takes nothing. ``billing_type_of_task`` is that without role and category.
    """

    unknown: tuple[str, ...]
    project_name: str = ""
    stage: str = ""
    relation: Relation = Relation.SAME_UNIT
    situation: Situation | None = None
    billing_type: str = ""
    billing_type_of_task: str = ""
    unit_code: str = ""
    unit_currency: str = ""
    resource_unit_code: str = ""
    resource_unit_currency: str = ""
    resource_company: str = ""
    contract_number: str = ""
    contract_currency: str = ""
    line_number: int | None = None
    billing_method: str = ""
    included_tasks: str = ""


def project_named(*, actor: Actor, company: str, number: str) -> ProjectHead | None:
    """Return a project that ``company`` owns or has lent work to, None where there is none of that number."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _PROJECT, company=company, number=number)
    return ProjectHead(**found[0]) if found else None


def tasks_of_project(*, actor: Actor, company: str, project: ProjectHead) -> tuple[TaskName, ...]:
    """Return the tasks of a project that was found, by number, at most ``TASK_CHOICES_MAX``."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _TASKS, project_id=project.id, row_limit=TASK_CHOICES_MAX)
    return tuple(TaskName(**row) for row in found)


def actuals_page(
    *, actor: Actor, company: str, wanted: Wanted, before: Place = FROM_THE_LATEST, limit: int = PAGE
) -> tuple[tuple[ActualLine, ...], Place | None]:
    """Return ``limit`` actuals of ``company``, the latest first, each with its reversal behind it.

    The second value is the ``before`` of the next page, None on the last.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS,
        _PAGE,
        # The index is entered at the tighter of both dates.
        **{**_parameters(company, wanted), "date_to": min(wanted.last, before.day)},
        before_date=before.day,
        before_id=before.actual_id,
        row_limit=limit + 1,
    )
    originals = [row for row in found if row["reverses_id"] is None]
    following = None
    if len(originals) > limit:
        last = originals[limit - 1]
        following = Place(last["transaction_date"], last["id"])
        beyond = originals[limit]["id"]
        found = [row for row in found if row["original_id"] != beyond]
    return tuple(_line(row) for row in found), following


def all_actuals(*, actor: Actor, company: str, wanted: Wanted) -> Iterator[ActualLine]:
    """Return every actual in the order of the pages, read page by page: memory does not grow with them."""
    permit(actor, Verb.EXPORT, company)
    return _pages(actor, company, wanted)


def _pages(actor: Actor, company: str, wanted: Wanted) -> Iterator[ActualLine]:
    before: Place | None = FROM_THE_LATEST
    while before is not None:
        found, before = actuals_page(
            actor=actor, company=company, wanted=wanted, before=before, limit=_EXPORTED_AT_ONCE
        )
        yield from found


def custom_names(*, actor: Actor, company: str, wanted: Wanted) -> tuple[str, ...]:
    """Return the names of the custom fields that the actuals of a project carry between two dates."""
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS,
        _CUSTOM_NAMES,
        company=company,
        project_id=wanted.project_id,
        date_from=wanted.first,
        date_to=wanted.last,
    )
    return tuple(row["name"] for row in found)


def actuals_to_date(*, actor: Actor, company: str, wanted: Wanted) -> tuple[ToDate, ...]:
    """Return what the actuals come to: in all, one row per currency, then by task, at most ``TASKS_MAX``.

    Quantity is that of time, or of the class that is asked for; of cost, or of the type that is.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(
        OPERATIONS,
        _TO_DATE,
        **_parameters(company, wanted),
        measured_class=wanted.transaction_class or Worked.TIME.value,
        measured_type=wanted.transaction_type or _COST,
        row_limit=TASKS_MAX + _CURRENCIES_MAX,
    )
    return tuple(ToDate(**row) for row in found)


def actual_price(*, actor: Actor, company: str, actual_id: UUID) -> ActualPrice | None:
    """Return the price of an actual of ``company`` and where it came from, None where there is none."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _PRICE, company=company, actual_id=actual_id)
    return ActualPrice(**found[0]) if found else None


def recorded(found: ActualPrice) -> Price | None:
    """Return the price recorded with an actual, None where nothing was, as of what finance posted."""
    if found.trace_id is None or found.price_reason not in set(PriceReason):
        return None
    names = {one.name for one in fields(Price)} - {"reason"}
    return Price(**{name: getattr(found, name) for name in names}, reason=PriceReason(found.price_reason))


def asked_situation(*, actor: Actor, company: str, asked: Asked) -> Answer:
    """Return how work on a project of ``company`` would be taken: as submission finds it."""
    permit(actor, Verb.READ, company)
    row = sql.one(
        OPERATIONS,
        _SITUATION,
        company=company,
        project=asked.project,
        resource=asked.resource,
        task=asked.task,
        role=asked.role,
        category=asked.category,
        transaction_class=asked.worked.value,
    )
    unknown = tuple(name for name in _NAMED if getattr(asked, name) and row[f"{name}_id"] is None)
    if unknown:
        return Answer(unknown)
    relation = Relation(row.pop("relation"))
    told = {one.name: row[one.name] for one in fields(Answer) if row.get(one.name) is not None}
    situation = Situation(row["situation"]) if row["situation"] in set(Situation) else None
    return Answer(**{**told, "unknown": (), "relation": relation, "situation": situation})


_EXPORTED_AT_ONCE: Final = 2_000
_NAMED: Final = ("project", "resource", "task", "role", "category")


def _parameters(company: str, wanted: Wanted) -> dict[str, object]:
    return {
        "company": company,
        "project_id": wanted.project_id,
        "task_id": wanted.task_id,
        "transaction_class": wanted.transaction_class,
        "transaction_type": wanted.transaction_type,
        "date_from": wanted.first,
        "date_to": wanted.last,
    }


def _line(row: dict[str, Any]) -> ActualLine:
    return ActualLine(**{**row, "custom": json.loads(row["custom"])})
