"""Checks are portable SQL (DESIGN D9): what another engine lacks, or understands otherwise, is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import sqlglot
from sqlglot import exp

import tieout.reconciliation

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = Path(tieout.reconciliation.__file__).parent
PORTABLE: Final = (
    *sorted((_PACKAGE / "checks" / "sql").glob("*.sql")),
    *sorted((_PACKAGE / "sql" / "definitions").glob("*.sql")),
    *(
        _PACKAGE / "findings" / "sql" / f"{name}.sql"
        for name in ("totals", "older", "balance", "proof_of_balance")
    ),
    *(_PACKAGE / "causes" / "sql" / f"{name}.sql" for name in ("figures", "terms")),
)

# Nothing but these may stand in a portable statement: a list of what is allowed cannot forget anything.
_ALLOWED: Final = (
    (exp.Select, exp.Subquery, exp.Union, exp.With, exp.CTE, exp.From, exp.Join, exp.Where, exp.Group),
    (exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Paren, exp.Having),
    (
        exp.And,
        exp.Or,
        exp.Not,
        exp.EQ,
        exp.NEQ,
        exp.LT,
        exp.LTE,
        exp.GT,
        exp.GTE,
        exp.Between,
        exp.In,
        exp.Is,
    ),
    (exp.Null, exp.Literal, exp.Placeholder, exp.Parameter, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Star),
    (exp.Case, exp.If, exp.Coalesce, exp.Sum, exp.Count, exp.Round, exp.Exists, exp.Min, exp.Max),
    (exp.Create, exp.Drop, exp.Boolean),
)
_ALLOWED_TYPES: Final = tuple(kind for kinds in _ALLOWED for kind in kinds)


def _parsed(text: str) -> list[Any]:
    # A parameter becomes a number: what is judged is the statement around it.
    plain = "".join(part if i % 2 == 0 else "0" for i, part in enumerate(_split_parameters(text)))
    return [found for found in sqlglot.parse(plain, dialect="postgres") if found is not None]


def _split_parameters(text: str) -> list[str]:
    return re.split(r"%\((\w+)\)s", text)


def _complaints(text: str) -> Iterator[str]:
    for statement in _parsed(text):
        for node in statement.walk():
            if not isinstance(node, _ALLOWED_TYPES):
                yield f"{type(node).__name__}: {node.sql('postgres')[:60]}"
            elif isinstance(node, exp.Union) and node.args.get("distinct"):
                yield "union without all"
            elif isinstance(node, exp.Join) and not _equality(node):
                yield f"join on other than equality: {node.sql('postgres')[:60]}"
            elif isinstance(node, exp.Select) and node.args.get("distinct"):
                yield "select distinct"


def _equality(join: exp.Join) -> bool:
    on = join.args.get("on")
    conditions = list(on.flatten()) if isinstance(on, exp.And) else [on]
    return all(isinstance(condition, exp.EQ) for condition in conditions)


@pytest.mark.parametrize("path", PORTABLE, ids=lambda path: path.name)
def test_check_is_portable(path: Path) -> None:
    assert list(_complaints(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
@pytest.mark.parametrize("path", PORTABLE, ids=lambda path: path.name)
def test_check_reads_the_same_in_the_other_dialects(path: Path, dialect: str) -> None:
    for statement in _parsed(path.read_text(encoding="utf-8")):
        written = statement.sql(dialect)
        again = sqlglot.parse_one(written, dialect=dialect)
        assert again.sql("postgres") == sqlglot.parse_one(again.sql(dialect), dialect=dialect).sql("postgres")
        assert list(_complaints(again.sql("postgres"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "select a / b from t",
        "select avg(a) from t",
        "select a::uuid from t",
        "select cast(a as date) from t",
        "select day + interval '1 day' from t",
        "select current_date",
        "select date_trunc('month', day) from t",
        "with x as materialized (select 1) select 1 from x where now() > '2024-01-01'",
        "select * from t, lateral (select 1) x",
        "select 1 from t join u on t.a < u.a",
        "select a from t union select a from u",
        "select distinct a from t",
        "select a from t order by a limit 5",
        "select row_number() over (order by a) from t",
        "select a from t where a = any(array[1, 2])",
        "select a || b from t",
        "select sum(a) filter (where b > 0) from t",
    ],
)
def test_what_is_not_portable_is_refused(text: str) -> None:
    assert list(_complaints(text))
