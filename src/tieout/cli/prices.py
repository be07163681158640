"""Explain prices: the list, line, override, markup and rate that made one, or why it is 0."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.operations.pricing.queries import Explained, PriceTrace

commands = typer.Typer(help="Say where a figure comes from.")


@commands.callback()
def explain() -> None:
    """Say where a figure comes from."""


@commands.command()
def price(
    context: typer.Context,
    *,
    company: Annotated[str, typer.Option("--company", help="Company of the project.")],
    project: Annotated[str, typer.Option("--project", help="Project worked on.")],
    date: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the work.")],
    role: Annotated[str, typer.Option("--role", help="Role under which the work is priced.")] = "",
    resource: Annotated[str, typer.Option("--resource", help="Who works.")] = "",
    dimension: Annotated[
        list[str] | None,
        typer.Option("--dimension", metavar="NAME=VALUE", help="A dimension of your own; may be repeated."),
    ] = None,
    quote: Annotated[
        str | None, typer.Option("--quote", help="What this quote offers an hour for, before it is won.")
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", help="Instead of an hour: an expense of this category.")
    ] = None,
    product: Annotated[
        str | None, typer.Option("--product", help="Instead of an hour: this product of the catalogue.")
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="Unit of the expense or product.")] = "each",
    typed: Annotated[
        str | None, typer.Option("--typed", metavar="'12.50 EUR'", help="What is typed on the expense.")
    ] = None,
    subcontract: Annotated[
        str | None, typer.Option("--subcontract", help="What it is bought for under this subcontract.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what an hour, an expense or a product costs and is sold for, or the reason for 0."""
    call = call_of(context)
    call.start()
    from tieout.operations.pricing.queries import explain_item, explain_price  # noqa: PLC0415  Django is set up
    from tieout.operations.pricing.rules import typed_price  # noqa: PLC0415

    dimensions, money = _dimensions(dimension), typed_price(typed or "")
    if money is None:
        raise typer.BadParameter(f"--typed is a price and its currency, as '12.50 EUR', not {typed}")
    asked: dict[str, Any] = {"company": company, "project": project, "on": date.date()}
    if category or product:
        if role or resource or quote or dimensions or (category and product):
            raise typer.BadParameter("ask for an hour (--role, --resource), a --category or a --product")
        asked |= {"category": category, "product": product, "unit": unit}
        amount, currency = money
        found = explain_item(
            actor=call.actor, **asked, typed=amount, currency=currency, subcontract=subcontract
        )
    elif not (role and resource) or typed:
        raise typer.BadParameter("an hour has --role and --resource; --typed is of a --category")
    else:
        asked |= {"role": role, "resource": resource, "dimensions": dimensions}
        found = explain_price(actor=call.actor, **asked, quote=quote, subcontract=subcontract)
    if as_json:
        output.print_json(found)
        return
    _say(found, dimensions)


@commands.command()
def actual(
    context: typer.Context,
    actual_id: Annotated[str, typer.Argument(metavar="ID", help="Key of the actual.")],
    company: Annotated[str, typer.Option("--company", help="Company in whose books it is.")],
    as_json: JsonOption = False,
) -> None:
    """Explain the price that was recorded with an actual: what made it, or the reason for 0."""
    call = call_of(context)
    call.start()
    from tieout.operations.actuals.queries import actual_price, recorded  # noqa: PLC0415  Django is set up first
    from tieout.operations.pricing.problems import PricingUnknown  # noqa: PLC0415
    from tieout.operations.pricing.queries import trace  # noqa: PLC0415

    try:
        found = actual_price(actor=call.actor, company=company, actual_id=UUID(actual_id))
    except ValueError:
        found = None
    if found is None:
        raise PricingUnknown(field="actual", value=actual_id, company=company)
    price = recorded(found)
    explained = trace(price=price) if price is not None else None
    if as_json:
        output.print_json({"actual": found, "price": explained})
        return
    kind = found.transaction_type.replace("_", " ")
    output.say(
        f"{kind} of {found.transaction_class}, project {found.project_number}, {found.transaction_date}:"
        f" {output.figure(found.quantity)} x {output.figure(found.price)}"
        f" = {output.money(found.amount, found.digits)} {found.currency_code}"
    )
    if found.subcontract:
        output.say(f"    {'bought':<9} under subcontract {found.subcontract}")
    if explained is None:
        output.say(f"    {'reason':<9} {found.price_reason or 'none was recorded'}")
    else:
        _print_steps(explained)


def _dimensions(given: list[str] | None) -> dict[str, str]:
    dimensions = {}
    for text in given or []:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"--dimension is NAME=VALUE, not {text}")
        dimensions[name] = value
    return dimensions


def _say(found: Explained, dimensions: dict[str, str]) -> None:
    from tieout.operations.pricing.queries import whose_cost  # noqa: PLC0415  Django is set up first

    further = "".join(f", {name} {value}" for name, value in dimensions.items())
    output.say(f"{found.asked} on {found.project}, {found.on_date}{further}")
    _print("cost", f"per {found.unit}, {whose_cost(found)}", found.cost)
    if found.sales is None:
        output.say("  sales  none: the project has no contract")
        return
    whose = f"of contract {found.contract}" if found.quote is None else f"offered by quote {found.quote}"
    _print("sales", f"per {found.unit}, {whose}", found.sales)


def _print(side: str, whose: str, trace: PriceTrace) -> None:
    price = trace.price
    output.say(f"  {side:<5}  {output.figure(price.price)} {price.currency_code} {whose}")
    _print_steps(trace)


def _print_steps(trace: PriceTrace) -> None:
    from tieout.operations.pricing.queries import steps  # noqa: PLC0415  Django is set up first

    for step in steps(trace):
        output.say(f"    {step.name:<9} {step.words}")
