"""Facts that reconciliation compares: are they what the sides publish; a part is collected again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.reconciliation.collectors.rules import Difference

commands = typer.Typer(
    help="Prove the facts that reconciliation compares, and collect a part of them again.",
    no_args_is_help=True,
)
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@commands.callback()
def facts() -> None:
    """Prove the facts that reconciliation compares, and collect a part of them again."""


@commands.command()
def verify(context: typer.Context, as_json: JsonOption = False) -> None:
    """Compare checksums of all facts with what the sides publish; 1 if a bucket differs."""
    call = call_of(context)
    call.start()
    from tieout.problems.rules import AlreadyRunning  # noqa: PLC0415
    from tieout.reconciliation.collectors.actions import verify as compare  # noqa: PLC0415  Django is set up first

    done = compare(actor=call.actor)
    if not done.ran:
        raise AlreadyRunning(job="collect")
    if as_json:
        output.print_json(done)
    elif done.differences:
        output.table(
            "Facts that are not what their side publishes",
            ("view", "company", "month", "", "published", "collected", "amount that facts lack"),
            (_row(one) for one in done.differences),
            right=("published", "collected", "amount that facts lack"),
        )
    else:
        output.say(f"{done.buckets:,} buckets compared: all facts are what the sides publish.")
    if done.problem is not None:
        if not as_json:
            output.complain(done.problem)
        raise typer.Exit(ExitCode.PROBLEM)


def _row(one: Difference) -> tuple[str, ...]:
    return (
        one.bucket.view,
        one.bucket.company_code,
        one.bucket.month,
        one.kind,
        f"{one.published.rows:,}",
        f"{one.collected.rows:,}",
        output.figure(one.amount),
    )


@commands.command("collect-again")
def collect_again(
    context: typer.Context,
    view: Annotated[str, typer.Argument(help="Name of the view, as verify prints it.")],
    company: Annotated[str, typer.Option("--company", help="Company of the bucket.")] = "",
    month: Annotated[str, typer.Option("--month", help="Month of the bucket, as 2025-03.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Take the facts of one bucket away and take them anew from their side."""
    if month and not _MONTH.fullmatch(month):
        raise typer.BadParameter("--month is a year and a month as verify prints them, 2025-03")
    call = call_of(context)
    call.start()
    from tieout.reconciliation.collectors import actions  # noqa: PLC0415  Django is set up first

    done = actions.collect_again(actor=call.actor, view=view, company=company, month=month)
    if as_json:
        output.print_json(done)
        return
    output.say(f"{done.removed:,} facts taken away, {done.rows:,} collected again.")
