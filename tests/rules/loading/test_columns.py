"""Columns at once against rows one by one: the same records, and the same rejections with the same words."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieout.loading.binding import bind
from tieout.loading.columns import Chunk, kept_together, read_block
from tieout.loading.csv_rows import CsvRows
from tieout.loading.formats import FORMATS
from tieout.loading.plain import shortened
from tieout.loading.profile import plain_profile
from tieout.loading.profile_file import profile_from
from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import Block, Cell, Column, ReadOptions, SourceRow

FIELDS: Final = tuple(FORMATS["vendor_invoice_line"].fields)
PROFILES: Final = (
    "",
    "date_formats = ['%d/%m/%Y', '%Y-%d-%m']",
    "decimal_mark = ','\nthousands = '.'",
    "symbols = ['£']\nthousands = ','",
    "blank = ['n/a', '-']\n[defaults]\nvendor = 'UNKNOWN'",
    "[sign]\namount = -1\n[round]\nquantity = 2",
    "[values.project]\n'old name' = 'New'\n[values.amount]\n'nil' = '0'",
    "[[split]]\nheaders = ['invoice_number']\npattern = '(?P<invoice_number>[0-9]+)'",
)
_TEXTS: Final = (
    *("", " ", "A", " A ", "V\N{NO-BREAK SPACE}1", "old  Name", "n/a", "-", "#N/A", "#REF!", "# 1", "x" * 70),
    *("a\x07", "a\nb", "a\u2028b", "\x1ca", "\x85b", "a\x7f", "a\x9fb", "'=1+1", '"q"', "\\N", "GBP", "gbp"),
)
_NUMBERS: Final = (
    *("1", "0", "-0", "-0.00", "007", "12.50", "-12.5", "(12.50)", "12.50-", "1.2345", "1.23456", "1.20000"),
    *(
        "12345678901234",
        "123456789012345678901",
        "1,234.5",
        "1.234,5",
        "12,5",
        "£3",
        "1e3",
        "NaN",
        "nil",
        "+1",
    ),
    *("1.", ".5", "1\n", "٣"),
)
_DAYS: Final = (
    *("2016-07-01", "2016-13-01", "2016-02-30", "01/07/2016", "2016-7-1", "1899-12-31", "2200-01-01"),
    *("2016-07-01 ", "2016-07-011", "20160701"),
)
_TYPED: Final = (None, Decimal("1068.60"), Decimal(7), date(2016, 7, 1))


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[list[Cell]]]:
    """Return a profile and some rows: mostly good, with anything anywhere."""
    profile = draw(st.sampled_from(PROFILES))
    typed = draw(st.booleans())
    strange = st.sampled_from(_TEXTS + _NUMBERS + _DAYS) | st.text(max_size=4)
    if typed:
        strange |= st.sampled_from(_TYPED)
    good = {"date": "2016-07-01", "amount": "12.50", "decimal": "1", "integer": "3", "currency": "GBP"}
    kinds = [FORMATS["vendor_invoice_line"].fields[name].kind for name in FIELDS]
    rows: list[list[Cell]] = [
        [good.get(kind, "A1") for kind in kinds] for _ in range(draw(st.integers(1, 6)))
    ]
    for row in rows:
        for place in draw(st.lists(st.integers(0, len(FIELDS) - 1), max_size=3)):
            row[place] = draw(strange)
    return profile, rows


def reader_of(toml: str, headers: tuple[str, ...] = FIELDS) -> RowReader:
    entity = "vendor_invoice_line"
    profile = (
        profile_from("ours", tomllib.loads(f'entity = "{entity}"\n{toml}')) if toml else plain_profile(entity)
    )
    return RowReader(bind(profile, Path("lines.csv"), headers))


def block_of(rows: list[list[Cell]], headers: tuple[str, ...] = FIELDS) -> Block:
    columns: dict[str, Column] = {}
    for header, cells in zip(headers, map(list, zip(*rows, strict=True)), strict=True):
        is_text = all(isinstance(cell, str) for cell in cells)
        columns[header] = pl.Series(cells, dtype=pl.String) if is_text else cells
    return Block(headers, list(range(2, len(rows) + 2)), columns, [], 0)


def records_of(chunk: Chunk) -> dict[int, dict[str, object]]:
    return {
        chunk.number(place): {name: chunk.value(name, place) for name in FIELDS}
        for place in range(len(chunk))
    }


@given(files())
@settings(deadline=None)
def test_columns_are_read_as_their_rows_are(file: tuple[str, list[list[Cell]]]) -> None:
    toml, rows = file
    reader, block = reader_of(toml), block_of(rows)
    chunk = read_block(reader_of(toml), block)
    one_by_one = [reader.read(block.row(place)) for place in range(len(block))]
    assert records_of(chunk) == {one.number: one.values for one in one_by_one if isinstance(one, Record)}
    assert sorted(records_of(chunk)) == list(records_of(chunk)), "in the order of the file"
    refused = [one for one in one_by_one if isinstance(one, Rejection)]
    assert [_words(one) for one in chunk.rejections] == [_words(one) for one in refused]


def _words(one: Rejection) -> tuple[object, ...]:
    return one.row, [problem.message for problem in one.problems], one.control, one.unit


LINES: Final = st.lists(
    st.lists(st.sampled_from(("a", "", " ", '"b"', '"c,d"', '"e\nf"', 'g"h', "i")), min_size=1, max_size=4),
    max_size=12,
)


@settings(deadline=None)
@given(LINES, st.sampled_from(("\n", "\r\n")), st.integers(1, 5))
def test_blocks_of_a_file_hold_what_its_rows_are(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]], end: str, size: int
) -> None:
    path = tmp_path_factory.mktemp("csv") / "lines.csv"
    path.write_text(end.join(["one,two,three", *map(",".join, lines)]), encoding="utf-8", newline="")
    rows = CsvRows(path, ReadOptions(delimiter=","))
    expected = sorted(map(_content, rows.rows()))
    rows.close()
    blocks = CsvRows(path, ReadOptions(delimiter=","))
    found: list[SourceRow] = []
    for block in blocks.blocks(size):
        found += [block.row(place) for place in range(len(block))] + block.broken
    blocks.close()
    assert sorted(map(_content, found)) == expected


def _content(row: SourceRow) -> tuple[int, dict[str, Cell], str]:
    return row.number, dict(row.values), row.problem.message if row.problem else ""


@pytest.mark.parametrize("as_text", [True, False])
def test_lines_of_one_document_stay_together(as_text: bool) -> None:  # noqa: FBT001  a parameter of the test
    def block(*cells: str) -> Block:
        column: Column = pl.Series(cells, dtype=pl.String) if as_text else list(cells)
        return Block(("r",), list(range(len(cells))), {"r": column}, [], 0)

    blocks = kept_together(iter([block("a", "b", "c"), block("c", "d", "e"), block("f", "f")]), "r", 3)
    assert [list(one.columns["r"]) for one in blocks] == [["a", "b", "c", "c"], ["d", "e"], ["f", "f"]]
    endless = kept_together(iter([block("a", "a"), block("a", "a"), block("a", "b")]), "r", 2)
    assert [len(one) for one in endless] == [4, 0, 2]


@pytest.mark.parametrize(
    ("number", "text"),
    [("12.5000000000000000", "12.5"), ("100.0000", "100"), ("-0.1000", "-0.1"), ("7", "7"), ("0.0000", "0")],
)
def test_a_counted_number_without_the_zeros_at_its_end(number: str, text: str) -> None:
    assert str(shortened(Decimal(number))) == text
