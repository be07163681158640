"""A journal as people meet it: one types its lines, another confirms it; nobody their own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser import test_time
from tests.browser.bar import go
from tests.browser.test_time import Enter
from tests.database.operations.ledger import rows
from tests.database.workspace import time_world

pytestmark = pytest.mark.browser
at, person = test_time.at, test_time.person


def test_one_makes_a_journal_and_another_confirms_it(at: time_world.Place, person: Enter) -> None:
    maker, confirmer = person("ada", "project_accountant"), person("cleo", "project_accountant")
    go(maker, "Journals")
    maker.locator("#new-journal").get_by_label("Number").fill("J1")
    maker.get_by_role("button", name="Make").click()
    maker.wait_for_url("**/journals/J1/")
    form = maker.locator("#line-form")
    form.locator("#transaction_type").select_option("cost")
    form.locator("#transaction_class").select_option("time")
    form.locator("#date").fill(time_world.DAY.isoformat())
    form.locator("#project").fill(at.project)
    form.locator("#role").fill(at.role)
    form.locator("#quantity").fill("7.5")
    form.get_by_role("button", name="Save line").click()
    expect(maker.locator("#outcome")).to_have_text("Line 1 saved.")
    expect(maker.locator('[data-line="1"]')).to_contain_text("750.00")

    confirmer.goto("/companies/USMF/journals/J1/")
    confirmer.get_by_role("button", name="Confirm").click()
    expect(confirmer.locator("#outcome")).to_contain_text("Confirmed. Actuals reversed: 0, made: 1.")
    expect(confirmer.locator(".title")).to_contain_text(re.compile("confirmed by cleo"))
    assert rows("select amount::int from operations_actual where source_kind = 'journal_line'") == [(750,)]
