"""Who somebody is now, by name: an approval set is processed as who asked for it, whoever runs the job.

The users are the workspace's, which stands above the jobs. It hands down how to find one, when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from tieout.kernel.access import Actor


class _Users:
    """How a user is found; replaced by :func:`use_users`."""

    find: ClassVar[Callable[[str], Actor] | None] = None


def use_users(find: Callable[[str], Actor]) -> None:
    """Make ``find`` what answers who a user is: it raises the problem of a name that is nobody's."""
    _Users.find = staticmethod(find)


def approver(name: str) -> Actor:
    """Return who the active user of this name is now, with roles and companies."""
    if _Users.find is None:
        raise RuntimeError("nobody has said who the users are: tieout.workspace is not installed")
    return _Users.find(name)
