"""Rows of an XLSX workbook, streamed; numbers as exact decimals, dates as dates.

openpyxl hands a numeric cell out as a binary float, because that is what the file holds: Excel stores a
double and writes it with up to 17 digits (1068.6 stands in the file as 1068.5999999999999).
``Decimal(repr(value))`` is the shortest decimal that denotes this double, hence the number the person typed,
for all of the 15 digits Excel keeps; taking the file's own digits would be exact about the wrong number.

A workbook is a zip of XML. Both can be made to explode: the zip is measured before it is opened (a part
cannot unpack to more than it declares), and defusedxml refuses entity tricks.
"""

from __future__ import annotations

import itertools
import warnings
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tieout.loading.problems import (
    HeaderMissing,
    RowRagged,
    SheetMissing,
    WorkbookNotReadable,
    WorkbookTooLarge,
)
from tieout.loading.sources import (
    Block,
    Cell,
    Limits,
    ReadOptions,
    SourceRow,
    as_text,
    blocks_of,
    checked_headers,
    numbered_headers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS_MAX = 1_048_576
"""Rows of a sheet, by the file format; a row number above it would make us count through the gap."""
_ROWS_AT_ONCE = 500
_JUDGED_BYTES_MIN = 10 * 1024 * 1024

_DAMAGED = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
)
"""What openpyxl and what it uses raise on a damaged or hostile workbook (defusedxml: ValueError)."""


class XlsxRows:
    """A sheet of a workbook opened for reading; see ``RowSource`` for what its methods promise."""

    def __init__(self, path: Path, options: ReadOptions, limits: Limits) -> None:
        self._path = path
        self._size = path.stat().st_size
        self._position = 0
        check_archive(path, limits)
        self._stream = path.open("rb")  # openpyxl would refuse a path by its suffix
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # missing styles and the like say nothing about cells
                self._book = load_workbook(self._stream, read_only=True, data_only=True, keep_links=False)
        except _DAMAGED as error:
            self._stream.close()
            raise self._damaged(f"its contents are damaged ({error})") from error
        try:
            self._sheet_name, sheet = self._pick(options.sheet)
            sheet.reset_dimensions()  # what a writer declares as the used range is often wrong
            self._cells = enumerate(self._guarded(sheet.iter_rows(values_only=True)), 1)
            self._headers = self._read_headers(options.skip_rows)
        except BaseException:
            self.close()
            raise

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the header row, as written."""
        return self._headers

    @property
    def description(self) -> str:
        """Return how the file was read, e.g. ``XLSX, sheet Lines``."""
        return f"XLSX, sheet {self._sheet_name}"

    def bytes_read(self) -> int:
        """Return the whole size once the last row is out; where in a zip a row stands is not known before."""
        return self._position

    def close(self) -> None:
        """Close the archive."""
        self._book.close()
        self._stream.close()

    def rows(self) -> Iterator[SourceRow]:
        """Yield each row below the header, once; one without content is left out, one too wide is ragged."""
        headers, width = self._headers, len(self._headers)
        for number, raw in self._cells:
            cells = [as_cell(value) for value in raw]
            while cells and cells[-1] is None:
                cells.pop()
            if not cells:
                continue
            problem = RowRagged(row=number, found=len(cells), expected=width) if len(cells) > width else None
            names = numbered_headers(headers, len(cells))
            yield SourceRow(number, dict(itertools.zip_longest(names, cells)), problem)
        self._position = self._size

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield the same rows, about ``size`` at a time."""
        return blocks_of(self, size)

    def _pick(self, wanted: str | None) -> tuple[str, Any]:
        sheets = {sheet.title: sheet for sheet in self._book.worksheets}
        if not sheets:
            raise WorkbookNotReadable(file=self._path.name, reason="it has no worksheet")
        name = wanted if wanted is not None else next(iter(sheets))
        if name not in sheets:
            raise SheetMissing(file=self._path.name, sheet=name, sheets=", ".join(sheets))
        return name, sheets[name]

    def _read_headers(self, skip_rows: int) -> tuple[str, ...]:
        for number, raw in self._cells:
            cells = [as_text(as_cell(value)) for value in raw]
            while cells and not cells[-1].strip():
                cells.pop()
            if number > skip_rows and cells:
                return checked_headers(self._path, cells)
        raise HeaderMissing(file=self._path.name)

    def _guarded(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield rows as long as the sheet can be read; damage in the middle is a problem of the file."""
        count = 0
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    some = list(itertools.islice(rows, _ROWS_AT_ONCE))
            except _DAMAGED as error:
                raise self._damaged(f"its sheet is damaged ({error})") from error
            count += len(some)
            if count > _ROWS_MAX:
                raise self._damaged(f"its sheet claims more than {_ROWS_MAX:,} rows")
            yield from some
            if len(some) < _ROWS_AT_ONCE:
                return

    def _damaged(self, reason: str) -> WorkbookNotReadable:
        return WorkbookNotReadable(file=self._path.name, reason=reason)


def check_archive(path: Path, limits: Limits) -> None:
    """Refuse, before anything is unpacked, a zip that is no workbook or would cost too much memory or time.

    Raises WorkbookNotReadable or WorkbookTooLarge (sizes in bytes).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except _DAMAGED as error:
        raise WorkbookNotReadable(file=path.name, reason="its zip archive is damaged") from error
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise WorkbookNotReadable(file=path.name, reason="it is a zip archive, but holds no workbook")
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked_bytes_max:
        raise WorkbookTooLarge(file=path.name, part="all parts", size=total, limit=limits.unpacked_bytes_max)
    for part in parts:
        allowed = max(_JUDGED_BYTES_MIN, part.compress_size * limits.unpacked_ratio_max)
        if part.filename.endswith("sharedStrings.xml"):
            allowed = min(allowed, limits.shared_text_bytes_max)
        if part.file_size > allowed:
            raise WorkbookTooLarge(file=path.name, part=part.filename, size=part.file_size, limit=allowed)


def as_cell(value: Any) -> Cell:
    """Return what openpyxl read as text, exact decimal or date; an empty cell is ``None``.

    A date with a time of day keeps its date; a time alone, and a truth value, are text.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float):
        return as_decimal(value)
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, date) else str(value)


def as_decimal(value: float) -> Decimal | str:
    """Return the shortest decimal that denotes this double (see above); infinity and not-a-number as text."""
    number = Decimal(repr(value))
    return number if number.is_finite() else str(number)
