"""The subcontract as a new value of a correction: the purchase lists of the new one count (spec 2.6, 6)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.database.operations.corrections import Firm, drafted, valued
from tests.database.operations.journals import MAKER, confirm
from tests.database.operations.ledger import MANAGER, rows
from tests.database.operations.site import made

from tieout.operations.approvals.actions import approve_entries, cancel_approval
from tieout.operations.journals import actions, queries
from tieout.operations.journals.problems import NothingCorrected
from tieout.operations.journals.rules import JournalType, NewValues

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2025, 3, 3)


class Vendors(Firm):
    """A firm that buys from two vendors: an hour costs 75 of the first, 60 of the second, 100 of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = self.subcontract(), self.subcontract()
        for subcontract, price in ((self.first, "75"), (self.second, "60")):
            self.role_price(self.price_list(subcontract=subcontract), self.worker, price)

    def worked(self, subcontract: UUID | None) -> UUID:
        """Return 8 approved hours of the role, bought under a subcontract or not."""
        entry = self.time(self.person, self.project_id, self.worker, subcontract_id=subcontract)
        self.approve()
        return entry

    def named(self, subcontract: UUID) -> str:
        """Return the number of a subcontract."""
        return self.code("operations_subcontract", subcontract)


def counted() -> list[tuple[Any, ...]]:
    """Return type, amount and subcontract of what counts, and the price list that gave its price."""
    return rows(
        "select a.transaction_type, a.amount::int, s.number, l.code from operations_actual as a"
        " left join operations_subcontract as s on s.id = a.subcontract_id"
        " join operations_price_trace as t on t.id = a.price_trace_id"
        " join operations_price_list as l on l.id = t.price_list_id"
        " where a.reverses_id is null and not exists"
        " (select from operations_actual as r where r.reverses_id = a.id) order by 1"
    )


def test_a_correction_names_another_subcontract_and_its_prices_count() -> None:
    """8 hours at 75 become 8 at 60: 600 are reversed, 480 made; the sale of 1,600 is made again as it was."""
    firm = Vendors()
    entry = firm.worked(firm.first)
    assert [row[:3] for row in counted()] == [
        ("cost", 600, firm.named(firm.first)),
        ("unbilled_sales", 1600, firm.named(firm.first)),
    ]
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(subcontract=firm.named(firm.second))
    asked: dict[str, Any] = {"actor": MAKER, "company": "GB01", "number": "C1"}
    assert queries.new_values(**asked) == NewValues(subcontract=firm.named(firm.second))
    said = [
        (one.step, one.transaction_type, one.subcontract, int(one.amount)) for one in queries.preview(**asked)
    ]
    assert sorted(said) == [
        ("corrected", "cost", firm.named(firm.second), 480),
        ("corrected", "unbilled_sales", firm.named(firm.second), 1600),
        ("reversing", "cost", firm.named(firm.first), -600),
        ("reversing", "unbilled_sales", firm.named(firm.first), -1600),
    ]
    assert confirm("C1").problems == ()
    assert [
        (one.step, one.transaction_type, one.subcontract, int(one.amount))
        for one in queries.confirmed_lines(**asked)
    ] == said
    lists = [row["code"] for row in firm.tables["operations_price_list"]]
    assert counted() == [
        ("cost", 480, firm.named(firm.second), lists[-1]),
        ("unbilled_sales", 1600, firm.named(firm.second), lists[1]),
    ]
    assert rows("select subcontract_id from operations_entry") == [(firm.first,)], "the entry is as it was"
    assert rows("select values ->> 'subcontract_id' from operations_journal_outcome") == [(str(firm.second),)]


def test_a_cleared_subcontract_leaves_the_units_own_price() -> None:
    """And what is corrected once more goes on from there, not from the entry."""
    firm = Vendors()
    entry = firm.worked(firm.first)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(clears_subcontract=True)
    assert confirm("C1").problems == ()
    assert [row[:3] for row in counted()] == [("cost", 800, None), ("unbilled_sales", 1600, None)]
    drafted(JournalType.TIME_CORRECTION, entry, number="C2")
    valued("C2", date=date(2025, 3, 4))
    confirm("C2")
    assert [row[:3] for row in counted()] == [("cost", 800, None), ("unbilled_sales", 1600, None)]
    drafted(JournalType.TIME_CORRECTION, entry, number="C3")
    valued("C3", subcontract=firm.named(firm.second))
    confirm("C3")
    rows("update operations_subcontract set status = 'closed' where id = %s returning id", firm.second)
    drafted(JournalType.TIME_CORRECTION, entry, number="C4")
    valued("C4", date=date(2025, 3, 5))
    assert confirm("C4").problems == ()
    assert [row[:2] for row in counted()] == [("cost", 480), ("unbilled_sales", 1600)]
    assert rows("select sum(amount)::int from operations_actual where transaction_type = 'cost'") == [(480,)]


def test_work_of_its_own_is_bought_under_a_subcontract_afterwards() -> None:
    firm = Vendors()
    entry = firm.worked(None)
    assert [row[:3] for row in counted()] == [("cost", 800, None), ("unbilled_sales", 1600, None)]
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(subcontract=firm.named(firm.first))
    assert confirm("C1").problems == ()
    assert [row[1] for row in counted()] == [600, 1600]


@pytest.mark.parametrize(
    ("status", "company", "code"),
    [
        ("draft", "GB01", "APR-117"),
        ("closed", "GB01", "APR-117"),
        ("cancelled", "GB01", "APR-117"),
        ("confirmed", "US01", "APR-118"),
    ],
)
def test_a_correction_takes_a_confirmed_subcontract_of_the_company(
    status: str, company: str, code: str
) -> None:
    """As submission does; until it is, nothing is reversed."""
    firm = Vendors()
    entry = firm.worked(firm.first)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(subcontract=firm.named(firm.second))
    change = "update operations_subcontract set status = %s, company_code = %s where id = %s returning id"
    rows(change, status, company, firm.second)
    [said] = [
        one for one in queries.preview(actor=MAKER, company="GB01", number="C1") if one.step == "corrected"
    ]
    stored = status if code == "APR-117" else company
    assert (said.code, said.field, said.stored) == (code, "subcontract", stored)
    assert said.value == firm.named(firm.second)
    done = confirm("C1")
    assert (done.refused, done.reversed, [one.code for one in done.problems]) == (1, 0, [code])
    [problem] = done.problems
    assert problem.details["subcontract"] == firm.named(firm.second)
    assert stored in {problem.details["subcontract_status"], problem.details["subcontract_company"]}
    assert [row[1] for row in counted()] == [600, 1600]
    rows(change, "confirmed", "GB01", firm.second)
    assert confirm("C1").made == 2


def test_new_values_name_a_subcontract_of_the_company_or_clear_it() -> None:
    firm = Vendors()
    firm.company("US01", "USD")
    foreign = firm.subcontract("US01")
    drafted(JournalType.TIME_CORRECTION, firm.worked(firm.first))
    asked: dict[str, Any] = {"actor": MAKER, "company": "GB01", "number": "C1"}
    for values, code in (
        (NewValues(subcontract="SUB9"), "JRN-129"),
        (NewValues(subcontract=firm.named(foreign)), "JRN-129"),
        (NewValues(subcontract=firm.named(firm.second), clears_subcontract=True), "JRN-130"),
    ):
        wrong = actions.set_new_values(**asked, values=values)
        assert [(one.code, one.field) for one in wrong] == [(code, "subcontract")]
    with pytest.raises(NothingCorrected):
        confirm("C1")


def test_an_approval_is_cancelled_and_evaluated_again_under_the_entrys_own_subcontract() -> None:
    """Nothing of the correction is left: 8 hours at 75 again, whoever was named meanwhile."""
    firm = Vendors()
    entry = firm.worked(firm.first)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(subcontract=firm.named(firm.second))
    confirm("C1")
    assert cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry]).done == 1
    assert rows("select sum(amount)::int from operations_actual where transaction_type = 'cost'") == [(0,)]
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1
    assert counted()[0][:3] == ("cost", 600, firm.named(firm.first))


def test_a_correction_buys_under_the_same_subcontract() -> None:
    """The day was another: the purchase list of that day says 65, not 75."""
    firm = Firm()
    subcontract = firm.subcontract()
    first = firm.price_list(valid_to=DAY, subcontract=subcontract)
    later = firm.price_list(valid_from=date(2025, 3, 4), subcontract=subcontract)
    firm.role_price(first, firm.worker, "75")
    firm.role_price(later, firm.worker, "65")
    entry = firm.time(firm.person, firm.project_id, firm.worker, subcontract_id=subcontract)
    firm.approve()
    assert [(row[0], row[4]) for row in made()] == [("cost", 600), ("unbilled_sales", 1600)]
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(date=date(2025, 3, 4))
    assert confirm("C1").problems == ()
    assert [(row[0], row[4]) for row in made() if row[0] == "cost"] == [
        ("cost", 600),
        ("cost", 520),
        ("cost", -600),
    ]
