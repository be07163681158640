"""A subcontract on the pages: set up, named in an entry, shown beside the price that it gave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from tests.database.operations.ledger import rows
from tests.database.workspace.time_world import Place, entered, place, press, shown, typed
from tests.database.workspace.world import WorkingWorld
from tests.reference.world import World

LogIn = Callable[..., Client]
HOME = "/companies/USMF/"


@pytest.fixture
def world(databases: None) -> World:
    WorkingWorld()
    return World(currencies=())


@pytest.fixture
def at(world: World) -> Place:
    return place(world)


def bought(world: World, at: Place, company: str = "USMF") -> str:
    """Return the number of a subcontract whose purchase list has 75 for the role."""
    key = world.subcontract(company, "USD")
    [role] = [row["id"] for row in world.tables["operations_role"] if row["code"] == at.role]
    world.role_price(world.price_list("USD", subcontract=key), role, "75")
    world.load()
    return str(world.by_id("operations_subcontract")[key]["number"])


def test_an_entry_names_it_and_its_actual_shows_it(world: World, at: Place, log_in: LogIn) -> None:
    """8 hours cost 600, not 800, and are sold for 1,600 as ever."""
    number = bought(world, at)
    worker, manager = log_in("resource", name="rita"), log_in("project_manager", name="max")
    assert 'name="subcontract"' in shown(worker, f"{HOME}time/")
    entry = entered(worker, at, subcontract=number)
    assert f'name="subcontract" value="{number}"' in shown(worker, f"{HOME}entries/{entry}/")
    assert "Submitted: 1 of 1." in press(worker, f"{HOME}time/", "submit", entry)
    assert "Approved: 1 of 1." in press(manager, f"{HOME}approvals/", "approve", entry)
    found = rows("select transaction_type, id, amount::int from operations_actual order by 1")
    assert [(kind, amount) for kind, _, amount in found] == [("cost", 600), ("unbilled_sales", 1600)]
    auditor = log_in("auditor")
    page = shown(auditor, f"{HOME}actuals/{found[0][1]}/price/")
    assert f"<p>Subcontract {number}</p>" in page
    assert "75.00 USD" in page
    asked = f"project={at.project}&resource={at.resource}&role={at.role}&date=2025-03-03&subcontract={number}"
    page = shown(auditor, f"{HOME}prices/?{asked}")
    assert f", bought under subcontract {number} by its own list</dt>" in page
    assert "<strong>75.00 USD</strong>" in page


@pytest.mark.parametrize("scope", ["subcontract", "vendor"])
def test_the_price_of_a_cost_says_with_whom_it_was_agreed(
    world: World, at: Place, log_in: LogIn, scope: str
) -> None:
    """The list says 75 an hour; 70 are agreed from February on, so 8 hours cost 560."""
    number = bought(world, at)
    [row] = world.tables["operations_subcontract"]
    [price] = world.tables["operations_role_price"][-1:]
    world.add(
        "operations_price_override",
        price_list_id=price["price_list_id"],
        role_id=price["role_id"],
        **{f"{scope}_id": row["id" if scope == "subcontract" else "vendor_id"]},
        target="price",
        effective_from=date(2024, 2, 1),
        unit="hour",
        price=Decimal(70),
        version=1,
    )
    world.load()
    worker, manager = log_in("resource", name="rita"), log_in("project_manager", name="max")
    entry = entered(worker, at, subcontract=number)
    press(worker, f"{HOME}time/", "submit", entry)
    press(manager, f"{HOME}approvals/", "approve", entry)
    [(actual, amount)] = rows("select id, amount::int from operations_actual where transaction_type = 'cost'")
    vendor = world.by_id("operations_vendor")[row["vendor_id"]]["account_number"]
    words = f"70.00 per hour from 2024-02-01, for {scope} {number if scope == 'subcontract' else vendor}"
    assert (amount, words in shown(log_in("auditor"), f"{HOME}actuals/{actual}/price/")) == (560, True)


@pytest.mark.parametrize("of", ["nobody", "another company"])
def test_what_is_not_the_companys_is_as_if_it_were_not_set_up(
    world: World, at: Place, log_in: LogIn, of: str
) -> None:
    number = "NOTHING" if of == "nobody" else bought(world, at, "DE01")
    worker = log_in("resource", name="rita", companies=["USMF"])
    answer = worker.post(f"{HOME}time/", typed(at, subcontract=number)).content.decode()
    [(field, said)] = re.findall(r'data-wrong="([^"]+)">([^<]+)<', answer)
    assert (field, f"Subcontract {number} is not known" in said) == ("subcontract", True)
    assert rows("select 1 from operations_entry") == []


def test_one_that_is_not_confirmed_keeps_the_entry_a_draft(world: World, at: Place, log_in: LogIn) -> None:
    number = bought(world, at)
    rows("update operations_subcontract set status = 'draft' where number = %s returning id", number)
    worker = log_in("resource", name="rita")
    entry = entered(worker, at, subcontract=number)
    page = press(worker, f"{HOME}time/", "submit", entry)
    assert f"is under subcontract {number}, which is draft." in page
    assert rows("select status from operations_open_entry where entry_id = %s", UUID(str(entry))) == [
        ("draft",)
    ]
