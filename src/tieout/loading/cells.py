"""One field's cells: foreign text to value, once per distinct text, and a misfit to the problem that says so.

The cells of a column repeat (a project, a category, a day), and all that is done to a cell depends on its
text alone: so what became of a text is remembered, for a bounded number of texts. Cells of a column that
need nothing done to them are not looked at singly (``plain``).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypedDict

import polars as pl

from tieout.loading import values as parse
from tieout.loading.formats import Kind
from tieout.loading.plain import plain_reading, stored, stored_type
from tieout.loading.problems import (
    CellError,
    DateNotReadable,
    NumberNotReadable,
    NumberTooLarge,
    NumberTooPrecise,
    TextNotClean,
    TextTooLong,
    ValueNotAllowed,
)
from tieout.loading.profile import normal
from tieout.loading.sources import NEUTRALISED, as_text
from tieout.loading.values import Fault, Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tieout.kernel.problems import Problem
    from tieout.loading.binding import Binding
    from tieout.loading.formats import Field
    from tieout.loading.profile import Profile
    from tieout.loading.sources import Cell, Column
    from tieout.loading.values import Value

_REMEMBERED_MAX: Final = 4096
_SHOWN: Final = 80
"""Characters of a wrong value that a message repeats."""


class CellReader(dict["Cell", "Value | Unfit"]):
    """Turns the cells of one field into values; None is a blank, Unfit a text that cannot be one.

    It is the memory of what became of a cell: ``reader[cell]`` reads a cell once while it is remembered.
    """

    def __init__(self, field: Field, binding: Binding) -> None:
        super().__init__()
        self._mapping = binding.profile.values.get(field.name)
        self._content = partial(content, binding=binding)
        self._parse = parser(field, binding.profile)
        self._type = stored_type(field.kind)
        self._plain = plain_reading(field, binding)

    def __missing__(self, cell: Cell) -> Value | Unfit:
        """Return the value of a cell that is not remembered."""
        if len(self) >= _REMEMBERED_MAX:
            self.clear()
        value = self[cell] = self._read(cell)
        return value

    def column(self, cells: Column) -> tuple[pl.Series, pl.Series]:
        """Return the values of a column as they are stored, and which cells do not fit (null there)."""
        if not isinstance(cells, pl.Series):
            return self._read_each(cells)
        texts = cells.str.strip_chars()
        if self._plain is None:
            return self._read_distinct(cells)
        values, is_read = self._plain(texts)
        is_blank = texts == ""
        values = values.set(is_blank, None)
        is_read |= is_blank
        if is_read.all():
            return values, ~is_read
        others, are_unfit = self._read_distinct(cells.filter(~is_read))
        places = (~is_read).arg_true()
        return values.scatter(places, others), (~is_read).scatter(places, are_unfit)

    def _read_distinct(self, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
        distinct = cells.unique()
        values, are_unfit = self._read_each(distinct.to_list())
        read = cells.replace_strict(distinct, values, return_dtype=self._type)
        return read, cells.is_in(distinct.filter(are_unfit).implode())

    def _read_each(self, cells: Sequence[Cell]) -> tuple[pl.Series, pl.Series]:
        values = [self[cell] for cell in cells]
        unfit = [isinstance(value, Unfit) for value in values]
        fitting = [None if isinstance(value, Unfit) else stored(value) for value in values]
        return pl.Series(fitting, dtype=self._type), pl.Series(unfit, dtype=pl.Boolean)

    def _read(self, cell: Cell) -> Value | Unfit:
        cleaned = self._content(cell)
        if self._mapping is not None and cleaned is not None:
            cleaned = self._mapping.get(normal(as_text(cleaned)), cleaned)
        if cleaned is None:
            return None
        if isinstance(cleaned, str) and cleaned in parse.SPREADSHEET_ERRORS:
            return Unfit(Fault.CELL_ERROR)
        try:
            return self._parse(cleaned)
        except Unfit as unfit:
            # Not the exception itself: it would keep the rows alive that its traceback can see.
            return Unfit(unfit.fault, limit=unfit.limit, expected=unfit.expected)


def content(cell: Cell, binding: Binding) -> Cell:
    """Return the cell without outer spaces; None for a blank one, or a word that means nothing."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if binding.neutralised and text[:1] == "'" and text[1:2] in NEUTRALISED:
        text = text[1:]
    blanks = binding.profile.blanks
    return None if not text or (blanks and normal(text) in blanks) else text


def parser(  # noqa: PLR0911  one return per kind of field
    field: Field, profile: Profile
) -> Callable[[Cell], Value]:
    """Return what reads a cell of this field; it raises Unfit."""
    match field.kind:
        case Kind.TEXT | Kind.CODE:
            return partial(parse.parse_text, field=field)
        case Kind.DATE:
            return partial(parse.parse_date, formats=profile.date_formats)
        case Kind.INTEGER:
            return partial(parse.parse_integer, field=field, profile=profile)
        case Kind.BOOLEAN:
            return parse.parse_boolean
        case Kind.CURRENCY:
            return parse.parse_currency
        case Kind.CHOICE:
            return partial(parse.parse_choice, choices=field.choices)
        case Kind.AMOUNT | Kind.DECIMAL:
            return partial(parse.parse_measure, field=field, profile=profile)


class _Place(TypedDict):
    row: int
    field: str
    header: str


def problem_of(  # noqa: PLR0911  one return per fault
    unfit: Unfit, *, row: int, field: str, header: str, value: str
) -> Problem:
    """Return the problem that a value does not fit its field; of a long value, its beginning."""
    place: _Place = {"row": row, "field": field, "header": header.strip()}
    shown = value.strip()[:_SHOWN]
    match unfit.fault:
        case Fault.NUMBER:
            return NumberNotReadable(**place, value=shown)
        case Fault.DATE:
            return DateNotReadable(**place, value=shown, format=unfit.expected)
        case Fault.CHOICE:
            return ValueNotAllowed(**place, value=shown, allowed=unfit.expected)
        case Fault.TOO_LONG:
            return TextTooLong(**place, value=shown, length=unfit.limit)
        case Fault.TOO_PRECISE:
            return NumberTooPrecise(**place, value=shown, digits=unfit.limit)
        case Fault.TOO_LARGE:
            return NumberTooLarge(**place, value=shown, digits=unfit.limit)
        case Fault.UNPRINTABLE:
            return TextNotClean(**place, value=ascii(shown))
        case Fault.CELL_ERROR:
            return CellError(**place, value=shown)
