"""PostgreSQL's own data directory: made once, whole or not at all, with its three databases."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from tieout.database.aliases import ALIASES
from tieout.database.embedded import binaries, locks
from tieout.database.embedded.account import Account
from tieout.database.embedded.errors import EmbeddedServerError
from tieout.database.embedded.places import USER, Layout, give

UNFINISHED = ".new-"
CREATING = 0x7469656F7574
"""Advisory lock of who makes the databases."""


def exists(paths: Layout) -> bool:
    """Say whether the cluster is there; one made by another version of PostgreSQL is refused."""
    try:
        version = (paths.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return False
    if version != str(binaries.MAJOR_VERSION):
        raise EmbeddedServerError(
            f"The data in {paths.data} was written by PostgreSQL {version}; this version of tieout brings "
            f"PostgreSQL {binaries.MAJOR_VERSION}. Move it with pg_dump of version {version} and pg_restore, "
            "or set TIEOUT_DATA_DIRECTORY to a new directory."
        )
    return True


def create(paths: Layout, account: Account, programs: Path, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there when it is whole."""
    for left in paths.server.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left)
    new = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=paths.server))
    give(new, account)
    command = [
        *(programs / "initdb", "--pgdata", new, "--username", USER, "--auth", "peer"),
        *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
        *("--no-instructions", *(() if durable else ("--no-sync",))),
    ]
    lock = locks.alone(paths.server_lock)
    try:
        result = account.run(command, inherited=[lock])  # who comes after a killed program waits for initdb
    finally:
        os.close(lock)
    if result.returncode != 0:
        said = result.stdout.decode(errors="replace").strip()
        raise EmbeddedServerError(
            f"The embedded PostgreSQL's data directory {paths.data} could not be made; initdb said:\n{said}\n"
            "Mend what it names (often a full disk), then try again."
        )
    new.rename(paths.data)


def create_databases(connection: psycopg.Connection) -> None:
    """Make those of the three databases that are not there.

    The server may still be making one for a program that was killed: the lock waits for that session's end.
    """
    connection.execute("select pg_advisory_lock(%s)", [CREATING])
    present = {name for (name,) in connection.execute("select datname from pg_database")}
    for name in ALIASES:
        if name not in present:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
