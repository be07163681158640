"""Which subcontracts and vendors are set up, by their keys."""

from __future__ import annotations

from typing import Any, Final

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import SetUp

_PACKAGE: Final = "tieout.operations.purchasing"
_KNOWN: Final = {
    name.removeprefix("known_"): sql.load(_PACKAGE, name) for name in ("known_subcontract", "known_vendor")
}
SET_UP: Final = SetUp.of_stage(OPERATIONS, _PACKAGE, ("set_up_subcontract",))
"""The set-up that is mastered here."""


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)
