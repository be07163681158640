"""What can be wrong with the configuration; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class UnreadableAddress(Problem):
    """A ``TIEOUT_*_DATABASE_URL`` is not a database address."""

    code = "CFG-101"
    variable: str
    reason: str


class ServerTooOld(Problem):
    """A server is older than the statements of the program need."""

    code = "CFG-102"
    database: str
    version: str
    required: str


class RoleUnusable(Problem):
    """The program's role is missing, lacks a right, or may change what is never changed."""

    code = "CFG-103"
    database: str
    role: str
    reason: str


class TablesTooOld(Problem):
    """Migrations have not been applied."""

    code = "CFG-104"
    database: str
    count: int


class TablesOfOtherBuild(Problem):
    """The tables were made by another build before the first release; ``missing`` is what the server said."""

    code = "CFG-109"
    missing: str


class AddressMissing(Problem):
    """Some of the three databases are given, and some are not."""

    code = "CFG-106"
    variable: str


class EncodingUnusable(Problem):
    """A database does not keep every character."""

    code = "CFG-107"
    database: str
    encoding: str


class EmbeddedServerUnusable(Problem):
    """The server that the program brings cannot be had on this machine."""

    code = "CFG-108"
    reason: str
