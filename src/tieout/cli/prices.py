"""Explain prices: the list, line, override, markup and rate that made one, or why it is 0."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.operations.pricing.queries import PriceTrace

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
    role: Annotated[str, typer.Option("--role", help="Role under which the work is priced.")],
    resource: Annotated[str, typer.Option("--resource", help="Who works.")],
    date: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the work.")],
    dimension: Annotated[
        list[str] | None,
        typer.Option("--dimension", metavar="NAME=VALUE", help="A dimension of your own; may be repeated."),
    ] = None,
    quote: Annotated[
        str | None, typer.Option("--quote", help="What this quote offers it for, before it is won.")
    ] = None,
    subcontract: Annotated[
        str | None, typer.Option("--subcontract", help="What it is bought for under this subcontract.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Explain what an hour costs and is sold for: list, line, override, markup, rate, or the reason for 0."""
    call = call_of(context)
    call.start()
    from tieout.operations.pricing.queries import explain_price, whose_cost  # noqa: PLC0415  Django is set up first

    dimensions = {}
    for text in dimension or []:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"--dimension is NAME=VALUE, not {text}")
        dimensions[name] = value
    found = explain_price(
        actor=call.actor,
        company=company,
        project=project,
        role=role,
        resource=resource,
        on=date.date(),
        dimensions=dimensions,
        quote=quote,
        subcontract=subcontract,
    )
    if as_json:
        output.print_json(found)
        return
    further = "".join(f", {name} {value}" for name, value in dimensions.items())
    output.say(f"An hour of {resource} as {role} on {project}, {found.on_date}{further}")
    _print("cost", whose_cost(found), found.cost)
    if found.sales is None:
        output.say("  sales  none: the project has no contract")
    else:
        whose = f"of contract {found.contract}" if found.quote is None else f"offered by quote {found.quote}"
        _print("sales", whose, found.sales)


def _print(side: str, whose: str, trace: PriceTrace) -> None:
    from tieout.operations.pricing.queries import steps  # noqa: PLC0415  Django is set up first

    price = trace.price
    output.say(f"  {side:<5}  {output.figure(price.price)} {price.currency_code} per hour, {whose}")
    for step in steps(trace):
        output.say(f"    {step.name:<9} {step.words}")
