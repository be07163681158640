"""What a record refers to, and whether it is set up: asked per distinct value, never per row.

One table, ``references.csv``, says which fields of an entity name which other entity, on which side it is
looked up, and which problem it is when nothing answers; its order is the order in which problems are told.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, TypeAlias

from tieout.finance.dimensions import queries as dimensions
from tieout.finance.ledgers import queries as ledgers
from tieout.finance.profiles import queries as profiles
from tieout.finance.taxes import queries as taxes
from tieout.kernel.tables import Table, load_table
from tieout.loading.formats import FORMATS, Side
from tieout.loading.values import Value
from tieout.operations.entries import queries as entries
from tieout.operations.organization import queries as organization
from tieout.operations.pricing import queries as pricing
from tieout.operations.purchasing import queries as purchasing
from tieout.operations.quoting import queries as quoting

Key: TypeAlias = tuple[Value, ...]
Attributes: TypeAlias = Mapping[str, Any]

KEYS_MAX: Final = 20_000
"""Keys of one question."""


@dataclass(frozen=True, slots=True)
class _Row:
    entity: str
    fields: str
    side: Side
    target: str
    code: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Fields of an entity that together name a record of ``target``; messages name the last."""

    fields: tuple[str, ...]
    side: Side
    target: str
    code: str

    @property
    def field(self) -> str:
        """The field that a message names; where it is blank, nothing is referred to."""
        return self.fields[-1]


def _load() -> dict[str, tuple[Reference, ...]]:
    rows: Table[_Row] = load_table(files(__package__ or "") / "references.csv", _Row, key=(), several=[()])
    found: dict[str, tuple[Reference, ...]] = {}
    for row in rows:
        reference = Reference(tuple(row.fields.split("|")), row.side, row.target, row.code)
        found[row.entity] = (*found.get(row.entity, ()), reference)
    return found


REFERENCES: Final = _load()
"""The references of each entity that has some, in order of precedence."""

_ASK: Final[dict[Side, Callable[..., list[dict[str, Any]]]]] = {
    Side.FINANCE: ledgers.known,
    Side.OPERATIONS: organization.known,
}
_ASK_OF: Final[dict[tuple[Side, str], Callable[..., list[dict[str, Any]]]]] = {
    (Side.FINANCE, "project_group"): profiles.known,
    (Side.FINANCE, "project_profile"): profiles.known,
    (Side.FINANCE, "dimension"): dimensions.known,
    (Side.FINANCE, "dimension_value"): dimensions.known,
    (Side.FINANCE, "sales_tax_code"): taxes.known,
    (Side.FINANCE, "sales_tax_group"): taxes.known,
} | {
    (Side.OPERATIONS, target): known
    for targets, known in (
        (("price_list", "unit", "product", "pricing_dimension"), pricing.known),
        (("quote",), quoting.known),
        (("subcontract", "vendor"), purchasing.known),
        (("custom_field",), entries.known),
    )
    for target in targets
}
"""Which stage knows a record, where it is not the first of its side; vendors are mirrored from finance."""


@dataclass(frozen=True, slots=True)
class Known:
    """The records of one entity found so far, by key: attributes, identifier, and company if any."""

    attributes: dict[Key, Attributes]
    identifiers: dict[Key, str]
    companies: dict[Key, str]

    def add(self, key: Key, attributes: Attributes) -> None:
        """Take note of one record."""
        if "id" in attributes:
            self.identifiers[key] = str(attributes["id"])
        if attributes.get("company"):
            self.companies[key] = attributes["company"]
        self.attributes[key] = attributes


class Directory:
    """What is set up, as far as one load has asked; what was not known is asked again with the next chunk.

    In a trial run nothing is delivered, so what only its master side knows counts as known. The thread
    that reads ahead asks too, on connections of its own: records are only ever added, and nobody walks
    over them.
    """

    def __init__(self, *, trial: bool = False) -> None:
        self._trial = trial
        self._known: defaultdict[tuple[Side, str], Known] = defaultdict(lambda: Known({}, {}, {}))

    def known(self, side: Side, target: str) -> Known:
        """Return the records of one entity that were found so far."""
        return self._known[side, target]

    def find(self, side: Side, target: str, keys: Iterable[Key]) -> set[Key]:
        """Look up what is not known yet; return the keys that nothing answers."""
        known = self.known(side, target)
        wanted = [key for key in set(keys) if key not in known.attributes]
        ask = _ASK_OF.get((side, target), _ASK[side])
        for start in range(0, len(wanted), KEYS_MAX):
            asked = wanted[start : start + KEYS_MAX]
            for row in ask(entity=target, keys=_as_json(asked)):
                known.add(asked[row.pop("place")], row)
        missing = {key for key in wanted if key not in known.attributes}
        if missing and self._trial and target in FORMATS and FORMATS[target].side is not side:
            master = FORMATS[target].side
            unknown = self.find(master, target, missing)
            for key in missing - unknown:
                known.add(key, self.known(master, target).attributes[key])
            return unknown
        return missing


def _as_json(keys: list[Key]) -> str:
    return json.dumps(
        [
            {"place": place, **{f"k{number}": str(part) for number, part in enumerate(key, 1)}}
            for place, key in enumerate(keys)
        ]
    )
