"""``tieout problems``: what the problem log holds, in the words of the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from enum import StrEnum

    from tieout.kernel.problems import ProblemText
    from tieout.problems.queries import Fingerprint

commands = typer.Typer()
Word = TypeVar("Word", bound="StrEnum")


@commands.command()
def problems(
    context: typer.Context,
    *,
    company: Annotated[str, typer.Option("--company", help="Only this company.")] = "",
    process: Annotated[
        str, typer.Option("--process", help="Only this process: approve, post_documents, deliver, ...")
    ] = "",
    code: Annotated[str, typer.Option("--code", help="Only this code: PST-201, ...")] = "",
    state: Annotated[
        str, typer.Option("--state", help="open, resolved or all; open unless a view says otherwise.")
    ] = "",
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Met on this day or later.")
    ] = None,
    view: Annotated[
        str,
        typer.Option("--view", help="What is kept: most_recent, latest, ninety_days or history."),
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="As many of the newest.")] = 100,
    as_json: JsonOption = False,
) -> None:
    """List problems, newest first: which record, why, what next; 1 if one of them is open.

    Without a view: all that stands, however old. With --state resolved or all: of all that was ever met.
    """
    call = call_of(context)
    call.start()
    from tieout.problems.catalogue import CATALOGUE, Process  # noqa: PLC0415  Django is set up first
    from tieout.problems.queries import Asked, start_of, troubleshooting  # noqa: PLC0415
    from tieout.problems.rules import State, View  # noqa: PLC0415

    if code and code not in CATALOGUE:
        raise typer.BadParameter(f"--code {code} is not in the catalogue (reference page Problems)")
    asked = Asked(
        view=_word("--view", view, View) or View.HISTORY,
        company=company,
        process=_word("--process", process, Process),
        code=code,
        state=_word("--state", state, State) or (None if view else State.OPEN),
        since=None if since is None else start_of(since.date()),
        limit=limit,
    )
    found = troubleshooting(actor=call.actor, asked=asked)
    if as_json:
        output.print_json([_document(one) for one in found])
    elif not found:
        output.say("No problem is open." if asked.state is State.OPEN else "There is no such problem.")
    for one in () if as_json else found:
        _print(one)
    if len(found) == limit and not as_json:
        output.say(f"These are the newest {limit:,}; --limit shows more.")
    if any(one.resolved_at is None for one in found):
        raise typer.Exit(ExitCode.PROBLEM)


def _word(option: str, said: str, words: type[Word]) -> Word | None:
    """Return what an option says, None if nothing."""
    if said and said not in set(words):
        raise typer.BadParameter(f"{option} is one of {', '.join(words)}")
    return words(said) if said else None


def _document(one: Fingerprint) -> dict[str, object]:
    """Return a problem as ``--json`` writes it."""
    return {
        **_texts(one.text),
        "company": one.company,
        "record_kind": one.record_kind,
        "record_id": one.record_id,
        "record": one.record_name,
        "times": one.times,
        "since": one.first_seen,
        "last_seen": one.last_seen,
        "resolved_at": one.resolved_at,
        "resolved_by": one.resolved_by,
        "database": one.database,
    }


def _texts(text: ProblemText) -> dict[str, object]:
    return {
        "code": text.code,
        "process": text.process,
        "message": text.message,
        "cause": text.cause,
        "remedy": text.remedy,
        "reason": None if text.inner is None else _texts(text.inner),
    }


def _print(one: Fingerprint) -> None:
    kind = one.record_kind.replace("_", " ")
    seen = f"since {one.first_seen:%Y-%m-%d %H:%M}"
    if one.times > 1:
        seen += f", {one.times:,} times, last {one.last_seen:%Y-%m-%d %H:%M}"
    if one.resolved_at is not None:
        seen += f"; resolved {one.resolved_at:%Y-%m-%d %H:%M} by {one.resolved_by}"
    output.OUT.print(f"[bold red]{one.text.code}[/]  {output.escape(one.text.message)}", soft_wrap=True)
    output.say(f"  record  {one.company} {kind} {one.record_name}, {seen}")
    for text in one.text.nested():
        if text is not one.text:
            output.say(f"  reason  {text.code}  {text.message}")
        output.say(f"  why     {text.cause}")
        output.say(f"  next    {text.remedy}")
