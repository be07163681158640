"""How figures are written on a page: one way everywhere."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django import template

register = template.Library()

MINUS: Final = "\N{MINUS SIGN}"
NOTHING: Final = ""


@register.filter
def money(amount: Decimal | None, digits: int = 2) -> str:
    """Return an amount with thousands separators, the decimals of its currency and a true minus sign."""
    if amount is None:
        return NOTHING
    return f"{amount:,.{digits}f}".replace("-", MINUS)


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


def _digits(value: Decimal) -> int:
    return max(2, -int(value.normalize().as_tuple().exponent))
