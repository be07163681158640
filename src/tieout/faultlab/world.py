"""The small world: its set-up is loaded once, and brought back for each seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row

from tieout.database import sql
from tieout.database.aliases import ALIASES
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.faultlab import sessions
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import load_set_up
from tieout.reconciliation.collectors.actions import collect

_PACKAGE: Final = "tieout.faultlab"
_SWEEP_AFTER: Final = 40  # seeds


def _actor(name: str, *roles: Role) -> Actor:
    return Actor(name=name, roles=frozenset(roles), companies=None)


# Duties are kept apart here too (DESIGN section 8): who enters time does not approve it.
INTEGRATOR: Final = _actor("ines.integrator", Role.INTEGRATOR, Role.ADMINISTRATOR)
ACCOUNTANT: Final = _actor("anna.accountant", Role.PROJECT_ACCOUNTANT)
CLERK: Final = _actor("abel.clerk", Role.AP_CLERK)
RESOURCE: Final = _actor("rhea.resource", Role.RESOURCE)
MANAGER: Final = _actor("maja.manager", Role.PROJECT_MANAGER)
SYSTEM: Final = _actor("system", Role.SYSTEM)

Owners = dict[str, psycopg.Connection[tuple[Any, ...]]]


class World:
    """The loaded set-up, and the owner's connections that no verb uses."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners
        self.met: Counter[str] = Counter()  # causes that reconciliation had to name, and named
        self._used = 0

    def bring_back(self) -> None:
        """Make all tables what they were when the set-up was loaded."""
        for owner in self.owners.values():
            owner.execute(sql.load(_PACKAGE, "bring_back").text.encode())
        self._used += 1
        if self._used % _SWEEP_AFTER == 0:
            for owner in self.owners.values():
                for (statement,) in owner.execute(sql.load(_PACKAGE, "sweep").text.encode()).fetchall():
                    owner.execute(statement.encode())

    def read(self, alias: str, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a statement of the laboratory; the server plans it once, not at each look."""
        with self.owners[alias].cursor(row_factory=dict_row) as cursor:
            cursor.execute(sql.load(_PACKAGE, name).text.encode(), parameters, prepare=True)
            return cursor.fetchall()

    def as_owner(self, alias: str, name: str, **parameters: Any) -> None:
        """Run a statement of the laboratory as the owner of the tables: no guard of the program holds."""
        with self.owners[alias].transaction():
            self.owners[alias].execute(b"set local session_replication_role = replica")
            self.owners[alias].execute(sql.load(_PACKAGE, name).text.encode(), parameters)


@contextmanager
def prepared() -> Iterator[World]:
    """Load the set-up into empty, migrated databases and keep it; afterwards they hold nothing else."""
    with as_file(files(_PACKAGE) / "firm") as folder:
        for loaded in load_set_up(actor=INTEGRATOR, folder=folder):
            if loaded.codes:
                raise RuntimeError(f"the laboratory's {loaded.entity} cannot be loaded: {dict(loaded.codes)}")
    deliver_all(actor=SYSTEM)
    collect(actor=SYSTEM)
    with ExitStack() as stack:
        owners = {alias: stack.enter_context(sessions.owner(alias)) for alias in ALIASES}
        for owner in owners.values():
            owner.execute(sql.load(_PACKAGE, "keep_world").text.encode())
            owner.execute(sql.load(_PACKAGE, "make_rules").text.encode())
            stack.callback(owner.execute, sql.load(_PACKAGE, "forget_world").text.encode())
        world = World(owners)
        stack.callback(world.bring_back)
        stack.callback(sessions.administrator_leaves)
        yield world
