"""A general journal as people meet it: one types its lines, another posts it; the tab says what waits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser import test_time
from tests.browser.test_time import Enter
from tests.journeys import chain, general_journals
from tests.journeys.general_journals import COMPANY, OFFSET, finance

from tieout.dualwrite.generaljournals.actions import sync_general_journals

pytestmark = pytest.mark.browser
person = test_time.person


@pytest.fixture
def world(databases: None, tmp_path: Path) -> None:
    """The small world with the accounts of a general journal, instead of the picture's figures."""
    general_journals.set_up(tmp_path)


def test_one_types_a_general_journal_and_another_posts_it(person: Enter) -> None:
    maker, poster = person("ada", "project_accountant"), person("cleo", "project_accountant")
    maker.goto(f"/companies/{COMPANY}/general-journals/")
    maker.locator("#new-journal").get_by_label("Journal batch number").fill("G1")
    maker.get_by_role("button", name="Make").click()
    maker.wait_for_url("**/general-journals/of/G1/")
    form = maker.locator("#line-form")
    form.locator("#accounting_date").fill("2016-03-10")
    form.locator("#project").fill("SOLD")
    form.locator("#category").fill("C01")
    form.locator("#debit").fill("100")
    form.locator("#currency").fill("GBP")
    form.locator("#offset_account").fill(OFFSET)
    form.get_by_role("button", name="Save line").click()
    expect(maker.locator("#outcome")).to_have_text("Line 1 saved.")
    expect(maker.locator('[data-line="1"]')).to_contain_text("100.00")

    poster.goto(f"/companies/{COMPANY}/general-journals/of/G1/")
    poster.get_by_role("button", name="Post").click()
    expect(poster.locator("#outcome")).to_contain_text("Posted: 1 lines, project cost 100.00")
    assert finance("select count(*) from finance_voucher") == [(1,)]
    poster.goto(f"/companies/{COMPANY}/general-journals/sync/?view=all")
    expect(poster.locator('[data-journal="G1"]')).to_contain_text("Waiting")
    sync_general_journals(actor=chain.CLERK, company=COMPANY)
    poster.goto(f"/companies/{COMPANY}/general-journals/of/G1/")
    expect(poster.locator("[data-sync]")).to_have_text(re.compile("Confirmed"))
