"""Named SQL: one statement per ``.sql`` file, each with a header that says what it is for.

::

    -- question:   Which source lines have no actual in operations?
    -- grain:      one row per source line
    -- parameters: company, date_from, date_to
    -- index:      finance_voucher_xid
    select ...

The header is not decoration: a file without it, or whose ``parameters`` differ from the
``%(name)s`` placeholders in its text, is refused when it is loaded. Every run is logged with its
time and row count, so that a slow statement can be found by its name.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import structlog
from django.db import connections

_HEADERS: Final = ("question", "grain", "parameters", "index")
_HEADER_LINE = re.compile(r"^--\s*(?P<key>[a-z]+):\s*(?P<value>.*)$")
_CONTINUATION = re.compile(r"^--\s{2,}(?P<value>\S.*)$")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")

log = structlog.get_logger("tieout.sql")


class StatementFileError(ValueError):
    """A ``.sql`` file does not keep the rules above; found when the program starts."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One named SQL statement and what its header promises."""

    name: str
    question: str
    grain: str
    parameters: tuple[str, ...]
    index: str
    text: str


def parse(name: str, source: str) -> Statement:
    """Return the statement in ``source``; raise :class:`StatementFileError` if the header is not complete."""
    headers: dict[str, str] = {}
    current = ""
    lines = source.splitlines()
    body_start = 0
    for body_start, line in enumerate(lines):  # noqa: B007  the number of the first body line is wanted
        if match := _HEADER_LINE.match(line):
            current = match["key"]
            headers[current] = match["value"].strip()
        elif current and (more := _CONTINUATION.match(line)):
            headers[current] += " " + more["value"].strip()
        else:
            break
    missing = [key for key in _HEADERS if not headers.get(key)]
    if missing:
        message = f"{name}: the header lacks {', '.join(missing)}"
        raise StatementFileError(message)
    text = "\n".join(lines[body_start:]).strip()
    declared = (
        () if headers["parameters"] == "none" else tuple(p.strip() for p in headers["parameters"].split(","))
    )
    used = set(_PLACEHOLDER.findall(text))
    if set(declared) != used:
        message = f"{name}: parameters say {sorted(declared)}, the text uses {sorted(used)}"
        raise StatementFileError(message)
    return Statement(name, headers["question"], headers["grain"], declared, headers["index"], text)


@cache
def load(package: str, name: str) -> Statement:
    """Return the statement ``sql/<name>.sql`` of ``package``."""
    path = resources.files(package) / "sql" / f"{name}.sql"
    return parse(f"{package}.{name}", path.read_text(encoding="utf-8"))


def _check(statement: Statement, parameters: dict[str, Any]) -> None:
    if set(parameters) != set(statement.parameters):
        message = f"{statement.name} takes {sorted(statement.parameters)}, got {sorted(parameters)}"
        raise StatementFileError(message)


def run(alias: str, statement: Statement, **parameters: Any) -> int:
    """Run a writing statement in the transaction of ``alias``; return the number of rows that it reports."""
    _check(statement, parameters)
    started = time.perf_counter()
    with connections[alias].cursor() as cursor:
        cursor.execute(statement.text, parameters)
        count = int(cursor.rowcount)
    _logged(alias, statement, started, count)
    return count


def rows(alias: str, statement: Statement, **parameters: Any) -> list[dict[str, Any]]:
    """Run a statement and return all its rows as dictionaries by column name."""
    _check(statement, parameters)
    started = time.perf_counter()
    with connections[alias].cursor() as cursor:
        cursor.execute(statement.text, parameters)
        columns = [column.name for column in cursor.description]
        found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    _logged(alias, statement, started, len(found))
    return found


def one(alias: str, statement: Statement, **parameters: Any) -> dict[str, Any]:
    """Run a statement that answers exactly one row and return it."""
    found = rows(alias, statement, **parameters)
    if len(found) != 1:
        message = f"{statement.name} answered {len(found)} rows, not one"
        raise StatementFileError(message)
    return found[0]


def _logged(alias: str, statement: Statement, started: float, count: int) -> None:
    log.debug(
        "statement",
        name=statement.name,
        database=alias,
        rows=count,
        ms=round((time.perf_counter() - started) * 1000, 1),
    )
