"""Which numbers a field may hold (``ranges.csv``): what the databases demand, said before they refuse it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import Final

from tieout.kernel.problems import Problem
from tieout.kernel.tables import Table, load_table
from tieout.loading.columns import Chunk
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
        for place, value in enumerate(chunk.columns[one.field]):
            if not isinstance(value, Decimal | int):
                continue
            if (one.least is not None and value < one.least) or (one.most is not None and value > one.most):
                yield (
                    place,
                    OutOfRange(
                        row=chunk.number(place),
                        field=one.field,
                        header=header(one.field).strip(),
                        value=Decimal(value),
                        allowed=one.words,
                    ),
                )
