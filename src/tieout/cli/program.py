"""What the command line needs from above, and the state of one call."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

import typer

from tieout.kernel.access import Actor, Role
from tieout.kernel.problems import Problem, ProblemText


class ExitCode(IntEnum):
    """What a script learns from a call."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    REJECTED = 3
    UNEXPECTED = 70
    INTERRUPTED = 130


class Finding(Protocol):
    """One question about the configuration and its answer."""

    @property
    def question(self) -> str: ...  # noqa: D102  as the class says
    @property
    def said(self) -> str: ...  # noqa: D102
    @property
    def problem(self) -> ProblemText | None: ...  # noqa: D102
    @property
    def is_ok(self) -> bool: ...  # noqa: D102


class Program(Protocol):
    """The program as a whole; handed in from above, because a door knows no settings."""

    @property
    def application(self) -> str:
        """The web application, as ``module:name``."""

    @property
    def data_directory(self) -> Path:
        """Where the program keeps what is its own."""

    def start(self) -> None:
        """Make the three databases usable."""

    def migrate(self) -> None:
        """Create or upgrade the three databases."""

    def require_tables(self) -> None:
        """Raise the problem of a database that cannot be reached or lacks migrations."""

    def examine(self) -> Iterable[Finding]:
        """Yield what is right and wrong with the configuration."""

    def explain(self, error: Exception) -> Problem | None:
        """Return the problem behind an error that a user can mend, or None."""


# Whoever may run this program on this machine can open its databases: they stand for the people who work
# here and for the program itself. What needs two people (submit, approve) is still told apart by name.
OPERATOR_ROLES: Final = frozenset({Role.SYSTEM, Role.ADMINISTRATOR, Role.INTEGRATOR, Role.PROJECT_ACCOUNTANT})


@dataclass
class Call:
    """One call of the command line."""

    program: Program
    as_user: str = ""
    started: bool = field(default=False, init=False)

    def start(self) -> None:
        """Start the program, once."""
        if not self.started:
            self.program.start()
            self.started = True

    @cached_property
    def actor(self) -> Actor:
        """Who acts: a user of the workspace (``--as``), or the operator of this machine by their log-in."""
        self.start()
        if self.as_user:
            from tieout.workspace.actors import actor_named  # noqa: PLC0415  Django is set up first

            return actor_named(self.as_user)
        return Actor(name=_login_name(), roles=OPERATOR_ROLES, companies=None)


def call_of(context: typer.Context) -> Call:
    """Return the call that a command belongs to."""
    found = context.find_object(Call)
    if found is None:
        raise RuntimeError("the command line was not started by tieout.cli.main.main")
    return found


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no entry for this number, as in some containers
        return "operator"
