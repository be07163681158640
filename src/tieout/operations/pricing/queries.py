"""Which price applies, and why: as submission asks, explained in words; and what is set up, by its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.pricing.problems import PricingUnknown
from tieout.operations.pricing.rules import PRICED, SAYINGS, PriceReason

_PACKAGE: Final = "tieout.operations.pricing"
_COST: Final = sql.load(_PACKAGE, "cost_price")
_SALES: Final = sql.load(_PACKAGE, "sales_price")
_QUOTE: Final = sql.load(_PACKAGE, "quote_price")
_ASKED: Final = sql.load(_PACKAGE, "asked_price")
_ITEM: Final = sql.load(_PACKAGE, "item_price")
_TRACE: Final = sql.load(_PACKAGE, "price_trace")
_SALES_LISTS: Final = sql.load(_PACKAGE, "sales_lists")
_KNOWN: Final = {
    name.removeprefix("known_"): sql.load(_PACKAGE, name)
    for name in ("known_price_list", "known_unit", "known_product", "known_pricing_dimension")
}
SET_UP: Final = SetUp.of_stage(
    OPERATIONS,
    _PACKAGE,
    (
        "set_up_unit",
        "set_up_pricing_dimension",
        "set_up_pricing_parameters",
        "set_up_product",
        "set_up_price_list",
        "set_up_price_list_use",
        "set_up_role_price",
        "set_up_role_price_markup",
        "set_up_price_override",
        "set_up_category_price",
        "set_up_product_price",
    ),
)
"""The set-up that is mastered here."""


@dataclass(frozen=True, slots=True)
class Price:
    """Price of one hour in ``currency_code``; 0 with the reason when there is none.

    ``list_price`` in ``list_currency`` is what the line says, before override, markup and conversion, or
    ``cost_percent`` over cost; ``cost_price`` in ``cost_currency`` is that cost, where the price comes from
    it. ``exchange_rate`` (per 100) is there where the price was converted.
    """

    price: Decimal
    currency_code: str | None
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
    reason: PriceReason


@dataclass(frozen=True, slots=True)
class PriceTrace:
    """One price and what it came from, in names; what took no part is blank.

    ``line`` and ``markup`` say the dimensions that they name, ``unit`` what the line's price is for,
    ``scope`` for whom the override is.
    """

    price: Price
    price_list: str
    valid_from: date | None
    valid_to: date | None
    line: str
    unit: str
    override_price: Decimal | None
    override_unit: str
    override_from: date | None
    scope: str
    markup: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step that made a price (list, line, override, markup, rate, reason), in words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class SalesList:
    """One sales list that a contract or quote is priced by: its ``own``, its ``customer``'s or ``company``'s.

    Where not ``applies`` it is never asked: not active, in another currency, or without both days.
    ``overrides`` are those for this contract or quote alone.
    """

    whose: str
    code: str
    name: str
    currency_code: str
    valid_from: date | None
    valid_to: date | None
    applies: bool
    overrides: int


@dataclass(frozen=True, slots=True)
class Explained:
    """Both sides of what was ``asked`` on a project, per ``unit``; without a contract ``sales`` is None.

    Asked with a quote, ``sales`` is what the quote offers it for; with a subcontract, ``cost`` is what it is
    bought for, by a list of ``whose``: its ``own``, its ``vendor``'s or ``company``'s.
    """

    asked: str
    unit: str
    project: str
    contracting_unit: str
    contract: str | None
    quote: str | None
    subcontract: str | None
    whose: str | None
    on_date: date
    dimensions: Mapping[str, str]
    cost: PriceTrace
    sales: PriceTrace | None


def cost_price(
    *,
    actor: Actor,
    unit: UUID,
    role: UUID,
    resourcing_unit: UUID,
    on: date,
    dimensions: Mapping[str, str] | None = None,
) -> Price:
    """Return what an hour of ``role`` from ``resourcing_unit`` costs the contracting ``unit``.

    In the unit's currency, converted on the date when its list has another (operations spec 3.2, 3.4);
    ``dimensions`` are further ones. It is the answer that submission would record.
    """
    given = _dimensions(role, resourcing_unit, dimensions)
    return _cost(actor, unit=unit, subcontract=None, dimensions=given, on_date=on)[1]


def sales_price(
    *,
    actor: Actor,
    contract: UUID,
    role: UUID,
    resourcing_unit: UUID,
    on: date,
    cost: Price | None = None,
    dimensions: Mapping[str, str] | None = None,
) -> Price:
    """Return what an hour of ``role`` is sold for, in the currency of ``contract`` (operations spec 3.3).

    ``cost`` is what the hour costs, which a line at cost, or with a markup over cost, starts from.
    """
    given = _dimensions(role, resourcing_unit, dimensions)
    row = sql.one(OPERATIONS, _SALES, contract=contract, dimensions=given, on_date=on, **_starting_from(cost))
    return _price(actor, row)


def sales_lists(
    *, actor: Actor, company: str, contract: str | None = None, quote: str | None = None
) -> tuple[SalesList, ...]:
    """Return the sales lists that a contract or a quote of ``company`` is priced by, on whatever date.

    Its own; where it has none at all its customer's; else its company's in its currency (spec 3.3).
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _SALES_LISTS, company=company, contract=contract, quote=quote)
    return tuple(SalesList(**row) for row in found)


def explain_price(
    *,
    actor: Actor,
    company: str,
    project: str,
    role: str,
    resource: str,
    on: date,
    dimensions: Mapping[str, str] | None = None,
    quote: str | None = None,
    subcontract: str | None = None,
) -> Explained:
    """Explain what an hour of a resource under a role costs and is sold for on a project of ``company``.

    Or what ``quote`` offers it for, or what it is bought for under ``subcontract``. ``dimensions`` are the
    firm's own. Raises PricingUnknown for what is not set up.
    """
    permit(actor, Verb.READ, company)
    asked = sql.one(
        OPERATIONS,
        _ASKED,
        company=company,
        project=project,
        role=role,
        resource=resource,
        quote=quote,
        subcontract=subcontract,
        dimensions=json.dumps(dict(dimensions or {})),
    )
    named = {
        "project": project,
        "role": role,
        "resource": resource,
        "quote": quote,
        "subcontract": subcontract,
    }
    for name, value in named.items():
        if value is not None and asked[f"{name}_id"] is None:
            raise PricingUnknown(field=name, value=value, company=company)
    given = {"dimensions": asked["dimensions"], "on_date": on}
    whose, cost = _cost(actor, unit=asked["unit_id"], subcontract=asked["subcontract_id"], **given)
    sales, started = None, {**given, **_starting_from(cost)}
    if asked["quote_id"] is not None:
        sales = sql.one(OPERATIONS, _QUOTE, quote=asked["quote_id"], **started)
    elif asked["contract_id"] is not None:
        sales = sql.one(OPERATIONS, _SALES, contract=asked["contract_id"], **started)
    return Explained(
        asked=f"An hour of {resource} as {role}",
        unit="hour",
        project=project,
        contracting_unit=asked["unit_code"],
        contract=asked["contract_number"],
        quote=quote,
        subcontract=subcontract,
        whose=whose,
        on_date=on,
        dimensions={"role": role, "resource": resource, **(dimensions or {})},
        cost=trace(price=cost),
        sales=trace(price=_price(actor, sales)) if sales is not None else None,
    )


def explain_item(
    *,
    actor: Actor,
    company: str,
    project: str,
    on: date,
    unit: str,
    category: str | None = None,
    product: str | None = None,
    typed: Decimal | None = None,
    currency: str | None = None,
    subcontract: str | None = None,
) -> Explained:
    """Explain what a unit of an expense ``category``, else of a ``product``, costs and is sold for.

    ``typed`` in ``currency`` is what somebody would type on the expense. Raises PricingUnknown as above.
    """
    permit(actor, Verb.READ, company)
    named = {"project": project, "category": category, "product": product, "subcontract": subcontract}
    given = {**named, "unit": unit, "typed": typed, "currency": currency}
    cost, *sales = sql.rows(OPERATIONS, _ITEM, company=company, on_date=on, **given)
    for name, value in (*named.items(), ("unit", unit)):
        if value is not None and cost["measure_id" if name == "unit" else f"{name}_id"] is None:
            raise PricingUnknown(field=name, value=value, company=company)
    thing = f"category {category}" if product is None else f"product {product}"
    prices = [Price(**{one.name: row[one.name] for one in fields(Price)}) for row in (cost, *sales)]
    priced = [trace(price=replace(price, reason=PriceReason(price.reason))) for price in prices]
    return Explained(
        asked=f"One {unit} of {thing}",
        unit=unit,
        project=project,
        contracting_unit=cost["unit_code"],
        contract=cost["contract_number"],
        quote=None,
        subcontract=subcontract,
        whose=cost["whose"],
        on_date=on,
        dimensions={},
        cost=priced[0],
        sales=priced[1] if sales else None,
    )


def whose_cost(explained: Explained) -> str:
    """Return whose the cost is, in words: a unit's, and under a subcontract by whose price list."""
    of = f"of unit {explained.contracting_unit}"
    if explained.subcontract is None:
        return of
    of += f", bought under subcontract {explained.subcontract}"
    if explained.whose is None:
        return of
    whose = "own" if explained.whose == "own" else f"{explained.whose}'s"
    return f"{of} by its {whose} list"


def trace(*, price: Price) -> PriceTrace:
    """Return the names behind a price: of one asked now, or of one recorded with a journal line or actual."""
    row = sql.one(
        OPERATIONS,
        _TRACE,
        price_list=price.price_list_id,
        line=price.line_id,
        override=price.override_id,
        markup=price.markup_id,
    )
    return PriceTrace(price, **row)


def steps(explained: PriceTrace) -> Iterator[Step]:
    """Yield what made a price, in the order in which it works; the last says why it is what it is."""
    price = explained.price
    if explained.price_list:
        dates = f"{explained.valid_from} to {explained.valid_to}" if explained.valid_from else "without dates"
        yield Step("list", f"{explained.price_list} in {price.list_currency}, {dates}")
    if explained.line:
        yield Step("line", f"{explained.line}: {_said(explained)}")
    elif price.reason is PriceReason.AT_COST:
        yield Step("line", "none for it; what finance posted is then sold at what it cost")
    if explained.override_price is not None:
        figure = _figure(explained.override_price)
        yield Step(
            "override",
            f"{figure} per {explained.override_unit} from {explained.override_from}, for {explained.scope}",
        )
    if price.cost_price is not None:
        yield Step("cost", f"{_figure(price.cost_price)} {price.cost_currency}")
    if price.markup_percent is not None:
        yield Step("markup", f"{price.markup_percent.normalize():f} % ({explained.markup})")
    if price.exchange_rate is not None:
        rate = f"{price.exchange_rate.normalize():f}"
        yield Step(
            "rate", f"{rate} {price.currency_code} for 100 {price.cost_currency or price.list_currency}"
        )
    yield Step("reason", f"{price.reason}: {SAYINGS[price.reason]}")


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)


def _dimensions(role: UUID, resourcing_unit: UUID, further: Mapping[str, str] | None) -> str:
    return json.dumps({"role": str(role), "resourcing_unit": str(resourcing_unit), **(further or {})})


def _cost(actor: Actor, **asked: Any) -> tuple[str | None, Price]:
    """Return what an hour costs, and under a subcontract whose purchase list says so."""
    row = sql.one(OPERATIONS, _COST, **asked)
    whose = row.pop("whose")
    return whose, _price(actor, row)


def _price(actor: Actor, row: dict[str, Any]) -> Price:
    permit(actor, Verb.READ, row.pop("company_code"))
    return Price(**{**row, "reason": PriceReason(row["reason"])})


def _starting_from(cost: Price | None) -> dict[str, Any]:
    """Return what a price at cost starts from: as in submission, a cost that is missing is none."""
    is_priced = cost is not None and cost.reason in PRICED
    return {"cost": cost.price if cost and is_priced else None, "cost_currency": cost and cost.currency_code}


def _said(explained: PriceTrace) -> str:
    """Return what the line of a list says of the price, by its method."""
    price = explained.price
    if price.list_price is not None:
        return f"{_figure(price.list_price)} per {explained.unit}"
    if price.cost_percent is not None:
        return f"{price.cost_percent.normalize():f} % over cost"
    return "at cost"


def _figure(price: Decimal) -> str:
    """Return a price with the decimals that it has, two at least."""
    return f"{price:,.{max(2, -int(price.normalize().as_tuple().exponent))}f}"
