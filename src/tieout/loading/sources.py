"""What every reader of files offers and obeys: rows with their numbers, options of reading, limits.

Nothing is guessed about content at this level: a CSV cell is text, an XLSX cell is what the workbook says it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple, Protocol, TypeAlias

from tieout.kernel.problems import Problem
from tieout.loading.problems import HeaderDoubled, HeaderMissing

Cell: TypeAlias = str | Decimal | date | None

NEUTRALISED: Final = frozenset("=+-@\t\r\n")
"""First characters with which a spreadsheet would take a text for a formula; we write an apostrophe before them."""


class SourceRow(NamedTuple):
    """One row of a file: its physical line (CSV) or row (XLSX) number, and its cells by the file's own header.

    ``problem`` is set where the row could not be cut into the header's columns; its cells are then what could be read.
    """

    number: int
    values: dict[str, Cell]
    problem: Problem | None = None


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
    """All parts of a workbook together. A zip cannot lie about it: unpacking stops at the size it declares."""
    unpacked_ratio_max: int = 200
    """Real workbooks unpack to 5 to 60 times their size; parts under 10 MiB are not judged by it."""
    shared_text_bytes_max: int = 256 * 1024**2
    """The one part of a workbook that must be held in memory: its table of texts."""


class RowSource(Protocol):
    """What a reader of one kind of file offers."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The header row, as written."""

    @property
    def description(self) -> str:
        """How the file was read, e.g. ``CSV, utf-8, comma`` or ``XLSX, sheet Lines``."""

    def rows(self) -> Iterator[SourceRow]:
        """All rows below the header, once; rows without any content are left out."""

    def bytes_read(self) -> int:
        """How far reading has come, for a progress bar; out of the file's size."""

    def close(self) -> None:
        """Give the file back."""


def checked_headers(path: Path, cells: list[str]) -> tuple[str, ...]:
    """The header row as names that are all different; a nameless column is called ``column 7`` after its place.

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


def as_text(cell: Cell) -> str:
    """A cell as a person would read it: decimals without exponent, dates as 2016-07-01, nothing as empty text."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell
