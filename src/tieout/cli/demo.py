"""``tieout demo``: a whole world from nothing, and the workspace to look at it."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli import output
from tieout.cli.program import Call, call_of
from tieout.cli.service import serve as serve_workspace

if TYPE_CHECKING:
    from tieout.demo.queries import CompanySummary, HopFigure

commands = typer.Typer()

_DATA_DIRECTORY = "TIEOUT_DATA_DIRECTORY"
_HOST = "127.0.0.1"


@commands.command()
def demo(
    context: typer.Context,
    serve: Annotated[bool, typer.Option(help="Serve the workspace when the world is there.")] = True,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    seed: Annotated[int | None, typer.Option(help="Another seed makes another year.")] = None,
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day on which the year ends; the current day if not said."),
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build a new world beside the one there is.")
    ] = False,
    here: Annotated[
        bool, typer.Option("--here", help="Use the configured databases, which must be empty.")
    ] = False,
) -> None:
    """Build a small firm with a year of work and some real discrepancies, and serve its workspace.

    The world has a server and a directory of its own. A second call finds it there and doubles nothing.
    """
    call = call_of(context)
    folder = _choose_place(call, fresh=fresh, here=here)
    call.start()
    call.program.migrate()
    last = _last_day(today)
    _build(folder, seed, last)
    _show(call, folder, last, port if serve else None)
    if serve:
        # A newcomer is to see the discrepancies and mend them; by the clock they would be gone in a minute.
        os.environ["TIEOUT_SCHEDULE"] = "off"
        serve_workspace(context, host=_HOST, port=port, worker=True)


def _choose_place(call: Call, *, fresh: bool, here: bool) -> Path:
    """Return the directory of the world and make it the data directory of this program and its children."""
    from tieout.demo import places  # noqa: PLC0415  only this command needs it

    base = call.program.data_directory
    if here:
        return base
    places.refuse_given_databases(os.environ)
    folder = places.directory(base, fresh=fresh)
    os.environ[_DATA_DIRECTORY] = str(folder)
    return folder


def _last_day(today: datetime | None) -> date:
    from django.utils import timezone  # noqa: PLC0415  Django is set up first

    return today.date() if today else timezone.localdate()


def _build(folder: Path, seed: int | None, today: date) -> None:
    from tieout.demo import actions, places, world  # noqa: PLC0415

    if (sign := places.sign_of(folder)) is not None:
        output.say(f"The demo of {sign.today} (seed {sign.seed}) is in {folder}; --fresh builds another.")
        return
    begun = time.monotonic()
    chosen = world.DEFAULT_SEED if seed is None else seed
    output.say(f"Building a world in {folder} (seed {chosen})")
    with output.OUT.status("Set-up") as status:
        actions.build(world=world.generate(seed=chosen, today=today), folder=folder, tell=status.update)
    places.leave_sign(folder, places.Sign(chosen, today))
    output.say(f"Built in {time.monotonic() - begun:.0f} seconds.")


def _show(call: Call, folder: Path, today: date, port: int | None) -> None:
    from tieout.demo import actions, queries  # noqa: PLC0415

    found = queries.summaries(actor=call.actor, today=today)
    _print_hops(queries.hops(actor=call.actor))
    for summary in found:
        _print_summary(summary)
    lines = [queries.example(actor=call.actor, summary=summary) for summary in found]
    name, password = actions.admit_user()
    _print_what_to_try(folder, next(filter(None, lines), ""), port)
    output.say("")
    if port is not None:
        output.say(f"Open      http://{_HOST}:{port}/")
    output.say(f"User      {name}")
    output.say(f"Password  {password}   (random, shown only now)")


def _print_hops(found: Iterable[HopFigure]) -> None:
    output.table(
        "How far everything has come (lines of documents, then their and the time's cost actuals)",
        ("company", "hop", "records", "accounting amount"),
        (
            (
                one.company,
                one.stage.replace("_", " "),
                f"{one.records:,}",
                "" if one.amount is None else output.money(one.amount),
            )
            for one in found
        ),
        right=("records", "accounting amount"),
    )


def _print_summary(summary: CompanySummary) -> None:
    output.table(
        f"{summary.code} {summary.name}: not reconciled, in {summary.currency}",
        ("what", "why", "lines", "amount", "what mends it"),
        (
            (
                one.kind.replace("_", " "),
                one.label,
                f"{one.figure.lines:,}",
                output.money(one.figure.amount),
                one.remedy,
            )
            for one in summary.open_lines
        ),
        right=("lines", "amount"),
    )
    for proof in summary.proofs:
        output.say(
            f"Account {proof.account.account} ({proof.account.kind.replace('_', ' ')}s): "
            f"balance {output.money(proof.balance)}, explained {output.money(proof.explained)}, "
            f"unexplained {output.money(proof.unexplained)}"
        )


def _print_what_to_try(folder: Path, line: str, port: int | None) -> None:
    from tieout.demo import firm  # noqa: PLC0415  only this command needs it

    tieout, quoted = _command(), shlex.quote(str(folder))
    output.say("")
    output.say("Things to try")
    if port is not None:
        output.say("  in the workspace, tab Dual-write of either company")
        output.say("    Unreconciled amounts: what stands on the integration accounts, and below it why")
        output.say("    Expense, view Missing actuals: press Sync: those of the stopped map arrive")
        output.say("    Vendor invoice lines: open any row: its whole way, hop by hop")
    output.say("  in another terminal")
    if not os.environ.get("TIEOUT_FINANCE_DATABASE_URL"):
        output.say(f"    export {_DATA_DIRECTORY}={quoted}")
    output.say(f"    {tieout} reconcile                # what is open, why, and that the accounts tie out")
    if line:
        output.say(f"    {tieout} trace {line}")
    output.say(f"    {tieout} maps                     # stop one, and see what goes missing")
    output.say("  mend it: open the period, reopen the project, add the missing rate; then let the chain run")
    output.say(f"    {tieout} load setup {quoted}/repairs")
    for rejected in sorted((folder / "documents").rglob("*.rejected.csv")):
        output.say(f"    {tieout} load vendor_invoice_line {shlex.quote(str(rejected))}")
    output.say(f"    {tieout} journals --company {firm.CONSULTING} --to-draft")
    output.say(f"    {tieout} run chain && {tieout} run sync && {tieout} reconcile")


def _command() -> str:
    """Return how the reader calls the program: as they did now, unless it is on their path anyway."""
    called = Path(sys.argv[0])
    return (
        shlex.quote(str(called)) if called.name == "tieout" and shutil.which("tieout") is None else "tieout"
    )
