"""Business tables as data: a CSV whose every cell is checked against the type it is declared with.

A rule that a business person would draw as a table is kept as one (DESIGN, decision 5): the CSV
lies beside its stage, and a frozen dataclass says what its columns are. The file is refused, naming
file, line, column and value, unless

* its header is exactly the dataclass's fields (in any order),
* every value is one that the field's type allows,
* the key columns are *total*: each combination of their values has its row, and only one, unless
  the caller names it among the keys that have several. Where not every combination exists the caller
  names those that do; a row of any other is refused.

::

    @dataclass(frozen=True, slots=True)
    class Rule:
        contract: Contract            # an enum: its values are the allowed ones
        event: Event
        actual: Actual
        currency: CurrencyOf | None   # the cell may be blank
        note: str                     # any text, not blank

    RULES = load_table(files(__package__) / "rules.csv", Rule, key=("contract", "event"))
    RULES.one(Contract.INTERNAL, Event.APPROVED).actual
"""

from __future__ import annotations

import csv
import dataclasses
import itertools
import types
import typing
from collections import Counter
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Protocol, TypeAlias, TypeVar

from tieout.kernel.money import parse_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path


class _Row(Protocol):
    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


R = TypeVar("R", bound=_Row)
Key: TypeAlias = tuple[object, ...]

_YES_NO: Final = {"yes": True, "no": False}
_HEADER_LINE: Final = 1


class TableError(ValueError):
    """A table is not what its declaration says. The header is line 1; ``column`` may be empty."""

    def __init__(self, file: str, line: int, column: str, value: str, reason: str) -> None:
        self.file, self.line, self.column, self.value, self.reason = file, line, column, value, reason
        where = f"{file}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}: {value!r} {reason}")


class Table(Generic[R]):
    """The rows of a table in the order of its file, found by key. It cannot be changed."""

    __slots__ = ("_by_key", "key", "rows")

    def __init__(self, key: tuple[str, ...], rows: tuple[R, ...]) -> None:
        self.key: Final = key
        self.rows: Final = rows
        by_key: dict[Key, tuple[R, ...]] = {}
        for row in rows:
            found = _key_of(row, key)
            by_key[found] = (*by_key.get(found, ()), row)
        self._by_key: Final[Mapping[Key, tuple[R, ...]]] = types.MappingProxyType(by_key)

    def all(self, *key: object) -> tuple[R, ...]:
        """Return the rows of ``key``, at least one; :class:`KeyError` for a key outside the table."""
        try:
            return self._by_key[key]
        except KeyError:
            raise KeyError(f"no row where {dict(zip(self.key, key, strict=True))}") from None

    def one(self, *key: object) -> R:
        """Return the row of ``key``; :class:`KeyError` if there is none or more than one."""
        rows = self.all(*key)
        if len(rows) > 1:
            raise KeyError(f"{len(rows)} rows where {dict(zip(self.key, key, strict=True))}")
        return rows[0]

    def keys(self) -> Collection[Key]:
        """Return the keys, in the order of the file."""
        return self._by_key.keys()

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def load_table(
    source: Path | Traversable,
    row_type: type[R],
    *,
    key: tuple[str, ...],
    several: Collection[Key] = (),
    over: Collection[Key] = (),
) -> Table[R]:
    """Return the table in ``source``, one ``row_type`` per line; :class:`TableError` if it is not total.

    ``row_type`` is a frozen dataclass whose fields are of type ``str``, ``bool`` (written yes or no),
    ``int``, ``Decimal``, ``date``, a :class:`~enum.StrEnum`, or one of them ``| None`` (the cell may
    be blank). ``several`` names exactly the keys that have more than one row; the rows of such a
    key differ. ``over`` names the keys that exist, where that is not every combination. A key column of an
    open type (``str``) takes the values that stand in the file as its list.
    """
    readers = _readers(row_type)
    if unknown := set(key) - set(readers):
        raise TypeError(f"{row_type.__name__} has no field {sorted(unknown)}")
    numbered = list(_read(source, row_type, readers))
    _check_total(
        source.name, [line for line, _ in numbered], [row for _, row in numbered], key, several, over
    )
    return Table(key, tuple(row for _, row in numbered))


def _read(
    source: Path | Traversable, row_type: type[R], readers: Mapping[str, Callable[[str], object]]
) -> Iterator[tuple[int, R]]:
    """Yield each row with the number of the line where it ends."""
    lines = csv.reader(source.read_text(encoding="utf-8").splitlines(keepends=True), strict=True)
    header = next(lines, [])
    _check_header(source.name, header, readers)
    for cells in lines:
        line = lines.line_num
        if len(cells) != len(header):
            raise TableError(
                source.name, line, "", ",".join(cells), f"has {len(cells)} cells, not {len(header)}"
            )
        values: dict[str, object] = {}
        for column, cell in zip(header, cells, strict=True):
            try:
                values[column] = readers[column](cell)
            except ValueError as error:
                raise TableError(source.name, line, column, cell, str(error)) from None
        yield line, row_type(**values)


def _check_header(file: str, header: list[str], readers: Mapping[str, object]) -> None:
    """Refuse unknown, missing and doubled columns."""
    for column, count in Counter(header).items():
        if column not in readers:
            raise TableError(file, _HEADER_LINE, column, column, "is not a column of this table")
        if count > 1:
            raise TableError(file, _HEADER_LINE, column, column, f"stands {count} times in the header")
    for column in readers:
        if column not in header:
            raise TableError(file, _HEADER_LINE, column, column, "is missing in the header")


def _check_total(
    file: str,
    lines: list[int],
    rows: list[R],
    key: tuple[str, ...],
    several: Collection[Key],
    over: Collection[Key],
) -> None:
    """Refuse an empty table, doubled rows, missing or unknown keys, and an inexact list of several."""
    if not rows:
        raise TableError(file, _HEADER_LINE, "", "", "table has no rows")
    seen: dict[Key, list[R]] = {}
    for line, row in zip(lines, rows, strict=True):
        found = _key_of(row, key)
        earlier = seen.setdefault(found, [])
        if row in earlier:
            raise TableError(file, line, ", ".join(key), _show(found), "stands twice with the same values")
        if earlier and found not in several:
            raise TableError(file, line, ", ".join(key), _show(found), "is doubled: one row per key")
        if over and found not in over:
            raise TableError(file, line, ", ".join(key), _show(found), "is a combination that does not exist")
        earlier.append(row)
    for wanted in over or itertools.product(*(_domain(type(rows[0]), column, rows) for column in key)):
        if wanted not in seen:
            raise TableError(file, lines[-1], ", ".join(key), _show(wanted), "has no row")
    for declared in several:
        if len(seen.get(declared, ())) <= 1:
            raise TableError(
                file, lines[-1], ", ".join(key), _show(declared), "is declared to have several rows"
            )


def _domain(row_type: type[R], column: str, rows: list[R]) -> tuple[object, ...]:
    """Return the values that a key column must cover: all of a closed type, else those in the file."""
    kind, optional = _kind(row_type, column)
    blank: tuple[object, ...] = (None,) if optional else ()
    if issubclass(kind, StrEnum):
        return (*kind, *blank)
    if kind is bool:
        return (True, False, *blank)
    return tuple(dict.fromkeys(getattr(row, column) for row in rows))


def _readers(row_type: type[R]) -> dict[str, Callable[[str], object]]:
    """Return, per column, the function that turns a cell into its value or raises :class:`ValueError`."""
    if not dataclasses.is_dataclass(row_type) or not row_type.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{row_type.__name__} is not a frozen dataclass")
    return {field.name: _reader(*_kind(row_type, field.name)) for field in dataclasses.fields(row_type)}


def _reader(kind: type, optional: bool) -> Callable[[str], object]:  # noqa: FBT001  a pair from _kind
    parse = _parser(kind)

    def read(cell: str) -> object:
        if not cell and optional:
            return None
        if not cell:
            raise ValueError("is blank; a value is required")
        if cell != cell.strip():
            raise ValueError("has spaces around it")
        return parse(cell)

    return read


def _parser(kind: type) -> Callable[[str], object]:
    """Return the parser of one declared type; :class:`TypeError` for a type that a cell cannot have."""
    if issubclass(kind, StrEnum):
        return lambda cell: _among(cell, {member.value: member for member in kind})
    if kind is bool:
        return lambda cell: _among(cell, _YES_NO)
    parsers: dict[type, Callable[[str], object]] = {
        str: str,
        int: _parse_int,
        Decimal: parse_decimal,
        date: date.fromisoformat,
    }
    if kind not in parsers:
        raise TypeError(f"a table has no columns of type {kind.__name__}")
    return parsers[kind]


def _parse_int(cell: str) -> int:
    number = parse_decimal(cell)
    if number != number.to_integral_value():
        raise ValueError("is not a whole number")
    return int(number)


def _among(cell: str, allowed: Mapping[str, object]) -> object:
    if cell not in allowed:
        raise ValueError(f"is none of {', '.join(allowed)}")
    return allowed[cell]


def _kind(row_type: type[R], column: str) -> tuple[type, bool]:
    """Return the type of a column without ``None``, and whether its cells may be blank."""
    hint = typing.get_type_hints(row_type)[column]
    if typing.get_origin(hint) not in {types.UnionType, typing.Union}:
        return hint, False
    kinds = [kind for kind in typing.get_args(hint) if kind is not types.NoneType]
    if len(kinds) != 1:
        raise TypeError(f"{row_type.__name__}.{column} is one type, or one type | None")
    return kinds[0], True


def _key_of(row: R, key: tuple[str, ...]) -> Key:
    return tuple(getattr(row, column) for column in key)


def _show(key: Key) -> str:
    return ", ".join("" if part is None else str(part) for part in key)
