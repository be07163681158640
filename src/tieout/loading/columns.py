"""Rows of a file as columns of values, a chunk at a time: what many rows have in common is done once for all.

The rules are those of ``rows``, and in doubt it decides: a row in which a value is missing or does not fit is
read again by itself. So the two ways cannot differ, and only rows that are whole take the short one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import Block, RowSource, SourceRow
from tieout.loading.values import Value

CHUNK: Final = 10_000
"""Rows that are read, judged and entered together; a few such chunks are in memory at once."""

_TOGETHER: Final = {"expense_line": "report_number"}
"""Documents whose lines stay in one chunk where they stand together: a report is dated as its latest line."""


@dataclass(slots=True)
class Chunk:
    """Some rows of a file: those that became records, column by column, and those that did not.

    ``places`` are those of the records in ``block``; each column is as long.
    """

    block: Block
    places: list[int]
    columns: dict[str, list[Value]]
    rejections: list[Rejection] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.places)

    def row(self, place: int) -> SourceRow:
        """Return the row that a record was made of."""
        return self.block.row(self.places[place])

    def number(self, place: int) -> int:
        """Return the number of that row."""
        return self.block.numbers[self.places[place]]

    def record(self, place: int) -> dict[str, Value]:
        """Return the values of one record."""
        return {name: column[place] for name, column in self.columns.items()}

    def without(self, places: Collection[int]) -> Chunk:
        """Return the chunk without some of its records."""
        if not places:
            return self
        kept = [place for place in range(len(self)) if place not in places]
        return Chunk(
            self.block,
            [self.places[place] for place in kept],
            {name: [column[place] for place in kept] for name, column in self.columns.items()},
            self.rejections,
        )


def chunks(reader: RowReader, source: RowSource, size: int = CHUNK) -> Iterator[Chunk]:
    """Yield the rows of a file in chunks of about ``size``."""
    blocks = source.blocks(size)
    header = reader.column_of(_TOGETHER.get(reader.entity, ""))
    if header is not None:
        blocks = kept_together(blocks, source.headers.index(header), size)
    for block in blocks:
        yield read_block(reader, block)


def kept_together(blocks: Iterator[Block], column: int, size: int) -> Iterator[Block]:
    """Yield blocks that end where the value of a column changes, unless they grew beyond twice ``size``."""
    current = next(blocks, None)
    while current is not None:
        following = next(blocks, None)
        if following is not None and current.cells:
            last, moved = current.cells[-1][column], 0
            while moved < len(following.cells) and following.cells[moved][column] == last:
                moved += 1
            if len(current.cells) + moved <= 2 * size:
                current.numbers += following.numbers[:moved]
                current.cells += following.cells[:moved]
                del following.numbers[:moved], following.cells[:moved]
        yield current
        current = following


def read_block(reader: RowReader, block: Block) -> Chunk:
    """Return the rows of a block as a chunk."""
    if reader.is_columnar:
        columns, doubtful = reader.read_columns(block)
    else:
        columns, doubtful = (
            {name: [None] * len(block.cells) for name in reader.fields},
            set(range(len(block.cells))),
        )
    chunk = Chunk(block, list(range(len(block.cells))), columns)
    chunk.rejections += [one for one in map(reader.read, block.broken) if isinstance(one, Rejection)]
    gone = set()
    for place in sorted(doubtful):
        one = reader.read(block.row(place))
        if isinstance(one, Record):
            for name, value in one.values.items():
                columns[name][place] = value
        else:
            chunk.rejections.append(one)
            gone.add(place)
    return chunk.without(gone)
