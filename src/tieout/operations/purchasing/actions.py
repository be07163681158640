"""Entering subcontracts.

A record is known by its key. A new one is added, one with other content is changed (its version rises), an
equal one stays as it is: entering twice is entering once.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import Verdict
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.purchasing.rules import NEXT

_ENTER: Final = {
    name.removeprefix("enter_"): sql.load("tieout.operations.purchasing", name)
    for name in ("enter_subcontract",)
}
_CHANGES: Final = json.dumps({status: sorted(following) for status, following in NEXT.items()})


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to.
    Refused: a status that may not follow the stored one (LOAD-352); another vendor, company or currency of
    a subcontract that is no draft (LOAD-353).
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    wait_in_transaction(OPERATIONS, "purchasing", entity)  # of two loads at once, one sees the other's
    found = sql.rows(OPERATIONS, _ENTER[entity], records=records, changes=_CHANGES)
    return [Verdict.from_row(row) for row in found]
