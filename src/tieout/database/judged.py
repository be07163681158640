"""Rows of which the target may refuse some: the good ones go in, each of the others is told with its cause.

What a table refuses is written in its own catalog: required columns, checks, references, unique indexes. One
statement made from it answers for all landed rows at once. What no catalog can tell (a trigger that raises)
is found by halves: the rows are inserted in ever smaller parts until the refused ones stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connections, transaction
from psycopg import sql

from tieout.database import sql as named_sql
from tieout.database.transfer import land_rows, landing_of, take_landed

_RULES: Final = named_sql.load("tieout.database", "rules_of_table")
_COMPANY: Final = "company_code"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that the target refuses: which record, and what stands in its way.

    ``kind`` is ``required``, ``check``, ``missing`` (it names in ``field`` what is not there), ``not_unique``
    (``other`` has the same ``value``) or ``raised`` (``rule`` is what the target said).
    """

    key: UUID
    company_code: str
    record_name: str
    kind: str
    rule: str
    field: str
    value: str
    other: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a set of rows: how many were new or newer, and those that were refused."""

    landed: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule of a table, as its catalog has it."""

    kind: str
    name: str
    columns: list[str]
    expression: str
    other_table: str
    other_columns: list[str]
    nulls_count: bool


def merge_judged(
    *,
    source: str,
    query: str,
    parameters: dict[str, Any],
    target: str,
    table: str,
    key: str,
    newer_by: str | None,
    named_by: Sequence[str],
    is_refusal: Callable[[DatabaseError], bool],
) -> Merged:
    """Stream rows into ``table`` as ``transfer.merge_rows`` does, without those that it refuses.

    ``named_by`` are the columns that name a row to a person. ``is_refusal`` says whether an error is about
    rows; any other is raised. Belongs to one transaction of ``target``.
    """
    columns = land_rows(source=source, query=query, parameters=parameters, target=target, table=table)
    names = {column.name for column in columns}
    told = _Told(target, table, key, names, tuple(named_by))
    refused = told.by_rules()

    def take(between: tuple[object, object] | None) -> int:
        with transaction.atomic(using=target):  # a savepoint for each part
            return take_landed(
                target=target, table=table, columns=columns, key=key, newer_by=newer_by, between=between
            )

    try:
        return Merged(take(None), tuple(refused))
    except DatabaseError as error:
        if not is_refusal(error):
            raise
    landed, alone = _by_halves(take, told.keys(), is_refusal)
    return Merged(landed, (*refused, *told.raised(alone)))


def _by_halves(
    take: Callable[[tuple[object, object]], int],
    keys: list[UUID],
    is_refusal: Callable[[DatabaseError], bool],
) -> tuple[int, dict[UUID, str]]:
    """Insert the rows in parts; return how many went in, and what was said of each that did not."""
    landed, alone = 0, dict[UUID, str]()
    parts = [keys]
    while parts:
        part = parts.pop()
        try:
            landed += take((part[0], part[-1]))
        except DatabaseError as error:
            if not is_refusal(error):
                raise
            if len(part) == 1:
                alone[part[0]] = first_line(error)
            else:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
    return landed, alone


def first_line(error: Exception) -> str:
    """Return what an error says, on one line."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """Asks about the rows that have landed for one table."""

    target: str
    table: str
    key: str
    columns: set[str]
    named_by: tuple[str, ...]

    def by_rules(self) -> list[Refusal]:
        """Take the rows that break a rule out of the landing; return the first rule that each breaks."""
        rules = (_Rule(**row) for row in named_sql.rows(self.target, _RULES, table_name=self.table))
        asked = [rule for rule in rules if set(rule.columns) <= self.columns]
        if not asked:
            return []
        broken = sql.SQL(" union all ").join(self._broken(rule, place) for place, rule in enumerate(asked))
        statement = sql.SQL(
            "with broken as ({broken}),"
            " first as (select distinct on (b.key) b.* from broken b order by b.key, b.place),"
            " gone as (delete from {landing} l using first f where l.{key} = f.key"
            " returning f.key, {who}, f.kind, f.rule, f.field, f.value, f.other)"
            " select * from gone order by key"
        ).format(broken=broken, landing=self._landing, key=sql.Identifier(self.key), who=self._who)
        return [Refusal(*row) for row in self._answered(statement)]

    def keys(self) -> list[UUID]:
        """Return the keys of what is in the landing, in their order."""
        statement = sql.SQL("select l.{key} from {landing} l order by l.{key}").format(
            key=sql.Identifier(self.key), landing=self._landing
        )
        return [row[0] for row in self._answered(statement)]

    def raised(self, said: dict[UUID, str]) -> Iterator[Refusal]:
        """Yield the refusal of each row that the target refused with words of its own."""
        statement = sql.SQL(
            "select l.{key}, {who} from {landing} l where l.{key} = any(%s) order by 1"
        ).format(key=sql.Identifier(self.key), who=self._who, landing=self._landing)
        for key, company, name in self._answered(statement, [list(said)]):
            yield Refusal(key, company, name, "raised", said[key], "", "", "")

    def _answered(
        self, statement: sql.Composed, parameters: Sequence[Any] | None = None
    ) -> list[tuple[Any, ...]]:
        with connections[self.target].cursor() as cursor:
            cursor.execute(statement, parameters)
            return list(cursor.fetchall())

    @property
    def _landing(self) -> sql.Identifier:
        return sql.Identifier(landing_of(self.table))

    @property
    def _who(self) -> sql.Composed:
        """The company of a row and its name for a person."""
        company = sql.Identifier("l", _COMPANY) if _COMPANY in self.columns else sql.Literal("")
        return sql.SQL("{}::text, concat_ws(' ', {})").format(company, _as_text("l", self.named_by))

    def _broken(self, rule: _Rule, place: int) -> sql.Composed:
        """Return the statement for the rows that break a rule, with what :class:`Refusal` says of them."""
        broken = sql.SQL(
            "select l.{key} as key, {place} as place, {kind} as kind, {rule} as rule, {field} as field,"
            " concat_ws(', ', {value}) as value, {other} as other from {rows} l where {breaks}"
        )
        breaks, other = self._test(rule)
        return broken.format(
            key=sql.Identifier(self.key),
            place=sql.Literal(place),
            kind=sql.Literal(rule.kind),
            rule=sql.Literal(rule.name),
            field=sql.Literal(", ".join(rule.columns)),
            value=_as_text("l", rule.columns) if rule.columns else sql.Literal(""),
            other=other,
            rows=self._with_first(rule) if rule.kind == "not_unique" else self._landing,
            breaks=breaks,
        )

    def _test(self, rule: _Rule) -> tuple[sql.Composable, sql.Composable]:
        """Return when a landed row breaks a rule, and which other record is in its way."""
        nothing = sql.Literal("")
        match rule.kind:
            case "required":
                return sql.SQL("l.{} is null").format(sql.Identifier(rule.columns[0])), nothing
            case "check":  # the catalog's own text, which names the columns plainly
                return sql.SQL("({}) is false").format(sql.SQL(rule.expression)), nothing
            case "missing":
                named = sql.SQL(" and ").join(
                    sql.SQL("{} is not null").format(sql.Identifier("l", name)) for name in rule.columns
                )
                there = sql.SQL("select from {} o where {}").format(
                    sql.SQL(rule.other_table), _equal(rule.columns, rule.other_columns)
                )
                return sql.SQL("{} and not exists ({})").format(named, there), nothing
        other = self._same(rule)
        return sql.SQL("{} is not null").format(other), other

    def _with_first(self, rule: _Rule) -> sql.Composed:
        """Return the landed rows, each with the first key that landed with the same values."""
        return sql.SQL(
            "(select r.*, first_value(r.{key}) over (partition by {values} order by r.{key}) as landed_first"
            " from {landing} r)"
        ).format(
            key=sql.Identifier(self.key),
            values=sql.SQL(", ").join(sql.Identifier("r", name) for name in rule.columns),
            landing=self._landing,
        )

    def _same(self, rule: _Rule) -> sql.Composed:
        """Return the key of a record that has the same values: one that is there, or one landed before."""
        found = sql.SQL(
            "coalesce((select o.{key}::text from {table} o where {same} and o.{key} <> l.{key} limit 1),"
            " nullif(l.landed_first, l.{key})::text)"
        ).format(
            key=sql.Identifier(self.key),
            table=sql.Identifier(self.table),
            same=_equal(rule.columns, rule.columns, nulls_count=rule.nulls_count),
        )
        if rule.nulls_count:
            return found
        unknown = sql.SQL(" or ").join(
            sql.SQL("{} is null").format(sql.Identifier("l", c)) for c in rule.columns
        )
        return sql.SQL("case when {} then null else {} end").format(unknown, found)


def _as_text(alias: str, columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(alias, name)) for name in columns)


def _equal(ours: Sequence[str], theirs: Sequence[str], *, nulls_count: bool = False) -> sql.Composed:
    """Return that row ``l`` has in ``ours`` what row ``o`` has in ``theirs``."""
    operator = sql.SQL(" is not distinct from " if nulls_count else " = ")
    pairs = (
        sql.Identifier("l", our) + operator + sql.Identifier("o", their)
        for our, their in zip(ours, theirs, strict=True)
    )
    return sql.SQL(" and ").join(pairs)
