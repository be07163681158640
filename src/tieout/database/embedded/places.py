"""Where everything lies, and that nobody else can have put it there.

``data directory``/``server``/``data`` is PostgreSQL's own directory; beside it lie the configuration files.
As root the server's account must be able to reach it. Where it cannot (``/root``, a private temporary
directory), ``server`` is a link to a new directory under ``SHARED_DIRECTORY``: permissions of directories
that exist are never changed.

The socket's directory depends on nothing but the user and the data directory (a socket's path is limited to
about 100 bytes, and may not depend on the session's environment, or two programs would not meet).
"""

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from tieout.database.embedded.account import Account
from tieout.database.embedded.errors import EmbeddedServerError

USER = "tieout"
PORT = 5432
"""Part of the socket's name; nothing listens on a network port."""

ROOT_DATA_DIRECTORY = Path("/var/lib/tieout")
SHARED_DIRECTORY = Path("/var/lib/tieout-server")
"""Root's place for what the server must reach: programs, and data directories it could not enter."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """How to connect to the server; ``host`` is the directory of its socket."""

    host: str
    port: int
    user: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The paths of one embedded server."""

    directory: Path
    address: Address
    cluster: str
    """Name of this server among the machine's processes."""

    @property
    def start_lock(self) -> Path:
        """Held alone by who starts or stops the server."""
        return self.directory / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by the programs that use the server."""
        return self.directory / "users.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the server itself, as long as one of its processes lives."""
        return self.directory / "server.lock"

    @property
    def server(self) -> Path:
        """The server's files; links resolved."""
        return Path(os.path.realpath(self.directory / "server"))

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.server / "data"

    @property
    def startup_log(self) -> Path:
        """What the server says before it opens its own log."""
        return self.server / "startup.log"

    @property
    def logs(self) -> Path:
        """The server's own logs, one per day of the week."""
        return self.data / "log"


def default_data_directory() -> Path:
    """Return ``TIEOUT_DATA_DIRECTORY``, or the user's data directory for tieout (root: /var/lib/tieout)."""
    if given := os.environ.get("TIEOUT_DATA_DIRECTORY"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return ROOT_DATA_DIRECTORY
    return platformdirs.user_data_path("tieout", appauthor=False)


def layout(*, data_directory: Path) -> Layout:
    """Return the paths of the server of ``data_directory``; nothing is made."""
    directory = Path(os.path.realpath(data_directory.expanduser()))
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    uid = os.geteuid()
    # /var/run belongs to root: nobody else can lie in wait there; an ordinary user has only /tmp for sure
    host = f"/var/run/tieout-{digest}" if uid == 0 else f"/tmp/tieout-{uid}-{digest}"  # noqa: S108 - verified
    return Layout(
        directory=directory,
        address=Address(host=host, port=PORT, user=USER),
        cluster=f"tieout-{digest}",
    )


def address(*, data_directory: Path) -> Address:
    """Return where the server of ``data_directory`` listens, whether it runs or not, for this user."""
    return layout(data_directory=data_directory).address


def prepare_directory(paths: Layout, account: Account) -> None:
    """Make the data directory if it is not there, and refuse one that belongs to somebody else."""
    directory = paths.directory
    try:
        if not directory.is_dir():
            directory.parent.mkdir(parents=True, exist_ok=True)
            _make(directory, account)
        owner = directory.stat().st_uid
    except OSError as error:
        raise EmbeddedServerError(
            f"The data directory {directory} cannot be made or read: {error.strerror}. "
            "Set TIEOUT_DATA_DIRECTORY to a directory that you may write."
        ) from error
    if owner != os.geteuid():
        raise EmbeddedServerError(
            f"The data directory {directory} belongs to the user with number {owner}, not to you. "
            "Run tieout as that user, or set TIEOUT_DATA_DIRECTORY to a directory of yours."
        )


def prepare_server(paths: Layout, account: Account) -> None:
    """Make the directory of the server's files where the server's account can reach it."""
    link = paths.directory / "server"
    if not link.exists():
        link.unlink(missing_ok=True)  # a link to nothing
        if account.can_enter(paths.directory):
            _make(link, account)
        else:
            away = Path(tempfile.mkdtemp(prefix=f"{paths.cluster}-", dir=make_shared("clusters")))
            away.chmod(_mode(account))
            (away / "belongs-to").write_text(
                f"{paths.directory}\n", encoding="utf-8", errors="surrogateescape"
            )
            link.symlink_to(away)
    if not account.can_enter(paths.server):
        raise EmbeddedServerError(
            f"The server runs as user number {account.uid}, who cannot enter {paths.server}. "
            "Let others pass through that path (chmod o+x), or set TIEOUT_DATA_DIRECTORY to another one."
        )


def prepare_socket(paths: Layout, account: Account) -> None:
    """Make the socket's directory, private to the server's account; never use one made by somebody else."""
    host = Path(paths.address.host)
    try:
        with suppress(FileExistsError):
            host.mkdir(mode=0o700)
        if not is_ours(host, account):
            raise EmbeddedServerError(
                f"{host}, where the embedded PostgreSQL would have its socket, was made by somebody else. "
                "Have it removed, or set TIEOUT_DATA_DIRECTORY to another directory."
            )
        descriptor = os.open(host, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.fchmod(descriptor, 0o700)
            give(descriptor, account)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise EmbeddedServerError(
            f"The socket's directory {host} cannot be made: {error.strerror}."
        ) from error


def is_ours(host: Path, account: Account) -> bool:
    """Say whether a socket's directory is a real one and was made by us; only then is its server ours."""
    try:
        found = host.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid in {os.geteuid(), account.uid}


def give(target: int | Path, account: Account) -> None:
    """Make the server's account the owner of a file or directory of ours."""
    if account.switched:
        os.chown(target, account.uid, account.gid)


def make_shared(name: str) -> Path:
    """Return root's directory ``name`` for what the server's account must reach; anybody may pass through."""
    directory = SHARED_DIRECTORY / name
    for each in (SHARED_DIRECTORY, directory):
        with suppress(FileExistsError):
            each.mkdir(parents=True)
            each.chmod(0o711)
    return directory


def _mode(account: Account) -> int:
    """Return the mode of our directories: private, but the server's account must pass through root's."""
    return 0o711 if account.switched else 0o700


def _make(directory: Path, account: Account) -> None:
    """Make a directory with its mode in one step, so that no other program meets it half made."""
    new = Path(tempfile.mkdtemp(prefix=".tieout-", dir=directory.parent))
    try:
        new.chmod(_mode(account))
        new.rename(directory)
    except OSError:
        new.rmdir()
        if not directory.is_dir():  # else another program was faster
            raise
