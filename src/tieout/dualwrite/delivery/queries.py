"""What the other side refused, and waits parked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.dualwrite.maps.rules import Side
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import ProblemText, render

_PARKED: Final = sql.load("tieout.dualwrite.delivery", "parked")


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """One record that the other side refused: why, how often, and when it is tried again by itself.

    ``next_try_at`` None: not before the record changes or Sync asks for it.
    """

    map: str
    key: UUID
    company: str
    name: str
    kind: str
    attempts: int
    parked_at: datetime
    tried_at: datetime
    next_try_at: datetime | None
    text: ProblemText


def parked(*, actor: Actor, map: str = "", limit: int = 100) -> list[ParkedRecord]:  # noqa: A002  the field's word
    """Return the records that wait parked, of one map or all, in companies that the actor may see.

    A record of no company is seen by who may see all.
    """
    permit(actor, Verb.READ)
    companies = None if actor.companies is None else sorted(actor.companies)
    found = [
        ParkedRecord(
            map=row["map"],
            key=row["key"],
            company=row["company_code"],
            name=row["record_name"],
            kind=row["kind"],
            attempts=row["attempts"],
            parked_at=row["parked_at"],
            tried_at=row["tried_at"],
            next_try_at=row["next_try_at"],
            text=render(row["code"], json.loads(row["details"])),
        )
        for side in Side
        for row in sql.rows(side, _PARKED, map=map, companies=companies, row_limit=limit)
    ]
    return sorted(found, key=lambda one: one.parked_at)[:limit]
