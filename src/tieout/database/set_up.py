"""Reading set-up as its file format has it: some records in the order of their keys, or how many there are.

Each stage has a statement per entity (``set_up_<entity>.sql``) that knows its tables and whose a record is;
what all of them are asked is said here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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


def records(
    alias: str, statement: sql.Statement, *, actor: Actor, wanted: Wanted, locked: bool
) -> list[dict[str, Any]]:
    """Return the wanted records that the actor may see.

    ``locked``: nobody else changes them until the caller's transaction ends.
    """
    permit(actor, Verb.READ)
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
    return sql.rows(alias, statement, **{name: asked[name] for name in statement.parameters})


def counts(alias: str, statement: sql.Statement, *, actor: Actor) -> dict[str, int]:
    """Return how many records of each entity the actor may see, up to one more than ``COUNTED_MOST``."""
    permit(actor, Verb.READ)
    found = sql.rows(alias, statement, companies=_companies(actor), most=COUNTED_MOST + 1)
    return {row["entity"]: row["records"] for row in found}


def _companies(actor: Actor) -> list[str] | None:
    return None if actor.companies is None else sorted(actor.companies)
