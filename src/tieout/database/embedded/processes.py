"""Which processes are this server.

Never by a number found in a file: after a crash it may name anybody's process. A server carries its
cluster's name (a hash of the data directory) among its arguments, and each child in its title.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Found:
    """The living processes of one server."""

    main: int | None
    """The postmaster, which starts and ends all others."""
    others: tuple[int, ...]
    """Its children; they may outlive a main process that was killed."""


def find(*, cluster: str, data: Path, uid: int) -> Found:
    """Return the processes of ``uid`` that were started for this cluster or on this directory."""
    marks = {f"cluster_name={cluster}", str(data)}
    title = f"postgres: {cluster}:"
    main: int | None = None
    others: list[int] = []
    for process, words in _commands(uid):
        if " ".join(words).startswith(title):
            others.append(process)
        elif Path(words[0]).name == "postgres" and marks.intersection(words):
            main = process
    return Found(main, tuple(others))


def send(process: int, number: signal.Signals) -> None:
    """Signal a process, unless it has ended already."""
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _commands(uid: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the processes of a user with their arguments; processes without any (zombies) are left out."""
    if not (PROCESSES / "self" / "cmdline").exists():
        yield from _listed(uid)
        return
    for entry in os.scandir(PROCESSES):
        if entry.name.isdigit():
            with suppress(OSError):  # it ended meanwhile
                if entry.stat().st_uid == uid and (raw := Path(entry.path, "cmdline").read_bytes()):
                    yield int(entry.name), os.fsdecode(raw).rstrip("\0").split("\0")


def _listed(uid: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the same from ``ps``, where there is no /proc (macOS)."""
    command = ["/bin/ps", "-axww", "-o", "pid=,uid=,command="]
    for line in subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines():  # noqa: S603 - fixed
        process, owner, *words = line.split()
        if words and int(owner) == uid:
            yield int(process), words
