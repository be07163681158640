"""Set up, examine and run the program: migrate, check, serve, worker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Annotated

import typer

from tieout.cli import output
from tieout.cli.program import ExitCode, Finding, call_of

commands = typer.Typer()

JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@commands.command()
def migrate(context: typer.Context) -> None:
    """Create or upgrade the three databases."""
    call = call_of(context)
    call.start()
    call.program.migrate()
    output.say("The three databases are up to date.")


@commands.command()
def check(context: typer.Context, as_json: JsonOption = False) -> None:
    """Examine configuration and prerequisites: one line each, and what to do."""
    findings = list(call_of(context).program.examine())
    if as_json:
        output.print_json(
            [
                {"question": one.question, "ok": one.is_ok, "said": one.said, "problem": one.problem}
                for one in findings
            ]
        )
    else:
        for finding in findings:
            _print(finding)
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(ExitCode.PROBLEM)


def _print(finding: Finding) -> None:
    question = output.escape(finding.question)
    if finding.problem is None:
        output.OUT.print(f"[green]OK[/]       {question}: {output.escape(finding.said)}", soft_wrap=True)
        return
    text = finding.problem
    said = output.escape(f"{text.code} {text.message} {text.cause} {text.remedy}")
    output.OUT.print(f"[bold red]PROBLEM[/]  {question}: {said}", soft_wrap=True)


@commands.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    worker: Annotated[
        bool, typer.Option(help="Also run the jobs, in a worker beside the web server.")
    ] = True,
    reload: Annotated[
        bool, typer.Option("--reload", help="For who changes the program: begin anew with each change.")
    ] = False,
) -> None:
    """Serve the workspace."""
    call = call_of(context)
    call.start()
    call.program.require_tables()
    if reload:
        _serve_and_reload(host, port, worker=worker)
        return
    from granian import Granian  # noqa: PLC0415  only this command needs it
    from granian.constants import Interfaces  # noqa: PLC0415

    output.say(f"The workspace is at http://{host}:{port}/ (stop with Ctrl+C)")
    with _worker_beside() if worker else contextlib.nullcontext():
        Granian(
            call.program.application,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            blocking_threads=4,
            log_enabled=False,
            respawn_failed_workers=True,
        ).serve()


def _serve_and_reload(host: str, port: int, *, worker: bool) -> None:
    """Serve with Django's own server, which starts this command again as its child at each change."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up first
    from django.utils.autoreload import DJANGO_AUTORELOAD_ENV  # noqa: PLC0415

    is_child = os.environ.get(DJANGO_AUTORELOAD_ENV) == "true"
    with _worker_beside() if worker and not is_child else contextlib.nullcontext():
        call_command("runserver", f"{host}:{port}")


@contextlib.contextmanager
def _worker_beside() -> Iterator[None]:
    """Run ``tieout worker`` as a child that ends with us, also when we are killed: its input then closes."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tieout", "worker", "--until-input-closes"], stdin=subprocess.PIPE
    )
    try:
        yield
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=30)


@commands.command()
def worker(
    context: typer.Context,
    until_input_closes: Annotated[bool, typer.Option("--until-input-closes", hidden=True)] = False,
    once: Annotated[bool, typer.Option("--once", help="Do the jobs that wait, then end.")] = False,
) -> None:
    """Run jobs: those that were asked for, and those whose time has come."""
    call = call_of(context)
    call.start()
    call.program.require_tables()
    from tieout.jobs.working import work  # noqa: PLC0415  Django is set up first

    if until_input_closes:
        threading.Thread(target=end_when_input_closes, daemon=True).start()
    work(wait=not once)


def end_when_input_closes() -> None:
    """End this process when its input closes: whoever started it has gone."""
    while os.read(sys.stdin.fileno(), 1):  # not through a buffer, whose lock would outlive this thread
        pass
    os.kill(os.getpid(), signal.SIGTERM)
