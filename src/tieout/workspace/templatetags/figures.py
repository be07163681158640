"""How figures are written on a page: one way everywhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django import template

from tieout.operations.entries.rules import hours_of

register = template.Library()

MINUS: Final = "\N{MINUS SIGN}"
NOTHING: Final = ""
_QUANTITY_DIGITS: Final = 4


@register.filter
def money(amount: Decimal | None, digits: int = 2) -> str:
    """Return an amount with thousands separators, the decimals of its currency and a true minus sign."""
    if amount is None:
        return NOTHING
    return f"{amount:,.{digits}f}".replace("-", MINUS)


@register.filter
def unsigned(amount: Decimal) -> Decimal:
    """Return an amount without its sign: the column says on which side it stands."""
    return abs(amount)


@register.filter
def rate(value: Decimal | None) -> str:
    """Return an exchange rate (per 100) with the decimals it has, two at least."""
    if value is None:
        return NOTHING
    return f"{value:,.{_digits(value)}f}"


@register.filter
def count(value: int | None) -> str:
    """Return a whole number with thousands separators."""
    return NOTHING if value is None else f"{value:,d}"


@register.filter
def records(value: int) -> str:
    """Return a number of records in words."""
    return "1 record" if value == 1 else f"{value:,d} records"


@register.filter
def unlocal(value: object) -> str:
    """Return a number that is a name, not a quantity: without separators."""
    return str(value)


@register.filter
def hours(minutes: Decimal | int | None) -> str:
    """Return minutes as hours."""
    return NOTHING if minutes is None else hours_of(int(minutes))


@register.filter
def quantity(value: Decimal) -> str:
    """Return hours of an actual with the decimals that they have, at most four, and a true minus sign."""
    return f"{round(value, _QUANTITY_DIGITS).normalize():,f}".replace("-", MINUS)


@register.filter
def plain(value: Decimal) -> str:
    """Return a number as people type it: all its decimals, no thousands."""
    return f"{value.normalize():f}"


def _digits(value: Decimal) -> int:
    return max(2, -int(value.normalize().as_tuple().exponent))
