"""The program as a whole: what the command line is handed, and where ``tieout`` begins.

The command line is a door and stands below; it cannot know settings or servers. So this module, which may
know all, gives it what it needs (:class:`tieout.cli.program.Program`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tieout.config import bootstrap
from tieout.config.databases import DatabaseUrlError
from tieout.config.problems import (
    AddressMissing,
    EmbeddedServerUnusable,
    UnreadableAddress,
)
from tieout.database import embedded
from tieout.kernel.problems import Problem
from tieout.problems import catalogue as _words  # noqa: F401  the words of every problem
from tieout.problems.rules import DatabaseUnreachable

if TYPE_CHECKING:
    from tieout.config.health import Finding


class TieoutProgram:
    """What ``tieout`` is made of, for its command line."""

    application = "tieout.config.wsgi:application"

    @property
    def data_directory(self) -> Path:
        """Where the program keeps what is its own."""
        return embedded.default_data_directory()

    def start(self) -> None:
        """Make the three databases usable; raise the problem that stands in the way."""
        try:
            bootstrap.start()
        except (DatabaseUrlError, embedded.EmbeddedServerError) as error:
            raise self.explain(error) or error from error

    def migrate(self) -> None:
        """Create or upgrade the three databases."""
        from tieout.config.migrate import migrate  # noqa: PLC0415  Django is set up first

        migrate()

    def examine(self) -> Iterator[Finding]:
        """Yield what is right and wrong with the configuration, one finding per question."""
        try:
            bootstrap.start()
        except (DatabaseUrlError, embedded.EmbeddedServerError) as error:
            yield from self._stopped_at(error)
            return
        from tieout.config import health  # noqa: PLC0415  Django is set up first

        yield health.Finding("databases: addresses", self._addresses())
        found = list(health.databases())
        yield from found
        if all(finding.is_ok for finding in found):
            yield from health.runs()
            yield from health.set_up()

    def require_tables(self) -> None:
        """Raise the problem of a database that cannot be reached or lacks migrations."""
        if problem := self._stale_tables():
            raise problem

    def explain(self, error: Exception) -> Problem | None:
        """Return the problem behind an error that a user can mend, or None."""
        from django.db import DatabaseError, OperationalError  # noqa: PLC0415  only where something went wrong

        match error:
            case DatabaseUrlError() if not os.environ.get(error.variable):
                return AddressMissing(variable=error.variable)
            case DatabaseUrlError():
                return UnreadableAddress(variable=error.variable, reason=error.reason)
            case embedded.EmbeddedServerError():
                return EmbeddedServerUnusable(reason=str(error))
            case OperationalError():
                reason = str(error).strip().partition("\n")[0]
                return DatabaseUnreachable(database="of the program", reason=reason)
            case DatabaseError():
                return self._stale_tables()
        return None

    def _stale_tables(self) -> Problem | None:
        """Return the first database that cannot be reached or is older than the program."""
        from tieout.config import health  # noqa: PLC0415  Django is set up first

        return next(iter(health.stale_tables()), None)

    def _stopped_at(self, error: Exception) -> Iterable[Finding]:
        from tieout.config.health import Finding  # noqa: PLC0415  Django may not be set up

        problem = self.explain(error)
        yield Finding("databases: addresses", problem=problem.text if problem else None)

    def _addresses(self) -> str:
        given = os.environ.get("TIEOUT_FINANCE_DATABASE_URL")
        return "three given databases" if given else f"embedded server in {self.data_directory}"


def run() -> None:
    """Start the command line; never returns."""
    from tieout.cli.main import main  # noqa: PLC0415  importing it needs no Django

    command: Callable[..., int] = main
    raise SystemExit(command(TieoutProgram()))


if __name__ == "__main__":
    run()
