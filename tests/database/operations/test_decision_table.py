"""The decision table: total, loaded exactly, and what approval does in each of its situations."""

import pytest
from django.db import connections
from tests.database.operations.ledger import CLERK, JOB, MANAGER, actuals, count, outbox, rows
from tests.reference.world import World

from tieout.database.aliases import OPERATIONS
from tieout.operations.actuals.actions import load_decision_table
from tieout.operations.actuals.rules import (
    DECISIONS,
    BillingMethod,
    Event,
    Made,
    Relation,
    Situation,
    Stage,
    Units,
    Worked,
    consequences,
    decisions,
    situation,
)
from tieout.operations.approvals.actions import approve_documents, approve_entries, submit_entries


def test_every_cell_of_the_two_tables_is_there() -> None:
    assert len(DECISIONS.keys()) == 64
    assert len(DECISIONS) == 86
    assert len(DECISIONS.keys()) == len(Units) * len(Event) * len(Situation)


@pytest.mark.usefixtures("databases")
@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("event", [Event.APPROVED, Event.APPROVED_DECREASED])
def test_what_statements_join_is_what_the_rules_say(relation: Relation, event: Event) -> None:
    """Which rows are made of which class, and which of them stay in operations."""
    joined = rows(
        "select contract, transaction_class, actual, billing, quantity, not skip_sync"
        " from operations_entry_decision where relation = %s and event = %s",
        relation,
        event,
    )
    said = [
        (
            contract.value,
            worked.value,
            one.kind.actual.value,
            str(one.billing or ""),
            str(one.quantity or ""),
            one.travels,
        )
        for contract in Situation
        for worked in Worked
        for one in consequences(relation, event, contract, worked)
    ]
    assert sorted(joined) == sorted(said)


@pytest.mark.parametrize("unit", Units)
@pytest.mark.parametrize("event", [Event.ENTRY_CREATED, Event.ENTRY_SUBMITTED])
@pytest.mark.parametrize("contract", Situation)
def test_nothing_is_made_before_approval(unit: Units, event: Event, contract: Situation) -> None:
    assert [row.actual for row in decisions(unit, event, contract)] == [Made.NONE]


@pytest.mark.parametrize(
    ("stage", "billing_method", "column"),
    [
        ("sold", "time_and_materials", "time_and_materials"),
        ("sold", "fixed_price", "fixed_price"),
        ("presales", None, "presales"),
        ("presales", "fixed_price", "presales"),
        ("internal", None, "internal"),
        ("closed", None, None),
        ("closed", "time_and_materials", None),
    ],
)
@pytest.mark.usefixtures("databases")
def test_the_rule_and_the_database_agree_on_the_situation(
    stage: str, billing_method: str | None, column: str | None
) -> None:
    method = BillingMethod(billing_method) if billing_method else None
    assert situation(Stage(stage), method) == column
    assert rows("select operations_situation(%s, %s)", stage, billing_method) == [(column or "closed",)]


def test_a_sold_project_without_contract_line_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="contract line"):
        situation(Stage.SOLD, None)


@pytest.mark.usefixtures("databases")
def test_loading_is_exact_and_idempotent() -> None:
    before = rows("select * from operations_decision order by id")
    assert len(before) == 86
    again = load_decision_table()
    assert (again.rows, again.added, again.removed) == (86, 0, 0)
    assert rows("select * from operations_decision order by id") == before
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("delete from operations_decision where contract = 'presales'")  # 16 rows
        cursor.execute("update operations_decision set currency = 'somebody' where contract = 'fixed_price'")
    mended = load_decision_table()
    assert (mended.added, mended.removed) == (16 + 16, 16)
    assert len(rows("select * from operations_decision")) == 86


COST = "8 x 100 = 800 GBP"
SALES = "8 x 200 = 1600 GBP"
OWN = "8 x 70 = 560 GBP"
OF_TIME = {
    # T01, T13, T15 (its start) and T16 of the operations spec, and the second table of the seed
    ("same", "time_and_materials"): {"cost": COST, "unbilled_sales": SALES},
    ("same", "fixed_price"): {"cost": COST},
    ("same", "presales"): {"cost": COST},
    ("same", "internal"): {"cost": COST},
    ("different", "time_and_materials"): {
        "cost": COST,
        "unbilled_sales": SALES,
        "resourcing_unit_cost": OWN,
        "interorganizational_sales": COST,
    },
    ("different", "fixed_price"): {"cost": COST},
    ("different", "presales"): {"cost": COST},
    ("different", "internal"): {"cost": COST},
}


@pytest.mark.parametrize(("units", "contract"), OF_TIME)
@pytest.mark.usefixtures("databases")
def test_eight_hours_make_what_the_table_says(units: str, contract: str) -> None:
    world = World()
    world.company()
    owner, lender, role = world.unit(), world.unit(), world.role()
    if contract in {"time_and_materials", "fixed_price"}:
        project, sold_by = world.sold_project(owner, contract)
        world.role_price(world.price_list(contract=sold_by), role, "200")
    else:
        project = world.project(owner, contract)
    world.role_price(world.price_list(unit=owner), role, "100")
    world.role_price(world.price_list(unit=lender), role, "70")
    resource = world.resource(owner if units == "same" else lender)
    entry = world.time(resource, project, role)
    world.load()

    submit_entries(actor=CLERK, company="GB01")
    assert not actuals()
    done = approve_entries(actor=MANAGER, company="GB01")

    expected = OF_TIME[units, contract]
    billing = "chargeable" if contract == "time_and_materials" else "not_available"
    assert (done.approved, done.minutes) == (1, 480)
    assert actuals(entry) == sorted((kind, billing, sum_, "role_price") for kind, sum_ in expected.items())
    synced = {"cost", "unbilled_sales"} & set(expected)
    assert rows("select transaction_type from operations_actual where not skip_sync order by 1") == [
        (kind,) for kind in sorted(synced)
    ]
    assert outbox() == {"msdyn_actuals": len(synced)} | (
        {"msdyn_transactionconnections": 1} if "unbilled_sales" in expected else {}
    )
    # every actual comes from its journal line and its entry; every journal line from the entry
    assert count("operations_transaction_origin") == 3 * len(expected)


@pytest.mark.parametrize("kind", ["expense", "vendor_invoice_line"])
@pytest.mark.parametrize("contract", ["time_and_materials", "fixed_price", "presales", "internal"])
@pytest.mark.usefixtures("databases")
def test_a_document_makes_what_the_table_says(kind: str, contract: str) -> None:
    world = World()
    world.company()
    unit = world.unit()
    if contract in {"time_and_materials", "fixed_price"}:
        project, _ = world.sold_project(unit, contract)
    else:
        project = world.project(unit, contract)
    add, map_name = {
        "expense": (world.expense, "msdyn_expenses"),
        "vendor_invoice_line": (world.vendor_invoice_line, "msdyn_projectvendorinvoicelines"),
    }[kind]
    line = add(project, world.category(), "75.50")
    world.land(map_name)
    world.load()

    done = approve_documents(actor=JOB, company="GB01")

    sold = contract == "time_and_materials"
    billing = "chargeable" if sold else "not_available"
    cost = ("cost", billing, "1 x 75.5 = 75.5 GBP", "posted_amount")
    sales = ("unbilled_sales", billing, "1 x 75.5 = 75.5 GBP", "at_cost")
    assert (done.judged, done.approved, done.refused) == (1, 1, 0)
    assert actuals(line) == ([cost, sales] if sold else [cost])
    assert (
        outbox() == {"msdyn_actuals": 2, "msdyn_transactionconnections": 1} if sold else {"msdyn_actuals": 1}
    )
    assert rows(
        "select distinct o.origin_type from operations_transaction_origin as o"
        " join operations_actual as a on a.id = o.transaction_id order by 1"
    ) == [
        (name,) for name in (["expense", "expense_report"] if kind == "expense" else ["vendor_invoice", kind])
    ]
    assert count("operations_transaction_origin") == (4 if sold else 2)
    assert rows("select document_kind, approved_by from operations_approval") == [(kind, "system")]
