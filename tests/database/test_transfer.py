"""Binary COPY between two databases: values arrive exactly, unequal columns are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from tieout.database import schema, transfer
from tieout.database.aliases import FINANCE, OPERATIONS

SHAPE = (
    "id bigint primary key, amount numeric(20,4) not null, day date, note varchar(40), version int default 1"
)


@pytest.fixture
def tables(databases: None) -> Iterator[None]:
    """One table of the same shape on each side, empty; gone after the test."""
    with schema.as_owner():
        for alias in (OPERATIONS, FINANCE):
            _execute(alias, f"create table probe ({SHAPE})")
            _execute(alias, "grant all on probe to tieout_app")
    yield
    with schema.as_owner():
        for alias in (OPERATIONS, FINANCE):
            _execute(alias, "drop table probe")


def _execute(alias: str, query: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)


def _content(alias: str) -> list[tuple[object, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute("select id, amount, day, note, version from probe order by id")
        return list(cursor.fetchall())


def _copy(query: str, **parameters: object) -> int:
    with transaction.atomic(using=FINANCE):
        return transfer.copy_rows(
            source=OPERATIONS, query=query, parameters=parameters, target=FINANCE, table="probe"
        )


@pytest.mark.usefixtures("tables")
def test_rows_arrive_exactly() -> None:
    _execute(
        OPERATIONS,
        "insert into probe values (1, 0.0001, '2016-02-29', 'tab\t, quote '' and é', 1),"
        " (2, -9999999999999999.9999, null, null, 2), (3, 5, '1999-12-31', '', 3)",
    )
    assert _copy("select id, amount, day, note, version from probe where id >= %(least)s", least=1) == 3
    assert _content(FINANCE) == [
        (1, Decimal("0.0001"), date(2016, 2, 29), "tab\t, quote ' and é", 1),
        (2, Decimal("-9999999999999999.9999"), None, None, 2),
        (3, Decimal("5.0000"), date(1999, 12, 31), "", 3),
    ]


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("select id, 5::bigint as amount from probe", "amount"),  # would arrive as 0 without a word
        ("select id, amount::numeric(20,2) as amount from probe", "amount"),  # other precision
        ("select id, amount, note::varchar(41) as note from probe", "note"),  # other length
        ("select id, amount, 1 as surplus from probe", "surplus"),  # no such column
    ],
)
def test_unequal_columns_are_refused_before_the_first_row(query: str, column: str) -> None:
    _execute(OPERATIONS, "insert into probe values (1, 5)")
    with pytest.raises(transfer.ColumnsDifferError) as refused:
        _copy(query)
    assert refused.value.column == column
    assert _content(FINANCE) == []


@pytest.mark.usefixtures("tables")
def test_a_key_that_is_there_breaks_the_stream_and_leaves_nothing() -> None:
    _execute(OPERATIONS, "insert into probe values (1, 5), (2, 6)")
    _execute(FINANCE, "insert into probe values (2, 60)")
    with pytest.raises(IntegrityError):
        _copy("select id, amount, day, note, version from probe")
    assert [row[:2] for row in _content(FINANCE)] == [(2, Decimal("60.0000"))]


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    ("newer_by", "expected_count", "expected"),
    [
        (None, 1, [(1, Decimal(5)), (2, Decimal(60)), (3, Decimal(70))]),
        ("version", 2, [(1, Decimal(5)), (2, Decimal(6)), (3, Decimal(70))]),
    ],
)
def test_merge_keeps_the_first_or_takes_the_newer(
    newer_by: str | None, expected_count: int, expected: list[tuple[int, Decimal]]
) -> None:
    _execute(OPERATIONS, "insert into probe (id, amount, version) values (1, 5, 1), (2, 6, 2), (3, 7, 2)")
    _execute(FINANCE, "insert into probe (id, amount, version) values (2, 60, 1), (3, 70, 2)")
    with transaction.atomic(using=FINANCE):
        count = transfer.merge_rows(
            source=OPERATIONS,
            query="select id, amount, day, note, version from probe",
            parameters={},
            target=FINANCE,
            table="probe",
            key="id",
            newer_by=newer_by,
        )
    assert count == expected_count
    assert [row[:2] for row in _content(FINANCE)] == expected
