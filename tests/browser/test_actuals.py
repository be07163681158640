"""Actuals, prices and the decision table as the accountant meets them, on wide and narrow pages."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect
from tests.browser.bar import go
from tests.database.workspace import world as worlds
from tests.database.workspace.actuals_world import Worked, worked
from tests.reference.world import World

pytestmark = pytest.mark.browser

SCREENSHOTS: Final = os.environ.get("TIEOUT_SCREENSHOTS")


@pytest.fixture
def work(world: worlds.WorkingWorld) -> Worked:
    return worked(World(currencies=()))


def look(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for them."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_from_a_project_to_its_figures_its_actuals_and_why_a_price(work: Worked, page: Page) -> None:
    go(page, "Actuals")
    look(page, "projects")
    page.get_by_role("link", name=work.at.project, exact=True).click()
    total = page.locator("[data-sum=USD] td")
    # The figures come when the page is there.
    expect(total).to_have_text(["18", "1,800.00", "2,800.00", "", "800.00", "1,000.00", "USD", "9"])
    expect(page.locator("[data-actual]")).to_have_count(9)
    look(page, "actuals-1440")
    page.get_by_label("Transaction type").select_option("Cost")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("[data-actual]")).to_have_count(4)
    expect(page.locator("[data-sum=USD] td").nth(1)).to_have_text("1,800.00")
    page.get_by_role("link", name="100.00: why").first.click()
    expect(page.locator("[data-arithmetic]")).to_contain_text("= 400.00 USD")
    expect(page.locator("[data-price]")).to_contain_text("100.00 per hour")
    look(page, "price-1440")
    page.get_by_role("link", name=f"Actuals of {work.at.project}").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="XLSX").click()
    assert caught.value.suggested_filename == f"actuals-USMF-{work.at.project}.xlsx"


def test_what_happens_when_is_asked_by_keyboard(work: Worked, page: Page) -> None:
    go(page, "What happens when")
    page.get_by_label("Event").first.focus()
    page.get_by_label("Event").first.select_option("invoice_corrected_decrease")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict]")).to_contain_text("3 actuals are made.")
    expect(page.locator("tbody.asked .answers").first).to_have_text("Billed sales \N{EN DASH} Reversal")
    look(page, "decisions-1440")
    page.get_by_label("Project ID").fill(work.at.project)
    page.get_by_label("Resource (optional)").fill(work.at.resource)
    page.get_by_role("button", name="Ask").last.click()
    expect(page.locator("#answer")).to_contain_text("The resource belongs to unit")
    assert "ask=project" in page.url
    look(page, "decisions-project-1440")
    # The question keeps its place: the address is the view.
    page.reload()
    expect(page.get_by_label("Project ID")).to_have_value(work.at.project)


def test_prices_are_asked(work: Worked, page: Page) -> None:
    go(page, "Prices")
    page.get_by_label("Project ID").fill(work.at.project)
    page.get_by_label("Resource").fill(work.at.resource)
    page.get_by_label("Role").fill(work.at.role)
    page.get_by_label("Date").fill("2025-03-03")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("[data-price]")).to_have_count(2)
    look(page, "prices-1440")


def test_no_page_is_wider_than_its_window(work: Worked, page: Page) -> None:
    here = "/companies/USMF"
    pages = {
        "projects": f"{here}/projects/",
        "actuals": f"{here}/actuals/?project={work.at.project}",
        "decisions": f"{here}/decisions/?event=approved_decreased&relation=lent",
        "decisions-project": f"{here}/decisions/?ask=project&project={work.at.project}",
        "prices": f"{here}/prices/?project={work.at.project}&resource={work.at.resource}"
        f"&role={work.at.role}&date=2025-03-03",
    }
    for scheme, width, (name, address) in product(("light", "dark"), (1440, 800, 400), pages.items()):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        look(page, f"{name}-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
        # Every field has a name, every table a caption.
        unnamed = page.locator("main input:not([type=hidden]), main select").evaluate_all(
            "all => all.filter(one => !one.labels.length).length"
        )
        assert unnamed == 0, address
        assert page.locator("main table").evaluate_all("all => all.every(one => one.caption)"), address
