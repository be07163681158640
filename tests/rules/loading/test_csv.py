from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from tieout.loading.files import open_rows
from tieout.loading.problems import (
    EncodingUnknown,
    EncodingWrong,
    FileNotReadable,
    FileNotText,
    FileTooLarge,
    HeaderDoubled,
    HeaderMissing,
    RowQuoteOpen,
    RowRagged,
)
from tieout.loading.sources import Limits, ReadOptions, SourceRow

if TYPE_CHECKING:
    from pathlib import Path

    from tieout.kernel.problems import Problem

PLAIN = ReadOptions()


def rows_of(path: Path, content: bytes, options: ReadOptions = PLAIN) -> list[SourceRow]:
    path.write_bytes(content)
    with open_rows(path, options) as source:
        return list(source.rows())


def refusal(path: Path, content: bytes, options: ReadOptions = PLAIN) -> Problem:
    with pytest.raises(Exception) as caught:  # noqa: PT011  the type is what the caller asserts
        rows_of(path, content, options)
    assert hasattr(caught.value, "code"), caught.value
    return caught.value  # type: ignore[return-value]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.csv"


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (b"a,b\n1,\xc3\xa9\n", "CSV, utf-8, comma"),
        (b"\xef\xbb\xbfa,b\n1,\xc3\xa9\n", "CSV, utf-8, comma"),
        ("a;b\r\n1;é\r\n".encode(), "CSV, utf-8, semicolon"),
        ("a\tb\r1\té\r".encode(), "CSV, utf-8, tab"),
        ("a|b\n1|é".encode(), "CSV, utf-8, bar"),
        ("a\tb\n1\té\n".encode("utf-16"), "CSV, utf-16, tab"),
        ('a,b\n"1","é"\n'.encode(), "CSV, utf-8, comma"),
        ('"a;x",b\n1,é\n'.encode(), "CSV, utf-8, comma"),
    ],
)
def test_encoding_and_delimiter_are_found(path: Path, content: bytes, description: str) -> None:
    path.write_bytes(content)
    with open_rows(path) as source:
        assert source.description == description
        assert [tuple(row.values.values()) for row in source.rows()] == [("1", "é")]


def test_cp1252_only_when_the_profile_says_so(path: Path) -> None:
    content = "a,b\nx,y\nCafé,£\n".encode("cp1252")
    problem = refusal(path, content)
    assert isinstance(problem, EncodingWrong)
    assert (problem.line, problem.byte, problem.value) == (3, 12, "0xE9")
    for options in (ReadOptions(encoding="cp1252"), ReadOptions(encoding_fallback="cp1252")):
        assert rows_of(path, content, options)[1].values == {"a": "Café", "b": "£"}


def test_fallback_leaves_utf8_alone(path: Path) -> None:
    options = ReadOptions(encoding_fallback="cp1252")
    assert rows_of(path, "a,b\nCafé,1\n".encode(), options)[0].values["a"] == "Café"


def test_wrong_byte_far_into_the_file_is_named_exactly(path: Path) -> None:
    good = b"a,b\n" + b"1,2\n" * 700_000
    problem = refusal(path, good + b"x\xff,2\n")
    assert isinstance(problem, EncodingWrong)
    assert (problem.line, problem.byte) == (700_002, len(good) + 2)


def test_cut_off_character_at_the_end(path: Path) -> None:
    problem = refusal(path, b"a,b\n1,\xc3")
    assert isinstance(problem, EncodingWrong)
    assert (problem.line, problem.byte) == (2, 7)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", HeaderMissing),
        (b"\n \n,,\n", HeaderMissing),
        (b"a,b,a \n1,2,3\n", HeaderDoubled),
        (b"a,b\n1,\x00\n", FileNotText),
        (b"x" * (6 * 1024 * 1024), FileNotText),
    ],
)
def test_files_that_are_no_table(path: Path, content: bytes, kind: type[Problem]) -> None:
    assert type(refusal(path, content)) is kind


def test_unknown_encoding(path: Path) -> None:
    assert isinstance(refusal(path, b"a\n1\n", ReadOptions(encoding="latin-99")), EncodingUnknown)


def test_missing_file_and_size_limit(path: Path) -> None:
    with pytest.raises(FileNotReadable), open_rows(path):
        pass
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(FileTooLarge), open_rows(path, limits=Limits(file_bytes_max=7)):
        pass


def test_row_numbers_are_physical_lines(path: Path) -> None:
    content = b'a,b\n1,"two\nlines"\n\n,,\n3,4\n'
    rows = rows_of(path, content)
    assert [(row.number, row.values["a"]) for row in rows] == [(2, "1"), (6, "3")]
    assert rows[0].values["b"] == "two\nlines"


def test_ragged_rows_are_rejected_and_the_rest_goes_on(path: Path) -> None:
    rows = rows_of(path, b"a,b\n1\n1,2,3\n1,2\n")
    assert [type(row.problem) for row in rows] == [RowRagged, RowRagged, type(None)]
    assert rows[0].values == {"a": "1"}
    assert rows[1].values == {"a": "1", "b": "2", "column 3": "3"}


def test_open_quote_costs_one_row_not_the_rest(path: Path) -> None:
    rows = rows_of(path, b'a,b\n1,2\n"3,4\n5,6\n7,8\n')
    assert [(row.number, type(row.problem)) for row in rows] == [
        (2, type(None)),
        (3, RowQuoteOpen),
        (4, type(None)),
        (5, type(None)),
    ]
    assert rows[1].values == {"a": '"3,4'}
    assert rows[3].values == {"a": "7", "b": "8"}


def test_open_quote_in_a_long_file_is_found_at_the_cell_limit(path: Path) -> None:
    rows = rows_of(path, b'a,b\n1,"2\n' + b"3,4\n" * 100_000)
    assert len(rows) == 100_001
    assert [row.number for row in rows if row.problem] == [2]


def test_rows_above_the_header_are_skipped_and_nameless_columns_numbered(path: Path) -> None:
    rows = rows_of(path, b"Printed 2016\n\na,,c\n1,2,3\n", ReadOptions(skip_rows=1))
    assert rows == [SourceRow(4, {"a": "1", "column 2": "2", "c": "3"})]


def test_memory_does_not_grow_with_the_file(path: Path) -> None:
    path.write_bytes(b"a,b,c\n" + b"some text,another text,12345.67\n" * 200_000)  # 6 MB
    with open_rows(path) as source:
        tracemalloc.start()
        count = sum(1 for _ in source.rows())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 200_000
    assert peak < 3 * 1024 * 1024
