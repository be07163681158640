"""Projects as doors show them; and which records of this stage are set up, by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit

PAGE: Final = 200

_PACKAGE: Final = "tieout.operations.organization"
_PROJECTS: Final = sql.load(_PACKAGE, "projects")
_KNOWN: Final = {
    name.removeprefix("known_"): sql.load(_PACKAGE, name)
    for name in (
        "known_company",
        "known_currency",
        "known_organizational_unit",
        "known_role",
        "known_resource",
        "known_category",
        "known_customer",
        "known_contract",
        "known_contract_line",
        "known_project",
    )
}


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project; ``situation`` is its column of the decision table, or ``closed``."""

    id: UUID
    number: str
    name: str
    unit_code: str
    stage: str
    situation: str
    contract_number: str | None
    currency_code: str | None


def projects(*, actor: Actor, company: str, after: str = "") -> list[ProjectRow]:
    """Return the next ``PAGE`` projects of ``company`` after number ``after``, in order of their number."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _PROJECTS, company=company, after=after, row_limit=PAGE)
    return [ProjectRow(**row) for row in found]


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)
