"""Set-up as people meet it: records are entered and changed in forms, and refused beside their fields."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect
from tests.browser.bar import go
from tests.database.loading.firm import rows

from tieout.database.aliases import OPERATIONS

pytestmark = pytest.mark.browser

SHOTS: Final = os.environ.get("TIEOUT_TEST_PICTURES", "")


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page, where somebody asks for pictures."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_unit_and_a_resource_are_set_up(page: Page) -> None:
    go(page, "Set-up")
    expect(page.get_by_role("heading", name="Organization")).to_be_visible()
    picture(page, "overview")
    page.get_by_role("link", name="Organizational unit").click()
    page.get_by_role("link", name="New organizational unit").click()
    page.get_by_label("Code").fill("SEA")
    page.get_by_label("Name").fill("Sea works")
    company = page.get_by_label("Company")
    company.press_sequentially("US")
    expect(page.locator("#company-list option")).to_have_attribute("value", "USMF")
    company.fill("USMF")
    page.get_by_label("Currency").fill("XXX")
    page.get_by_role("button", name="Save").click()
    expect(page.locator('[data-wrong="currency"]')).to_contain_text("Currency XXX is not known.")
    picture(page, "refused")
    assert page.get_by_label("Name").input_value() == "Sea works"
    page.get_by_label("Currency").fill("usd")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-said]")).to_have_text("Organizational unit saved.")
    expect(page.get_by_role("heading", level=1)).to_have_text("SEA")

    page.get_by_role("banner").get_by_role("link", name="Set-up").click()
    page.get_by_role("link", name="Resource", exact=True).click()
    page.get_by_role("link", name="New resource").click()
    page.get_by_label("Code").fill("EVE")
    page.get_by_label("Name").fill("Eve")
    page.get_by_label("Organizational unit").fill("SEA")
    page.get_by_label("Company").fill("USMF")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-said]")).to_have_text("Resource saved.")
    page.get_by_label("Name").fill("Eve Adams")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-said]")).to_have_text("Resource saved.")
    picture(page, "record")
    assert rows(OPERATIONS, "select name, version from operations_resource where code = 'EVE'") == [
        ("Eve Adams", 2)
    ]

    page.goto("/set-up/resource/?code=EV")
    picture(page, "list")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="EVE").click()
    expect(page.locator("output#code")).to_have_text("EVE")
    page.set_viewport_size({"width": 400, "height": 900})
    picture(page, "narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_customers_of_a_contract_are_typed_together(page: Page) -> None:
    for entity, typed in (
        ("customer", {"account_number": "C1", "name": "Harbour", "company": "USMF"}),
        ("customer", {"account_number": "C2", "name": "Lock", "company": "USMF"}),
        (
            "contract",
            {
                "number": "K1",
                "customer": "C1",
                "company": "USMF",
                "contracting_unit": "UNIT-USMF",
                "currency": "USD",
            },
        ),
    ):
        page.goto(f"/set-up/{entity}/new/")
        for name, text in typed.items():
            page.locator(f"#{name}").fill(text)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-said]")).to_contain_text("saved")
    page.get_by_role("link", name="Contract customer").click()
    for place, account, percent in ((0, "C1", "60"), (1, "C2", "30")):
        page.locator(f"#r{place}-customer").fill(account)
        page.locator(f"#r{place}-percent").fill(percent)
    page.locator("#r0-is_rounding").select_option("yes")
    page.get_by_role("button", name="Save all").click()
    expect(page.locator('[data-wrong="percent"]').first).to_contain_text("bear 90 percent together, not 100.")
    picture(page, "together")
    page.locator("#r1-percent").fill("40")
    page.get_by_role("button", name="Save all").click()
    expect(page.locator("[data-total]")).to_have_text("Together they bear 100 percent.")
    picture(page, "together-saved")


def test_a_file_is_checked_and_loaded(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "code,name,organizational_unit,company\n"
        "EVE,Eve,UNIT-USMF,USMF\nMAX,Max,NOWHERE,USMF\nRITA,Rita,UNIT-USMF,USMF\n"
    )
    page.goto("/set-up/")
    page.get_by_role("link", name="Load a file").click()
    page.get_by_label("What it holds").select_option("resource")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Checked: nothing is loaded yet")).to_be_visible()
    expect(page.locator("#rejected tbody tr")).to_contain_text("organizational unit NOWHERE is not known.")
    picture(page, "checked")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all rejected rows").click()
    assert download.value.suggested_filename == "people.rejected.csv"
    assert "LOAD-310" in Path(download.value.path()).read_text("utf-8-sig")
    page.get_by_role("button", name="Load 2 records").click()
    expect(page.get_by_role("heading", name="Loaded")).to_be_visible()
    picture(page, "loaded")
    assert rows(OPERATIONS, "select code from operations_resource order by code") == [("EVE",), ("RITA",)]
