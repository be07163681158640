"""Text of a stranger into typed values: exact decimals, dates, whole numbers, words of a closed list.

Each parser either returns its value or raises ``Unfit`` with what was expected; who calls knows row and
field. Nothing is repaired on the way: a number with the wrong separators is refused, because both readings of
``1,234`` look right.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, TypeAlias

from tieout.kernel.money import parse_decimal, round_half_up
from tieout.loading.sources import Cell, as_text

if TYPE_CHECKING:
    from tieout.loading.formats import Field
    from tieout.loading.profile import Profile

Value: TypeAlias = str | Decimal | date | int | None

AMOUNT_DECIMALS: Final = 4
"""No currency of ISO 4217 has more; the currency of the row is checked where it is known."""
AMOUNT_DIGITS: Final = 16
MEASURE_DECIMALS: Final = 16
MEASURE_DIGITS: Final = 18
_YEARS: Final = range(1900, 2200)
_TRUTH: Final = {"yes": 1, "true": 1, "1": 1, "y": 1, "no": 0, "false": 0, "0": 0, "n": 0}
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNPRINTABLE_IN_CODE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NEGATIVE: Final = re.compile(
    r"\(\s*(?P<brackets>[^-+()\s][^-+()]*?)\s*\)|(?P<trailing>[^-+()\s][^-+()]*?)\s*-"
)
_CURRENCY: Final = re.compile("[A-Z]{3}")
SPREADSHEET_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)


class Fault(Enum):
    """Why a text does not fit its field."""

    NUMBER = auto()
    TOO_PRECISE = auto()
    TOO_LARGE = auto()
    DATE = auto()
    CHOICE = auto()
    TOO_LONG = auto()
    UNPRINTABLE = auto()
    CELL_ERROR = auto()


class Unfit(Exception):  # noqa: N818  it never leaves the package: rows turns it into a problem
    """A text does not fit its field; ``limit`` is the limit that it breaks, ``expected`` what would fit."""

    def __init__(self, fault: Fault, *, limit: int = 0, expected: str = "") -> None:
        super().__init__(fault, limit, expected)
        self.fault, self.limit, self.expected = fault, limit, expected


def parse_text(cell: Cell, field: Field) -> str:
    """Return a text without outer spaces; line breaks are kept in a text and refused in a code."""
    text = as_text(cell).strip()
    if field.length is not None and len(text) > field.length:
        raise Unfit(Fault.TOO_LONG, limit=field.length)
    if (_UNPRINTABLE if field.kind == "text" else _UNPRINTABLE_IN_CODE).search(text):
        raise Unfit(Fault.UNPRINTABLE)
    return text


def parse_number(cell: Cell, profile: Profile) -> Decimal:
    """Return an exact number, written as the profile says.

    Negative is written -12.50, and as accountants' exports do (12.50) or 12.50-.
    """
    if isinstance(cell, Decimal):
        return cell
    text = as_text(cell).strip()
    for symbol in profile.symbols:
        text = text.replace(symbol, "")
    text = text.strip()
    match = _NEGATIVE.fullmatch(text)
    if match:
        text = match["brackets"] or match["trailing"]
    try:
        number = parse_decimal(text, thousands=profile.thousands, decimal_mark=profile.decimal_mark)
    except ValueError:
        raise Unfit(Fault.NUMBER) from None
    return number.copy_negate() if match else number


def parse_measure(cell: Cell, field: Field, profile: Profile) -> Decimal:
    """Return an amount, quantity, price or rate with the sign and rounding of the profile; no negative zero.

    It is refused where the field would lose a digit: rounding happens where the profile asks for it, never
    silently.
    """
    is_amount = field.kind == "amount"
    digits, decimals = (AMOUNT_DIGITS, AMOUNT_DECIMALS) if is_amount else (MEASURE_DIGITS, MEASURE_DECIMALS)
    number = parse_number(cell, profile)
    if number.adjusted() >= digits:
        raise Unfit(Fault.TOO_LARGE, limit=digits)
    if profile.sign.get(field.name) == -1:
        number = number.copy_negate()
    rounded_to = profile.round.get(field.name)
    if rounded_to is not None:
        number = round_half_up(number, rounded_to)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > decimals:
        shorter = round_half_up(number, decimals)
        if shorter != number:
            raise Unfit(Fault.TOO_PRECISE, limit=decimals)
        number = shorter
    return number or abs(number)


def parse_integer(cell: Cell, field: Field, profile: Profile) -> int:
    """Return a whole number of at most ``field.length`` digits; 7.0 is whole, 7.5 is none."""
    number = parse_number(cell, profile)
    if number != number.to_integral_value():
        raise Unfit(Fault.NUMBER)
    if field.length is not None and number.adjusted() >= field.length:
        raise Unfit(Fault.TOO_LARGE, limit=field.length)
    return int(number)


def parse_date(cell: Cell, formats: tuple[str, ...]) -> date:
    """Return a day between 1900 and 2199, written in one of the forms or as 2016-07-01."""
    found = cell if isinstance(cell, date) else _date_of(as_text(cell).strip(), formats)
    if found is None or found.year not in _YEARS:
        raise Unfit(Fault.DATE, expected=" or ".join(dict.fromkeys((*formats, "%Y-%m-%d"))))
    return found


def _date_of(text: str, formats: tuple[str, ...]) -> date | None:
    for one in (*formats, "%Y-%m-%d"):
        try:
            return datetime.strptime(text, one).date()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    return None


def parse_currency(cell: Cell) -> str:
    """Return a currency code of three letters, in capitals."""
    text = as_text(cell).strip().upper()
    if not _CURRENCY.fullmatch(text):
        raise Unfit(Fault.CHOICE, expected="three letters as in ISO 4217")
    return text


def parse_choice(cell: Cell, choices: tuple[str, ...]) -> str:
    """Return one word of a closed list; case, spaces and hyphens do not matter."""
    text = re.sub(r"[\s_-]+", "_", as_text(cell).strip().casefold())
    if text not in choices:
        raise Unfit(Fault.CHOICE, expected=", ".join(choices))
    return text


def parse_boolean(cell: Cell) -> int:
    """Return 1 for yes, 0 for no."""
    text = as_text(cell).strip().casefold()
    if text not in _TRUTH:
        raise Unfit(Fault.CHOICE, expected="yes, no")
    return _TRUTH[text]
