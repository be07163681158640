"""The dual-write from the command line: maps and their states, what was refused, continuous delivery."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tieout.cli import output
from tieout.cli.program import Call, ExitCode, call_of
from tieout.cli.service import JsonOption, end_when_input_closes

if TYPE_CHECKING:
    from tieout.dualwrite.delivery.actions import Delivered
    from tieout.dualwrite.delivery.queries import ParkedRecord
    from tieout.dualwrite.maps.queries import MapStatus

commands = typer.Typer()

REFUSED_MAX: Final = 1_000  # refused records that one call lists


@commands.command()
def maps(
    context: typer.Context,
    action: Annotated[
        str,
        typer.Argument(help="list, start, pause or stop; refused lists what was refused, sync retries it."),
    ] = "list",
    name: Annotated[str, typer.Argument(help="The map, or: all.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show the dual-write maps, or put one into another state.

    A paused map keeps what happens and delivers it when started. Of a stopped one nothing is kept: a set-up
    map sends all its records when started, other records only Sync brings back.
    """
    call = call_of(context)
    call.start()
    from tieout.dualwrite.delivery.queries import parked  # noqa: PLC0415  Django is set up first
    from tieout.dualwrite.maps.actions import set_state  # noqa: PLC0415
    from tieout.dualwrite.maps.queries import maps as statuses  # noqa: PLC0415
    from tieout.dualwrite.maps.rules import State  # noqa: PLC0415
    from tieout.dualwrite.resync.actions import resync_parked  # noqa: PLC0415

    states = {"start": State.RUNNING, "pause": State.PAUSED, "stop": State.NOT_RUNNING}
    if action == "refused":
        _print_refused(
            parked(actor=call.actor, map="" if name == "all" else name, limit=REFUSED_MAX), as_json=as_json
        )
        return
    if action != "list":
        if action not in {*states, "sync"} or not name:
            raise typer.BadParameter(
                "say list, refused, or one of start, pause, stop, sync and the name of a map (or all)"
            )
        names = [one.map.map for one in statuses(actor=call.actor)] if name == "all" else [name]
        for one in names:
            if action == "sync":
                resync_parked(actor=call.actor, map=one)
            else:
                set_state(actor=call.actor, map=one, state=states[action])
    found = statuses(actor=call.actor)
    if as_json:
        output.print_json(found)
    else:
        print_maps("Dual-write maps", found)


@commands.command()
def deliver(
    context: typer.Context,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on, and deliver whatever is stated, until stopped.")
    ] = False,
    until_input_closes: Annotated[bool, typer.Option("--until-input-closes", hidden=True)] = False,
    as_json: JsonOption = False,
) -> None:
    """Deliver what every running map owes to the other side; with --follow, continuously.

    `tieout serve` and `tieout worker` follow by themselves. A second process that follows stands by.
    """
    call = call_of(context)
    call.start()
    call.program.require_tables()
    from tieout.dualwrite.delivery.actions import deliver_all  # noqa: PLC0415  Django is set up first

    if follow:
        _follow(call, until_input_closes=until_input_closes, as_json=as_json)
        return
    done = deliver_all(actor=call.actor)
    if as_json:
        output.print_json(done)
    else:
        for one in done:
            _tell(one)
        if not done:
            output.say("Nothing is owed.")
    if any(one.problem is not None or one.parked for one in done):
        raise typer.Exit(ExitCode.PROBLEM)


def _follow(call: Call, *, until_input_closes: bool, as_json: bool) -> None:
    """Follow until a signal comes, or until whoever started us has gone."""
    from tieout.dualwrite.following.actions import follow  # noqa: PLC0415  Django is set up first

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if until_input_closes:
        threading.Thread(target=end_when_input_closes, daemon=True).start()
    if not as_json:
        output.say("Delivering what is stated (stop with Ctrl+C)")
    carried = follow(actor=call.actor, stop=stop, tell=_tell_at_once if as_json else _tell)
    if not as_json:
        output.say(f"Stopped; {carried:,} {'record' if carried == 1 else 'records'} carried.")


def _tell(done: Delivered) -> None:
    if done.stated:
        refused = f", {done.parked:,} refused" if done.parked else ""
        output.say(f"{done.map}: {done.stated:,} stated, {done.landed:,} new at the other side{refused}")
    if done.problem is not None:
        output.complain(done.problem)


def _tell_at_once(done: Delivered) -> None:
    """Write one delivery as one line of JSON: a reader need not wait for the end."""
    output.print_json_line(done)


def print_maps(title: str, found: Sequence[MapStatus]) -> None:
    """Write maps as a table: state, version, what waits since when, what was refused."""
    from tieout.dualwrite.maps.rules import lag_words  # noqa: PLC0415  Django is set up first

    output.table(
        title,
        ("map", "from", "state", "version", "waiting", "oldest waits", "refused", "changed by"),
        (
            (
                one.map.map,
                one.map.source,
                _state(one),
                one.version if one.is_current else f"{one.version} (needs {one.map.required_version})",
                f"{one.waiting:,}",
                lag_words(one.lag),
                f"{one.parked:,}",
                one.changed_by,
            )
            for one in found
        ),
        right=("waiting", "oldest waits", "refused"),
    )


def _state(one: MapStatus) -> str:
    """Return the state of a map, with how far an initial write has come."""
    said = one.state.replace("_", " ")
    if one.to_write is None:
        return said
    return f"{said}, initial write {one.written or 0:,} of {one.to_write:,}"


def _print_refused(found: Sequence[ParkedRecord], *, as_json: bool) -> None:
    if as_json:
        output.print_json(found)
        return
    if not found:
        output.say("The other side has refused nothing.")
    for one in found:
        tried = f"tried {one.attempts} times" if one.attempts > 1 else "tried once"
        output.say(f"{one.map}  {one.company}  {one.name}  since {one.parked_at:%Y-%m-%d %H:%M}, {tried}")
        output.complain(one.text)
