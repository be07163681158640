"""Approval sets and contracts as people meet them: why a set failed, Retry, Confirm after its preview."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.bar import go
from tests.browser.test_time import Enter, _choose_and_press, _enter, at, person  # noqa: F401  fixtures
from tests.database.operations.ledger import rows
from tests.database.workspace import time_world

from tieout.jobs.actions import SYSTEM, perform
from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import approve_entries
from tieout.operations.approvalsets.rules import Action
from tieout.workspace.approval_set_screens import ask

pytestmark = pytest.mark.browser

OF_TIME = "from operations_actual where source_kind = 'time_entry'"
MAX = Actor("max", frozenset({"project_manager"}), None)


def submitted(person: Enter, at: time_world.Place) -> None:  # noqa: F811
    rita = person("rita", "resource")
    go(rita, "Time entries")
    _enter(rita, at, "8")
    expect(rita.locator("#outcome")).to_contain_text("Entered as draft TE-")
    _choose_and_press(rita, "Submit")
    expect(rita.locator("#outcome")).to_have_text("Submitted: 1 of 1.")


def test_a_set_that_failed_says_why_and_is_retried(person: Enter, at: time_world.Place) -> None:  # noqa: F811
    submitted(person, at)
    max_ = person("max", "project_manager")
    rows(
        "insert into operations_project_parameters (company_code, interorganizational, daily_minutes,"
        " approval_threshold, journal_validation, version)"
        " values ('USMF', 'time_and_materials', 1440, 0, 'none', 1) returning id"
    )
    entries = [entry for (entry,) in rows("select id from operations_entry")]
    assert ask(MAX, at.company, Action.APPROVE, entries).said.startswith("1 of 1 queued as 1 set")
    rows("update operations_project set stage = 'closed' where number = %s returning id", at.project)
    for _ in range(3):
        perform(actor=SYSTEM, job="approval-sets")
    go(max_, "Approvals")
    max_.get_by_role("link", name="Approval sets").click()
    max_.get_by_role("navigation", name="Approval sets").get_by_role("link", name="Failed").click()
    expect(max_.locator("tbody tr")).to_have_count(1)
    max_.locator("tbody a").click()
    expect(max_.locator("#status")).to_have_text("Failed")
    expect(max_.locator("tbody tr")).to_have_count(3)
    expect(max_.locator("tbody tr").first).to_contain_text("INT-701")
    rows("update operations_project set stage = 'sold' where number = %s returning id", at.project)
    max_.get_by_role("button", name="Retry").click()
    expect(max_.locator("#outcome")).to_have_text("Queued again: it is processed in the background.")
    perform(actor=SYSTEM, job="approval-sets")
    max_.goto(max_.url)
    expect(max_.locator("#status")).to_have_text("Completed")
    assert rows("select approved_by from operations_approval where document_kind = 'time_entry'") == [
        ("max",)
    ]
    max_.set_viewport_size({"width": 400, "height": 900})
    assert max_.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_contract_is_confirmed_after_its_preview(person: Enter, at: time_world.Place) -> None:  # noqa: F811
    submitted(person, at)
    assert approve_entries(actor=MAX, company=at.company).approved == 1
    anna = person("anna", "project_accountant")
    go(anna, "Quotes and contracts")
    anna.get_by_role("link", name="Contracts", exact=True).click()
    anna.locator("tbody a").first.click()
    anna.get_by_role("button", name="Preview", exact=True).click()
    expect(anna.locator("#outcome")).to_contain_text("Preview: nothing is changed yet.")
    assert [one.split("\t")[-1] for one in anna.locator("#money tbody tr").all_inner_texts()] == [
        "800.00",
        "1,600.00",
    ]
    assert rows(f"select count(*) {OF_TIME}") == [(2,)]
    anna.get_by_role("button", name="Confirm").click()
    expect(anna.locator("#outcome")).to_contain_text("is confirmed. 1 of 1 approved entries")
    assert rows(f"select count(*), sum(amount)::int {OF_TIME}") == [(6, 2400)]


def test_a_contract_is_closed_as_lost_after_its_preview(person: Enter, at: time_world.Place) -> None:  # noqa: F811
    submitted(person, at)
    assert approve_entries(actor=MAX, company=at.company).approved == 1
    anna = person("anna", "project_accountant")
    go(anna, "Quotes and contracts")
    anna.get_by_role("link", name="Contracts", exact=True).click()
    anna.locator("tbody a").first.click()
    anna.get_by_role("button", name="Preview closing as lost").click()
    expect(anna.locator("#outcome")).to_contain_text("Preview: nothing is changed yet.")
    expect(anna.locator("#outcome")).to_contain_text("The unbilled sales of 1 of 1 records would be reversed")
    assert [one.split("\t")[-1] for one in anna.locator("#money tbody tr").all_inner_texts()] == [
        "800.00",
        "0.00",
    ]
    assert rows(f"select count(*) {OF_TIME}") == [(2,)]
    anna.get_by_role("button", name="Close as lost", exact=True).click()
    expect(anna.locator("#outcome")).to_contain_text("is closed as lost.")
    assert rows(f"select count(*), sum(amount)::int {OF_TIME}") == [(3, 800)]
    anna.set_viewport_size({"width": 400, "height": 900})
    assert anna.evaluate("document.documentElement.scrollWidth") <= 400


def test_what_others_approve_is_marked_and_cannot_be_chosen(person: Enter, at: time_world.Place) -> None:  # noqa: F811
    submitted(person, at)
    rows(
        "insert into operations_project_approver (project_id, user_name, active, version)"
        " select id, 'mia', true, 1 from operations_project where number = %s returning id",
        at.project,
    )
    max_, mia = person("max", "project_manager"), person("mia", "project_manager")
    for who, count in ((max_, 0), (mia, 1)):
        go(who, "Approvals")
        expect(who.locator("tbody tr[data-entry]")).to_have_count(1)
        expect(who.locator("tbody input[type=checkbox]")).to_have_count(count)
    expect(max_.locator("[data-barred]")).to_have_text("Others approve this project")
    _choose_and_press(mia, "Approve")
    assert rows("select approved_by from operations_approval where document_kind = 'time_entry'") == [
        ("mia",)
    ]
