"""How the command line writes: tables and sentences for people, JSON for machines."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape as escape  # noqa: PLC0414  the other modules of the door write too
from rich.table import Table

from tieout.kernel.problems import Problem, ProblemText

WIDTH_OF_FILES: Final = 160  # what is not a terminal has no width of its own

OUT: Final = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_FILES)
ERR: Final = Console(stderr=True, highlight=False)


def plain(value: object) -> Any:
    """Return ``value`` as JSON knows it; decimals as their exact text, never as binary numbers."""
    match value:
        case Enum():
            found: Any = value.value
        case None | bool() | int() | str():
            found = value
        case Decimal():
            found = format(value, "f")
        case datetime() | date():
            found = value.isoformat()
        case ProblemText():
            found = dataclasses.asdict(value)
        case Problem():
            found = value.as_row() | dataclasses.asdict(value.text)
        case Mapping():
            found = {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            found = [plain(one) for one in value]
        case _ if dataclasses.is_dataclass(value):
            found = {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
        case _:
            found = str(value)
    return found


def print_json(value: object) -> None:
    """Write one JSON document."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def print_json_line(value: object) -> None:
    """Write one JSON document on one line, at once."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def money(amount: Decimal, digits: int = 2) -> str:
    """Return an amount with thousands separators and the decimals of its currency."""
    return f"{amount:,.{digits}f}"


def figure(count: int | Decimal) -> str:
    """Return a count, or an amount with the decimals it has, two at least."""
    if isinstance(count, int):
        return f"{count:,}"
    return money(count, max(2, -int(count.normalize().as_tuple().exponent)))


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()
) -> None:
    """Write a table; the columns named in ``right`` hold figures."""
    shown = Table(
        title=escape(title), title_justify="left", title_style="bold", header_style="bold", box=SIMPLE_HEAD
    )
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    OUT.print(shown)


def say(line: str) -> None:
    """Write one line as it is."""
    OUT.print(escape(line), soft_wrap=True)


def complain(problem: Problem | ProblemText) -> None:
    """Write a problem: what, why, what next; on standard error."""
    text = problem.text if isinstance(problem, Problem) else problem
    for part in text.nested():
        because = "" if part is text else "because "
        ERR.print(f"{because}[bold red]{part.code}[/]  {escape(part.message)}", soft_wrap=True)
        ERR.print(f"  why   {escape(part.cause)}", soft_wrap=True)
        ERR.print(f"  next  {escape(part.remedy)}", soft_wrap=True)
