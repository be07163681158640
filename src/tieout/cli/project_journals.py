"""Journals of operations: entry journals, corrections, cancellations; which are there, confirming a draft."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.kernel.access import Actor
    from tieout.operations.journals.queries import JournalRow, Line

commands = typer.Typer(help="Journals of operations: entry journals, corrections, cancellations.")

CompanyOption = Annotated[str, typer.Option("--company", help="The company whose journals they are.")]
NumberArgument = Annotated[str, typer.Argument(help="Number of the journal.")]


@commands.command(name="list")
def list_journals(
    context: typer.Context,
    company: CompanyOption,
    state: Annotated[str, typer.Option("--status", help="Only draft, confirmed or deleted ones.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List the journals of a company, newest first."""
    if state not in {"", "draft", "confirmed", "deleted"}:
        raise typer.BadParameter("--status is one of draft, confirmed, deleted")
    call = call_of(context)
    call.start()
    found = list(_journals(call.actor, company, state))
    if as_json:
        output.print_json(found)
        return
    output.table(
        f"Journals of {company}",
        ("journal", "type", "status", "lines", "made by", "confirmed or deleted by"),
        (
            (
                one.number,
                one.journal_type.replace("_", " "),
                one.state,
                f"{one.lines:,}",
                one.made_by,
                one.done_by or "",
            )
            for one in found
        ),
        right=("lines",),
    )


@commands.command()
def show(
    context: typer.Context, number: NumberArgument, company: CompanyOption, as_json: JsonOption = False
) -> None:
    """Show the lines of a journal: what a draft would make, with what is wrong, or what it made."""
    call = call_of(context)
    call.start()
    found = list(_lines(call.actor, company, number))
    if as_json:
        output.print_json(found)
        return
    output.table(
        f"Journal {number} of {company}",
        ("line", "step", "date", "type", "class", "project", "quantity", "amount", "currency", "wrong"),
        (
            (
                str(one.line_number),
                one.step,
                one.date.isoformat(),
                one.transaction_type.replace("_", " "),
                one.transaction_class,
                one.project_number,
                output.figure(one.quantity),
                output.money(one.amount, one.digits),
                one.currency_code or "",
                one.code,
            )
            for one in found
        ),
        right=("line", "quantity", "amount"),
    )


@commands.command()
def confirm(context: typer.Context, number: NumberArgument, company: CompanyOption) -> None:
    """Confirm a draft that somebody else made: all of it, once; 1 if something in it is refused."""
    call = call_of(context)
    call.start()
    from tieout.kernel.problems import render  # noqa: PLC0415  Django is set up first
    from tieout.operations.journals.actions import confirm_journal  # noqa: PLC0415

    done = confirm_journal(actor=call.actor, company=company, number=number)
    for problem in done.problems:
        output.complain(render(problem.code, problem.details))
    if done.refused:
        output.say(f"Journal {number} is not confirmed; refused: {done.refused:,}.")
        raise typer.Exit(ExitCode.PROBLEM)
    output.say(f"Journal {number} is confirmed; actuals reversed: {done.reversed:,}, made: {done.made:,}.")


@commands.command()
def delete(context: typer.Context, number: NumberArgument, company: CompanyOption) -> None:
    """Delete a draft; the actuals that it held are live again."""
    call = call_of(context)
    call.start()
    from tieout.operations.journals.actions import delete_journal  # noqa: PLC0415  Django is set up first

    gone = delete_journal(actor=call.actor, company=company, number=number)
    output.say(f"Journal {number} is deleted: {gone.lines:,} lines; live again: {gone.actuals:,} actuals.")


def _journals(actor: Actor, company: str, state: str) -> Iterator[JournalRow]:
    from tieout.operations.journals import queries  # noqa: PLC0415  Django is set up first

    found = queries.journals(actor=actor, company=company, state=state)
    while found:
        yield from found
        found = queries.journals(actor=actor, company=company, state=state, before=found[-1].id)


def _lines(actor: Actor, company: str, number: str) -> Iterator[Line]:
    from tieout.operations.journals import queries  # noqa: PLC0415  Django is set up first

    journal = queries.journal(actor=actor, company=company, number=number)
    ask = queries.confirmed_lines
    if journal.state == "draft":
        ask = queries.draft_lines if journal.journal_type == "entry" else queries.preview
    found = ask(actor=actor, company=company, number=number)
    while found:
        yield from found
        found = ask(actor=actor, company=company, number=number, after=found[-1].line_number)
