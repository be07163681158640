"""Time as people meet it: one enters and submits it, another approves or rejects it; nobody their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.bar import go
from tests.database.workspace import time_world
from tests.database.workspace import world as worlds
from tests.reference.world import World

pytestmark = pytest.mark.browser

TIME: Final = "/companies/USMF/time/"
APPROVALS: Final = "/companies/USMF/approvals/"
Enter = Callable[..., Page]


@pytest.fixture
def at(world: worlds.WorkingWorld) -> time_world.Place:
    return time_world.place(World(currencies=()), world.company)


@pytest.fixture
def person(browser: Browser, site: str) -> Iterator[Enter]:
    """Return a page on which a new user with these roles is logged in; a script error fails the test."""
    contexts, troubles = [], []

    def logged_in(name: str, *roles: str) -> Page:
        password = worlds.user(name, *roles)
        context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        opened.goto("/login/")
        opened.get_by_label("User name").fill(name)
        opened.get_by_label("Password").fill(password)
        opened.get_by_role("button", name="Log in").click()
        opened.wait_for_url("**/companies/**")
        return opened

    yield logged_in
    for context in contexts:
        context.close()
    assert troubles == []


def _enter(page: Page, at: time_world.Place, hours: str) -> None:
    form = page.locator("#new-entry")
    form.get_by_label("Resource", exact=False).fill(at.resource)
    form.get_by_label("Project", exact=False).fill(at.project)
    form.get_by_label("Role").fill(at.role)
    form.get_by_label("Date", exact=False).fill(time_world.DAY.isoformat())
    form.get_by_label("Hours", exact=False).fill(hours)
    form.locator("#description").fill("drawing the bridge")
    page.get_by_role("button", name="Enter").click()


def _choose_and_press(page: Page, button: str) -> None:
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=button).click()


def test_time_is_entered_by_one_and_approved_by_another(person: Enter, at: time_world.Place) -> None:
    rita, max_ = person("rita", "resource"), person("max", "project_manager")
    go(rita, "Time entries")
    _enter(rita, at, "25")
    expect(rita.locator("[data-wrong=hours]")).to_contain_text("is not allowed")
    _enter(rita, at, "8")
    expect(rita.locator("#outcome")).to_contain_text("Entered as draft TE-")
    _choose_and_press(rita, "Submit")
    expect(rita.locator("#outcome")).to_have_text("Submitted: 1 of 1.")

    go(max_, "Approvals")
    expect(max_.locator("tbody tr")).to_have_count(1)
    expect(max_.locator("tbody tr")).to_contain_text("1,600.00")
    max_.get_by_role("textbox", name="Billable hours of").fill("6")
    _choose_and_press(max_, "Approve")
    expect(max_.locator("#outcome")).to_have_text("Approved: 1 of 1.")
    max_.get_by_role("navigation", name="Approvals").get_by_role("link", name="Approved recently").click()
    assert max_.locator("[data-actual]").all_inner_texts() == [
        "Cost: 8 h, 800.00 USD",
        "Unbilled sales, chargeable: 6 h, 1,200.00 USD",
        "Unbilled sales, non-chargeable: 2 h, 400.00 USD",
    ]


def test_a_rejected_entry_comes_back_with_its_comment(person: Enter, at: time_world.Place) -> None:
    rita, max_ = person("rita", "resource"), person("max", "project_manager")
    rita.goto(TIME)
    _enter(rita, at, "8")
    _choose_and_press(rita, "Submit")
    max_.goto(APPROVALS)
    max_.get_by_label("Comment").fill("which task?")
    _choose_and_press(max_, "Reject")
    expect(max_.locator("#outcome")).to_have_text("Rejected: 1 of 1.")
    rita.get_by_role("navigation", name="Time entries").get_by_role("link", name="Returned").click()
    expect(rita.locator("tbody tr")).to_contain_text("Rejected by max: which task?")


def test_nobody_approves_their_own_time(person: Enter, at: time_world.Place) -> None:
    eve = person("eve", "resource", "project_manager")
    eve.goto(TIME)
    _enter(eve, at, "7:20")
    _choose_and_press(eve, "Submit")
    go(eve, "Approvals")
    _choose_and_press(eve, "Approve")
    expect(eve.locator("#outcome")).to_have_text("Approved: 0 of 1. Refused: 1.")
    expect(eve.locator("tr.refused")).to_contain_text("they submitted it. Who submits does not approve.")
    expect(eve.locator("tr.refused")).to_contain_text("Let somebody else approve it.")
    assert eve.locator("td input, td select").evaluate_all("all => all.every(one => one.ariaLabel)")
    eve.set_viewport_size({"width": 400, "height": 900})
    for address in (TIME, APPROVALS):
        eve.goto(address)
        assert eve.evaluate("document.documentElement.scrollWidth") <= 400, address
