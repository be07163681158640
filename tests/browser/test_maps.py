"""The dual-write as the integrator meets it: a paused map catches up, a refused record is sent again."""

from __future__ import annotations

import uuid

import pytest
from django.db import connections
from playwright.sync_api import expect
from tests.browser.bar import go
from tests.browser.test_time import Enter, person  # noqa: F401  a fixture
from tests.database.workspace.world import WorkingWorld

from tieout.database import schema
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver
from tieout.finance import models as finance
from tieout.jobs.actions import SYSTEM

pytestmark = pytest.mark.browser

VENDORS = "msdyn_vendors"


def _vendor(number: str) -> None:
    key = uuid.uuid4()
    finance.Vendor.objects.bulk_create(
        [finance.Vendor(id=key, company_code="USMF", account_number=number, name=number)]
    )
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("insert into outbox_entry (map, key) values (%s, %s)", [VENDORS, key])


def test_a_map_is_paused_catches_up_and_what_was_refused_is_sent_again(
    person: Enter,  # noqa: F811
    world: WorkingWorld,
) -> None:
    ines = person("ines", "integrator")
    go(ines, "Maps")
    row = ines.locator(f"[data-map={VENDORS}]")
    expect(row.locator("[data-state]")).to_have_text("Running")
    ines.get_by_role("button", name=f"Pause {VENDORS}").click()
    expect(ines.locator("#outcome")).to_have_text(f"{VENDORS}: pause was asked.")
    expect(row.locator("[data-state]")).to_have_text("Paused")
    _vendor("V1")
    _vendor("MUCH-TOO-LONG")
    ines.get_by_role("button", name=f"Start {VENDORS}").click()
    expect(row.locator("[data-state]")).to_contain_text("Catching up")
    expect(row.locator("[data-waiting]")).to_have_text("2")
    with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            "alter table operations_vendor add constraint vendor_short check (length(account_number) < 8)"
            " not valid"
        )
    try:
        done = deliver(actor=SYSTEM, map=VENDORS)
        assert (done.landed, done.parked) == (1, 1)
    finally:
        with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
            cursor.execute("alter table operations_vendor drop constraint vendor_short")
    ines.goto("/maps/")
    expect(row.locator("[data-state]")).to_have_text("Running")
    expect(row.locator("[data-refused]")).to_have_text("1")
    expect(ines.locator("#refused tbody tr")).to_contain_text("MUCH-TOO-LONG")
    ines.get_by_role("link", name="Prerequisites").click()
    expect(ines.locator("tr[data-open]")).to_contain_text(
        f"The other side refused records of map {VENDORS}: 1."
    )
    ines.get_by_role("link", name="Dual-write maps").click()
    ines.get_by_role("button", name=f"Sync {VENDORS}").click()
    expect(ines.locator("#outcome")).to_have_text(f"{VENDORS}: 1 record sent again.")
    assert deliver(actor=SYSTEM, map=VENDORS).landed == 1
    ines.goto("/maps/")
    expect(ines.locator("#refused")).to_contain_text("Nothing was refused.")
    ines.set_viewport_size({"width": 400, "height": 900})
    assert ines.evaluate("document.documentElement.scrollWidth") <= 400
