"""The server's life: find it, launch it, wait until it answers, shut it down.

All of it is done by one program at a time, who holds the start lock.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from tieout.database.embedded import locks, processes, settings
from tieout.database.embedded.account import Account
from tieout.database.embedded.errors import EmbeddedServerError
from tieout.database.embedded.places import Layout, give

PAUSE_SECONDS = 0.02
RECOVERY_SECONDS = 600.0
"""Longest wait for an answer: after a crash the server first repeats up to 4 GB of its log."""
REFUSED_SECONDS = 10.0
"""Longest wait for a server that is up but does not let us in, for example with all connections taken."""
SOCKET_SECONDS = 1.0
"""A living server without a socket for so long has lost it (somebody cleaned /tmp) and is replaced."""
UNSEEN_SECONDS = 20.0
"""Longest wait for processes that hold the server's lock and cannot be seen."""
LOG_LINES = 15


def connect(paths: Layout) -> psycopg.Connection:
    """Return a connection to the server's maintenance database."""
    address = paths.address
    return psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def refusal(paths: Layout) -> str | None:
    """Return why the server cannot be connected to; None when it can."""
    try:
        connect(paths).close()
    except psycopg.OperationalError as error:
        return str(error).strip()
    return None


def find(paths: Layout, account: Account) -> processes.Found:
    """Return the server's living processes."""
    return processes.find(cluster=paths.cluster, data=paths.data, uid=account.uid)


def answers(paths: Layout, account: Account) -> bool:
    """Say whether a running server answers; False when none is left and one may be launched.

    One that is just starting or stopping is waited for; what a killed server left behind is ended.
    """
    begun = time.monotonic()
    while (said := refusal(paths)) is not None:
        found = find(paths, account)
        waited = time.monotonic() - begun
        if found.main is None and not found.others and not locks.held_exclusively(paths.server_lock):
            return False
        if found.main is None:
            _end_orphans(paths, found.others, waited)
        elif waited > SOCKET_SECONDS and _has_started(paths) and not _socket(paths).exists():
            processes.send(found.main, signal.SIGINT)
        if waited > _patience(said):
            raise EmbeddedServerError(
                f"The embedded PostgreSQL (process {found.main}) does not answer: {said}\n{log_tail(paths)}\n"
                f"End what it names, or that process (kill -INT {found.main}), and try again."
            )
        time.sleep(PAUSE_SECONDS)
    return True


def _has_started(paths: Layout) -> bool:
    """Whether the server says that it takes connections: on a busy machine it begins for long."""
    with suppress(OSError):
        return (paths.data / "postmaster.pid").read_text(encoding="utf-8").rstrip().endswith("ready")
    return False


def _patience(said: str) -> float:
    """Return how long to wait after an answer: not long for a server that is up and refuses us."""
    refused = (
        "FATAL" in said and "the database system is" not in said
    )  # "... starting up", "... shutting down"
    return REFUSED_SECONDS if refused else RECOVERY_SECONDS


def launch(paths: Layout, account: Account, programs: Path, *, durable: bool) -> None:
    """Start the server, of which no process is left, and wait until it answers."""
    _write_settings(paths, account, durable=durable)
    for stale in (paths.data / "postmaster.pid", _socket(paths), Path(f"{_socket(paths)}.lock")):
        stale.unlink(missing_ok=True)  # nobody is left: whatever process they name is not the server
    arguments = {
        "config_file": paths.server / "postgresql.conf",
        "hba_file": paths.server / "pg_hba.conf",
        "ident_file": paths.server / "pg_ident.conf",
        "unix_socket_directories": paths.address.host,
        "port": paths.address.port,
        "cluster_name": paths.cluster,
    }
    options = [word for name, value in arguments.items() for word in ("-c", f"{name}={value}")]
    lock = locks.alone(paths.server_lock)
    try:
        with paths.startup_log.open("wb") as output:
            # The shell ends at once, so the server is nobody's child here; it keeps the lock it inherits
            account.run(
                ["/bin/sh", "-c", '"$@" &', "sh", programs / "postgres", "-D", paths.data, *options],
                output=output,
                inherited=[lock],
            )
    finally:
        os.close(lock)
    if not answers(paths, account):
        raise EmbeddedServerError(
            f"The embedded PostgreSQL on {paths.data} did not start. {log_tail(paths)}\n"
            "Mend what it names (often a full disk, or too little memory), then try again."
        )


def shut_down(paths: Layout, account: Account) -> None:
    """Stop the server and wait until its last process is gone: politely, then firmly, then at once."""
    for number, seconds in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
        found = find(paths, account)
        if found.main is not None:
            processes.send(found.main, number)
        else:  # without the main process there is nothing polite to say
            _send_all(found.others, max(number, signal.SIGQUIT))
        if _wait(seconds, lambda: _is_gone(paths, account)):
            return
    raise EmbeddedServerError(
        f"The embedded PostgreSQL on {paths.data} cannot be stopped ({find(paths, account)}). "
        f"{log_tail(paths)}\nEnd those processes (kill -9) and try again."
    )


def log_tail(paths: Layout) -> str:
    """Return the last lines of the server's newest log, with its path, for a message."""
    candidates = (paths.startup_log, *paths.logs.glob("*.log"))
    logs = [path for path in candidates if path.is_file() and path.stat().st_size > 0]
    if not logs:
        return f"It wrote no log in {paths.logs}."
    newest = max(logs, key=lambda path: path.stat().st_mtime)
    lines = newest.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    return "\n".join([f"The end of its log {newest}:", *lines])


def _write_settings(paths: Layout, account: Account, *, durable: bool) -> None:
    memory = settings.memory_available()
    files = {
        "postgresql.conf": settings.server_settings(memory_bytes=memory, durable=durable),
        "pg_hba.conf": settings.access_rules(),
        "pg_ident.conf": settings.access_map(client=account.client, user=paths.address.user),
    }
    for name, text in files.items():
        path = paths.server / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        give(path, account)


def _socket(paths: Layout) -> Path:
    return Path(paths.address.host, f".s.PGSQL.{paths.address.port}")


def _is_gone(paths: Layout, account: Account) -> bool:
    if locks.held_exclusively(paths.server_lock):
        return False
    found = find(paths, account)
    return found.main is None and not found.others


def _end_orphans(paths: Layout, orphans: tuple[int, ...], waited: float) -> None:
    """End what outlived the main process: it notices by itself only when it is idle, and still writes."""
    _send_all(orphans, signal.SIGQUIT if waited < UNSEEN_SECONDS / 2 else signal.SIGKILL)
    if waited > UNSEEN_SECONDS:
        raise EmbeddedServerError(
            f"Processes that cannot be seen from here hold {paths.server_lock}: its server runs "
            "in another container. Use it from there, or stop it there and try again."
        )


def _send_all(targets: tuple[int, ...], number: signal.Signals) -> None:
    for process in targets:
        processes.send(process, number)


def _wait(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
