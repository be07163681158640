"""Copy price lists: with their lines, under another code."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

commands = typer.Typer(help="Copy price lists.", no_args_is_help=True)


@commands.callback()
def price_lists() -> None:
    """Copy price lists."""


@commands.command()
def copy(
    context: typer.Context,
    price_list: Annotated[str, typer.Argument(help="Code of the price list.")],
    code: Annotated[str, typer.Argument(help="Code of the copy.")],
    name: Annotated[str, typer.Option("--name", help="Name of the copy; its code by default.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Copy a price list with its lines of all kinds; overrides and who uses it are not copied."""
    call = call_of(context)
    call.start()
    from tieout.operations.pricing.actions import copy_price_list  # noqa: PLC0415  Django is set up first

    copied = copy_price_list(actor=call.actor, price_list=price_list, code=code, name=name)
    if as_json:
        output.print_json(copied)
        return
    output.say(
        f"Price list {price_list} is copied as {copied.code}. Role prices: {copied.role_prices:,},"
        f" markups: {copied.markups:,}, category prices: {copied.category_prices:,},"
        f" product prices: {copied.product_prices:,}."
    )
    output.say("Nobody uses it yet: load a price list use, or enter one in the workspace.")
