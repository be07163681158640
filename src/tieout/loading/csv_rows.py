"""Rows of a delimited text file: encoding found and proved before the first row is given out, lines physical.

The file is read twice: once as bytes, to prove its encoding from end to end (a file that turns out to be
unreadable in its last line must not have been half loaded), once as rows. Neither pass holds more than a
buffer.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Self

import polars as pl

from tieout.loading.problems import (
    EncodingUnknown,
    EncodingWrong,
    FileNotText,
    HeaderMissing,
    RowQuoteOpen,
    RowRagged,
)
from tieout.loading.sources import (
    Block,
    Column,
    ReadOptions,
    SourceRow,
    checked_headers,
    numbered_headers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK_BYTES = 1024 * 1024
_SNIFF_CHARACTERS = 64 * 1024
_CHARACTERS_AT_ONCE = 4 * 1024 * 1024
"""Of fat rows fewer are in memory together."""
_LINE_CHARACTERS_MAX = 4 * 1024 * 1024
"""A longer line is no table's; it would have to be held in memory whole."""
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class CsvRows:
    """A CSV file opened for reading; see ``RowSource`` for what its methods promise."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path = path
        self._encoding = proved_encoding(path, options)
        self._raw = path.open("rb", buffering=0)
        self._text = io.TextIOWrapper(
            io.BufferedReader(self._raw, _CHUNK_BYTES), encoding=self._encoding, newline=""
        )
        try:
            self._lines = _Lines(self._text)
            self._delimiter = options.delimiter or sniffed_delimiter(self._peek(options.skip_rows))
            self._headers = self._read_headers()
        except BaseException:
            self._text.close()
            raise

    @property
    def headers(self) -> tuple[str, ...]:
        """Return the header row, as written."""
        return self._headers

    @property
    def description(self) -> str:
        """Return how the file was read, e.g. ``CSV, utf-8, comma``."""
        name = _DELIMITERS.get(self._delimiter, repr(self._delimiter))
        return f"CSV, {self._encoding.removesuffix('-sig')}, {name}"

    def bytes_read(self) -> int:
        """Return the bytes taken from the disk so far (a buffer ahead of the rows given out)."""
        return 0 if self._raw.closed else self._raw.tell()

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def rows(self) -> Iterator[SourceRow]:
        """Yield each record below the header, once; a record with no content at all is left out.

        A record of too few or too many cells, or with a quote that never closes, comes with its problem;
        after an open quote reading resumes on the next physical line, so that one bad line costs one row and
        not the rest.
        """
        headers, width = self._headers, len(self._headers)
        for number, cells, open_quote in self._records():
            if not any(map(str.strip, cells)):
                continue
            if open_quote or len(cells) != width:
                yield self._broken(number, cells, open_quote=open_quote)
            else:
                yield SourceRow(number, dict(zip(headers, cells, strict=True)))

    def blocks(self, size: int) -> Iterator[Block]:
        """Yield the same rows, about ``size`` at a time."""
        while True:
            first = self._lines.number + 1
            lines = self._lines.take(size)
            if not lines:
                return
            columns = self._cut(lines)
            if columns is not None:
                numbers = list(range(first, first + len(lines)))
                yield Block(self._headers, numbers, columns, [], self.bytes_read())
            else:
                self._lines.give_back(lines)
                yield self._examined(len(lines))

    def _cut(self, lines: list[str]) -> dict[str, Column] | None:
        """Return the columns of lines that are one whole row each; nothing where any needs a closer look."""
        columns = self._cut_quoted(lines) if any('"' in line for line in lines) else self._split(lines)
        if columns is None or (columns[0].str.strip_chars() == "").any():
            return None
        return dict(zip(self._headers, columns, strict=True))

    def _split(self, lines: list[str]) -> list[pl.Series] | None:
        """Cut lines without quotes, which have no cells but what stands between two delimiters."""
        whole = pl.Series(lines, dtype=pl.String).str.strip_chars_end("\r\n")
        marks = len(self._headers) - 1
        if not (whole.str.count_matches(self._delimiter, literal=True) == marks).all():
            return None
        if not marks:
            return [whole]
        return whole.str.split_exact(self._delimiter, marks).struct.unnest().get_columns()

    def _cut_quoted(self, lines: list[str]) -> list[pl.Series] | None:
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None
        if len(rows) != len(lines) or set(map(len, rows)) != {len(self._headers)}:
            return None
        return _series(rows, len(self._headers))

    def _examined(self, size: int) -> Block:
        """Return the next records, each by itself."""
        numbers, rows, broken = [], [], []
        for number, cells, open_quote in islice(self._records(), size):
            if not any(map(str.strip, cells)):
                continue
            if open_quote or len(cells) != len(self._headers):
                broken.append(self._broken(number, cells, open_quote=open_quote))
            else:
                numbers.append(number)
                rows.append(cells)
        columns: dict[str, Column] = dict(zip(self._headers, _series(rows, len(self._headers)), strict=True))
        return Block(self._headers, numbers, columns, broken, self.bytes_read())

    def _records(self) -> Iterator[tuple[int, list[str], bool]]:
        """Yield first line, cells, and whether a quote stayed open, of each record."""
        lines = self._lines
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            lines.begin()
            number = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # Also a cell above the 131,072 characters that csv allows: a quote that never closed.
                yield number, [lines.give_back_all_but_first()], True
                reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            else:
                yield number, cells, False

    def _broken(self, number: int, cells: list[str], *, open_quote: bool) -> SourceRow:
        values = dict(zip(numbered_headers(self._headers, len(cells)), cells, strict=False))
        if open_quote:
            return SourceRow(number, values, RowQuoteOpen(row=number))
        return SourceRow(number, values, RowRagged(row=number, found=len(cells), expected=len(self._headers)))

    def _peek(self, skip_rows: int) -> str:
        """Return some lines from the header on, which stay to be read."""
        for _ in range(skip_rows):
            next(self._lines, None)
        return self._lines.peek(_SNIFF_CHARACTERS)

    def _read_headers(self) -> tuple[str, ...]:
        """Return the first record that has content; the rows to skip are behind us already."""
        for _number, cells, open_quote in self._records():
            if open_quote:
                raise HeaderMissing(file=self._path.name)
            if any(cells):
                return checked_headers(self._path, cells)
        raise HeaderMissing(file=self._path.name)


def _series(rows: list[list[str]], width: int) -> list[pl.Series]:
    columns = zip(*rows, strict=True) if rows else iter([()] * width)
    return [pl.Series(column, dtype=pl.String) for column in columns]


class _Lines:
    """Physical lines, counted, that can be given back: what was taken for one endless cell is read anew."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._text)
        self.number += 1
        self._taken.append(line)
        return line

    def begin(self) -> None:
        """Forget the lines taken so far: a new record begins."""
        self._taken.clear()

    def give_back_all_but_first(self) -> str:
        """Take the current record to have been its first line only, and return that line."""
        first, rest = self._taken[0], self._taken[1:]
        self._waiting.extendleft(reversed(rest))
        self.number -= len(rest)
        return first.rstrip("\r\n")

    def take(self, count: int) -> list[str]:
        """Return the next lines, at most ``count`` and about as many characters as are held at once."""
        lines = [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]
        if len(lines) < count:
            lines += self._text.readlines(_CHARACTERS_AT_ONCE)
            self._waiting.extend(lines[count:])
            del lines[count:]
        self.number += len(lines)
        return lines

    def give_back(self, lines: list[str]) -> None:
        """Put back what was taken last."""
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def peek(self, characters: int) -> str:
        """Return about so many characters of the lines to come."""
        size = sum(map(len, self._waiting))
        while size < characters and (line := next(self._text, "")):
            self._waiting.append(line)
            size += len(line)
        return "".join(self._waiting)


def proved_encoding(path: Path, options: ReadOptions) -> str:
    """Return an encoding in which the whole file can be read: its mark's, the given one, UTF-8, the fallback.

    Raises EncodingWrong with line and byte of the first that cannot be read, FileNotText for a file with zero
    bytes.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, marked in _MARKS.items():
        if start.startswith(mark):
            candidates = [marked]
            break
    else:
        candidates = [options.encoding or "utf-8"]
        if options.encoding_fallback and not options.encoding:
            candidates.append(options.encoding_fallback)
    for encoding in candidates[:-1]:
        try:
            _prove(path, encoding)
        except EncodingWrong:
            continue
        return encoding
    _prove(path, candidates[-1])
    return candidates[-1]


def _prove(path: Path, encoding: str) -> None:
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise EncodingUnknown(file=path.name, encoding=encoding) from error
    line, done, run = 1, 0, 0
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK_BYTES)
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                at = error.start
                line += error.object[:at].count(b"\n")
                raise EncodingWrong(
                    file=path.name,
                    encoding=encoding,
                    line=line,
                    byte=done - held + at + 1,
                    value=f"0x{error.object[at]:02X}",
                ) from error
            if "\0" in text:
                raise FileNotText(file=path.name, line=line + text[: text.index("\0")].count("\n"))
            if not chunk:
                return
            last = max(text.rfind("\n"), text.rfind("\r"))
            run = run + len(text) if last < 0 else len(text) - last - 1
            line += text.count("\n")
            done += len(chunk)
            if run > _LINE_CHARACTERS_MAX:
                raise FileNotText(file=path.name, line=line)


def sniffed_delimiter(sample: str) -> str:
    """Return the delimiter that cuts the first record into most cells; comma where none does."""
    best, cells = ",", 1
    for delimiter in _DELIMITERS:
        try:
            records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
            first: list[str] = next(filter(None, records), [])
        except csv.Error:
            continue
        if len(first) > cells:
            best, cells = delimiter, len(first)
    return best
