"""As whom the server runs, and who may connect to it.

PostgreSQL refuses to run as root; then it runs as ``nobody``, and only root may connect. Everybody else
runs it as himself, and only he may connect.
"""

import os
import pwd
import subprocess
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tieout.database.embedded.errors import EmbeddedServerError


@dataclass(frozen=True, kw_only=True)
class Account:
    """The operating system's user who owns the server's processes and data."""

    uid: int
    gid: int
    client: str
    """Name of the user whose programs may connect: the one who runs this program."""
    switched: bool
    """Whether programs must be started under another user than this program's."""

    def run(
        self,
        command: Sequence[str | Path],
        *,
        output: IO[bytes] | int = subprocess.PIPE,
        inherited: Collection[int] = (),
    ) -> subprocess.CompletedProcess[bytes]:
        """Run ``command`` under this account to its end, away from this program's terminal and directory."""
        return subprocess.run(  # noqa: S603 - our own programs, as a list, no shell expands it
            [str(part) for part in command],
            user=self.uid if self.switched else None,
            group=self.gid if self.switched else None,
            extra_groups=[] if self.switched else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(inherited),
            start_new_session=True,
            check=False,
        )

    def can_enter(self, directory: Path) -> bool:
        """Say whether this account can enter ``directory``: tried, since modes do not tell all."""
        if not self.switched:
            return os.access(directory, os.X_OK)
        return self.run(["/bin/sh", "-c", 'cd -P -- "$1"', "sh", directory]).returncode == 0


def current() -> Account:
    """Return the account for this program's user; a user without a name is refused, PostgreSQL needs one."""
    uid = os.geteuid()
    client = _named(uid)
    if uid != 0:
        return Account(uid=uid, gid=os.getegid(), client=client.pw_name, switched=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedServerError(
            "The embedded PostgreSQL does not run as root, and this machine has no user 'nobody' to run it. "
            "Run tieout as an ordinary user, or set the three TIEOUT_*_DATABASE_URL to a server of yours."
        ) from error
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid, client=client.pw_name, switched=True)


def _named(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError as error:
        raise EmbeddedServerError(
            f"The user with number {uid} has no name on this machine, and PostgreSQL needs one. "
            "Add the user to /etc/passwd, or set the three TIEOUT_*_DATABASE_URL to a server of yours."
        ) from error
