from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from tieout.loading.files import open_rows
from tieout.loading.problems import (
    HeaderMissing,
    RowRagged,
    SheetMissing,
    WorkbookNotReadable,
    WorkbookTooLarge,
)
from tieout.loading.sources import Limits, ReadOptions, SourceRow, as_text

if TYPE_CHECKING:
    from pathlib import Path

SHEET = "xl/worksheets/sheet1.xml"
MIB = 1024 * 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.xlsx"


def write(path: Path, *rows: tuple[Any, ...], title: str = "Lines") -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rows_of(path: Path, options: ReadOptions | None = None) -> list[SourceRow]:
    with open_rows(path, options or ReadOptions()) as source:
        return list(source.rows())


def with_part(path: Path, name: str, content: bytes) -> Path:
    """Replace one part of the workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, old in (parts | {name: content}).items():
            archive.writestr(part, content if part == name else old)
    return path


def sheet(rows: str, prefix: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{prefix}'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


def test_cells_have_the_types_of_the_workbook(path: Path) -> None:
    moment, clock = dt.datetime(2016, 7, 1, 13, 5), dt.time(9, 30)  # noqa: DTZ001  workbooks know no zones
    write(path, tuple("abcdef"), ("x", 12.5, moment, clock, True, None))
    (row,) = rows_of(path)
    assert row == SourceRow(
        2, {"a": "x", "b": Decimal("12.5"), "c": dt.date(2016, 7, 1), "d": "09:30:00", "e": "true", "f": None}
    )


@pytest.mark.parametrize(
    ("in_file", "number"),
    [
        ("1068.5999999999999", "1068.6"),  # what Excel writes for 1068.6
        ("0.1", "0.1"),
        ("46281108", "46281108"),
        ("4.6281108E7", "46281108.0"),
        ("-0.01", "-0.01"),
        ("1E-7", "0.0000001"),
        ("165481456.59999999", "165481456.6"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_numbers_are_the_shortest_decimal_of_the_double(path: Path, in_file: str, number: str) -> None:
    write(path, ("a",))
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    with_part(path, SHEET, sheet(f'{head}<row r="2"><c r="A2"><v>{in_file}</v></c></row>'))
    assert rows_of(path)[0].values["a"] == Decimal(number)


def test_number_that_is_a_code_is_written_whole() -> None:
    assert [as_text(Decimal(text)) for text in ("46281108.0", "1E+3", "-0.50", "1E-7")] == [
        "46281108",
        "1000",
        "-0.50",
        "0.0000001",
    ]


def test_row_numbers_short_rows_and_wide_rows(path: Path) -> None:
    write(path, ("Report",), (), ("a", "b"), ("1",), (), (None, None), ("2", "3", "4"))
    with open_rows(path, ReadOptions(skip_rows=1)) as source:
        assert source.headers == ("a", "b")
        rows = list(source.rows())
    assert rows[0] == SourceRow(4, {"a": "1", "b": None})
    assert (rows[1].number, rows[1].values) == (7, {"a": "2", "b": "3", "column 3": "4"})
    assert isinstance(rows[1].problem, RowRagged)


def test_sheet_by_name(path: Path) -> None:
    write(path, ("a",), ("1",))
    assert rows_of(path, ReadOptions(sheet="Lines"))[0].values == {"a": "1"}
    with pytest.raises(SheetMissing) as caught:
        rows_of(path, ReadOptions(sheet="Lnes"))
    assert caught.value.sheets == "Lines"


def test_empty_sheet(path: Path) -> None:
    with pytest.raises(HeaderMissing):
        rows_of(write(path))


def test_text_named_xlsx(path: Path) -> None:
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(WorkbookNotReadable):
        rows_of(path)


def test_xlsx_named_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert rows_of(write(tmp_path / "lines.csv", ("a",), ("1",)))[0].values == {"a": "1"}


def test_old_or_protected_workbook(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(WorkbookNotReadable) as caught:
        rows_of(path)
    assert "password" in caught.value.reason


def test_zip_that_is_no_workbook(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(WorkbookNotReadable) as caught:
        rows_of(path)
    assert "holds no workbook" in caught.value.reason


def test_cut_off_workbook(path: Path) -> None:
    write(path, ("a",), *((str(n),) for n in range(500)))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(WorkbookNotReadable):
        rows_of(path)


@pytest.mark.parametrize(
    "content",
    [
        b"<worksheet",
        sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        sheet(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>',
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        ),
        sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000000"><c r="A900000000"><v>1</v></c></row>'
        ),
    ],
    ids=["broken xml", "shared text that is not there", "entities", "row beyond the format"],
)
def test_hostile_sheets(path: Path, content: bytes) -> None:
    with_part(write(path, ("a",)), SHEET, content)
    with pytest.raises(WorkbookNotReadable):
        rows_of(path)


def test_zip_bombs(path: Path) -> None:
    write(path, ("a",))
    with_part(path, SHEET, b" " * (40 * MIB))  # a thousand times its size in the archive
    with pytest.raises(WorkbookTooLarge) as caught:
        rows_of(path)
    assert (caught.value.part, caught.value.size) == (SHEET, 40 * MIB)
    with pytest.raises(WorkbookTooLarge), open_rows(path, limits=Limits(unpacked_bytes_max=MIB)):
        pass
    with_part(path, SHEET, sheet(""))
    with_part(path, "xl/sharedStrings.xml", b" " * MIB)
    with pytest.raises(WorkbookTooLarge), open_rows(path, limits=Limits(shared_text_bytes_max=MIB - 1)):
        pass
