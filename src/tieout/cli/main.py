"""Where a call begins and ends: options, commands, errors, exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from tieout.cli import (
    approvals,
    books,
    contracts,
    costs,
    export,
    general_journals,
    journals,
    ledger,
    load,
    maps,
    output,
    people,
    price_lists,
    prices,
    project_journals,
    service,
    verification,
)
from tieout.cli.chain import commands as chain
from tieout.cli.demo import commands as demo
from tieout.cli.faultlab import commands as faultlab
from tieout.cli.problems import commands as problems
from tieout.cli.program import Call, ExitCode, Program
from tieout.kernel.problems import Problem

app = typer.Typer(
    name="tieout",
    help="Project operations, the project ledger, and the proof that the two tie out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (
    service.commands,
    load.commands,
    chain,
    maps.commands,
    journals.commands,
    costs.commands,
    books.commands,
    problems,
    demo,
    faultlab,
):
    app.registered_commands.extend(group.registered_commands)
app.add_typer(people.commands, name="users")
app.add_typer(export.commands, name="export")
app.add_typer(ledger.commands, name="ledger")
app.add_typer(approvals.commands, name="approvals")
app.add_typer(verification.commands, name="verification")
app.add_typer(contracts.commands, name="contracts")
app.add_typer(prices.commands, name="explain")
app.add_typer(price_lists.commands, name="price-lists")
app.add_typer(project_journals.commands, name="project-journals")
app.add_typer(general_journals.commands, name="general-journals")


@app.callback()
def options(
    context: typer.Context,
    as_user: Annotated[
        str, typer.Option("--as", metavar="USER", help="Act as this user of the workspace, with their roles.")
    ] = "",
) -> None:
    """Project operations, the project ledger, and the proof that the two tie out."""
    context.ensure_object(Call).as_user = as_user


def main(program: Program, arguments: Sequence[str] | None = None) -> int:
    """Run one call and return its exit code; no error leaves as a stack trace."""
    try:
        answer = app(args=arguments, obj=Call(program), standalone_mode=False)
    except TyperException as error:
        output.ERR.print(output.escape(error.format_message()), soft_wrap=True)
        output.ERR.print("tieout --help lists the commands, tieout COMMAND --help their options.")
        return ExitCode.USAGE
    except Problem as problem:
        output.complain(problem)
        return ExitCode.PROBLEM
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left: tieout ... | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001  the last line before a user would see a stack trace
        return _unexpected(program, error)
    return answer if isinstance(answer, int) else ExitCode.OK


def _unexpected(program: Program, error: Exception) -> int:
    """Say an error that nobody foresaw in one line, and keep the rest in a file."""
    known = program.explain(error)
    if known is not None:
        output.complain(known)
        return ExitCode.PROBLEM
    folder = program.data_directory / "errors"
    line = f"Unexpected error: {type(error).__name__}."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{os.getpid()}-{os.urandom(4).hex()}.log"
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError as unwritable:
        output.ERR.print(output.escape(f"{line} Its details could not be kept: {unwritable}"), soft_wrap=True)
    else:
        output.ERR.print(
            output.escape(f"{line} This is a fault of the program; its details are in {file}"), soft_wrap=True
        )
    return ExitCode.UNEXPECTED
