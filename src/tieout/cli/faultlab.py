"""The fault laboratory from the command line: seeds, figures, and the story of one that fails."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, call_of

if TYPE_CHECKING:
    from tieout.faultlab.actions import Failure

commands = typer.Typer()

_TOLD_AFTER = 100  # seeds, where the output is no terminal


@commands.command()
def faultlab(
    context: typer.Context,
    seed: Annotated[int, typer.Option(help="The first seed.")] = 1,
    steps: Annotated[int, typer.Option(min=1, max=500, help="Steps of each seed.")] = 16,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, one after the other.")] = 1,
    broken: Annotated[
        str, typer.Option(metavar="NAME", help="Break a rule of the product, to see it noticed.")
    ] = "",
) -> None:
    """Break the dual-write in every way there is, and check after each step that nothing is lost or doubled.

    A server of its own is started and removed again; your databases are not touched. The same seed tells the
    same story. One that fails is told with the fewest steps that still fail.
    """
    from tieout.faultlab.scenario import VARIANTS  # noqa: PLC0415  only this command needs it
    from tieout.faultlab.server import own_server  # noqa: PLC0415

    if broken and broken not in VARIANTS:
        raise typer.BadParameter(f"--broken is one of {', '.join(VARIANTS)}")
    call = call_of(context)
    with own_server():
        call.start()
        call.program.migrate()
        failure = _run(seed, steps, seeds, broken)
    if failure is not None:
        raise typer.Exit(ExitCode.PROBLEM)


def _run(seed: int, steps: int, seeds: int, broken: str) -> Failure | None:
    from tieout.faultlab import actions, sessions, world  # noqa: PLC0415  Django is set up first
    from tieout.faultlab.broken import broken as breaking  # noqa: PLC0415

    begun = time.monotonic()
    with (
        sessions.disturbable(),
        world.prepared() as prepared,
        breaking(broken, prepared),
        output.OUT.status(f"Seed {seed}") as status,
    ):

        def tell(done: int) -> None:
            status.update(f"Seed {seed + done} of {seed + seeds - 1}, {time.monotonic() - begun:,.0f} s")
            if not output.OUT.is_terminal and done % _TOLD_AFTER == 0:
                output.say(f"{done:,} seeds clean after {time.monotonic() - begun:,.0f} s")

        failure = actions.run_seeds(prepared, first=seed, count=seeds, steps=steps, tell=tell)
    seconds = time.monotonic() - begun
    if failure is None:
        output.say(f"{seeds:,} seeds of {steps} steps from {seed} on: all clean, in {seconds:,.0f} s.")
        return None
    output.say(f"Seed {failure.seed} fails. The fewest steps that still do:")
    for line in failure.story():
        output.say(line)
    variant = f" --broken {broken}" if broken else ""
    output.say(f"Again: tieout faultlab --seed {failure.seed} --steps {steps}{variant}")
    return failure
