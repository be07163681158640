"""The workspace as an accountant meets it: with a browser, a server and a worker."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.database.reconciliation.world import EXPENSE, collected
from tests.database.workspace.world import WorkingWorld

pytestmark = pytest.mark.browser

SECONDS_FOR_SYNC = 60


def _tiles(page: Page, where: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(f"{where} .tile").all_inner_texts()]


def test_tiles_show_the_figures_of_the_original(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Project Operations integration")
    assert _tiles(page, "#unreconciled") == [
        "9,000.00USD Unreconciled expense amount 45 records",
        "28,000.00USD Unreconciled vendor invoice amount 2 records",
    ]
    assert _tiles(page, "#summary") == [
        "23,000.00USD Vendor invoice missing journal lines 1 record",
        "5,000.00USD Vendor invoice missing actuals 1 record",
        "5,000.00USD Expense missing journal lines 5 records",
        "4,000.00USD Expense missing actuals 40 records",
    ]


def test_the_proofs_of_both_accounts_stand_beside_each_other(page: Page) -> None:
    boxes = [table.bounding_box() for table in page.locator(".proof > .scroll").all()]
    assert len({box["y"] for box in boxes if box}) == 1
    assert len({box["x"] for box in boxes if box}) == 2


def test_a_tile_opens_its_rows_and_the_view_lives_in_the_address(page: Page) -> None:
    page.get_by_role("link", name="Expense missing journal lines").click()
    expect(page.locator("[data-count]")).to_have_text("5 records")
    page.get_by_label("View").select_option("all")
    expect(page.locator("[data-count]")).to_have_text("46 records")
    expect(page.locator("[data-sum]")).to_have_text("9,012.34 USD")
    assert "view=all" in page.url
    page.reload()
    expect(page.locator("[data-count]")).to_have_text("46 records")
    page.go_back()
    expect(page.locator("[data-count]")).to_have_text("5 records")


@pytest.mark.parametrize("serve_options", [()], ids=["with a worker"])
def test_sync_repairs_before_ones_eyes(page: Page) -> None:
    page.get_by_role("navigation", name="Categories").get_by_role("link", name="Expense").click()
    expect(page.locator("[data-count]")).to_have_text("40 records")
    page.evaluate("window.untouched = true")
    page.get_by_role("button", name="Sync").click()
    expect(page.locator("#run .note.good")).to_contain_text("has finished.", timeout=SECONDS_FOR_SYNC * 1000)
    expect(page.locator("#run")).to_contain_text(
        "Sync expenses to operations (USMF): 40 expenses, 4,000.00 cost"
    )
    expect(page.locator("[data-count]")).to_have_text("0 records")
    assert _tiles(page, "#unreconciled")[0] == "0.00USD Unreconciled expense amount 0 records"
    expect(page.get_by_label("View").locator("option:checked")).to_have_text("Missing actuals (0)")
    assert page.evaluate("window.untouched") is True, "the page was not loaded again"


@pytest.mark.parametrize("serve_options", [()], ids=["with a worker"])
def test_older_lines_are_synced_from_their_own_line(page: Page, world: WorkingWorld) -> None:
    world.periods(world.today.year - 4)
    world.post(EXPENSE, 640, date(world.today.year - 4, 5, 5))
    collected()
    page.goto("/companies/USMF/expense/")
    page.get_by_role("button", name="Sync these").click()
    expect(page.locator("#run .note.good")).to_contain_text("has finished.", timeout=SECONDS_FOR_SYNC * 1000)
    expect(page.locator("#run")).to_contain_text("1 expense, 640.00 cost")
    expect(page.locator("[data-older]")).to_have_count(0)
    expect(page.locator("[data-count]")).to_have_text("40 records")


def test_a_row_opens_its_whole_way(page: Page) -> None:
    page.get_by_role("link", name="Vendor invoice missing actuals").click()
    page.locator("tbody th a").click()
    expect(page.locator(".hops li.stuck strong")).to_have_text("Arrived in operations")
    expect(page.locator("article h2")).to_contain_text("Vendor invoice line")


def test_a_narrow_window_shows_all_without_scrolling_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 900})
    for scheme, ground in (("light", "rgb(243, 245, 248)"), ("dark", "rgb(16, 21, 28)")):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for address in ("/companies/USMF/", "/companies/USMF/vendor-invoice-line/", "/companies/USMF/trace/"):
            page.goto(address)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= 400, f"{address} is {width} wide in {scheme}"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    # A group opens beneath the bar, over the whole width.
    page.get_by_text("Operations", exact=True).click()
    expect(page.get_by_role("link", name="Approvals")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_keyboard_reaches_the_content_first_and_the_bar_by_groups(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    bar = page.get_by_role("navigation", name="Pages of the company")
    assert page.locator("header.bar").evaluate("bar => bar.offsetHeight") < 60  # one row
    finance = bar.get_by_text("Finance", exact=True)
    finance.focus()
    page.keyboard.press("Enter")
    expect(bar.get_by_role("link")).to_have_count(4)
    page.keyboard.press("Tab")
    expect(bar.get_by_role("link", name="General journals")).to_be_focused()
    bar.get_by_text("Operations", exact=True).press("Enter")
    expect(bar.get_by_role("link", name="General journals")).to_be_hidden()  # one group at a time
    bar.get_by_role("link", name="Approvals").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Approvals")
    expect(bar.locator("summary[aria-current]")).to_have_text(["Operations"])


def test_every_field_has_a_label_and_every_table_its_heads(page: Page) -> None:
    pages = ("", "expense/", "trace/", "time/", "approvals/")
    for address in (f"/companies/USMF/{page_of}" for page_of in pages):
        page.goto(address)
        unlabelled = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select')]"
            ".filter(field => !field.labels.length).length"
        )
        assert unlabelled == 0, address
        assert page.locator("th:not([scope])").count() == 0, address
        assert page.locator("table:not(:has(caption))").count() == 0, address
