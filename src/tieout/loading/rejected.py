"""Rejected rows as a file: their own columns untouched, and behind them what is wrong and what mends it.

The file is meant to be mended in a spreadsheet and loaded again with the same profile: our columns are not
read, and rows that were loaded meanwhile are already there. A cell that a spreadsheet would run as a formula
gets an apostrophe before it (also the reason is a stranger's text in part), which reading takes away again; a
plain number stays a number.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final, Self

import tieout.problems.catalogue  # noqa: F401  gives the problems their words
from tieout.loading.binding import REJECTED_COLUMNS
from tieout.loading.sources import NEUTRALISED, as_text

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path
    from types import TracebackType

    from tieout.loading.rows import Rejection

_PLAIN_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")


def neutral(text: str) -> str:
    """Return the text so that a spreadsheet shows it and never runs it."""
    if text[:1] in NEUTRALISED and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


class RejectedRows:
    """Writes the rejected rows of one file; the file is made with the first of them: none means no file."""

    def __init__(self, path: Path, headers: tuple[str, ...]) -> None:
        self._path = path
        self._headers = tuple(header for header in headers if header not in REJECTED_COLUMNS)
        self._stream: TextIOWrapper | None = None
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, rejection: Rejection) -> None:
        """Append one row. All problems stand in the row, the primary one first, so that it is mended once."""
        if self._stream is None:
            # The mark makes spreadsheets read the file as UTF-8; our own reader knows it too.
            self._stream = self._path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._stream).writerow([*map(neutral, self._headers), *REJECTED_COLUMNS])
        values = rejection.row.values
        surplus = [
            as_text(values[name]) for name in values if name not in {*self._headers, *REJECTED_COLUMNS}
        ]
        csv.writer(self._stream).writerow(
            [
                *(neutral(as_text(values.get(header))) for header in self._headers),
                rejection.row.number,
                " ".join(dict.fromkeys(problem.code for problem in rejection.problems)),
                neutral(" ".join(problem.message for problem in rejection.problems)),
                neutral(" ".join(dict.fromkeys(problem.remedy for problem in rejection.problems))),
                neutral(" | ".join(surplus)),
            ]
        )
        self.rows += 1

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._stream is not None:
            self._stream.close()
