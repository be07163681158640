"""Rows of a file as columns of values, a chunk at a time: what many rows have in common is done once for all.

The rules are those of ``rows``, and in doubt it decides: a row in which a value is missing or does not fit is
read again by itself. So the two ways cannot differ, and only rows that are whole take the short one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

import polars as pl

from tieout.loading.formats import Format, Kind
from tieout.loading.plain import stored, stored_type
from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import Block, RowSource, SourceRow
from tieout.loading.values import Value

CHUNK: Final = 50_000
"""Rows that are read, judged and entered together; a few such chunks are in memory at once."""

_NUMBERS: Final = frozenset({Kind.AMOUNT, Kind.DECIMAL})


@dataclass(slots=True)
class Chunk:
    """Some rows of a file: those that became records, column by column, and those that did not.

    ``frame`` has one row per record and a column for each field of the format, a number as its text; judging
    adds columns to it. ``places`` are those of the records in ``block``. ``skipped`` are the rows that the
    profile leaves out, whatever else they say.
    """

    format: Format
    block: Block
    places: pl.Series
    frame: pl.DataFrame
    rejections: list[Rejection] = field(default_factory=list)
    skipped: list[Record | Rejection] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.places)

    def row(self, place: int) -> SourceRow:
        """Return the row that a record was made of."""
        return self.block.row(self.places[place])

    def number(self, place: int) -> int:
        """Return the number of that row."""
        return self.block.numbers[int(self.places[place])]

    def value(self, name: str, place: int) -> Value:
        """Return one value of one record."""
        value: str | Value = self.frame[name][place]
        is_number = self.format.fields[name].kind in _NUMBERS
        return Decimal(value) if is_number and isinstance(value, str) else value

    def record(self, place: int) -> dict[str, object]:
        """Return one record as its columns keep it, also what judging added."""
        return self.frame.row(place, named=True)

    def without(self, places: Collection[int]) -> Chunk:
        """Return the chunk without some of its records."""
        if not places:
            return self
        gone = pl.repeat(value=False, n=len(self), eager=True).scatter(list(places), values=True)
        return replace(self, places=self.places.filter(~gone), frame=self.frame.filter(~gone))


def chunks(reader: RowReader, source: RowSource, size: int = CHUNK) -> Iterator[Chunk]:
    """Yield the rows of a file in chunks of about ``size``; what is entered together stays in one chunk."""
    blocks = source.blocks(size)
    header = reader.column_of(next(iter(reader.format.together), ""))
    if header is not None:
        blocks = kept_together(blocks, header, size)
    for block in blocks:
        yield read_block(reader, block)


def kept_together(blocks: Iterator[Block], header: str, size: int) -> Iterator[Block]:
    """Yield blocks that end where the value of a column changes, unless they grew beyond twice ``size``."""
    current = next(blocks, None)
    while current is not None:
        following = next(blocks, None)
        if following is not None and len(current):
            last, moved = current.columns[header][-1], 0
            while moved < len(following) and following.columns[header][moved] == last:
                moved += 1
            if moved and len(current) + moved <= 2 * size:
                current.take_from(following, moved)
        yield current
        current = following


def read_block(reader: RowReader, block: Block) -> Chunk:
    """Return the rows of a block as a chunk."""
    schema = {name: stored_type(one.kind) for name, one in reader.format.fields.items()}
    if reader.is_columnar:
        frame, doubtful = reader.read_columns(block)
    else:
        frame = pl.DataFrame(schema=schema)
        doubtful = pl.repeat(value=True, n=len(block), eager=True)
    is_skipped = reader.skipped(block)
    doubtful |= is_skipped
    skipped: list[Record | Rejection] = []
    rejections = [one for one in map(reader.read, block.broken) if isinstance(one, Rejection)]
    records: dict[int, Record] = {}
    for place in doubtful.arg_true():
        one = reader.read(block.row(place))
        if is_skipped[place]:
            skipped.append(one)
        elif isinstance(one, Record):
            records[place] = one
        else:
            rejections.append(one)
    places = (~doubtful).arg_true()
    if len(places) < len(frame):
        frame = frame.filter(~doubtful)
    if records:
        rows = [[stored(value) for value in one.values.values()] for one in records.values()]
        again = pl.DataFrame(rows, schema=schema, orient="row")
        both = pl.concat([places, pl.Series(list(records), dtype=places.dtype)])
        order = both.arg_sort()
        places, frame = both[order], pl.concat([frame, again])[order]
    return Chunk(reader.format, block, places, frame, rejections, skipped)
