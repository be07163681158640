"""Post costs: move costs from work in progress to profit and loss, and back; post those in no ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

commands = typer.Typer()


@commands.command()
def post_costs(
    context: typer.Context,
    *,
    to: Annotated[str, typer.Argument(help="profit_and_loss, or balance: back to work in progress.")],
    company: Annotated[str, typer.Option("--company", help="The company whose costs they are.")],
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="The accounting date.")],
    vouchers: Annotated[
        list[str] | None, typer.Argument(help="Numbers of the vouchers that posted the costs.")
    ] = None,
    project: Annotated[
        str,
        typer.Option("--project", help="Instead: what this project has in progress or in no ledger."),
    ] = "",
    day_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Of the project: first transaction date."),
    ] = None,
    day_to: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="Of the project: last transaction date."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would move; nothing does.")] = False,
    as_json: JsonOption = False,
) -> int:
    """Move costs from work in progress or no ledger to profit and loss, or back; each by its own voucher."""
    if to not in {"profit_and_loss", "balance"}:
        raise typer.BadParameter("costs go to profit_and_loss or to balance")
    if bool(vouchers) == bool(project):
        raise typer.BadParameter("name either vouchers or a project")
    call = call_of(context)
    call.start()
    from tieout.finance.costs.actions import post_costs as move  # noqa: PLC0415  Django is set up first
    from tieout.finance.costs.rules import FIRST_DAY, LAST_DAY, CostsTo, OfProject  # noqa: PLC0415

    first, last = (day.date() if day else None for day in (day_from, day_to))
    found = move(
        actor=call.actor,
        company=company,
        costs=vouchers or OfProject(project, first or FIRST_DAY, last or LAST_DAY),
        to=CostsTo(to),
        accounting_date=on.date(),
        is_preview=dry_run,
    )
    if as_json:
        output.print_json(found)
    else:
        said = "would move" if dry_run else "moved"
        output.say(f"Costs {said} to {to.replace('_', ' ')}: {found.moved:,}.")
        output.say(f"Amount: {output.money(found.accounting_amount)}.")
        for one in found.problems:
            output.say(f"{one.code}: {one.message}")
        if found.refused > len(found.problems):
            output.say(f"and {found.refused - len(found.problems):,} more refused")
    return ExitCode.REJECTED if found.refused else ExitCode.OK
