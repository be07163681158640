"""Another default billing, or other shares of a contract line, make work anew (operations spec 2.1, E23)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import enter, lines
from tests.database.operations.ledger import CLERK, MANAGER, count, open_problems, rows
from tests.database.operations.test_reevaluation import invoice, live, queue, run, sold, worked

from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.reevaluation.actions import QueueDone


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm: QUAY is on line 1 of K1; an hour of DEV costs 60 and is sold for 125.50."""
    firm.set_up(tmp_path / "setup")
    return tmp_path


ROLE = "code,default_billing"
BORNE = "contract,contract_line,company,customer,percent,is_rounding"


def test_another_default_billing_of_a_role_changes_its_time(folder: Path) -> None:
    worked(folder, "T1,QUAY,,8")
    enter(folder, "role", "code,name\nDEV,Developer\n")  # another name decides nothing
    enter(folder, "role", lines(ROLE, ["NEW,non_chargeable"]))
    assert queue() == []
    assert enter(folder, "role", lines(ROLE, ["DEV,non_chargeable"])).codes == {}
    assert queue() == [("QUAY", "default_billing", False)]
    assert run() == QueueDone(1, 1, 0)
    assert live() == sold("T1", 8, "non_chargeable")
    before = count("operations_actual")
    enter(folder, "role", lines(ROLE, ["DEV,non_chargeable"]))
    assert (queue(), run(), count("operations_actual")) == ([], QueueDone(), before)


def test_a_line_that_says_itself_how_it_bills_a_role_asks_no_default(folder: Path) -> None:
    own = lines("contract,contract_line,role,billing_type", ["K1,1,DEV,chargeable"])
    assert enter(folder, "contract_line_role", own).codes == {}
    worked(folder, "T1,QUAY,,8", "T2,OFFICE,,4")  # and OFFICE is internal
    enter(folder, "role", lines(ROLE, ["DEV,non_chargeable"]))
    assert queue() == []


def test_another_default_billing_of_a_category_changes_its_expenses(folder: Path) -> None:
    header = "company,external_id,resource,project,category,date,quantity,unit,price,currency"
    expense = "NL01,E1,BEA,QUAY,TRAVEL,2024-01-15,1,each,40,EUR"
    enter(folder, "unit", "code,unit_group,size\neach,pieces,1\n")
    assert enter(folder, "expense_entry", lines(header, [expense])).codes == {}
    submit_entries(actor=CLERK, company="NL01")
    assert approve_entries(actor=MANAGER, company="NL01").approved == 1
    made = [("E1", "cost", "chargeable"), ("E1", "unbilled_sales", "chargeable")]
    assert [row[:3] for row in live()] == made
    category = "code,transaction_class,default_billing\nTRAVEL,expense,non_chargeable\n"
    assert enter(folder, "category", category).codes == {}
    assert queue() == [("QUAY", "default_billing", False)]
    assert run() == QueueDone(1, 1, 0)
    assert [row[:3] for row in live()] == [(*row[:2], "non_chargeable") for row in made]


def shares() -> list[tuple[str, str, int, int]]:
    """Return entry, customer, hours and amount of the unbilled sales that count."""
    return rows(
        "select e.external_id, c.account_number, a.quantity::int, a.amount::int"
        " from operations_actual as a join operations_entry as e on e.id = a.source_id"
        " join operations_customer as c on c.id = a.customer_id"
        " where a.transaction_type = 'unbilled_sales' and a.reverses_id is null"
        " and not exists (select from operations_actual as r where r.reverses_id = a.id) order by 1, 2"
    )


def bear(folder: Path, *customers: str) -> None:
    given = [f"K1,1,NL01,{customer}" for customer in customers]
    assert enter(folder, "contract_line_customer", lines(BORNE, given)).codes == {}


def test_other_shares_of_a_line_share_what_is_not_billed_anew(folder: Path) -> None:
    enter(folder, "customer", "account_number,name,company\nC2,Mole,NL01\n")
    worked(folder, "T1,QUAY,,8", "T2,QUAY,,16")
    assert shares() == [("T1", "C1", 8, 1004), ("T2", "C1", 16, 2008)]
    bear(folder, "C1,75,no", "C2,25,yes")
    assert queue() == [("QUAY", "shares", False)]
    assert run() == QueueDone(1, 2, 0)
    first = [("T1", "C1", 6, 753), ("T1", "C2", 2, 251), ("T2", "C1", 12, 1506), ("T2", "C2", 4, 502)]
    assert shares() == first
    # only what no invoice bills, and without a problem for what one does
    invoice("T1")
    bear(folder, "C1,25,no", "C2,75,yes")
    assert run() == QueueDone(1, 1, 0)
    assert shares() == [*first[:2], ("T2", "C1", 4, 502), ("T2", "C2", 12, 1506)]
    assert open_problems() == []


def test_shares_that_stay_queue_nothing(folder: Path) -> None:
    enter(folder, "customer", "account_number,name,company\nC2,Mole,NL01\n")
    worked(folder, "T1,QUAY,,8")
    bear(folder, "C1,100,yes")  # who bore it before without a share of their own
    bear(folder, "C1,100,yes", "C2,0,no")  # with no share: nobody pays otherwise
    limit = f"{BORNE},not_to_exceed"
    enter(folder, "contract_line_customer", lines(limit, ["K1,1,NL01,C1,100,yes,5000"]))
    assert (queue(), run()) == ([], QueueDone())
