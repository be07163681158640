"""Project groups from files: who is in which, and the rules that name them (finance spec 1.11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.database.loading.firm import enter, outcome, reasons, rows, set_up

from tieout.database.aliases import FINANCE

pytestmark = pytest.mark.usefixtures("databases")

MEMBER = "company,project,project_group\n"
RULE = "company,billing_method,project,project_group,contract,profile\nNL01,time_and_materials,{},TM\n"
ACCOUNT = "company,posting_type,project,project_group,contract,category,account\nNL01,cost,{},2000\n"


@pytest.fixture(autouse=True)
def _groups(databases: None, tmp_path: Path) -> None:
    """Groups of two companies, and a profile."""
    set_up(tmp_path)
    enter(tmp_path, "project_profile", "company,billing_method,code\nNL01,time_and_materials,TM\n")
    done = enter(tmp_path, "project_group", "company,code,name\nNL01,SHIPS,Ships\nNL01,LAND,\nUS01,EBB,\n")
    assert outcome(done) == (3, 3, 0, 0)


def test_a_project_has_one_group_in_the_books_of_a_company(tmp_path: Path) -> None:
    """It is in another one when it is entered again; a company groups the projects of others too."""
    both = MEMBER + "NL01,QUAY,SHIPS\nNL01,PIER,SHIPS\nUS01,QUAY,EBB\n"
    assert outcome(enter(tmp_path, "project_group_member", both)) == (3, 3, 0, 0)
    assert outcome(enter(tmp_path, "project_group_member", both)) == (3, 0, 3, 0)
    moved = enter(tmp_path, "project_group_member", MEMBER + "NL01,QUAY,LAND\n")
    assert (outcome(moved), moved.changed) == ((1, 1, 0, 0), 1)
    assert rows(
        FINANCE,
        "select m.company_code, p.number, g.code, g.name from finance_project_group_member m"
        " join finance_project_group g on g.id = m.project_group_id"
        " join finance_project p on p.id = m.project_id order by 1, 2",
    ) == [
        ("NL01", "PIER", "SHIPS", "Ships"),
        ("NL01", "QUAY", "LAND", "LAND"),
        ("US01", "QUAY", "EBB", "EBB"),
    ]


@pytest.mark.parametrize(
    ("entity", "text", "places"),
    [
        ("profile_rule", RULE, (",,", ",SHIPS,", ",LAND,", ",,K1", "QUAY,,")),
        (
            "posting_profile",
            ACCOUNT,
            (",,,", ",SHIPS,,", ",SHIPS,,TRAVEL", ",,K1,", ",,K1,TRAVEL", "QUAY,,,"),
        ),
    ],
)
def test_a_rule_is_known_by_whom_it_is_for(
    tmp_path: Path, entity: str, text: str, places: tuple[str, ...]
) -> None:
    for place in places:
        assert outcome(enter(tmp_path, entity, text.format(place))) == (1, 1, 0, 0)
    for place in places:
        assert outcome(enter(tmp_path, entity, text.format(place))) == (1, 0, 1, 0)
    assert rows(
        FINANCE,
        f"select count(project_id), count(project_group_id), count(contract_id) from finance_{entity}",
    ) == [(1, 2, len(places) - 4)]


@pytest.mark.parametrize(
    ("entity", "text", "code", "said"),
    [
        ("project_group", "company,code\nXX,SHIPS\n", "LOAD-301", "company XX is not known"),
        ("project_group_member", MEMBER + "NL01,QUAY,EBB\n", "LOAD-326", "project group EBB is not known"),
        ("project_group_member", MEMBER + "NL01,NONE,LAND\n", "LOAD-303", "project NONE is not known"),
        ("profile_rule", RULE.format(",EBB,"), "LOAD-326", "project group EBB is not known"),
        ("profile_rule", RULE.format(",LAND,K1"), "LOAD-320", "names project group LAND and contract K1"),
        ("posting_profile", ACCOUNT.format(",NONE,,"), "LOAD-326", "project group NONE is not known"),
        ("posting_profile", ACCOUNT.format(",,K9,"), "LOAD-311", "contract K9 is not known"),
        ("posting_profile", ACCOUNT.format("QUAY,,K1,"), "LOAD-320", "names project QUAY and contract K1"),
    ],
)
def test_what_cannot_be_entered_of_groups(
    tmp_path: Path, entity: str, text: str, code: str, said: str
) -> None:
    done = enter(tmp_path, entity, text)
    assert (outcome(done), dict(done.codes)) == ((1, 0, 0, 1), {code: 1})
    [(_, found, message)] = reasons(done)
    assert (found, said in message) == (code, True), message
