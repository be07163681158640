"""Who bears what a contract line bills: the customers of a line share all of it (operations spec 4.10)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import enter, lines, outcome, reasons, rows
from tests.database.operations.ledger import MANAGER

from tieout.database.aliases import OPERATIONS
from tieout.operations.organization.queries import line_customers

LINE = "contract,line_number,name,billing_method"
SPLIT = "contract,contract_line,company,customer,percent,is_rounding"


@pytest.fixture
def split(databases: None, tmp_path: Path) -> Path:
    """A small firm with three more customers of NL01."""
    firm.set_up(tmp_path / "setup")
    customers = ["C2,Wharf,NL01", "C3,Mole,NL01", "C4,Buoy,NL01", "C9,Bay,US01"]
    enter(tmp_path, "customer", lines("account_number,name,company", customers))
    return tmp_path


def shares(line: str = "1") -> list[tuple[str, Decimal, bool]]:
    key = rows(OPERATIONS, "select id from operations_contract_line where line_number = %s", line)[0][0]
    found = line_customers(actor=MANAGER, contract_line=key)
    return [(one.account_number, one.percent, one.is_rounding) for one in found]


@pytest.mark.parametrize(
    ("shared", "code", "said"),
    [
        (["C1,60,yes", "C2,39.99,no"], "LOAD-344", "the customers of K1 line 1 bear 99.99 percent together"),
        (["C1,60,yes", "C2,40.01,no"], "LOAD-344", "bear 100.01 percent together"),
        (["C1,60,no", "C2,40,no"], "LOAD-345", "0 customers of K1 line 1"),
        (["C1,60,yes", "C2,40,yes"], "LOAD-345", "2 customers of K1 line 1"),
        (["C1,100,no", "C2,0,yes"], "LOAD-345", "0 customers of K1 line 1"),
        (["C1,100,no"], "LOAD-345", "0 customers of K1 line 1"),
        (["C1,60,yes", "NONE,40,no"], "LOAD-344", "bear 60 percent together"),
        (["C1,60,yes", "C2,140,no"], "LOAD-344", "bear 60 percent together"),
    ],
)
def test_customers_share_all_of_a_line(split: Path, shared: list[str], code: str, said: str) -> None:
    done = enter(split, "contract_line_customer", lines(SPLIT, [f"K1,1,NL01,{one}" for one in shared]))
    assert outcome(done)[1:] == (0, 0, len(shared))
    assert code in dict(done.codes)
    assert any(said in message for _, _, message in reasons(done))
    assert shares() == [("C1", Decimal(100), True)]  # the contract's customer alone


def test_a_split_is_entered_changed_and_retired_as_a_whole(split: Path) -> None:
    def load(*shared: str) -> dict[str, int]:
        return dict(
            enter(split, "contract_line_customer", lines(SPLIT, [f"K1,1,NL01,{one}" for one in shared])).codes
        )

    thirds = ["C1,33.33,no", "C2,33.33,no", "C3,33.34,yes"]
    assert load(*thirds) == {}
    assert shares() == [
        ("C1", Decimal("33.33"), False),
        ("C2", Decimal("33.33"), False),
        ("C3", Decimal("33.34"), True),
    ]
    # A customer of a line is one of the contract (operations spec 4.10).
    query = (
        "select u.account_number, c.percent from operations_contract_customer c join operations_customer u"
    )
    assert rows(OPERATIONS, f"{query} on u.id = c.customer_id order by 1") == [
        ("C1", 0),
        ("C2", 0),
        ("C3", 0),
    ]
    assert load("C1,50,no") == {"LOAD-344": 1}  # alone it would leave 116.67
    assert load("C1,50,yes", "C2,50,no", "C3,0,no") == {}
    assert shares() == [("C1", Decimal(50), True), ("C2", Decimal(50), False)]
    assert load("C9,0,no") == {"LOAD-309": 1}


def test_a_set_that_is_wrong_keeps_no_other_set_out(split: Path) -> None:
    enter(split, "contract_line", lines(LINE, ["K1,2,W,time_and_materials"]))
    done = enter(
        split,
        "contract_line_customer",
        lines(SPLIT, ["K1,1,NL01,C1,90,yes", "K1,2,NL01,C2,50,yes", "K1,2,NL01,C3,50,no"]),
    )
    assert (outcome(done), dict(done.codes)) == ((3, 2, 0, 1), {"LOAD-344": 1})
    assert shares("2") == [("C2", Decimal(50), True), ("C3", Decimal(50), False)]


def test_a_customer_of_another_company_bears_nothing(split: Path) -> None:
    done = enter(split, "contract_line_customer", lines(SPLIT, ["K1,1,US01,C9,100,yes"]))
    assert done.codes == {"LOAD-347": 1}


def test_new_lines_begin_with_the_customers_of_the_contract(split: Path) -> None:
    header = "contract,company,customer,percent,is_rounding"
    wrong = enter(split, "contract_customer", lines(header, ["K1,NL01,C1,70,yes"]))
    assert wrong.codes == {"LOAD-344": 1}
    enter(
        split,
        "contract_customer",
        lines(header, ["K1,NL01,C1,70,yes", "K1,NL01,C2,30,no", "K1,NL01,C3,0,no"]),
    )
    enter(split, "contract_line", lines(LINE, ["K1,5,New,time_and_materials"]))
    assert shares("5") == [("C1", Decimal(70), True), ("C2", Decimal(30), False)]
    assert shares("1") == [("C1", Decimal(100), True)]
    changed = enter(split, "contract_customer", lines(header, ["K1,NL01,C1,60,yes", "K1,NL01,C2,40,no"]))
    assert changed.changed == 2
    assert shares("5") == [("C1", Decimal(70), True), ("C2", Decimal(30), False)]
