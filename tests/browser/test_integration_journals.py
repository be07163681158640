"""The integration journal as an accountant meets it: post, see what was refused, mend, post again, delete."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser import test_time
from tests.browser.bar import go
from tests.browser.test_time import Enter
from tests.database.finance.world import ACCOUNTANT, COMPANY, PAYROLL_ACCOUNT, World, build, table

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.ledgers.models import PostingProfile

pytestmark = pytest.mark.browser
person = test_time.person


@pytest.fixture
def world(databases: None) -> World:
    """A draft of two lines: an expense of 10.00, and an hour of 20.00 that has no account."""
    made = build()
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    made.stage("10.00")
    made.stage("20.00", source_kind="time_entry")
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return made


def test_an_accountant_posts_mends_posts_again_and_deletes(person: Enter, world: World) -> None:
    ada = person("ada", "project_accountant")
    ada.goto(f"/companies/{COMPANY}/")
    go(ada, "Integration journals")
    ada.get_by_role("link", name="IJ0001").click()
    expect(ada.locator("tbody [data-status]")).to_have_text(["Draft", "Draft"])
    ada.get_by_role("button", name="Post").click()
    expect(ada.locator("#outcome")).to_have_text("Lines posted: 1, refused: 1.")
    expect(ada.locator("tbody [data-status]")).to_have_text(["Posted"])

    ada.get_by_role("link", name="Project integration journals").click()
    ada.get_by_role("link", name="Error", exact=True).click()
    expect(ada.locator("tbody tr")).to_have_count(1)
    ada.get_by_role("link", name="IJ0002").click()
    expect(ada.locator('[data-line="1"]')).to_contain_text("DOC-101, no payroll allocation account")
    world.account("payroll_allocation", PAYROLL_ACCOUNT)
    ada.get_by_role("button", name="Update to draft").click()
    ada.get_by_role("button", name="Post").click()
    expect(ada.locator("#outcome")).to_have_text("Lines posted: 1, refused: 0.")
    assert table("select sum(accounting_amount)::int from finance_voucher_line where line_no = 1") == [(30,)]

    world.stage("40.00")
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    ada.goto(f"/companies/{COMPANY}/integration/IJ0003/")
    ada.get_by_role("checkbox", name="Line 1").check()
    ada.get_by_role("button", name="Delete lines").click()
    expect(ada.locator("#outcome")).to_contain_text("Lines deleted: 1.")
    ada.goto(f"/companies/{COMPANY}/integration/staging/?state=deleted")
    expect(ada.locator("tbody tr")).to_have_count(1)
    expect(ada.locator("tbody tr")).to_contain_text("40.00")
