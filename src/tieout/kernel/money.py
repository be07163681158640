"""Exact money: decimals with a currency, rounded once where an amount is born.

Binary floating point never touches an amount, and no step here loses a digit without being asked
to: arithmetic runs in a context that raises on any inexact result, because the default decimal
context would silently keep 28 digits of a 16 by 16 decimal product and so round twice
(DESIGN, decision 15).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from tieout.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

# Quantity and price have at most 22 + 16 digits each, so no product of three is cut.
_PRECISION: Final = 120
_EXACT: Final = Context(prec=_PRECISION, traps=[Inexact, InvalidOperation, Overflow])
_ROUNDING: Final = Context(prec=_PRECISION, rounding=ROUND_HALF_UP, traps=[InvalidOperation, Overflow])

DIGITS_MAX: Final = 16  # decimals of a stored quantity or unit price
CURRENCY_DIGITS_MAX: Final = 4  # ISO 4217 has no currency with more
_NUMBER_DIGITS_MAX: Final = 38

_CURRENCY_CODE = re.compile(r"[A-Z]{3}")
_THOUSANDS_MARKS: Final = frozenset({",", ".", " ", "'", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"})


class AmountNotInPrecision(Problem):
    """An amount has more decimals than its currency knows; rounding it here would hide the difference."""

    code = "DOC-104"
    amount: Decimal
    currency: str
    digits: int


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies were combined: a mistake in the program, never in the data."""


def round_half_up(amount: Decimal, digits: int) -> Decimal:
    """Return ``amount`` with exactly ``digits`` decimals, halves away from zero.

    The same as PostgreSQL's ``round(numeric, int)``. A reversal therefore negates exactly:
    ``round_half_up(-x, d) == -round_half_up(x, d)``. Zero is never negative.
    """
    rounded = _ROUNDING.quantize(_exact(amount), _unit(digits))
    return rounded or abs(rounded)


def amount(quantity: Decimal, price: Decimal, digits: int) -> Decimal:
    """Return quantity times unit price in the price's currency, rounded once to its ``digits``."""
    return round_half_up(_EXACT.multiply(_exact(quantity), _exact(price)), digits)


def convert(amount: Decimal, rate_per_100: Decimal, digits: int) -> Decimal:
    """Return ``amount`` in the other currency, rounded once to that currency's ``digits``.

    Finance quotes a rate per 100 units: 125 turns 1,000 GBP into 1,250 USD (finance spec 5, N10;
    test vector TV-04). A rate that is not positive raises :class:`ValueError`.
    """
    if _exact(rate_per_100) <= 0:
        raise ValueError(f"an exchange rate is positive, not {rate_per_100}")
    return round_half_up(_EXACT.multiply(_exact(amount), rate_per_100).scaleb(-2, _EXACT), digits)


def allocate(amount: Decimal, weights: Sequence[Decimal], digits: int) -> tuple[Decimal, ...]:
    """Return the parts of ``amount`` in proportion to ``weights``, in their order; they sum to it exactly.

    Each part is its exact share cut to ``digits`` decimals; the units left over go, one each, to
    the largest remainders, and to the earlier part where two are equal. A negative amount gives
    the negated parts of the positive one. Raises :class:`ValueError` when the weights are negative,
    all zero or none, or when ``amount`` itself has more decimals.
    """
    if any(_exact(weight) < 0 for weight in weights) or not any(weights):
        raise ValueError("weights are not negative, and at least one is positive")
    if round_half_up(amount, digits) != amount:
        raise ValueError(f"{amount} has more than {digits} decimals")
    units = int(abs(amount).scaleb(digits, _EXACT))
    total = sum(Fraction(weight) for weight in weights)
    shares = [units * Fraction(weight) / total for weight in weights]
    parts = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    sign = -1 if amount < 0 else 1
    return tuple(Decimal(sign * part).scaleb(-digits, _EXACT) for part in parts)


def parse_decimal(text: str, *, thousands: str = "", decimal_mark: str = ".") -> Decimal:
    """Return the number that ``text`` writes in plain digits, with all its decimals.

    Accepted: an optional sign, digits, and decimals after ``decimal_mark``. Groups of three are
    accepted only with the separator given as ``thousands``. Everything else raises
    :class:`ValueError` with the reason: spaces around it, exponents, NaN, infinity, digits of other
    scripts, groups of the wrong length, more than 38 digits. A float raises :class:`TypeError`.
    """
    if not isinstance(text, str):
        raise TypeError(f"a number is parsed from text, not from {type(text).__name__}")
    if decimal_mark not in {".", ","} or (thousands and thousands not in _THOUSANDS_MARKS - {decimal_mark}):
        raise ValueError(f"{thousands!r} and {decimal_mark!r} cannot mark thousands and decimals")
    whole = r"[0-9]+"
    if thousands:
        whole += rf"|[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+"
    pattern = rf"[+-]?(?:(?:{whole})(?:{re.escape(decimal_mark)}[0-9]+)?|{re.escape(decimal_mark)}[0-9]+)"
    if not re.fullmatch(pattern, text):
        raise ValueError(f"{text[:60]!r} is not a plain decimal number")
    plain = text.replace(thousands, "") if thousands else text
    number = plain.replace(decimal_mark, ".")
    if sum(character.isdigit() for character in number) > _NUMBER_DIGITS_MAX:
        raise ValueError(f"{text[:60]!r} has more than {_NUMBER_DIGITS_MAX} digits")
    value = Decimal(number)
    return value or abs(value)


@dataclass(frozen=True, slots=True, order=True)
class Currency:
    """A currency by its ISO 4217 code, and how many decimals an amount in it has (JPY 0, USD 2, BHD 3)."""

    code: str
    digits: int

    def __post_init__(self) -> None:
        if not _CURRENCY_CODE.fullmatch(self.code):
            raise ValueError(f"a currency code is three capital letters, not {self.code!r}")
        if not 0 <= self.digits <= CURRENCY_DIGITS_MAX:
            raise ValueError(f"{self.code} cannot have {self.digits} decimals")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, always written with exactly the currency's decimals.

    Two amounts are added only in the same currency (:class:`CurrencyMismatchError` otherwise). An
    amount with more decimals raises :class:`AmountNotInPrecision`; :meth:`rounded` rounds on purpose.
    """

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        exact = round_half_up(self.amount, self.currency.digits)
        if exact != self.amount:
            raise AmountNotInPrecision(
                amount=self.amount, currency=self.currency.code, digits=self.currency.digits
            )
        object.__setattr__(self, "amount", exact)

    @classmethod
    def rounded(cls, amount: Decimal, currency: Currency) -> Money:
        """Return ``amount`` rounded half up to the currency's precision: the one rounding of its life."""
        return cls(round_half_up(amount, currency.digits), currency)

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._same_currency(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._same_currency(other)), self.currency)

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency.code}"

    def _same_currency(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"money is combined with money, not with {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self} and {other} are not of one currency")
        return other.amount


def _exact(number: Decimal) -> Decimal:
    """Return ``number`` if it is a finite decimal; refuse floats (already rounded) and NaN or infinity."""
    if not isinstance(number, Decimal):
        raise TypeError(f"an exact number is a Decimal, not {type(number).__name__}")
    if not number.is_finite():
        raise ValueError(f"{number} is not a number to count with")
    return number


def _unit(digits: int) -> Decimal:
    """Return the smallest amount with ``digits`` decimals."""
    if not 0 <= digits <= DIGITS_MAX:
        raise ValueError(f"decimals are 0 to {DIGITS_MAX}, not {digits}")
    return Decimal((0, (1,), -digits))
