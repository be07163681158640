"""Reading set-up as its file format has it: some records in the order of their keys, or how many there are.

Each stage has a statement per entity (``set_up_<entity>.sql``) that knows its tables and whose a record is;
what all of them are asked is said here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tieout.database import sql
from tieout.kernel.access import Actor, Verb, permit

COUNTED_MOST: Final = 10_000
"""Records are counted up to here; a count beyond it is one more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: parts of their key or how parts of it begin, and the key after which to go on.

    All are texts by field; a blank text is a part of the key that is blank.
    """

    key: Mapping[str, str] = field(default_factory=dict)
    prefix: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] | None = None
    limit: int = 2


@dataclass(frozen=True, slots=True)
class SetUp:
    """The set-up that one stage masters: its entities in order, and the statements that read them."""

    alias: str
    statements: Mapping[str, sql.Statement]
    counting: sql.Statement

    @classmethod
    def of_stage(cls, alias: str, package: str, names: Sequence[str]) -> SetUp:
        """Return the set-up whose statements (``set_up_<entity>``) stand in a stage's package."""
        statements = {name.removeprefix("set_up_"): sql.load(package, name) for name in names}
        return cls(alias, statements, sql.load(package, "set_up_counts"))

    def records(
        self, *, actor: Actor, entity: str, wanted: Wanted, locked: bool = False
    ) -> list[dict[str, Any]]:
        """Return the wanted records of an entity that the actor may see, with the fields of its file format.

        ``locked``: nobody else changes them until the caller's transaction ends.
        """
        permit(actor, Verb.READ)
        statement = self.statements[entity]
        if locked:
            statement = replace(statement, text=f"{statement.text}\nfor update of t")
        asked = {
            "companies": _companies(actor),
            "key": json.dumps(dict(wanted.key)),
            "prefix": json.dumps(dict(wanted.prefix)),
            "after": None if wanted.after is None else json.dumps(dict(wanted.after)),
            "row_limit": wanted.limit,
        }
        # What no company owns is not asked by company.
        return sql.rows(self.alias, statement, **{name: asked[name] for name in statement.parameters})

    def counts(self, *, actor: Actor) -> dict[str, int]:
        """Return how many records of each entity the actor may see, up to one more than ``COUNTED_MOST``."""
        permit(actor, Verb.READ)
        found = sql.rows(self.alias, self.counting, companies=_companies(actor), most=COUNTED_MOST + 1)
        return {row["entity"]: row["records"] for row in found}


def _companies(actor: Actor) -> list[str] | None:
    return None if actor.companies is None else sorted(actor.companies)
