"""Load files: one format, or a whole set-up folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from tieout.cli import output
from tieout.cli.program import Call, ExitCode, call_of
from tieout.cli.service import JsonOption

if TYPE_CHECKING:
    from tieout.loading.actions import Loaded

commands = typer.Typer()

SET_UP: Final = "setup"

What = Annotated[
    str,
    typer.Argument(
        metavar="FORMAT",
        help="What the files hold, as in docs/reference/file-formats.md; or: setup, for a folder.",
    ),
]
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="CSV or XLSX files; with setup, one folder.")
]
ProfileOption = Annotated[
    Path | None,
    typer.Option("--profile", metavar="TOML", help="Mapping profile, for files with other headers."),
]
RejectedOption = Annotated[
    Path | None,
    typer.Option(
        "--rejected",
        metavar="PATH",
        help="Where rejected rows go: a file, or a folder for several inputs. Left out: FILE.rejected.csv.",
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be loaded; nothing stays.")]


@commands.command()
def load(
    context: typer.Context,
    what: What,
    files: Files,
    profile: ProfileOption = None,
    rejected: RejectedOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Load set-up or documents from files; rejected rows go to a file, with their reasons."""
    call = call_of(context)
    call.start()
    if what == SET_UP:
        if len(files) != 1 or profile or rejected:
            raise typer.BadParameter("setup takes one folder, whose files are in our own formats")
        answers = _load_folder(call, files[0], dry_run=dry_run, quiet=as_json)
    else:
        answers = [_load_files(call, what, files, profile, rejected, dry_run=dry_run, quiet=as_json)]
    if as_json:
        output.print_json(list(map(_as_data, answers)))
    else:
        for answer in answers:
            _tell(answer)
    if any(answer.codes for answer in answers):
        raise typer.Exit(ExitCode.REJECTED)


def _load_folder(call: Call, folder: Path, *, dry_run: bool, quiet: bool) -> list[Loaded]:
    from tieout.loading.actions import load_set_up  # noqa: PLC0415  Django is set up first

    with _bar(quiet=quiet) as advance:
        return load_set_up(actor=call.actor, folder=folder, dry_run=dry_run, progress=advance)


def _load_files(
    call: Call,
    entity: str,
    files: Sequence[Path],
    profile: Path | None,
    rejected: Path | None,
    *,
    dry_run: bool,
    quiet: bool,
) -> Loaded:
    from tieout.loading import actions  # noqa: PLC0415  Django is set up first

    with _bar(quiet=quiet) as advance:
        return actions.load(
            actor=call.actor,
            entity=entity,
            files=files,
            profile=profile,
            dry_run=dry_run,
            rejected=rejected,
            progress=advance,
        )


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Callable[[Path, int], None]]:
    """Show how far reading has come, per file, on a terminal."""
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=output.ERR,
        transient=True,
        disable=quiet or not output.ERR.is_terminal,
    )
    tasks: dict[Path, TaskID] = {}

    def advance(path: Path, bytes_read: int) -> None:
        if path not in tasks:
            tasks[path] = shown.add_task(output.escape(path.name), total=path.stat().st_size)
        shown.update(tasks[path], completed=bytes_read)

    with shown:
        yield advance


def _as_data(answer: Loaded) -> dict[str, Any]:
    return {
        "entity": answer.entity,
        "dry_run": answer.dry_run,
        "totals": answer.totals.figures(),
        "changed": answer.changed,
        "created": answer.created,
        "codes": answer.codes,
        "rejected_files": [str(path) for path in answer.rejected_files],
        "maps_not_running": list(answer.maps_not_running),
    }


def _tell(answer: Loaded) -> None:
    output.say(f"{answer.entity}{' (dry run: nothing stays)' if answer.dry_run else ''}")
    for line in answer.totals.render().splitlines():
        output.say(f"  {line}")
    if answer.changed:
        output.say(f"  of the loaded, {answer.changed:,} were there and are changed")
    for entity, count in answer.created.items():
        output.say(f"  made on the way: {entity} {count:,}")
    for code, count in answer.codes.items():
        output.say(f"  rejected with {code}: {count:,}")
    for path in answer.rejected_files:
        output.say(f"  rejected rows, with reasons: {path}")
    for name in answer.maps_not_running:
        output.say(f"  not sent to the other side: map {name} is not running (tieout maps start {name})")
