"""Draws from a source of randomness: a seed, or Hypothesis, which then makes what it drew small."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws from a source of randomness."""

    def __init__(self, source: Random) -> None:
        self.source = source

    def one(self, options: Iterable[T]) -> T:
        """Draw one of the options."""
        return self.source.choice(list(options))

    def is_one_in(self, number: int) -> bool:
        """Draw whether something rare happens."""
        return self.source.randrange(number) == number - 1

    def rarely(self, wrong: T, right: T) -> T:
        """Draw the wrong value once in twelve."""
        return wrong if self.is_one_in(12) else right

    def times(self, least: int, most: int) -> range:
        """Draw how often something is done."""
        return range(self.source.randint(least, most))

    def some(self, options: Iterable[T], most: int) -> list[T]:
        """Draw different options, at most so many."""
        given = list(options)
        return self.source.sample(given, min(len(given), self.source.randint(0, most)))

    def number(self, least: int, most: int, digits: int) -> Decimal:
        """Draw a number with so many decimals."""
        return Decimal(self.source.randint(least * 10**digits, most * 10**digits)).scaleb(-digits)

    def price(self) -> Decimal:
        """Draw a price; often one of a few, so that lines agree; seldom one of 16 decimals."""
        if self.is_one_in(2):
            return Decimal(self.one((0, 100, 1000)))
        return self.number(0, 2, 16) if self.is_one_in(5) else self.number(0, 999, self.one((0, 2, 4)))

    def percent(self) -> Decimal:
        """Draw a markup."""
        return self.number(-100, 100, 2)
