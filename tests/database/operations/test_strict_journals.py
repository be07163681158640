"""Strict validation of entry journals (operations spec 6): every row of its table, pairs, customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.database.operations.journals import Books, confirm, entered, line, made, numbered, refused
from tests.database.operations.ledger import count, rows

from tieout.operations.journals.rules import KINDS, VALIDATION, Allowed, Situation

pytestmark = pytest.mark.usefixtures("databases")


def priced(**given: Any) -> dict[str, Any]:
    return line(price="10", currency="GBP", quantity="1", **given)


@pytest.mark.parametrize("situation", Situation)
@pytest.mark.parametrize("validation", ["strict", "none"])
def test_every_row_of_the_table(tmp_path: Path, situation: Situation, validation: str) -> None:
    strict = validation == "strict"
    sold = situation in {Situation.TIME_AND_MATERIALS, Situation.FIXED_PRICE}
    books = Books(situation if sold else "fixed_price", strict=strict)
    if not sold:
        books.tables["operations_project"][0].update(stage=situation.value, contract_line_id=None)
    books.load()
    table = [row for row in VALIDATION if row.situation is situation]
    lines = numbered(
        *(
            priced(transaction_type=row.transaction_type, transaction_class=row.transaction_class)
            for row in table
        )
    )
    entered(tmp_path, *lines)
    taken = {
        (row.transaction_type, row.transaction_class)
        for row in table
        if KINDS.one(row.transaction_type, row.transaction_class).posted
        and (not strict or row.allowed is not Allowed.NO)
    }
    kept = rows("select transaction_type, transaction_class from operations_open_journal_line")
    assert set(kept) == taken
    assert len(kept) == len(taken)


def test_a_retainer_is_a_pair_that_comes_to_nothing(tmp_path: Path) -> None:
    Books(strict=True).load()
    retainer = {"transaction_class": "retainer"}
    billed = priced(**retainer, transaction_type="billed_sales")
    entered(tmp_path, *numbered(billed))
    done = confirm()
    assert (refused(done), done.problems[0].details["value"]) == ([(1, "JRN-109")], "10")
    unbilled = priced(**retainer, transaction_type="unbilled_sales")
    entered(tmp_path, unbilled | {"line_number": 2, "price": "-9"})
    assert refused(confirm()) == [(1, "JRN-109"), (2, "JRN-109")]
    assert count("operations_actual") == 0
    entered(tmp_path, unbilled | {"journal": "J2", "price": "-10"})
    entered(tmp_path, billed | {"journal": "J2", "line_number": 2})
    assert confirm("J2").made == 2
    assert [(row[0], row[5]) for row in made()] == [("unbilled_sales", -10), ("billed_sales", 10)]


def test_sales_of_a_shared_line_name_their_customer(tmp_path: Path) -> None:
    """Finance spec 7, pain 15 (4213493): a sale to several customers names the one."""
    books = Books(strict=True)
    books.customers(60, 40)
    books.load()
    sale = line(transaction_type="unbilled_sales")
    assert entered(tmp_path, sale).codes == {"JRN-110": 1}
    assert entered(tmp_path, sale | {"customer": "SPLIT1"}).codes == {}
    confirm()
    assert rows(
        "select c.account_number, l.percent::int, a.amount::int from operations_actual as a"
        " join operations_contract_line_customer as l on l.id = a.contract_line_customer_id"
        " join operations_customer as c on c.id = a.customer_id"
    ) == [("SPLIT1", 40, 960)]


def test_without_strict_validation_a_shared_line_can_be_sold_to_nobody(tmp_path: Path) -> None:
    books = Books()
    books.customers(60, 40)
    books.load()
    entered(tmp_path, line(transaction_type="unbilled_sales"))
    confirm()
    assert rows("select customer_id, contract_line_customer_id, amount::int from operations_actual") == [
        (None, None, 960)
    ]


def test_validation_that_is_made_strict_is_asked_at_confirmation(tmp_path: Path) -> None:
    books = Books("fixed_price")
    books.load()
    entered(tmp_path, *numbered(priced(transaction_type="unbilled_sales"), priced()))
    rows(
        "insert into operations_project_parameters (company_code, interorganizational, daily_minutes,"
        " approval_threshold, journal_validation, version)"
        " values ('GB01', 'all', 1440, 50, 'strict', 1) returning 1"
    )
    done = confirm()
    assert refused(done) == [(1, "JRN-108")]
    assert (done.problems[0].details["stored"], done.problems[0].details["value"]) == (
        "fixed price",
        "unbilled sales of time",
    )
    assert count("operations_actual") == 0
