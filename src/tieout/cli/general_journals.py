"""General journals of finance: which are there, posting a draft, taking posted ones to operations."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

commands = typer.Typer(help="General journals of finance, and their way to operations.")

CompanyOption = Annotated[str, typer.Option("--company", help="The company whose general journals they are.")]
NumberArgument = Annotated[str, typer.Argument(help="Batch number of the journal.")]


@commands.command(name="list")
def list_general_journals(
    context: typer.Context, company: CompanyOption, as_json: JsonOption = False
) -> None:
    """List the newest general journals of a company, and how far operations is with each."""
    call = call_of(context)
    call.start()
    from tieout.finance.general.queries import general_journals  # noqa: PLC0415  Django is set up first

    found = general_journals(actor=call.actor, company=company)
    if as_json:
        output.print_json(found)
        return
    output.table(
        f"General journals of {company}",
        ("journal", "status", "lines", "project lines", "made by", "posted or deleted by", "operations"),
        (
            (
                one.number,
                one.state,
                f"{one.lines:,}",
                f"{one.project_lines:,}",
                one.made_by,
                one.done_by or "",
                " ".join(part for part in (one.sync, one.confirmed_as) if part),
            )
            for one in found
        ),
        right=("lines", "project lines"),
    )


@commands.command()
def post(context: typer.Context, number: NumberArgument, company: CompanyOption) -> None:
    """Post a draft that somebody else made: all of its lines; 1 if one is refused, and then none."""
    call = call_of(context)
    call.start()
    from tieout.finance.general.actions import post_general_journal  # noqa: PLC0415  Django is set up first
    from tieout.kernel.problems import render  # noqa: PLC0415

    done = post_general_journal(actor=call.actor, company=company, number=number)
    for problem in (*done.refusals, *done.warnings):
        output.complain(render(problem.code, problem.details))
    if done.refused:
        output.say(f"General journal {number} is not posted; refused: {done.refused:,} lines.")
        raise typer.Exit(ExitCode.PROBLEM)
    output.say(f"General journal {number} is posted: {done.posted:,} lines, project cost {done.cost:,}.")


@commands.command()
def sync(context: typer.Context, number: NumberArgument, company: CompanyOption) -> None:
    """Have a posted journal tried again that operations has not confirmed, and send it again."""
    call = call_of(context)
    call.start()
    from tieout.dualwrite.generaljournals.actions import send_again  # noqa: PLC0415  Django is set up first
    from tieout.finance.general.queries import general_journal  # noqa: PLC0415

    journal = general_journal(actor=call.actor, company=company, number=number)
    count = send_again(actor=call.actor, company=company, journal_ids=[journal.id])
    said = "sent again" if count else "not waiting for operations"
    output.say(f"General journal {number} is {said}.")
