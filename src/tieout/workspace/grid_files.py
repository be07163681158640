"""A grid as a file: CSV or XLSX, made row by row, so that memory does not grow with the rows.

What a spreadsheet would take for a formula is written as a text (OWASP, CSV injection). A workbook that is
cut at its limit says so in its last row.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook

Value = str | Decimal | date | datetime | UUID | int | bool | None

CSV: Final = "csv"
XLSX: Final = "xlsx"
KINDS: Final = (CSV, XLSX)
XLSX_ROWS_MAX: Final = 100_000  # a workbook is made whole before it is sent
_MEDIA: Final = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CUT: Final = "NOT COMPLETE: these are the first {rows:,} rows of more. The CSV file has them all."
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_IN_MEMORY: Final = 2**20
# A number of a spreadsheet has 15 digits; what has more would be cut, so it is written as a text.
_DIGITS_MAX: Final = 15


def file_of(kind: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> HttpResponseBase:
    """Return the answer that a browser saves as ``name`` with its ending."""
    answer: HttpResponseBase
    if kind == CSV:
        answer = StreamingHttpResponse(_csv(header, rows), content_type=_MEDIA[CSV])
    else:
        answer = FileResponse(_xlsx(header, rows), content_type=_MEDIA[XLSX])
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(name)}.{kind}"'
    return answer


def _file_name(name: str) -> str:
    return "".join(one if one.isascii() and (one.isalnum() or one in "-_") else "-" for one in name)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"  # by it spreadsheets know that the text is UTF-8
    writer.writerow([_text(one) for one in header])
    for row in rows:
        writer.writerow([_text(one) for one in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()  # of a grid without rows, the header


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> tempfile.SpooledTemporaryFile[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rows")
    sheet.freeze_panes = "A2"
    sheet.append([_text(one) for one in header])
    for number, row in enumerate(rows):
        if number == XLSX_ROWS_MAX:
            sheet.append([_CUT.format(rows=XLSX_ROWS_MAX)])
            break
        sheet.append([_cell(one) for one in row])
    made = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the answer closes it
    book.save(made)
    made.seek(0)
    return made


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case _:
            return str(value)


def _cell(value: Value) -> str | Decimal | date | int | None:
    match value:
        case Decimal() if len(value.as_tuple().digits) <= _DIGITS_MAX:
            return value
        case datetime():
            return value.isoformat()
        case None | int() | date() if not isinstance(value, bool):
            return value
        case _:
            return _text(value)
