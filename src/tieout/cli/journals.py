"""Integration journals: which are there, letting one in error be posted again, deleting lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.finance.journals.queries import Journal
    from tieout.kernel.access import Actor

commands = typer.Typer()

_STATUSES = ("draft", "processing", "error", "posted", "deleted")


@commands.command()
def journals(
    context: typer.Context,
    company: Annotated[str, typer.Option("--company", help="The company whose journals they are.")],
    status: Annotated[
        str, typer.Option("--status", help="Only draft, processing, error, posted or deleted ones.")
    ] = "",
    to_draft: Annotated[
        bool,
        typer.Option("--to-draft", help="Update those in error to draft: the next run posts them."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the integration journals of a company, newest first; update those in error to draft."""
    if status not in {"", *_STATUSES}:
        raise typer.BadParameter(f"--status is one of {', '.join(_STATUSES)}")
    call = call_of(context)
    call.start()
    from tieout.finance.journalkeeping.actions import update_to_draft  # noqa: PLC0415  Django is set up first

    found = list(_all(call.actor, company))
    if to_draft:
        in_error = {one.number for one in found if one.status == "error"}
        for number in in_error:
            update_to_draft(actor=call.actor, company=company, journal_number=number)
        found = [one for one in _all(call.actor, company) if one.number in in_error]
    found = [one for one in found if status in {"", one.status}]
    if as_json:
        output.print_json(found)
    elif found:
        output.table(
            f"Integration journals of {company}",
            ("journal", "period", "status", "lines", "posted or held by", "refused in"),
            (
                (
                    one.number,
                    one.period_key.isoformat(),
                    one.status,
                    f"{one.line_count:,}",
                    one.posted_by or one.held_by,
                    one.original,
                )
                for one in found
            ),
            right=("lines",),
        )
    else:
        output.say(f"No such integration journal in {company}.")


def _all(actor: Actor, company: str) -> Iterator[Journal]:
    from tieout.finance.journals import queries  # noqa: PLC0415  Django is set up first

    page = queries.journals(actor=actor, company=company)
    while page:
        yield from page
        page = queries.journals(actor=actor, company=company, before=page[-1].id)


@commands.command("delete-journal-lines")
def delete_journal_lines(
    context: typer.Context,
    journal: Annotated[str, typer.Argument(help="Number of the integration journal.")],
    company: Annotated[str, typer.Option("--company", help="The company whose journal it is.")],
    line: Annotated[
        list[int] | None, typer.Option("--line", help="Only this line number; may be said again.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Delete the lines of a journal that are not posted: the next import makes new ones of their actuals."""
    call = call_of(context)
    call.start()
    from tieout.finance.journalkeeping.actions import delete_lines  # noqa: PLC0415  Django is set up first

    done = delete_lines(actor=call.actor, company=company, journal_number=journal, line_numbers=line or None)
    if as_json:
        output.print_json(done)
    else:
        output.say(f"Lines deleted from {journal}: {done.lines:,}. Their actuals wait for the next import.")


Actuals = Annotated[list[str], typer.Argument(help="Keys of staged actuals, as a trace names them.")]
StagingOption = Annotated[str, typer.Option("--company", help="The company that has them in staging.")]


@commands.command("leave-out")
def leave_out_of_staging(
    context: typer.Context,
    actuals: Actuals,
    company: StagingOption,
    reason: Annotated[str, typer.Option("--reason", help="Why, and what was recorded in their place.")],
    as_json: JsonOption = False,
) -> int:
    """Leave invalid staged actuals out, with what only reverses them; 1 if one of them stays."""
    call = call_of(context)
    call.start()
    from tieout.finance.leftout.actions import leave_out  # noqa: PLC0415  Django is set up first

    keys = _keys(actuals)
    gone = leave_out(actor=call.actor, company=company, actual_ids=keys, reason=reason)
    kept = sorted(set(keys) - set(gone))
    if as_json:
        output.print_json({"left_out": gone, "stay": kept})
    else:
        output.say(f"Actuals left out: {len(gone):,}.")
        for key in kept:
            output.say(f"{key} stays: it is not invalid, or its delivery batch waits for its import.")
    return ExitCode.PROBLEM if kept else ExitCode.OK


@commands.command("take-back-in")
def take_back_into_staging(
    context: typer.Context, actuals: Actuals, company: StagingOption, as_json: JsonOption = False
) -> None:
    """Take actuals that were left out back into staging: they are looked at again, and imported."""
    call = call_of(context)
    call.start()
    from tieout.finance.leftout.actions import take_back_in  # noqa: PLC0415  Django is set up first

    back = take_back_in(actor=call.actor, company=company, actual_ids=_keys(actuals))
    if as_json:
        output.print_json({"taken_back_in": back})
    else:
        output.say(f"Actuals taken back in: {len(back):,}.")


def _keys(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        message = f"a key of an actual looks like {UUID(int=0)}; given: {', '.join(texts)}"
        raise typer.BadParameter(message) from None
