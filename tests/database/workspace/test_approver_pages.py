"""Approvals marks the entries that others decide; the set-up names the approvers (operations spec 7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.database.loading.firm import enter, lines
from tests.database.operations.ledger import CLERK, rows

from tieout.operations.approvals.actions import submit_entries

LogIn = Callable[..., Client]
PAGE = "/companies/NL01/approvals/"


@pytest.fixture
def waiting(folder: Path) -> Path:
    """T1 of QUAY, which names mia, and T2 of OFFICE, which names nobody, are submitted."""
    enter(folder, "project_approver", lines("project,user", ["QUAY,mia"]))
    header = "company,external_id,resource,project,role,date,hours"
    time = ["NL01,T1,BEA,QUAY,DEV,2024-01-15,8", "NL01,T2,BEA,OFFICE,DEV,2024-01-15,4"]
    assert enter(folder, "time_entry", lines(header, time)).codes == {}
    submit_entries(actor=CLERK, company="NL01")
    return folder


def row(client: Client, entry: str, view: str = "submitted") -> str:
    text = " ".join(client.get(f"{PAGE}?view={view}").content.decode().split())
    [found] = re.findall(rf'<tr data-entry="{entry}">.*?</tr>', text)
    return str(found)


def choose(text: str) -> bool:
    return 'type="checkbox"' in text


def test_the_queue_marks_what_others_decide(waiting: Path, log_in: LogIn) -> None:
    manager = log_in("project_manager", name="max", companies=["NL01"])
    barred = row(manager, "T1")
    assert "Others approve this project" in barred
    assert (choose(barred), 'name="billable-' in barred) == (False, False)
    assert choose(row(manager, "T2"))
    [(key,)] = rows("select id from operations_entry where external_id = 'T1'")
    # sent without the page: refused in its row, with what mends it
    answer = manager.post(f"{PAGE}?view=submitted", {"do": "approve", "entry": str(key)})
    text = " ".join(answer.content.decode().split())
    assert "Approved: 0 of 1. Refused: 1." in text
    assert (
        "<strong>ACCESS-113</strong> max may not decide about T1: project QUAY names its approvers." in text
    )

    mia = log_in("project_manager", name="mia", companies=["NL01"])
    assert choose(row(mia, "T1"))
    mia.post(f"{PAGE}?view=submitted", {"do": "approve", "entry": str(key)})
    assert rows("select approved_by from operations_approval") == [("mia",)]
    assert "Others approve this project" in row(manager, "T1", view="approved")
    assert choose(row(mia, "T1", view="approved"))


def test_who_enters_sees_no_mark(waiting: Path, log_in: LogIn) -> None:
    resource = log_in("resource", name="bea", companies=["NL01"])
    page = resource.get("/companies/NL01/time/?view=submitted").content.decode()
    assert "T1" in page
    assert "Others approve" not in page


def test_approvers_are_named_on_a_form(waiting: Path, loader: Client) -> None:
    address = "/set-up/project_approver/new/"
    answer = loader.post(address, {"project": "OFFICE", "user": "max", "active": "yes"})
    assert answer.status_code in {200, 302}
    assert rows(
        "select p.number, a.user_name, a.active from operations_project_approver as a"
        " join operations_project as p on p.id = a.project_id order by 1"
    ) == [("OFFICE", "max", True), ("QUAY", "mia", True)]
