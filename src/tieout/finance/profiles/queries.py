"""Which project groups, profiles and rules are set up, by their keys."""

from __future__ import annotations

from typing import Any, Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp

_PACKAGE: Final = "tieout.finance.profiles"
_KNOWN: Final = {
    "project_group": sql.load(_PACKAGE, "known_project_group"),
    "project_profile": sql.load(_PACKAGE, "known_project_profile"),
}
SET_UP: Final = SetUp.of_stage(
    FINANCE,
    _PACKAGE,
    (
        "set_up_project_group",
        "set_up_project_group_member",
        "set_up_project_profile",
        "set_up_profile_rule",
    ),
)
"""The set-up that is mastered here."""


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, company.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(FINANCE, _KNOWN[entity], keys=keys)
