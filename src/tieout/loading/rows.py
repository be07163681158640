"""One row of a file into one canonical record, or into a rejection with every reason.

One bad row never stops the rest. All problems of a row are found in one pass, so that it is mended once; they
are listed by precedence, the first being the row's own problem:

1. the row cannot be cut into cells (ragged, open quote), or no column that is read has a value: nothing else
   is looked at;
2. a column out of which several fields are cut does not match its pattern;
3. a required field is blank;
4. a value cannot be read: date, number, word of a closed list, error of a formula;
5. a value was read, but its field cannot keep it: too long, too many decimals or digits, unprintable.

Within one rank problems stand in the order of the format's fields.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from tieout.loading.binding import REJECTED_COLUMNS
from tieout.loading.cells import CellReader, content, problem_of
from tieout.loading.formats import Field, Format, Kind
from tieout.loading.plain import NUMBER, stored, stored_type
from tieout.loading.problems import (
    CellError,
    DateMissing,
    DateNotReadable,
    FieldMissing,
    NumberNotReadable,
    NumberTooLarge,
    NumberTooPrecise,
    PatternNotMatched,
    ProfileNotValid,
    RowEmpty,
    TextNotClean,
    TextTooLong,
    ValueNotAllowed,
)
from tieout.loading.profile import normal
from tieout.loading.sources import as_text
from tieout.loading.values import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tieout.kernel.problems import Problem
    from tieout.loading.binding import Binding
    from tieout.loading.profile import Join, Split
    from tieout.loading.sources import Block, Cell, SourceRow
    from tieout.loading.values import Value

_NOTHING: Final = Decimal(0)
_UNIT_PRICE: Final = "unit_price"
_NEEDED_WITH: Final = {("role_price", "price"): ("method", "price_per_unit")}
"""Fields that are needed where another has this value; known before anything is made for their row."""
_RANKS: Final[tuple[tuple[type[Problem], ...], ...]] = (
    (PatternNotMatched,),
    (FieldMissing, DateMissing),
    (CellError, DateNotReadable, NumberNotReadable, ValueNotAllowed),
    (TextTooLong, NumberTooPrecise, NumberTooLarge, TextNotClean),
)
_RANK_OF: Final = {kind: rank for rank, kinds in enumerate(_RANKS) for kind in kinds}


class Record(NamedTuple):
    """One canonical record: a value, or None, for every field of the format.

    ``control`` is what the row adds to the control total: money in the currency ``unit``, or hours where
    ``unit`` says so; 0 where the format has no control field.
    """

    number: int
    values: dict[str, Value]
    control: Decimal
    unit: str


class Rejection(NamedTuple):
    """One row that cannot become a record: the row untouched, and its problems, the primary one first.

    ``control`` and ``unit`` as in a record; 0 where the row's amount cannot be read.
    """

    row: SourceRow
    problems: tuple[Problem, ...]
    control: Decimal
    unit: str

    @property
    def problem(self) -> Problem:
        """Return the row's own problem: the one that is counted and shown first."""
        return self.problems[0]


@dataclass(slots=True)
class _Reading:
    """What is known of a row while it is read: values by field, fields that failed, problems found."""

    row: SourceRow
    values: dict[str, Value]
    failed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    blank: bool = True


class RowReader:
    """Reads the rows of one file as its binding says."""

    def __init__(self, binding: Binding) -> None:
        """Prepare; raises ProfileNotValid for a constant or default that does not fit its field."""
        self._binding = binding
        self._format = binding.profile.format
        fields = self._format.fields
        self._places = {name: place for place, name in enumerate(fields)}
        self._readers = {name: CellReader(one, binding) for name, one in fields.items()}
        self._given: dict[str, Value] = {name: self._fixed(one) for name, one in fields.items()}
        blank = {name: one for name, one in fields.items() if self._given[name] is None}
        self._copies = [(name, one.default_field) for name, one in blank.items() if one.default_field]
        self._needed_with = {
            name: condition
            for (entity, name), condition in _NEEDED_WITH.items()
            if entity == self._format.entity
        }
        also = {_UNIT_PRICE, *self._needed_with}
        self._needed = [one for name, one in blank.items() if one.required or name in also]

    @property
    def format(self) -> Format:
        """The format of the records."""
        return self._format

    @property
    def header(self) -> Callable[[str], str]:
        """What gives a field the file's own name, for messages."""
        return self._binding.header

    def column_of(self, field: str) -> str | None:
        """Return the file's own header of the column that gives a field, if one does alone."""
        return self._binding.columns.get(field)

    def skipped(self, block: Block) -> pl.Series:
        """Return which rows the profile leaves out: a cell says one of the words that it names."""
        found = pl.repeat(value=False, n=len(block), eager=True)
        for header, words in self._binding.skips.items():
            cells = block.columns[header]
            if isinstance(cells, pl.Series):
                named = [one for one in cells.unique().to_list() if self._says(one, words)]
                found |= cells.is_in(named)
            else:
                found |= pl.Series([self._says(cell, words) for cell in cells], dtype=pl.Boolean)
        return found

    def _says(self, cell: Cell, words: frozenset[str]) -> bool:
        return normal(as_text(content(cell, self._binding))) in words

    @property
    def is_columnar(self) -> bool:
        """Whether ``read_columns`` can read: no column is cut, and a blank row lacks something it needs."""
        needs = any(one.name in self._binding.columns for one in self._needed)
        return needs and not self._binding.splits and not self._binding.joins

    def read_columns(self, block: Block) -> tuple[pl.DataFrame, pl.Series]:
        """Return a column of values per field, and which rows are doubtful: they must be read by themselves.

        A row is doubtful if a value does not fit or a needed one is blank.
        """
        columns: dict[str, pl.Series] = {}
        doubtful = pl.repeat(value=False, n=len(block), eager=True)
        for name, given in self._given.items():
            header = self._binding.columns.get(name)
            if header is None:
                kind = stored_type(self._format.fields[name].kind)
                columns[name] = pl.repeat(stored(given), len(block), dtype=kind, eager=True)
                continue
            values, are_unfit = self._readers[name].column(block.columns[header])
            doubtful |= are_unfit
            columns[name] = values if given is None else values.fill_null(stored(given))
        for name, other in self._copies:
            if columns[name].has_nulls():
                columns[name] = self._copied(columns, name, other)
        for one in self._needed:
            doubtful |= columns[one.name].is_null()
        return pl.DataFrame(columns), doubtful

    @staticmethod
    def _copied(columns: dict[str, pl.Series], name: str, other: str) -> pl.Series:
        """Return a column whose blanks are filled from another one, as ``_copy_defaults`` does for a row."""
        stays = columns[name].is_not_null()
        if name == _UNIT_PRICE:
            stays |= (columns["quantity"].cast(NUMBER) != 1).fill_null(value=True)
        return columns[name].zip_with(stays, columns[other])

    def read_all(self, rows: Iterable[SourceRow]) -> Iterator[Record | Rejection]:
        """Return each row as a record or a rejection, in order."""
        return map(self.read, rows)

    def read(self, row: SourceRow) -> Record | Rejection:
        """Return the row as a record, or as a rejection with all its problems."""
        if row.problem is not None:
            return Rejection(row, (row.problem,), _NOTHING, "")
        reading = _Reading(row, self._given.copy())
        for name, header in self._binding.columns.items():
            self._take(reading, name, header, row.values[header])
        for header, split in self._binding.splits:
            self._cut(reading, header, split)
        for headers, join in self._binding.joins:
            self._join(reading, headers, join)
        if reading.blank:
            return Rejection(row, (RowEmpty(row=row.number),), _NOTHING, "")
        self._copy_defaults(reading)
        self._find_missing(reading)
        control, unit = self._control(reading.values)
        if reading.problems:
            return Rejection(row, tuple(sorted(reading.problems, key=self._precedence)), control, unit)
        return Record(row.number, reading.values, control, unit)

    def _take(self, reading: _Reading, name: str, header: str, cell: Cell) -> None:
        """Give a field the value of a cell; a blank leaves it what it was given."""
        value = self._readers[name][cell]
        if value is None:
            return
        reading.blank = False
        if isinstance(value, Unfit):
            reading.values[name] = None
            reading.failed.add(name)
            reading.problems.append(
                problem_of(value, row=reading.row.number, field=name, header=header, value=as_text(cell))
            )
        else:
            reading.values[name] = value

    def _cut(self, reading: _Reading, header: str, split: Split) -> None:
        """Give several fields their parts of one cell."""
        text = as_text(content(reading.row.values[header], self._binding))
        if not text:
            return
        reading.blank = False
        match = split.pattern.fullmatch(text)
        if match:
            for name, part in match.groupdict().items():
                self._take(reading, name, header, part)
            return
        reading.failed.update(split.fields)
        reading.problems.append(
            PatternNotMatched(
                row=reading.row.number, header=header.strip(), value=text[:80], pattern=split.pattern.pattern
            )
        )

    def _join(self, reading: _Reading, headers: tuple[str, ...], join: Join) -> None:
        """Give a field what several cells say together; a row of which nothing else is read stays blank."""
        row, blank = reading.row, reading.blank
        # A row that was rejected and mended keeps the number that it had in its first file.
        first = as_text(row.values.get(REJECTED_COLUMNS[0])) if self._binding.neutralised else ""
        cells = [as_text(content(row.values[header], self._binding)) for header in headers]
        self._take(
            reading, join.field, self._binding.header(join.field), join.text(first or row.number, cells)
        )
        reading.blank = blank

    def _copy_defaults(self, reading: _Reading) -> None:
        """Fill blank fields from the field that their default names.

        A unit price equals the amount only where the quantity is 1; every other such default is always right.
        """
        values = reading.values
        for name, other in self._copies:
            if values[name] is None and name not in reading.failed:
                if other in reading.failed:
                    reading.failed.add(name)  # the problem of the other field is the only one to mend
                elif name != _UNIT_PRICE or values["quantity"] == 1:
                    values[name] = values[other]

    def _find_missing(self, reading: _Reading) -> None:
        """Report required fields without a value; of two that stand in for each other, any with a column."""
        values = reading.values
        for one in self._needed:
            if values[one.name] is not None or one.name in reading.failed:
                continue
            condition = self._needed_with.get(one.name)
            if condition and values[condition[0]] != condition[1]:
                continue
            other = one.default_field
            if other and values[other] is None and one.name not in self._binding.sources:
                continue
            kind = DateMissing if one.kind is Kind.DATE else FieldMissing
            header = self._binding.header(one.name).strip()
            reading.problems.append(kind(row=reading.row.number, field=one.name, header=header))

    def _control(self, values: dict[str, Value]) -> tuple[Decimal, str]:
        one = self._format.control
        if one is None:
            return _NOTHING, ""
        amount = values[one.name]
        unit = values["currency"] if one.kind is Kind.AMOUNT else one.name
        return amount if isinstance(amount, Decimal) else _NOTHING, unit if isinstance(unit, str) else ""

    def _precedence(self, problem: Problem) -> tuple[int, int]:
        return _RANK_OF[type(problem)], self._places.get(getattr(problem, "field", ""), -1)

    def _fixed(self, one: Field) -> Value:
        """Return what a field has before the row is looked at: its constant, its default or None."""
        profile = self._binding.profile
        for key, text in (
            ("constants", profile.constants.get(one.name)),
            ("defaults", profile.defaults.get(one.name)),
            ("default", one.default_text),
        ):
            if text is None:
                continue
            value = self._readers[one.name][text]
            if isinstance(value, Unfit):
                reason = value.expected or value.fault.name.casefold().replace("_", " ")
                wrong = f"{text!r}: {reason}"
                raise ProfileNotValid(profile=profile.name, key=f"{key}.{one.name}", reason=wrong)
            return value
        return None
