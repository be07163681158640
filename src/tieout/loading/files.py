"""A file on disk as a stream of rows, whatever wrote it: one row in memory at a time, CSV and XLSX alike.

What a file is, its first bytes decide, not its name: exports are misnamed more often than they are damaged.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tieout.loading.csv_rows import CsvRows
from tieout.loading.problems import FileNotReadable, FileTooLarge, WorkbookNotReadable
from tieout.loading.sources import Limits, ReadOptions
from tieout.loading.xlsx_rows import XlsxRows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tieout.loading.sources import RowSource

_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an Excel 97 workbook, and of any workbook behind a password."""

_AS_FOUND = ReadOptions()
_LIMITS = Limits()


@contextmanager
def open_rows(path: Path, options: ReadOptions = _AS_FOUND, limits: Limits = _LIMITS) -> Iterator[RowSource]:
    """Open a CSV or XLSX file; its header has been read and checked when the block starts.

    Raises a problem that names the file: not readable, too large, no workbook, wrong encoding, no header row,
    a header that stands twice.
    """
    source = _source(path, options, limits)
    try:
        yield source
    finally:
        source.close()


def _source(path: Path, options: ReadOptions, limits: Limits) -> RowSource:

    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            magic = stream.read(8)
    except OSError as error:
        raise FileNotReadable(file=str(path), reason=error.strerror or str(error)) from error
    if size > limits.file_bytes_max:
        raise FileTooLarge(file=path.name, size=size, limit=limits.file_bytes_max)
    if magic.startswith(_OLE_MAGIC):
        raise WorkbookNotReadable(
            file=path.name, reason="it is an Excel 97 workbook, or protected by a password"
        )
    if magic.startswith(_ZIP_MAGIC):
        return XlsxRows(path, options, limits)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise WorkbookNotReadable(file=path.name, reason="it is not a zip archive, which every XLSX file is")
    return CsvRows(path, options)
