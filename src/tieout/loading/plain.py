"""Columns of cells that stand as they are meant: read at once, with no look at the single cell.

Most cells of a good file need nothing done to them: a code without strange characters, a day as 2016-07-01, a
number as -12.50. Which ones these are is said here, a pattern for each kind of field; all other cells are
read one by one (``cells``), and that reading is the rule: what passes here must be what it would return.

In columns a number is its text, as exact as it was written, until it is counted with or kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

import polars as pl

from tieout.loading.formats import Kind

if TYPE_CHECKING:
    from tieout.loading.binding import Binding
    from tieout.loading.formats import Field
    from tieout.loading.values import Value

Reading: TypeAlias = Callable[[pl.Series], tuple[pl.Series, pl.Series]]
"""Gives the values of texts without outer spaces (null where there is none), and which of them it read."""

NUMBER: Final = pl.Decimal(38, 16)
"""A number that is counted with: every amount and measure fits, and every sum of them in one file."""

_STORED: Final = {Kind.DATE: pl.Date(), Kind.INTEGER: pl.Int64(), Kind.BOOLEAN: pl.Int64()}
_YEARS: Final = (date(1900, 1, 1), date(2199, 12, 31))
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MEASURE: Final = r"^-?[0-9]{1,14}(?:\.[0-9]{1,4})?$"
"""Numbers that fit every amount and measure as they stand: nearly all there are."""
_NEGATIVE_ZERO: Final = r"^-[0.]*$"
_CURRENCY: Final = "^[A-Z]{3}$"
_STRANGE_IN_TEXT: Final = r"^#|[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
"""Control characters, and what may be the error of a spreadsheet's formula."""
_STRANGE_IN_CODE: Final = r"^#|[\x00-\x1F\x7F-\x9F\x{2028}\x{2029}]"


def stored_type(kind: Kind) -> pl.DataType:
    """Return the type of a column of values of one kind."""
    return _STORED.get(kind, pl.String())


def stored(value: Value) -> str | date | int | None:
    """Return a value as a column keeps it: a number is text."""
    return f"{value:f}" if isinstance(value, Decimal) else value


def plain_reading(field: Field, binding: Binding) -> Reading | None:  # noqa: PLR0911  one return per kind
    """Return how plain cells of a field are read; None where the profile means something else by them."""
    profile = binding.profile
    if binding.neutralised or profile.blanks or field.name in profile.values:
        return None
    match field.kind:
        case Kind.TEXT | Kind.CODE:
            return _texts(field)
        case Kind.DATE:
            return None if profile.date_formats else _days
        case Kind.CURRENCY:
            return lambda texts: (texts, texts.str.contains(_CURRENCY))
        case Kind.CHOICE:
            return lambda texts: (texts, texts.is_in(field.choices))
        case Kind.AMOUNT | Kind.DECIMAL:
            as_it_stands = profile.decimal_mark == "." and not {field.name} & {*profile.sign, *profile.round}
            return _measures if as_it_stands else None
        case Kind.INTEGER:
            return _integers(field)
        case Kind.BOOLEAN:
            return None


def _texts(field: Field) -> Reading:
    strange = _STRANGE_IN_TEXT if field.kind is Kind.TEXT else _STRANGE_IN_CODE

    def read(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        fits = ~texts.str.contains(strange)
        return texts, fits if field.length is None else fits & (texts.str.len_chars() <= field.length)

    return read


def _days(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    shaped = texts.str.contains(_DAY)
    days = texts.str.to_date("%Y-%m-%d", strict=False)
    return days, shaped & days.is_between(*_YEARS).fill_null(value=False)


def _measures(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    return texts, texts.str.contains(_MEASURE) & ~texts.str.contains(_NEGATIVE_ZERO)


def _integers(field: Field) -> Reading:
    shape = rf"^[0-9]{{1,{field.length or 18}}}$"
    return lambda texts: (texts.cast(pl.Int64, strict=False), texts.str.contains(shape))


def shortened(number: Decimal) -> Decimal:
    """Return an equal number without zeros at its end: a ``NUMBER`` has them to its last decimal."""
    text = f"{number:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)
