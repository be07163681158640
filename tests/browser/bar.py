"""How a person gets from one page of a company to another: a group of the bar, then a link in it."""

from __future__ import annotations

from playwright.sync_api import Page


def go(page: Page, name: str) -> None:
    """Open the group that has the link with this name, and follow it."""
    bar = page.get_by_role("navigation", name="Pages of the company")
    link = page.get_by_role("link", name=name, exact=True, include_hidden=True)
    bar.locator("details").filter(has=link).locator("summary").click()
    bar.get_by_role("link", name=name, exact=True).click()
