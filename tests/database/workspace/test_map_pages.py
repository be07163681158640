"""The pages of the dual-write: states, what waits and was refused, Sync; and every prerequisite answered."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from importlib.resources import files

import pytest
from django.db import connections
from django.test import Client
from tests.database.workspace.world import WorkingWorld

from tieout.database import schema
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver
from tieout.dualwrite.maps import problems as map_problems
from tieout.finance import models as finance
from tieout.kernel.access import Actor
from tieout.kernel.problems import Problem
from tieout.workspace import prerequisites

LogIn = Callable[..., Client]
SYSTEM = Actor("system", frozenset({"system"}), None)
VENDORS = "msdyn_vendors"


def _vendor(company: str, number: str) -> None:
    key = uuid.uuid4()
    finance.Vendor.objects.bulk_create(
        [finance.Vendor(id=key, company_code=company, account_number=number, name=number)]
    )
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("insert into outbox_entry (map, key) values (%s, %s)", [VENDORS, key])


@pytest.fixture
def refused(world: WorkingWorld) -> WorkingWorld:
    """A vendor of two companies that operations refuses, each for its length."""
    for company in (world.company, "DEMF"):
        _vendor(company, "VERY-LONG")
    with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
        cursor.execute(
            "alter table operations_vendor add constraint vendor_short check (length(account_number) < 8)"
            " not valid"
        )
    try:
        assert deliver(actor=SYSTEM, map=VENDORS).parked == 2
    finally:
        with schema.as_owner(), connections[OPERATIONS].cursor() as cursor:
            cursor.execute("alter table operations_vendor drop constraint vendor_short")
    return world


def _page(client: Client, address: str = "/maps/", **posted: str) -> str:
    answer = client.post(address, posted) if posted else client.get(address)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def _row(page: str, name: str) -> str:
    found = re.search(rf'<tr data-map="{name}">.*?</tr>', page)
    assert found is not None
    return re.sub(r"<[^>]+>", "|", found[0])


def test_the_integrator_pauses_and_starts_a_map_and_sees_it_catch_up(
    world: WorkingWorld, log_in: LogIn
) -> None:
    client = log_in("integrator")
    assert "|Running|" in _row(_page(client), VENDORS)
    page = _page(client, map=VENDORS, action="pause")
    assert f"{VENDORS}: pause was asked." in page
    _vendor(world.company, "V1")
    _vendor(world.company, "V2")
    row = _row(_page(client), VENDORS)
    assert "|Paused|" in row
    assert re.search(r"\|2\|[^|]*\|[^|]*\|", row)
    row = _row(_page(client, map=VENDORS, action="start"), VENDORS)
    assert "|Catching up|2 of before the start|" in row
    assert deliver(actor=SYSTEM, map=VENDORS).landed == 2
    assert "|Running|" in _row(_page(client), VENDORS)


def test_what_was_refused_stands_with_its_cause_and_sync_sends_it_again(
    refused: WorkingWorld, log_in: LogIn
) -> None:
    client = log_in("integrator")
    page = _page(client)
    assert page.count("DW-208") == 2
    assert "Record VERY-LONG of map msdyn_vendors breaks the rule vendor_short" in page
    assert "when it changes, or Sync asks" in page
    assert f"{VENDORS}: 2 records sent again." in _page(client, map=VENDORS, action="sync")
    assert deliver(actor=SYSTEM, map=VENDORS).landed == 2
    assert "Nothing was refused." in _page(client)


def test_who_sees_one_company_sees_its_refused_records_and_syncs_only_those(
    refused: WorkingWorld, log_in: LogIn
) -> None:
    client = log_in("integrator", companies=[refused.company])
    page = _page(client)
    assert (page.count("DW-208"), "DEMF" in page) == (1, False)
    assert re.search(r'data-refused><a href="#refused">1</a>', page)
    assert f"{VENDORS}: 1 record sent again." in _page(client, map=VENDORS, action="sync")


def test_who_may_not_manage_maps_only_looks(refused: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    page = _page(client)
    assert "<button" not in page.split("<main", 1)[1]
    for action in ("pause", "sync"):
        assert client.post("/maps/", {"map": VENDORS, "action": action}).status_code == 403
    integrator = log_in("integrator", name="ines")
    assert integrator.post("/maps/", {"map": "nonsense", "action": "pause"}).status_code == 409


def test_every_prerequisite_is_a_question_with_an_answer(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("project_accountant")
    page = _page(client, "/prerequisites/")
    assert "All is well" in page
    assert page.count(">OK<") == 10
    finance.LineProperty.objects.filter(billing_type="chargeable").delete()
    finance.IntegrationParameters.objects.update(expense_integration_account="", workspace_enabled=False)
    finance.Company.objects.update(reporting_currency="JPY")
    with connections[FINANCE].cursor() as cursor:
        cursor.execute("update outbox_map set version = '1.0.0.9' where map = 'msdyn_actuals'")
        cursor.execute("update outbox_map set state = 'paused' where map = 'accounts'")
        cursor.execute(
            "insert into outbox_entry (map, key, stated_at)"
            " values ('msdyn_vendors', gen_random_uuid(), now() - interval '2 hours')"
        )
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("update outbox_map set version = '1.0.0.9' where map = 'msdyn_actuals'")
        cursor.execute("update outbox_map set state = 'paused' where map = 'accounts'")
    page = _page(client, "/prerequisites/")
    assert sorted(set(re.findall(r"(?:CFG|DW)-\d{3}", page))) == [
        "CFG-201", "CFG-202", "CFG-220", "CFG-221", "DW-202", "DW-211", "DW-213",
    ]  # fmt: skip
    assert "Map msdyn_actuals has version 1.0.0.9; at least 1.0.0.20 is required." in page
    assert "Map msdyn_vendors runs, and has owed records for 2 h." in page
    assert f"Company {world.company} has no exchange rate from USD to JPY on" in page


def test_a_key_that_is_not_unique_is_told(world: WorkingWorld, log_in: LogIn) -> None:
    client = log_in("auditor")
    with schema.as_owner(), connections[FINANCE].cursor() as cursor:
        cursor.execute("alter table finance_customer drop constraint finance_customer_pkey")
    try:
        page = _page(client, "/prerequisites/")
        assert "Map accounts lands in finance_customer, whose key id is not unique." in page
    finally:
        with schema.as_owner(), connections[FINANCE].cursor() as cursor:
            cursor.execute(
                "alter table finance_customer add constraint finance_customer_pkey primary key (id)"
            )


def test_no_code_of_a_prerequisite_is_forgotten() -> None:
    """Finance spec 7, pain 14: the health check answers for every code that set-up can have."""
    gaps = (files("tieout.finance.ledgers") / "sql" / "set_up_gaps.sql").read_text()
    of_company = set(re.findall(r"'((?:CFG)-\d{3})'", gaps))
    asked = [codes for _, _, codes in prerequisites._OF_COMPANY]  # noqa: SLF001  the table itself
    assert set().union(*asked) == of_company
    of_maps = {
        one.code
        for one in vars(map_problems).values()
        if isinstance(one, type) and issubclass(one, Problem) and one is not Problem
    }
    asked = [codes for _, _, codes in prerequisites._OF_MAPS]  # noqa: SLF001
    assert set().union(*asked) == of_maps - {map_problems.UnknownMap.code}
