"""Start, stop, status, remove: what the programs of tieout call."""

import atexit
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tieout.database.embedded import account, binaries, cluster, locks, places, running
from tieout.database.embedded.account import Account
from tieout.database.embedded.errors import EmbeddedServerError
from tieout.database.embedded.places import Address, Layout

LOCK_SECONDS = running.RECOVERY_SECONDS + 120.0
"""Longest wait for another program that starts or stops the server."""


class Server:
    """This program's use of the running server; ends with ``stop``, a ``with`` block, or the program."""

    def __init__(self, *, paths: Layout, runs_as: Account, users: int) -> None:
        self._paths = paths
        self._account = runs_as
        self._users: int | None = users
        self._process = os.getpid()
        atexit.register(self.stop)

    @property
    def address(self) -> Address:
        """How to connect."""
        return self._paths.address

    def stop(self) -> None:
        """Leave the server; the last user out stops it.

        A second call does nothing, nor does one from a forked child: the child never entered by itself.
        """
        if self._users is None or os.getpid() != self._process:
            return
        users, self._users = self._users, None
        atexit.unregister(self.stop)
        left = False
        try:
            with locks.exclusive(self._paths.start_lock, timeout_seconds=LOCK_SECONDS):
                left = True
                _leave(self._paths, self._account, users)
        except FileNotFoundError:  # the data directory was removed; its server ends by itself
            pass
        finally:
            if not left:
                os.close(users)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True, kw_only=True)
class Status:
    """What is known of a server without touching it."""

    address: Address
    data: Path
    """PostgreSQL's own data directory, whether it exists or not."""
    running: bool
    """Whether it answers."""
    version: str | None
    """Version of the server that answers, as in ``18.4``."""
    pid: int | None
    """Its main process; with ``running`` false one that starts, stops or hangs."""
    users: tuple[int, ...]
    """The programs that use it, by process number; empty where the kernel does not list locks (macOS)."""


def start(*, data_directory: Path, durable: bool = True) -> Server:
    """Start or join the server of ``data_directory`` and return this program's use of it.

    Makes the cluster and its three databases if need be. Not ``durable`` (for tests): the last commits are
    lost if the server is killed, and everything if the machine goes down. A server that already runs is
    joined as it is. Raises ``EmbeddedServerError``.
    """
    paths, runs_as = places.layout(data_directory=data_directory), account.current()
    places.prepare_directory(paths, runs_as)
    try:
        with locks.exclusive(paths.start_lock, timeout_seconds=LOCK_SECONDS):
            users = locks.shared(paths.users_lock)
            try:
                _bring_up(paths, runs_as, durable=durable)
            except BaseException:
                _leave(paths, runs_as, users)
                raise
    except OSError as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL in {paths.directory} cannot be started: {error}. "
            "Mend what it names (often a full disk or a missing permission), then try again."
        ) from error
    return Server(paths=paths, runs_as=runs_as, users=users)


def status(*, data_directory: Path) -> Status:
    """Return whether the server of ``data_directory`` runs, and for whom; starts and changes nothing."""
    paths, runs_as = places.layout(data_directory=data_directory), account.current()
    version = None
    if places.is_ours(Path(paths.address.host), runs_as):
        try:
            with running.connect(paths) as connection:
                version = connection.info.parameter_status("server_version")
        except psycopg.OperationalError:
            version = None
    return Status(
        address=paths.address,
        data=paths.data,
        running=version is not None,
        version=version,
        pid=running.find(paths, runs_as).main,
        users=locks.holders(paths.users_lock),
    )


def remove(*, data_directory: Path) -> None:
    """Stop the server of ``data_directory`` and delete its files; refused while a program uses it.

    Only what was made here is deleted, and then the directory itself if nothing else is in it.
    """
    paths, runs_as = places.layout(data_directory=data_directory), account.current()
    if not paths.directory.exists():
        return
    with locks.exclusive(paths.start_lock, timeout_seconds=LOCK_SECONDS):
        if not _stop_if_unused(paths, runs_as):
            raise EmbeddedServerError(
                f"The embedded PostgreSQL in {paths.directory} is in use by other programs "
                f"(processes {locks.names(paths.users_lock)}). "
                "End them, then try again."
            )
        host = Path(paths.address.host)
        for directory in (paths.server, host if places.is_ours(host, runs_as) else None):
            if directory is not None and directory.exists():
                shutil.rmtree(directory)
        for file in (paths.directory / "server", paths.server_lock, paths.users_lock, paths.start_lock):
            file.unlink(missing_ok=True)
    if not any(paths.directory.iterdir()):
        paths.directory.rmdir()


def _bring_up(paths: Layout, runs_as: Account, *, durable: bool) -> None:
    """Make sure that the cluster exists, its server answers and its databases are there."""
    places.prepare_server(paths, runs_as)
    places.prepare_socket(paths, runs_as)
    exists = cluster.exists(paths)
    if not exists:
        running.shut_down(paths, runs_as)  # one may still run on a directory deleted under it
    if not exists or not running.answers(paths, runs_as):
        programs = binaries.directory(runs_as)
        if not exists:
            cluster.create(paths, runs_as, programs, durable=durable)
        running.launch(paths, runs_as, programs, durable=durable)
    try:
        with running.connect(paths) as connection:
            cluster.create_databases(connection)
    except psycopg.Error as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL on {paths.data} runs, but its databases cannot be made: {error}\n"
            f"{running.log_tail(paths)}\nMend what it names, then try again."
        ) from error


def _leave(paths: Layout, runs_as: Account, users: int) -> None:
    """Give back this program's share of the server; stop it if that was the last one."""
    os.close(users)
    _stop_if_unused(paths, runs_as)


def _stop_if_unused(paths: Layout, runs_as: Account) -> bool:
    """Stop the server unless a program uses it (a forked child counts as well); say whether it is unused."""
    descriptor = locks.opened(paths.users_lock)
    try:
        unused = locks.try_exclusive(descriptor)
        if unused:
            running.shut_down(paths, runs_as)
    finally:
        os.close(descriptor)
    return unused
