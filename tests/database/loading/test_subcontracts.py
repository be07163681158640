"""Subcontracts as files have them: status, whose they are, what may name them (operations spec 1.8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import enter, lines, outcome, reasons, rows

from tieout.database.aliases import OPERATIONS
from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor, Role
from tieout.loading.records import address, counted, stored
from tieout.operations.purchasing.rules import NEXT, SubcontractStatus

HEADER = "number,name,company,vendor,currency,status"
SUB = "SUB1,Riggers,NL01,V1,EUR,"
LISTS = "code,context,currency,valid_from,valid_to"
USE = "price_list,organizational_unit,contract,subcontract,company"
OVERRIDE = "price_list,role,subcontract,company,customer,vendor,effective_from,price"
TIME = "company,external_id,resource,project,role,date,hours,subcontract"
DUTCH = frozenset({"NL01"})


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm with a confirmed subcontract in either company, and a purchase list."""
    firm.set_up(tmp_path / "setup")
    both = [f"{SUB}confirmed", "SUB2,,US01,V1,USD,confirmed"]
    assert enter(tmp_path, "subcontract", lines(HEADER, both)).codes == {}
    listed = lines(LISTS, ["BUY,purchase,EUR,2024-01-01,2024-12-31"])
    assert enter(tmp_path, "price_list", listed).codes == {}
    return tmp_path


def stands(folder: Path, status: str) -> tuple[int, int, int, int]:
    return outcome(enter(folder, "subcontract", lines(HEADER, [f"{SUB}{status}"])))


def test_a_subcontract_is_of_a_vendor_of_its_company(folder: Path) -> None:
    unknown = enter(folder, "subcontract", lines(HEADER, ["SUB3,,NL01,V9,EUR,draft", "SUB4,,NL01,V1,ZZZ,"]))
    assert unknown.codes == {"LOAD-304": 1, "LOAD-302": 1}
    query = (
        "select s.number, s.name, v.company_code, v.account_number, s.currency_code, s.status"
        " from operations_subcontract as s join operations_vendor as v on v.id = s.vendor_id order by 1"
    )
    assert rows(OPERATIONS, query) == [
        ("SUB1", "Riggers", "NL01", "V1", "EUR", "confirmed"),
        ("SUB2", "SUB2", "US01", "V1", "USD", "confirmed"),
    ]
    assert stands(folder, "confirmed") == (1, 0, 1, 0)


@pytest.mark.parametrize("before", list(SubcontractStatus))
@pytest.mark.parametrize("after", list(SubcontractStatus))
def test_a_status_follows_another_as_the_table_says(folder: Path, before: str, after: str) -> None:
    """Draft, confirmed, closed or cancelled; a confirmed one is reopened (spec 1.8)."""
    rows(
        OPERATIONS, "update operations_subcontract set status = %s where number = 'SUB1' returning id", before
    )
    may = after in NEXT[SubcontractStatus(before)]
    expected = (1, 0, 1, 0) if before == after else (1, 1, 0, 0) if may else (1, 0, 0, 1)
    done = enter(folder, "subcontract", lines(HEADER, [f"{SUB}{after}"]))
    assert outcome(done) == expected
    if expected[3]:
        [(_, code, message)] = reasons(done)
        assert (code, f"the subcontract is {before} and cannot become {after}" in message) == (
            "LOAD-352",
            True,
        )


def test_vendor_company_and_currency_are_those_of_the_draft(folder: Path) -> None:
    other = f"{SUB}confirmed".replace("EUR", "USD")
    done = enter(folder, "subcontract", lines(HEADER, [other]))
    [(_, code, message)] = reasons(done)
    assert (code, "subcontract SUB1 is confirmed" in message) == ("LOAD-353", True)
    assert stands(folder, "draft") == (1, 1, 0, 0)
    assert outcome(enter(folder, "subcontract", lines(HEADER, [other]))) == (1, 1, 0, 0)


def test_a_purchase_list_is_used_by_subcontracts_only(folder: Path) -> None:
    wrong = ["BUY,NL,,,", "BUY,,K1,,", "COST,,,SUB1,", "SALES,,,SUB1,", "BUY,,,SUB1,NL01", "BUY,,,SUB9,"]
    codes = enter(folder, "price_list_use", lines(USE, wrong)).codes
    assert codes == {"LOAD-368": 4, "LOAD-367": 1, "LOAD-332": 1}
    assert outcome(enter(folder, "price_list_use", lines(USE, ["BUY,,,SUB1,"]))) == (1, 1, 0, 0)


def test_purchase_lists_of_one_subcontract_that_overlap_are_said(folder: Path) -> None:
    second = lines(LISTS, ["BUY2,purchase,EUR,2024-06-01,2025-05-31"])
    assert enter(folder, "price_list", second).codes == {}
    assert enter(folder, "price_list_use", lines(USE, ["BUY,,,SUB1,", "BUY2,,,SUB1,"])).codes == {}
    found = rows(
        OPERATIONS, "select code, company_code from problem_log where code = 'LOAD-372' order by record_name"
    )
    assert found == [("LOAD-372", "NL01")] * 2


def test_a_purchase_list_is_used_by_a_vendor_of_one_company(folder: Path) -> None:
    """Entered once, shown as it was written, withheld from others; the company alone has it by default."""
    header = "price_list,organizational_unit,subcontract,company,vendor,active"
    wrong = ["BUY,,,,V1,", "BUY,,,NL01,V9,", "COST,,,NL01,V1,", "BUY,,SUB1,NL01,V1,"]
    codes = enter(folder, "price_list_use", lines(header, wrong)).codes
    assert codes == {"LOAD-366": 1, "LOAD-304": 1, "LOAD-368": 1, "LOAD-367": 1}
    right = ["BUY,,,NL01,V1,", "BUY,,,NL01,,"]
    assert outcome(enter(folder, "price_list_use", lines(header, right))) == (2, 2, 0, 0)
    assert outcome(enter(folder, "price_list_use", lines(header, right))) == (2, 0, 2, 0)
    assert outcome(enter(folder, "price_list_use", lines(header, ["BUY,,,NL01,V1,no"]))) == (1, 1, 0, 0)
    found = stored(actor=firm.OPERATOR, entity="price_list_use", wanted=Wanted(key={"price_list": "BUY"}))
    said = ("company", "vendor", "active")
    assert [tuple(one[name] for name in said) for one in found] == [("NL01", "", "yes"), ("NL01", "V1", "no")]
    rest = Wanted(after=address("price_list_use", found[0]), key={"price_list": "BUY"})
    assert [one["vendor"] for one in stored(actor=firm.OPERATOR, entity="price_list_use", wanted=rest)] == [
        "V1"
    ]
    american = Actor("al", frozenset({Role.ADMINISTRATOR, Role.PROJECT_ACCOUNTANT}), frozenset({"US01"}))
    assert stored(actor=american, entity="price_list", wanted=Wanted(key={"code": "BUY"})) == []
    assert enter(folder, "price_list_use", lines(header, right), american).codes == {"ACCESS-102": 2}
    # Two lists of one vendor that cover a day are said, also when the second comes.
    second = lines(LISTS, ["BUY2,purchase,EUR,2024-06-01,2025-05-31"])
    assert enter(folder, "price_list", second).codes == {}
    assert (
        enter(folder, "price_list_use", lines(header, ["BUY2,,,NL01,V1,", "BUY,,,NL01,V1,yes"])).codes == {}
    )
    query = "select distinct record_name from problem_log where code = 'LOAD-372' order by 1"
    assert rows(OPERATIONS, query) == [("BUY",), ("BUY2",)]


def test_an_entry_names_a_subcontract_of_its_company(folder: Path) -> None:
    hours = "BEA,QUAY,DEV,2024-01-15,8"
    entries = [f"NL01,T1,{hours},SUB1", f"NL01,T2,{hours},SUB2", f"NL01,T3,{hours},SUB9"]
    done = enter(folder, "time_entry", lines(TIME, entries))
    assert done.codes == {"LOAD-315": 1, "LOAD-332": 1}
    again = enter(folder, "time_entry", lines(TIME, [f"NL01,T1,{hours},"]))
    [(_, code, message)] = reasons(again)
    assert (code, "subcontract" in message, "SUB1" in message) == ("LOAD-210", True, True)


def test_an_override_of_a_purchase_list_is_for_a_subcontract_or_a_vendor(folder: Path) -> None:
    """Told apart by it, entered once, and shown as it was written."""
    enter(folder, "price_list_use", lines(USE, ["BUY,,,SUB1,"]))
    enter(folder, "role_price", lines("price_list,role,price", ["BUY,DEV,75"]))
    agreed = [
        "BUY,DEV,SUB1,,,,2024-02-01,60",
        "BUY,DEV,,NL01,,V1,2024-02-01,65",
        "BUY,DEV,,,,,2024-02-01,70",
    ]
    assert outcome(enter(folder, "price_override", lines(OVERRIDE, agreed))) == (3, 3, 0, 0)
    assert outcome(enter(folder, "price_override", lines(OVERRIDE, agreed))) == (3, 0, 3, 0)
    found = stored(actor=firm.OPERATOR, entity="price_override", wanted=Wanted(limit=9))
    said = ("subcontract", "company", "customer", "vendor", "price")
    assert [tuple(one[name] for name in said) for one in found] == [
        ("", "", "", "", "70"),
        ("", "NL01", "", "V1", "65"),
        ("SUB1", "", "", "", "60"),
    ]
    # The records of a list come page by page, after the key of the last one.
    after = address("price_override", found[1])
    rest = stored(actor=firm.OPERATOR, entity="price_override", wanted=Wanted(after=after, limit=9))
    assert [one["subcontract"] for one in rest] == ["SUB1"]
    wanted = Wanted(key={"vendor": "V1", "company": "NL01"}, limit=9)
    assert [one["price"] for one in stored(actor=firm.OPERATOR, entity="price_override", wanted=wanted)] == [
        "65"
    ]


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("BUY,DEV,SUB9,,,,2024-02-01,1", "LOAD-332"),
        ("BUY,DEV,,NL01,,V9,2024-02-01,1", "LOAD-304"),
        ("BUY,DEV,,,,V1,2024-02-01,1", "LOAD-366"),
        ("BUY,DEV,SUB1,NL01,,V1,2024-02-01,1", "LOAD-367"),
        ("BUY,DEV,,NL01,C1,V1,2024-02-01,1", "LOAD-367"),
        ("BUY,DEV,,NL01,C1,,2024-02-01,1", "LOAD-368"),
        ("COST,DEV,SUB1,,,,2024-02-01,1", "LOAD-368"),
        ("SALES,DEV,,NL01,,V1,2024-02-01,1", "LOAD-368"),
    ],
)
def test_an_override_that_its_list_does_not_take_is_refused(folder: Path, override: str, code: str) -> None:
    """An unknown one, a vendor of no company, two at once, or on a list of another context."""
    done = enter(folder, "price_override", lines(OVERRIDE, [override]))
    assert (done.codes, rows(OPERATIONS, "select count(*) from operations_price_override")) == (
        {code: 1},
        [(0,)],
    )


def test_other_companies_neither_see_nor_change_it(folder: Path) -> None:
    """Nor the purchase list that only it uses."""
    enter(folder, "price_list_use", lines(USE, ["BUY,,,SUB1,"]))
    enter(folder, "role_price", lines("price_list,role,price", ["BUY,DEV,75"]))
    american = Actor("al", frozenset({Role.ADMINISTRATOR, Role.PROJECT_ACCOUNTANT}), frozenset({"US01"}))
    dutch = Actor("ned", american.roles, DUTCH)
    for entity, here, there in (
        ("subcontract", 1, 1),
        ("price_list_use", 3, 0),
        ("role_price", 3, 0),
    ):
        assert len(stored(actor=dutch, entity=entity, wanted=Wanted(limit=9))) == here, entity
        assert len(stored(actor=american, entity=entity, wanted=Wanted(limit=9))) == there, entity
        assert counted(actor=american)[entity] == there
    taken = lines(HEADER, ["SUB1,Mine,US01,V1,USD,confirmed"])
    assert enter(folder, "subcontract", taken, american).codes == {"ACCESS-102": 1}
    use = enter(folder, "price_list_use", lines(USE, ["BUY,,,SUB1,"]), american)
    assert use.codes == {"ACCESS-102": 1}
