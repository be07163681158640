"""Work between units and between companies, and what is no work (operations spec 2.3, 5.3; T17)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.database.operations.ledger import CLERK, MANAGER, open_problems, rows
from tests.database.operations.site import Site, made
from tests.database.operations.time_entries import codes
from tests.reference.world import World

from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import approve_entries, cancel_approval, submit_entries
from tieout.operations.entries.rules import Refused

pytestmark = pytest.mark.usefixtures("databases")

LINE_MANAGER = Actor("mia", frozenset({"project_manager"}), None)


def test_a_lent_resource_costs_its_company_and_is_sold_by_it() -> None:
    """T17: 10 h at 88 GBP, lent for 120 USD, billed at 200 USD; an invoice brings the borrower's cost."""
    made = lent("time_and_materials")
    assert made == [
        ("cost", "GB01", 10, 1200, "USD", True),
        ("interorganizational_sales", "GBPM", 10, 1200, "USD", False),
        ("resourcing_unit_cost", "GBPM", 10, 880, "GBP", False),
        ("unbilled_sales", "GB01", 10, 2000, "USD", False),
    ]


def test_a_lent_resource_is_sold_by_its_company_whatever_the_contract() -> None:
    assert [row[0] for row in lent("fixed_price")] == [
        "cost",
        "interorganizational_sales",
        "resourcing_unit_cost",
    ]


def lent(method: str) -> list[tuple[Any, ...]]:
    world = World()
    world.company("GB01", "USD")
    world.company("GBPM", "GBP")
    own, abroad, role = world.unit("GB01", "USD"), world.unit("GBPM", "GBP"), world.role()
    project, contract = world.sold_project(own, method, "USD")
    world.role_price(world.price_list("USD", contract=contract), role, "200")
    world.role_price(world.price_list("USD", unit=own), role, "120", abroad)
    world.role_price(world.price_list("GBP", unit=abroad), role, "88", abroad)
    entry = world.time(world.resource(abroad, "GBPM"), project, role, minutes=600)
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    return rows(
        "select transaction_type, company_code, quantity::int, amount::int, currency_code, skip_sync"
        " from operations_actual order by 1"
    )


def test_a_lent_expense_has_its_rows_between_the_companies() -> None:
    """Defect 2852836: intercompany expenses lacked them."""
    site = Site()
    site.company("GBPM", "GBP")
    abroad = site.resource(site.unit("GBPM"), "GBPM")
    site.spent(abroad, site.project_id, site.category(), price=Decimal(50))
    site.approve()
    assert [(row[0], row[4]) for row in made()] == [
        ("cost", 50),
        ("interorganizational_sales", 50),
        ("resourcing_unit_cost", 50),
        ("unbilled_sales", 0),
    ]


@pytest.mark.parametrize(
    ("setting", "types"),
    [
        ("time_and_materials", ["cost"]),
        ("all", ["cost", "interorganizational_sales", "resourcing_unit_cost"]),
    ],
)
def test_a_company_may_want_rows_between_its_units_on_every_contract(setting: str, types: list[str]) -> None:
    site = Site("fixed_price")
    site.add(
        "operations_project_parameters",
        company_code="GB01",
        interorganizational=setting,
        daily_minutes=1440,
        approval_threshold=50,
        journal_validation="none",
        version=1,
    )
    role = site.role()
    site.time(site.resource(site.unit()), site.project_id, role)
    site.approve()
    assert [row[0] for row in made()] == types
    assert rows("select distinct skip_sync from operations_actual where transaction_type <> 'cost'") in (
        [],
        [(True,)],
    )


def test_an_absence_is_approved_by_the_line_manager_and_makes_nothing() -> None:
    site = Site()
    boss = site.resource(site.own)
    site.change("operations_resource", manager_id=boss, user_name="mia")
    entry = site.entry("time", site.person, None, time_type="vacation", minutes=480)
    site.load()
    assert submit_entries(actor=CLERK, company="GB01").submitted == 1
    assert approve_entries(actor=MANAGER, company="GB01").refused == (Refused("ACCESS-110", 1),)
    assert open_problems() == [("ACCESS-110", "entry-1")]
    assert approve_entries(actor=LINE_MANAGER, company="GB01").approved == 1
    assert made() == []
    assert codes(cancel_approval(actor=LINE_MANAGER, company="GB01", entry_ids=[entry])) == []
    assert rows("select status from operations_open_entry") == [("submitted",)]
