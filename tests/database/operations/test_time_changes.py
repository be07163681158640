"""Time that an approver changes, and time evaluated again: every row, link and status (spec 2.1, 9)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.database.operations.ledger import CLERK, MANAGER, count, outbox, rows
from tests.database.operations.test_time import a_day_on
from tests.database.operations.time_entries import (
    COST,
    LEAD,
    SALES,
    Made,
    approved,
    made,
    reversal,
    state,
    statuses,
    submitted,
)
from tests.reference.world import World

from tieout.operations.approvals.actions import (
    approve_entries,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.queries import entries
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.entries.rules import Refused
from tieout.operations.reevaluation.actions import reevaluate_entries

pytestmark = pytest.mark.usefixtures("databases")

# ------------------------------------------------ what the approver changes: T01 to T03, E6 to E8


@pytest.mark.parametrize(
    ("contract", "change", "expected"),
    [
        ("time_and_materials", {}, [COST, SALES]),  # T01
        ("time_and_materials", {"billable": 480}, [COST, SALES]),
        (
            "time_and_materials",  # T02
            {"billable": 360},
            [COST, ("unbilled_sales", "chargeable", 6, 1200), ("unbilled_sales", "non_chargeable", 2, 400)],
        ),
        ("time_and_materials", {"billable": 600}, [COST, ("unbilled_sales", "chargeable", 10, 2000)]),
        (
            "time_and_materials",
            {"billable": 0},
            [COST, ("unbilled_sales", "non_chargeable", 8, 1600)],
        ),
        (
            "time_and_materials",
            {"billing_type": BillingType.COMPLIMENTARY},
            [COST, ("unbilled_sales", "complimentary", 8, 1600)],
        ),
        (
            "time_and_materials",
            {"billable": 420, "billing_type": BillingType.COMPLIMENTARY},
            [
                COST,
                ("unbilled_sales", "complimentary", 7, 1400),
                ("unbilled_sales", "non_chargeable", 1, 200),
            ],
        ),
        ("fixed_price", {"billable": 360}, [("cost", "not_available", 8, 800)]),  # T13
        ("internal", {"billable": 360}, [("cost", "not_available", 8, 800)]),  # T16
        ("presales", {"billing_type": BillingType.NON_CHARGEABLE}, [("cost", "not_available", 8, 800)]),
    ],
)
def test_what_the_approver_changes_touches_unbilled_sales_only(
    contract: str, change: dict[str, Any], expected: list[Made]
) -> None:
    entry = approved(contract, **change)
    assert sorted(made()) == sorted(expected)
    sales = sum(kind == "unbilled_sales" for kind, *_ in expected)
    assert rows(
        "select count(*), count(distinct c.transaction2_id) from operations_transaction_connection as c"
        " where c.transaction1_type = 'actual' and c.transaction2_role = 'cost'"
    ) == [(sales, min(sales, 1))]
    assert rows(
        "select o.origin_type, count(*) from operations_transaction_origin as o"
        " join operations_actual as a on a.id = o.transaction_id group by 1 order by 1"
    ) == [("journal_line", len(expected)), ("time_entry", len(expected))]
    assert outbox()["msdyn_actuals"] == len(expected)
    [found] = entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert (found.state, found.billable, found.billing_type) == (
        "approved",
        change.get("billable"),
        change.get("billing_type"),
    )


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_absurd_billable_time_is_refused(minutes: int) -> None:
    entry = submitted()
    done = approve_entries(
        actor=MANAGER, company="GB01", entry_ids=[entry], changes={entry: Change(billable=minutes)}
    )
    assert (done.approved, done.refused) == (0, (Refused("APR-108", 1),))
    assert (made(), state(entry)) == ([], "submitted")
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1


# ------------------------------------------------ re-evaluation: T06, T15, E22, E23


def test_a_project_that_is_sold_later_gets_its_cost_anew_and_its_sales() -> None:
    world, entry, project = a_day_on("presales")
    unit, role = (world.tables[f"operations_{name}"][0]["id"] for name in ("organizational_unit", "role"))
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    approve_entries(actor=MANAGER, company="GB01", changes={entry: Change(billable=360)})
    cost = ("cost", "not_available", 8, 800)
    assert made() == [cost]
    contract = world.contract(unit)
    line = world.contract_line(contract, "time_and_materials")
    world.role_price(world.price_list(contract=contract), role, "200")
    world.load()
    rows("update operations_project set stage = 'sold', contract_line_id = %s returning id", line)
    done = reevaluate_entries(actor=LEAD, company="GB01", project_id=project)
    assert (done.done, done.refused) == (1, ())
    # T15, with what the approver had said of the hours
    assert sorted(made()) == sorted(
        [
            cost,
            reversal(cost),
            COST,
            ("unbilled_sales", "chargeable", 6, 1200),
            ("unbilled_sales", "non_chargeable", 2, 400),
        ]
    )
    assert statuses() == [
        ("cost", -8, "unadjustable", ""),
        ("cost", 8, "adjusted", ""),
        ("cost", 8, "live", ""),
        ("unbilled_sales", 2, "live", "unbilled_sales_created"),
        ("unbilled_sales", 6, "live", "unbilled_sales_created"),
    ]
    assert state(entry) == "approved"
    assert rows("select event, done_by from operations_entry_event") == [("reevaluated", "lea")]
    # Who submitted it still may ask it back.
    assert request_recall(actor=CLERK, company="GB01", entry_ids=[entry]).done == 1


def test_a_confirmed_contract_reprices_what_was_approved() -> None:
    entry = approved()
    rows("update operations_role_price set price = price + 10 returning id")
    [(project,)] = rows("select project_id from operations_entry")
    assert reevaluate_entries(actor=LEAD, company="GB01", project_id=project).done == 1
    new = [("cost", "chargeable", 8, 880), ("unbilled_sales", "chargeable", 8, 1680)]  # T06
    assert sorted(made()) == sorted([COST, SALES, reversal(COST), reversal(SALES), *new])
    assert state(entry) == "approved"
    assert {status for _, _, _, status in statuses()} == {"", "unbilled_sales_created"}


def test_what_cannot_be_made_anew_stays_as_it_was() -> None:
    entry = approved()
    [(project,)] = rows("select project_id from operations_entry")
    rows("update operations_project set stage = 'closed' returning id")
    done = reevaluate_entries(actor=LEAD, company="GB01", project_id=project)
    assert (done.done, done.refused) == (0, (Refused("INT-701", 1),))
    assert (made(), state(entry)) == ([COST, SALES], "approved")
    assert count("operations_entry_event") == 0


def test_a_field_of_the_firm_prices_the_work_and_travels_with_it() -> None:
    world, entry, _ = a_day_on("time_and_materials")
    world.load()
    rows(
        "insert into operations_pricing_dimension (name, kind, cost_priority, sales_priority, version)"
        " values ('location', 'amount', 50, 50, 1) returning id"
    )
    columns = ", ".join(
        name
        for (name,) in rows(
            "select column_name from information_schema.columns where table_name = 'operations_role_price'"
            " and is_generated = 'NEVER' and column_name not in ('id', 'dimensions', 'price')"
        )
    )
    rows(
        f"insert into operations_role_price ({columns}, dimensions, price)"
        f' select {columns}, \'{{"location": "onsite"}}\', price * 2 from operations_role_price returning id'
    )
    rows('update operations_entry set custom = \'{"location": "onsite"}\' returning id')
    submit_entries(actor=CLERK, company="GB01")
    approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert made() == [("cost", "chargeable", 8, 1600), ("unbilled_sales", "chargeable", 8, 3200)]
    assert rows(
        "select a.custom ->> 'location', l.custom ->> 'location', t.list_price::int, t.reason"
        " from operations_actual as a join operations_price_trace as t on t.id = a.price_trace_id"
        " join operations_entry_journal_line as l on l.transaction_type = a.transaction_type order by 3"
    ) == [("onsite", "onsite", 200, "role_price"), ("onsite", "onsite", 400, "role_price")]


def test_work_of_one_contract_at_a_fixed_price_and_on_time_is_priced_in_one_batch() -> None:
    world = World()
    world.company()
    unit, role = world.unit(), world.role()
    fixed, contract = world.sold_project(unit, "fixed_price")
    sold = world.project(unit, "sold", world.contract_line(contract, "time_and_materials"))
    world.role_price(world.price_list(unit=unit), role, "100")
    world.role_price(world.price_list(contract=contract), role, "200")
    resource = world.resource(unit)
    for project in (fixed, fixed, fixed, sold, fixed):
        world.time(resource, project, role)
    world.load()
    assert submit_entries(actor=CLERK, company="GB01").submitted == 5
    assert rows(
        "select transaction_type, count(*)::int from operations_entry_journal_line group by 1 order by 1"
    ) == [("cost", 5), ("unbilled_sales", 1)]
    assert approve_entries(actor=MANAGER, company="GB01").approved == 5
    assert len(made()) == 6
