"""What every reader of files offers and obeys: rows with their numbers, options of reading, limits.

Nothing is guessed about content at this level: a CSV cell is text, an XLSX cell is what the workbook says it
is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias

import polars as pl

from tieout.loading.problems import HeaderDoubled, HeaderMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tieout.kernel.problems import Problem

Cell: TypeAlias = str | Decimal | date | None
Column: TypeAlias = "pl.Series | list[Cell]"
"""The cells of one column: a series where all are text, as in a CSV file."""

NEUTRALISED: Final = frozenset("=+-@\t\r\n")
"""With one of these first, a spreadsheet takes a text for a formula; we write an apostrophe before it."""


class SourceRow(NamedTuple):
    """One row of a file: physical line (CSV) or row (XLSX) number, and its cells by the file's own header.

    ``problem`` is set where the row could not be cut into the header's columns; its cells are then what could
    be read.
    """

    number: int
    values: Mapping[str, Cell]
    problem: Problem | None = None


@dataclass(slots=True)
class Block:
    """Some rows of a file: the cells of those that were cut as the header says, and the others.

    ``columns`` has one column per header, each as long as ``numbers``. ``bytes_read`` is how far reading had
    come.
    """

    headers: tuple[str, ...]
    numbers: list[int]
    columns: dict[str, Column]
    broken: list[SourceRow]
    bytes_read: int

    def __len__(self) -> int:
        return len(self.numbers)

    def row(self, place: int) -> SourceRow:
        """Return one row that was cut well."""
        return SourceRow(self.numbers[place], {name: cells[place] for name, cells in self.columns.items()})

    def take_from(self, other: Block, count: int) -> None:
        """Move the first rows that were cut well from the next block of the same file to the end of this."""
        self.numbers += other.numbers[:count]
        del other.numbers[:count]
        for name, cells in other.columns.items():
            own = self.columns[name]
            if isinstance(own, pl.Series) and isinstance(cells, pl.Series):
                self.columns[name] = own.head(len(own)).append(cells[:count])
            else:
                self.columns[name] = [*own, *cells[:count]]
            other.columns[name] = cells[count:]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the bytes; everything left ``None`` is found out from the file itself."""

    encoding: str | None = None
    encoding_fallback: str | None = None
    """Taken when the file is not UTF-8; without it such a file is refused, naming line and byte."""
    delimiter: str | None = None
    sheet: str | None = None
    skip_rows: int = 0
    """Rows above the header (a title, a print date)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused; sizes in bytes."""

    file_bytes_max: int = 2 * 1024**3
    unpacked_bytes_max: int = 2 * 1024**3
    """All parts of a workbook together. A zip cannot lie: unpacking stops at the size it declares."""
    unpacked_ratio_max: int = 200
    """Real workbooks unpack to 5 to 60 times their size; parts under 10 MiB are not judged by it."""
    shared_text_bytes_max: int = 256 * 1024**2
    """The one part of a workbook that must be held in memory: its table of texts."""


class RowSource(Protocol):
    """What a reader of one kind of file offers."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the header row, as written."""

    @property
    def description(self) -> str:
        """Return how the file was read, e.g. ``CSV, utf-8, comma`` or ``XLSX, sheet Lines``."""

    def rows(self) -> Iterator[SourceRow]:
        """Yield all rows below the header, once; rows without any content are left out."""

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield the same rows, about ``size`` at a time; of this and ``rows`` only one is used."""

    def bytes_read(self) -> int:
        """Return how far reading has come, out of the file's size, for a progress bar."""

    def close(self) -> None:
        """Give the file back."""


def blocks_of(source: RowSource, size: int) -> Iterator[Block]:
    """Yield the rows of any source in blocks."""
    rows = iter(source.rows())
    while some := list(islice(rows, size)):
        whole = [row for row in some if row.problem is None]
        yield Block(
            source.headers,
            [row.number for row in whole],
            {header: [row.values[header] for row in whole] for header in source.headers},
            [row for row in some if row.problem is not None],
            source.bytes_read(),
        )


def checked_headers(path: Path, cells: list[str]) -> tuple[str, ...]:
    """Return the header row as names that all differ; a nameless column is called ``column 7`` by its place.

    Raises HeaderMissing where no cell has a name, HeaderDoubled where two columns share one.
    """
    if not any(cell.strip() for cell in cells):
        raise HeaderMissing(file=path.name)
    names = tuple(cell if cell.strip() else f"column {place}" for place, cell in enumerate(cells, 1))
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        first = seen.setdefault(name.strip(), place)
        if first != place:
            raise HeaderDoubled(file=path.name, header=name.strip(), first=first, second=place)
    return names


def numbered_headers(headers: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return the headers, and names by place for cells beyond them."""
    return (*headers, *(f"column {place}" for place in range(len(headers) + 1, width + 1)))


def as_text(cell: Cell) -> str:
    """Return a cell as a person reads it: no exponents, dates as 2016-07-01, nothing as empty text."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        # A whole number is written whole: an invoice number in a numeric cell is 46281108, never 46281108.0.
        return f"{cell:.0f}" if cell == cell.to_integral_value() else f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell
