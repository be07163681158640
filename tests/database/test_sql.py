"""Named SQL: the header is a contract."""

from __future__ import annotations

import pytest

from tieout.database import sql
from tieout.database.aliases import OPERATIONS

HEADER = """\
-- question:   How many?
-- grain:      one row,
--             always
-- parameters: {parameters}
-- index:      none
"""


def test_header_is_read_with_continuation_lines() -> None:
    statement = sql.parse("x", HEADER.format(parameters="a, b") + "select %(a)s + %(b)s + %(a)s")
    assert statement.parameters == ("a", "b")
    assert statement.grain == "one row, always"
    assert statement.text == "select %(a)s + %(b)s + %(a)s"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("select 1", "lacks question, grain, parameters, index"),
        (HEADER.format(parameters="none").replace("-- index:      none\n", "") + "select 1", "lacks index"),
        (HEADER.format(parameters="a") + "select 1", r"parameters say \['a'\], the text uses \[\]"),
        (HEADER.format(parameters="none") + "select %(b)s", r"the text uses \['b'\]"),
    ],
)
def test_broken_header_is_refused(source: str, reason: str) -> None:
    with pytest.raises(sql.StatementFileError, match=reason):
        sql.parse("x", source)


@pytest.mark.usefixtures("databases")
def test_rows_are_dictionaries_and_unknown_parameters_are_refused() -> None:
    statement = sql.parse("x", HEADER.format(parameters="a") + "select %(a)s::int as a, 2 as b")
    assert sql.rows(OPERATIONS, statement, a=1) == [{"a": 1, "b": 2}]
    with pytest.raises(sql.StatementFileError, match=r"takes \['a'\], got \['c'\]"):
        sql.rows(OPERATIONS, statement, c=1)


@pytest.mark.usefixtures("databases")
def test_one_refuses_more_or_less_than_one_row() -> None:
    statement = sql.parse(
        "x", HEADER.format(parameters="n") + "select * from generate_series(1, %(n)s) as g (i)"
    )
    assert sql.one(OPERATIONS, statement, n=1) == {"i": 1}
    with pytest.raises(sql.StatementFileError, match="answered 2 rows"):
        sql.one(OPERATIONS, statement, n=2)
