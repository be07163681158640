"""What can be wrong with a user; the words stand in the catalogue of problems."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class UnknownUser(Problem):
    """There is no active user of that name."""

    code = "ACCESS-104"
    user: str


class UserExists(Problem):
    """A user of that name exists already."""

    code = "ACCESS-105"
    user: str


class UnknownRole(Problem):
    """A role does not stand in the table of roles."""

    code = "ACCESS-106"
    role: str
    roles: tuple[str, ...]


class UserNameUnusable(Problem):
    """A user name has characters that a name cannot have, or none."""

    code = "ACCESS-107"
    user: str
