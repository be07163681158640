"""Double entry is kept by the database: whole vouchers, zero in both currencies, never changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction
from tests.database.finance.world import value

from tieout.database import schema
from tieout.database.aliases import FINANCE

pytestmark = pytest.mark.usefixtures("databases")

# voucher, line number, line count, accounting amount, reporting amount
Row = tuple[int, int, int, str, str]
BALANCED: list[Row] = [(1, 1, 2, "10.00", "11.00"), (1, 2, 2, "-10.00", "-11.00")]


def insert(*rows: Row) -> None:
    """Insert ledger entries by one statement."""
    values = ", ".join(["(%s, %s, %s, 'NL01', '2024-03-15', '1', 'cost', 0, 'EUR', %s, %s)"] * len(rows))
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "insert into finance_voucher_line (voucher_id, line_no, line_count, company_code,"
            " accounting_date, account, posting_type, amount, currency_code, accounting_amount,"
            " reporting_amount) values " + values,
            [cell for row in rows for cell in row],
        )


def test_whole_balanced_vouchers_are_taken() -> None:
    insert(*BALANCED, (2, 1, 3, "0.02", "0.01"), (2, 2, 3, "-0.01", "-0.01"), (2, 3, 3, "-0.01", "0.00"))
    assert value("select count(*) from finance_voucher_line") == 5


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        pytest.param(
            [(7, 1, 2, "10.00", "11.00"), (7, 2, 2, "-9.99", "-11.00")],
            "voucher 7 refused: 2 of 2 lines, accounting difference 0.0100, reporting difference 0.0000",
            id="unbalanced",
        ),
        pytest.param(
            [(7, 1, 2, "10.00", "11.00"), (7, 2, 2, "-10.00", "-11.01")],
            "voucher 7 refused: 2 of 2 lines, accounting difference 0.0000, reporting difference -0.0100",
            id="unbalanced in the reporting currency only",
        ),
        pytest.param(
            [(7, 1, 2, "0.00", "0.00")], "voucher 7 refused: 1 of 2 lines", id="a part of a voucher"
        ),
        pytest.param(
            [(7, 1, 2, "1.00", "1.00"), (7, 2, 3, "-1.00", "-1.00")],
            "voucher 7 refused: 2 of 3 lines",
            id="lines that disagree on how many they are",
        ),
        pytest.param(
            [(7, 2, 2, "1.00", "1.00"), (7, 3, 2, "-1.00", "-1.00")],
            "voucher 7 refused: 2 of 2 lines",
            id="lines not numbered from one",
        ),
        pytest.param(
            [*BALANCED, (7, 1, 1, "1.00", "1.00")],
            "voucher 7 refused: 1 of 1 lines",
            id="one bad voucher among good ones",
        ),
        pytest.param(
            [(7, 1, 1, "1.00", "1.00"), (8, 1, 1, "-1.00", "-1.00")],
            "voucher 7 refused",
            id="two vouchers that balance only together",
        ),
    ],
)
def test_anything_else_is_refused_by_name(rows: list[Row], words: str) -> None:
    with pytest.raises(IntegrityError, match=words):
        insert(*rows)
    assert value("select count(*) from finance_voucher_line") == 0


def test_a_voucher_cannot_grow_later() -> None:
    insert(*BALANCED)
    with pytest.raises(IntegrityError, match="voucher 1 refused"):
        insert((1, 3, 2, "5.00", "5.00"), (1, 4, 2, "-5.00", "-5.00"))
    with pytest.raises(IntegrityError, match="duplicate key"):
        insert(*BALANCED)
    assert value("select sum(abs(accounting_amount)) from finance_voucher_line") == Decimal(20)


@pytest.mark.parametrize(
    "change",
    [
        "update finance_voucher_line set accounting_amount = 0",
        "delete from finance_voucher_line",
        "truncate finance_voucher_line",
    ],
)
def test_entries_are_never_changed(change: str) -> None:
    insert(*BALANCED)
    with schema.as_owner(), pytest.raises(DatabaseError, match="finance_voucher_line is append-only"):
        _run(change)
    with pytest.raises(DatabaseError, match="permission denied"):
        _run(change)


def _run(change: str) -> None:
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(change)
