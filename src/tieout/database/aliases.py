"""The names of the three databases (DESIGN D1). There is no default: an unrouted use must fail."""

from __future__ import annotations

from typing import Final

OPERATIONS: Final = "operations"
FINANCE: Final = "finance"
RECONCILIATION: Final = "reconciliation"

ALIASES: Final = (OPERATIONS, FINANCE, RECONCILIATION)
SIDES: Final = (OPERATIONS, FINANCE)

# Which databases hold the tables of which Django app. An app that is missing here is refused by the router.
DATABASES_OF_APP: Final[dict[str, tuple[str, ...]]] = {
    "operations": (OPERATIONS,),
    "finance": (FINANCE,),
    "outbox": SIDES,
    "problems": ALIASES,
    "reconciliation": (RECONCILIATION,),
    "jobs": (RECONCILIATION,),
    "workspace": (RECONCILIATION,),
    "auth": (RECONCILIATION,),
    "contenttypes": (RECONCILIATION,),
    "sessions": (RECONCILIATION,),
    "axes": (RECONCILIATION,),
    "procrastinate": (RECONCILIATION,),
}
