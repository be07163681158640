"""Integration journals: which are there, and letting one in error be posted again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.finance.journals.queries import Journal
    from tieout.kernel.access import Actor

commands = typer.Typer()


@commands.command()
def journals(
    context: typer.Context,
    company: Annotated[str, typer.Option("--company", help="The company whose journals they are.")],
    status: Annotated[str, typer.Option("--status", help="Only draft, error or posted ones.")] = "",
    to_draft: Annotated[
        bool,
        typer.Option("--to-draft", help="Update those in error to draft: the next run posts them."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the integration journals of a company, newest first; update those in error to draft."""
    if status not in {"", "draft", "error", "posted"}:
        raise typer.BadParameter("--status is one of draft, error, posted")
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
            ("journal", "period", "status", "lines", "posted by"),
            (
                (one.number, one.period_key.isoformat(), one.status, f"{one.line_count:,}", one.posted_by)
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
