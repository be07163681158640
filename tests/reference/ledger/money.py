"""Exact figures: fractions, rounded half up once, where an amount is born (DESIGN D15)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

DIGITS = 16  # of quantities and prices


def half_up(number: Fraction, digits: int) -> Decimal:
    """Halves away from zero."""
    scaled = abs(number) * 10**digits
    units = int(scaled + Fraction(1, 2))
    return Decimal(-units if number < 0 else units).scaleb(-digits)
