"""The canonical formats: which fields each entity has, of which type, and which of them are its key.

One table, ``formats.csv``, is what the reader obeys, what a mapping profile is checked against and what the
reference page shows. A default that begins with ``=`` names another field of the row whose value is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tieout.kernel.tables import Table, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHOICE: Final = "choice:"


class Kind(StrEnum):
    """What the cells of a field are."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    DECIMAL = "decimal"
    AMOUNT = "amount"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CURRENCY = "currency"
    CHOICE = "choice"


class Side(StrEnum):
    """Which side is the master of an entity."""

    FINANCE = "finance"
    OPERATIONS = "operations"


class Area(StrEnum):
    """What an entity is about."""

    LEDGER = "ledger"
    ORGANIZATION = "organization"
    CONTRACTS = "contracts"
    QUOTES = "quotes"
    PURCHASING = "purchasing"
    PRICING = "pricing"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class _FieldRow:
    entity: str
    field: str
    type: str
    length: int | None
    required: bool
    key: bool
    default: str | None
    control: bool
    description: str


@dataclass(frozen=True, slots=True)
class _EntityRow:
    entity: str
    title: str
    side: Side
    area: Area
    together: str | None
    one_row: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a canonical format. ``length`` counts characters (text) or digits (integer)."""

    name: str
    kind: Kind
    choices: tuple[str, ...]
    length: int | None
    required: bool
    key: bool
    default: str | None
    control: bool
    description: str

    @property
    def default_field(self) -> str | None:
        """Return the field whose value stands in for a blank one, if the default is a field."""
        return self.default[1:] if self.default and self.default.startswith("=") else None

    @property
    def default_text(self) -> str | None:
        """Return the value that stands in for a blank one, if the default is a value."""
        return None if self.default_field else self.default


@dataclass(frozen=True)
class Format:
    """The canonical format of one entity; ``one_row`` says what a row of such a file means.

    Rows that agree in the fields ``together`` are entered together: a report is dated as its latest line, the
    customers of a contract line share all of it.
    """

    entity: str
    title: str
    side: Side
    area: Area
    together: tuple[str, ...]
    one_row: str
    fields: Mapping[str, Field]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Return the fields that identify a record; loading a key again never makes a second one."""
        return tuple(field.name for field in self.fields.values() if field.key)

    @cached_property
    def control(self) -> Field | None:
        """Return the field that control totals add up, if the entity has one."""
        return next((field for field in self.fields.values() if field.control), None)


def _load() -> Mapping[str, Format]:
    package = files(__package__ or "")
    # A list: there is no key whose combinations must all occur, hence the empty key with several rows.
    rows: Table[_FieldRow] = load_table(package / "formats.csv", _FieldRow, key=(), several=[()])
    entities: Table[_EntityRow] = load_table(package / "entities.csv", _EntityRow, key=("entity",))
    fields: dict[str, dict[str, Field]] = {entity.entity: {} for entity in entities}
    for row in rows:
        if row.field in fields[row.entity]:
            raise ValueError(f"formats.csv: {row.entity}.{row.field} stands twice")
        fields[row.entity][row.field] = _field(row)
    return MappingProxyType(
        {
            one.entity: Format(
                one.entity,
                one.title,
                one.side,
                one.area,
                tuple(one.together.split("|")) if one.together else (),
                one.one_row,
                MappingProxyType(fields[one.entity]),
            )
            for one in entities
        }
    )


def _field(row: _FieldRow) -> Field:
    choices = tuple(row.type.removeprefix(_CHOICE).split("|")) if row.type.startswith(_CHOICE) else ()
    kind = Kind.CHOICE if choices else Kind(row.type)
    return Field(
        row.field, kind, choices, row.length, row.required, row.key, row.default, row.control, row.description
    )


FORMATS: Final = _load()
"""All formats by entity, in the order in which a set-up is best loaded."""
