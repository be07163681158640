"""Rows of a file as columns of values, a chunk at a time: what many rows have in common is done once for all.

The rules are those of ``rows``, and in doubt it decides: a row in which any value is missing or does not fit is
read again by itself. So the two ways cannot differ, and only rows that are whole take the short one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import RowSource, SourceRow
from tieout.loading.values import Value

CHUNK: Final = 20_000
"""Rows that are read, judged and entered together; what is held in memory."""

_TOGETHER: Final = {"expense_line": "report_number"}
"""Documents whose lines are kept in one chunk where they stand together: a report is dated as its latest line."""


@dataclass(slots=True)
class Chunk:
    """Some rows of a file: those that became records, column by column, and those that did not.

    ``rows`` and every column have one length.
    """

    rows: list[SourceRow]
    columns: dict[str, list[Value]]
    rejections: list[Rejection] = field(default_factory=list)
    bytes_read: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def record(self, place: int) -> dict[str, Value]:
        """Return the values of one record."""
        return {name: column[place] for name, column in self.columns.items()}

    def without(self, places: Iterable[int]) -> Chunk:
        """Return the chunk without some of its records."""
        gone = set(places)
        if not gone:
            return self
        kept = [place for place in range(len(self.rows)) if place not in gone]
        return Chunk(
            [self.rows[place] for place in kept],
            {name: [column[place] for place in kept] for name, column in self.columns.items()},
            self.rejections,
            self.bytes_read,
        )


def chunks(reader: RowReader, source: RowSource, size: int = CHUNK) -> Iterator[Chunk]:
    """Yield the rows of a file in chunks of about ``size``; the last may be empty but for rejections."""
    rows = iter(source.rows())
    together = reader.column_of(_TOGETHER.get(reader.entity, ""))
    ahead: list[SourceRow] = []
    while some := [*ahead, *islice(rows, size - len(ahead))]:
        ahead = []
        if together and len(some) >= size:
            last = some[-1].values.get(together)
            for row in islice(rows, size):
                if row.values.get(together) != last:
                    ahead = [row]
                    break
                some.append(row)
        chunk = read_columns(reader, some)
        chunk.bytes_read = source.bytes_read()
        yield chunk


def read_columns(reader: RowReader, rows: list[SourceRow]) -> Chunk:
    """Return rows as a chunk, in their order."""
    whole = [row for row in rows if row.problem is None] if reader.is_columnar else []
    columns, doubtful = reader.read_columns(whole)
    if not doubtful and len(whole) == len(rows):
        return Chunk(rows, columns)
    records: dict[int, Record] = {}
    rejections: list[Rejection] = []
    by_itself = {id(row) for row in rows if row.problem is not None or not reader.is_columnar}
    by_itself.update(id(whole[place]) for place in doubtful)
    for row in rows:
        if id(row) in by_itself:
            one = reader.read(row)
            if isinstance(one, Record):
                records[id(row)] = one
            else:
                rejections.append(one)
    places = {id(row): place for place, row in enumerate(whole) if place not in doubtful}
    kept = [row for row in rows if id(row) in records or id(row) in places]
    return Chunk(
        kept,
        {
            name: [
                records[id(row)].values[name] if id(row) in records else column[places[id(row)]]
                for row in kept
            ]
            for name, column in columns.items()
        },
        rejections,
    )
