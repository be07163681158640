"""Win quotes and confirm contracts: first what would be evaluated again, then the act itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.operations.reevaluation.actions import Sold

commands = typer.Typer(help="Win quotes, confirm contracts.", no_args_is_help=True)

DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be evaluated again; nothing stays.")
]


@commands.command()
def win(
    context: typer.Context,
    quote: Annotated[str, typer.Argument(help="Number of the quote.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Win a quote: it becomes a contract, its projects are sold, their approved entries made anew."""
    call = call_of(context)
    call.start()
    from tieout.operations.reevaluation.actions import win_quote  # noqa: PLC0415  Django is set up first

    found = win_quote(actor=call.actor, quote=quote, is_preview=dry_run)
    _print(f"Quote {quote} {'would be' if dry_run else 'is'} won", found, as_json=as_json)
    if not as_json:
        _print_lists(found)


@commands.command()
def confirm(
    context: typer.Context,
    contract: Annotated[str, typer.Argument(help="Number of the contract.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Confirm a draft contract: the approved entries of its projects are made anew at its prices."""
    call = call_of(context)
    call.start()
    from tieout.operations.reevaluation.actions import confirm_contract  # noqa: PLC0415

    found = confirm_contract(actor=call.actor, contract=contract, is_preview=dry_run)
    _print(f"Contract {contract} {'would be' if dry_run else 'is'} confirmed", found, as_json=as_json)


def _print_lists(found: Sold) -> None:
    if not found.lists:
        output.say("The contract has no price list, and what is sold by it is priced at 0.")
        return
    output.table(
        "Price lists of the contract",
        ("list", "whose", "from", "to", "currency", "overrides"),
        (
            (
                one.code,
                "its own" if one.whose == "own" else f"its {one.whose}'s",
                str(one.valid_from or ""),
                str(one.valid_to or ""),
                one.currency_code,
                f"{one.overrides:,}",
            )
            for one in found.lists
        ),
        right=("overrides",),
    )


def _print(said: str, found: Sold, *, as_json: bool) -> None:
    from tieout.operations.reevaluation.queries import changes  # noqa: PLC0415  Django is set up first

    if as_json:
        output.print_json(found)
        return
    projects = ", ".join(found.projects) or "none"
    output.say(f"{said}. Projects: {projects}.")
    if found.is_queued:
        output.say("Its entries are many: the job reevaluate makes them anew.")
        return
    output.say(f"Entries made anew: {found.reevaluated.done:,} of {found.entries:,}.")
    for one in found.reevaluated.refused:
        output.say(f"{one.code}: {one.count:,} stay as they were (tieout problems says which)")
    output.table(
        "Live actuals of entries",
        ("type", "billing", "currency", "before", "after"),
        (
            (
                one.transaction_type.replace("_", " "),
                one.billing_type.replace("_", " "),
                one.currency_code,
                output.money(one.before),
                output.money(one.after),
            )
            for one in changes(found.before, found.after)
        ),
        right=("before", "after"),
    )
