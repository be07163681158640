"""Which numbers a field may hold (``ranges.csv``): what the databases demand, said before they refuse it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Final

import polars as pl

from tieout.kernel.problems import Problem
from tieout.kernel.tables import Table, load_table
from tieout.loading.columns import Chunk
from tieout.loading.plain import NUMBER
from tieout.loading.reference_problems import OutOfRange


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most that a field of an entity holds; both inclusive, either may be open."""

    entity: str
    field: str
    least: Decimal | None
    most: Decimal | None

    @property
    def words(self) -> str:
        """The range as a message says it."""
        if self.least is not None and self.most is not None:
            return f"{self.least:f} to {self.most:f}"
        return f"{self.least:f} or more" if self.least is not None else f"{self.most} or less"


RANGES: Final[Table[Range]] = load_table(files(__package__ or "") / "ranges.csv", Range, key=(), several=[()])


def out_of_range(entity: str, chunk: Chunk, header: Callable[[str], str]) -> Iterator[tuple[int, Problem]]:
    """Yield the place and the problem of each number outside of its range."""
    for one in RANGES:
        if one.entity != entity:
            continue
        numbers = chunk.frame[one.field].cast(NUMBER)
        outside = pl.repeat(value=False, n=len(chunk), eager=True)
        if one.least is not None:
            outside |= (numbers < one.least).fill_null(value=False)
        if one.most is not None:
            outside |= (numbers > one.most).fill_null(value=False)
        for place in outside.arg_true():
            yield (
                place,
                OutOfRange(
                    row=chunk.number(place),
                    field=one.field,
                    header=header(one.field).strip(),
                    value=Decimal(str(chunk.frame[one.field][place])),
                    allowed=one.words,
                ),
            )
