"""``tieout problems``: what stands open in the problem log, in the words of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.problems.queries import OpenProblem

commands = typer.Typer()


@commands.command()
def problems(
    context: typer.Context,
    company: Annotated[str, typer.Option("--company", help="Only this company.")] = "",
    process: Annotated[
        str, typer.Option("--process", help="Only this process: approve, post_documents, deliver, ...")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="As many of the newest.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List the open problems, newest first: which record, why, what next; 1 if there are any."""
    call = call_of(context)
    call.start()
    from tieout.problems.catalogue import Process  # noqa: PLC0415  Django is set up first
    from tieout.problems.queries import open_problems  # noqa: PLC0415

    if process and process not in set(Process):
        raise typer.BadParameter(f"--process is one of {', '.join(Process)}")
    asked = Process(process) if process else None
    found = open_problems(actor=call.actor, company=company, process=asked, limit=limit)
    if as_json:
        output.print_json([_document(one) for one in found])
    elif not found:
        output.say("No problem is open.")
    for one in () if as_json else found:
        _print(one)
    if len(found) == limit and not as_json:
        output.say(f"These are the newest {limit:,}; --limit shows more.")
    if found:
        raise typer.Exit(ExitCode.PROBLEM)


def _document(one: OpenProblem) -> dict[str, object]:
    """Return a problem as ``--json`` writes it."""
    text = one.text
    return {
        "code": text.code,
        "process": text.process,
        "company": one.company,
        "record_kind": one.record_kind,
        "record_id": one.record_id,
        "record": one.record_name,
        "since": one.since,
        "message": text.message,
        "cause": text.cause,
        "remedy": text.remedy,
        "database": one.database,
    }


def _print(one: OpenProblem) -> None:
    text = one.text
    kind = one.record_kind.replace("_", " ")
    output.OUT.print(f"[bold red]{text.code}[/]  {output.escape(text.message)}", soft_wrap=True)
    output.say(f"  record  {one.company} {kind} {one.record_name}, since {one.since:%Y-%m-%d %H:%M}")
    output.say(f"  why     {text.cause}")
    output.say(f"  next    {text.remedy}")
