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
from uuid import UUID

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tieout.kernel.problems import Problem, ProblemText

OUT: Final = Console(highlight=False)
ERR: Final = Console(stderr=True, highlight=False)


def plain(value: object) -> Any:
    """Return ``value`` as JSON knows it; decimals as their exact text, never as binary numbers."""
    match value:
        case None | bool() | int() | str():
            return value.value if isinstance(value, Enum) else value
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Problem():
            return value.as_row() | {"message": value.message, "cause": value.cause, "remedy": value.remedy}
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    return str(value)


def print_json(value: object) -> None:
    """Write one JSON document."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def money(amount: Decimal, digits: int = 2) -> str:
    """Return an amount with thousands separators and the decimals of its currency."""
    return f"{amount:,.{digits}f}"


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Write a table; the columns named in ``right`` hold figures."""
    shown = Table(title=escape(title), title_justify="left", title_style="bold", header_style="bold")
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
    ERR.print(f"[bold red]{text.code}[/]  {escape(text.message)}", soft_wrap=True)
    ERR.print(f"  why   {escape(text.cause)}", soft_wrap=True)
    ERR.print(f"  next  {escape(text.remedy)}", soft_wrap=True)
