"""The pages of general journals: typed, posted by somebody else, and the tab of what operations lacks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.journeys import chain
from tests.journeys.general_journals import COMPANY, OFFSET, finance, operations, set_up

from tieout.dualwrite.generaljournals.actions import HEADERS, sync_general_journals
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State

LogIn = Callable[..., Client]
LIST = f"/companies/{COMPANY}/general-journals/"
SYNC = f"{LIST}sync/"


@pytest.fixture
def place(databases: None, tmp_path: Path) -> None:
    set_up(tmp_path)


def text_of(client: Client, address: str, status: int = 200, **data: Any) -> str:
    answer = client.post(address, data) if data else client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return " ".join(answer.content.decode().split())


def made(client: Client, number: str = "G1") -> str:
    answer = client.post(LIST, {"number": number, "description": "moved"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def typed(**other: str) -> dict[str, Any]:
    return {
        "do": "enter",
        "line_number": "1",
        "accounting_date": "2016-03-10",
        "account_type": "project",
        "offset_account_type": "ledger",
        "project": "SOLD",
        "category": "C01",
        "debit": "100",
        "currency": "GBP",
        "offset_account": OFFSET,
        **other,
    }


@pytest.mark.usefixtures("place")
def test_a_journal_from_the_form_to_operations(log_in: LogIn) -> None:
    maker = log_in("project_accountant", name="ada")
    poster = log_in("project_accountant", name="cleo")
    page = made(maker)
    assert "Line 1 saved." in text_of(maker, page, **typed(sales_price="200", resource="BEA"))
    text = text_of(maker, page)
    assert re.search(r'data-line="1".*?SOLD.*?540100.*?695000.*?>100\.00</td>', text)
    assert 'value="BEA"' in text_of(maker, f"{page}?line=1")
    # Nobody posts what they made.
    assert "ACCESS-114" in text_of(maker, page, status=409, do="post")
    assert "Posted: 1 lines, project cost 100.00" in text_of(poster, page, do="post")
    assert finance("select sum(accounting_amount) from finance_voucher_line where posting_type = 'cost'") == [
        (100,)
    ]
    assert "GJ-431" in text_of(poster, page, status=409, do="post")
    assert "<span data-sync>Waiting</span>" in text_of(poster, page)
    assert 'data-journal="G1"' in text_of(poster, f"{SYNC}?view=all")
    assert "Nothing waits." in text_of(poster, SYNC)
    sync_general_journals(actor=chain.CLERK, company=COMPANY)
    text = text_of(poster, LIST)
    assert re.search(r'data-journal="G1".*?Confirmed.*?J00000001', text)
    assert operations("select number from operations_journal") == [("J00000001",)]
    assert "J00000001" in text_of(poster, page)


@pytest.mark.usefixtures("place")
def test_what_is_wrong_stands_at_its_line_and_nothing_is_posted(log_in: LogIn) -> None:
    maker, poster = log_in("project_accountant", name="ada"), log_in("ap_clerk", name="cleo")
    page = made(maker)
    text = text_of(maker, page, status=400, **typed(project="P-0", quantity="x", description="keep me"))
    assert 'data-wrong="quantity"' in text
    assert 'value="keep me"' in text
    assert 'data-wrong="project"' in text_of(maker, page, status=400, **typed(project="P-0"))
    assert "Line 1 saved." in text_of(maker, page, **typed(category=""))
    text = text_of(poster, page, do="post")
    assert "Not posted. Refused: 1." in text
    assert "GJ-414" in text
    assert finance("select 1 from finance_voucher") == []
    assert 'data-wrong="category"' in text_of(maker, page, status=400, **typed())  # LOAD-210
    assert "Line 1 saved." in text_of(maker, page, **typed(do="change"))
    assert "GJ-407" in text_of(maker, page)
    assert "Removed: 1." in text_of(maker, page, do="remove", line="1")
    assert "Deleted: 0 lines." in text_of(maker, page, do="delete")
    assert "no such button" in text_of(maker, page, do="fly")


@pytest.mark.usefixtures("place")
def test_the_tab_shows_failures_and_its_buttons_try_again(log_in: LogIn) -> None:
    maker = log_in("project_accountant", name="ada")
    poster = log_in("project_accountant", name="cleo")
    page = made(maker)
    text_of(maker, page, **typed())
    set_state(actor=chain.CLERK, map=HEADERS, state=State.NOT_RUNNING)
    text_of(poster, page, do="post")
    for _ in range(6):
        sync_general_journals(actor=chain.CLERK, company=COMPANY)
    text = text_of(poster, SYNC)
    assert re.search(r'data-journal="G1".*?GJ-401.*?<td class="number" data-attempts>5 of 5</td>', text)
    assert "Manual sync required" in text
    key = str(finance("select id from finance_general_journal")[0][0])
    assert "Choose a journal." in text_of(poster, SYNC, do="sync")
    assert "DW-201" in text_of(poster, SYNC, status=409, do="sync", journal=key)
    assert "Deleted: 1." in text_of(poster, SYNC, do="delete", journal=key)
    assert "Nothing waits." in text_of(poster, SYNC)
    for _ in range(6):
        sync_general_journals(actor=chain.CLERK, company=COMPANY)
    # Deleting its message on *Troubleshoot* forgets the attempts too.
    ((met,),) = finance(
        "select id from problem_log where process = 'sync_general_journal' order by id desc limit 1"
    )
    poster.post(f"/companies/{COMPANY}/troubleshoot/delete/", {"problem": f"finance.{met}"})
    assert "Nothing waits." in text_of(poster, SYNC)
    set_state(actor=chain.CLERK, map=HEADERS, state=State.RUNNING)
    assert "Sent again: 1." in text_of(poster, SYNC, do="sync", journal=key)
    assert sync_general_journals(actor=chain.CLERK, company=COMPANY).confirmed == 1


@pytest.mark.usefixtures("place")
def test_companies_and_roles_are_boundaries(log_in: LogIn) -> None:
    maker = log_in("project_accountant", name="ada")
    page = made(maker)
    text_of(maker, page, **typed())
    auditor = log_in("auditor", name="otto")
    text = text_of(auditor, page)
    assert 'value="post"' not in text
    assert 'id="line-form"' not in text
    for data in ({"do": "post"}, typed(), {"do": "delete"}):
        assert "ACCESS-101" in text_of(auditor, page, status=403, **data)
    assert "ACCESS-101" in text_of(auditor, SYNC, status=403, do="sync", journal="x")
    assert "ACCESS-101" in text_of(auditor, LIST, status=403, number="G7")
    stranger = log_in("project_accountant", name="zoe", companies=["OTHER"])
    for address in (LIST, page, SYNC):
        text_of(stranger, address, status=403)
