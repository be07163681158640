"""Entering project groups, project cost and revenue profiles, and the rules that choose them.

A record is known by its key. A new one is added, one with other content is changed, an equal one stays as it
is: entering twice is entering once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.landing import Verdict
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.finance.profiles"
_STATEMENTS: Final = (
    "enter_project_group",
    "enter_project_group_member",
    "enter_project_profile",
    "enter_profile_rule",
)
_ENTER: Final = {name.removeprefix("enter_"): sql.load(_PACKAGE, name) for name in _STATEMENTS}
ENTITIES: Final = tuple(_ENTER)


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to. A changed
    profile or group counts for what is posted from then on; what is posted stays as it is.
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[FINANCE].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    return [Verdict.from_row(row) for row in sql.rows(FINANCE, _ENTER[entity], records=records)]
