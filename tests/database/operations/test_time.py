"""Time: submitted by one person, approved by another, once."""

from datetime import date
from threading import Thread
from uuid import UUID

import pytest
from django.db import connections
from tests.database.operations.ledger import CLERK, MANAGER, actuals, count, open_problems, outbox, rows
from tests.reference.world import World

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.approvals.queries import Hop, entries, waiting
from tieout.operations.entries.rules import Refused

pytestmark = pytest.mark.usefixtures("databases")
BOTH = Actor("eve", frozenset({"resource", "project_manager"}), None)


def a_day_on(contract: str) -> tuple[World, UUID, UUID]:
    """Return a world with one draft of 8 hours at 100 and 200, its entry and its project."""
    world = World()
    world.company()
    unit, role = world.unit(), world.role()
    if contract in {"time_and_materials", "fixed_price"}:
        project, sold_by = world.sold_project(unit, contract)
        world.role_price(world.price_list(contract=sold_by), role, "200")
    else:
        project = world.project(unit, contract)
    world.role_price(world.price_list(unit=unit), role, "100")
    entry = world.time(world.resource(unit), project, role)
    return world, entry, project


def test_submission_makes_journal_lines_and_no_actuals() -> None:
    world, entry, _ = a_day_on("time_and_materials")
    world.load()
    done = submit_entries(actor=CLERK, company="GB01")
    assert (done.submitted, done.minutes, done.already_submitted, done.refused) == (1, 480, 0, ())
    assert rows(
        "select transaction_type, billing_type, quantity, price, amount, currency_code, price_reason"
        " from operations_entry_journal_line order by 1"
    ) == [
        ("cost", "chargeable", 8, 100, 800, "GBP", "role_price"),
        ("unbilled_sales", "chargeable", 8, 200, 1600, "GBP", "role_price"),
    ]
    # E2: the sales line hangs on the cost line, both come from the entry; nothing is told to finance
    assert rows(
        "select s.transaction_type, c.transaction1_role, c.transaction1_type, o.transaction_type,"
        " c.transaction2_role from operations_transaction_connection as c"
        " join operations_entry_journal_line as s on s.id = c.transaction1_id"
        " join operations_entry_journal_line as o on o.id = c.transaction2_id"
    ) == [("unbilled_sales", "unbilled_sales", "journal_line", "cost", "cost")]
    assert (
        rows("select origin_id, origin_type from operations_transaction_origin")
        == [(entry, "time_entry")] * 2
    )
    assert not actuals()
    assert outbox() == {}
    assert submit_entries(actor=CLERK, company="GB01").submitted == 0
    assert submit_entries(actor=CLERK, company="GB01", entry_ids=[entry]).already_submitted == 1
    assert count("operations_entry_journal_line") == 2


def test_approval_copies_the_lines_connects_and_traces_them() -> None:
    world, entry, project = a_day_on("time_and_materials")
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    done = approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert (done.approved, done.minutes, done.already_approved, done.refused) == (1, 480, 0, ())
    day = date(2025, 3, 3)
    assert rows(
        "select transaction_type, transaction_class, transaction_date, accounting_date, project_id,"
        " source_kind, source_id, skip_sync, tax_amount, accounting_amount, description"
        " from operations_actual order by 1"
    ) == [
        ("cost", "time", day, day, project, "time_entry", entry, False, 0, None, "work"),
        ("unbilled_sales", "time", day, day, project, "time_entry", entry, False, 0, None, "work"),
    ]
    assert rows(
        "select s.transaction_type, c.transaction1_role, o.transaction_type, c.transaction2_role"
        " from operations_transaction_connection as c"
        " join operations_actual as s on s.id = c.transaction1_id"
        " join operations_actual as o on o.id = c.transaction2_id"
    ) == [("unbilled_sales", "unbilled_sales", "cost", "cost")]
    assert rows(
        "select a.transaction_type, o.origin_type, coalesce(l.transaction_type, 'entry')"
        " from operations_transaction_origin as o join operations_actual as a on a.id = o.transaction_id"
        " left join operations_entry_journal_line as l on l.id = o.origin_id order by 1, 2"
    ) == [
        ("cost", "journal_line", "cost"),
        ("cost", "time_entry", "entry"),
        ("unbilled_sales", "journal_line", "unbilled_sales"),
        ("unbilled_sales", "time_entry", "entry"),
    ]
    assert outbox() == {"msdyn_actuals": 2, "msdyn_transactionconnections": 1}


def test_approving_twice_makes_nothing_twice() -> None:
    world, entry, _ = a_day_on("time_and_materials")
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    approve_entries(actor=MANAGER, company="GB01")
    again = approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry, entry])
    assert (again.approved, again.already_approved, again.refused) == (0, 1, ())
    assert approve_entries(actor=MANAGER, company="GB01").already_approved == 0
    assert (count("operations_actual"), count("operations_approval"), open_problems()) == (2, 1, [])


def test_two_managers_at_once_approve_once() -> None:
    world, _, _ = a_day_on("internal")
    resource = world.tables["operations_resource"][0]["id"]
    project = world.tables["operations_project"][0]["id"]
    role = world.tables["operations_role"][0]["id"]
    for _ in range(299):
        world.time(resource, project, role)
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    approved: list[int] = []

    def approve() -> None:
        try:
            approved.append(approve_entries(actor=MANAGER, company="GB01").approved)
        finally:
            connections[OPERATIONS].close()

    threads = [Thread(target=approve) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(approved) == 300
    assert len(approved) == 3
    assert (count("operations_actual"), outbox()) == (300, {"msdyn_actuals": 300})


def test_nobody_approves_what_they_submitted() -> None:
    world, entry, _ = a_day_on("internal")
    world.load()
    submit_entries(actor=BOTH, company="GB01")
    assert approve_entries(actor=BOTH, company="GB01").refused == (Refused("ACCESS-103", 1),)
    assert approve_entries(actor=BOTH, company="GB01", entry_ids=[entry]).refused == (
        Refused("ACCESS-103", 1),
    )
    assert open_problems() == [("ACCESS-103", "entry-1")]
    assert not actuals()
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1
    assert open_problems() == []


def test_a_draft_is_not_approved() -> None:
    world, entry, _ = a_day_on("internal")
    world.load()
    assert approve_entries(actor=MANAGER, company="GB01").refused == ()
    assert approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry]).refused == (
        Refused("APR-101", 1),
    )
    submit_entries(actor=CLERK, company="GB01")
    assert open_problems() == []
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1


def test_a_closed_project_takes_no_time() -> None:
    world, entry, project = a_day_on("internal")
    late = world.time(
        world.tables["operations_resource"][0]["id"], project, world.tables["operations_role"][0]["id"]
    )
    world.load()
    submit_entries(actor=CLERK, company="GB01", entry_ids=[entry])
    rows("update operations_project set stage = 'closed' returning id")
    assert submit_entries(actor=CLERK, company="GB01").refused == (Refused("INT-701", 1),)
    assert approve_entries(actor=MANAGER, company="GB01").refused == (Refused("INT-701", 1),)
    assert count("operations_entry_submission") == 1
    assert open_problems() == [("INT-701", "entry-1"), ("INT-701", "entry-2")]
    rows("update operations_project set stage = 'internal' returning id")
    assert submit_entries(actor=CLERK, company="GB01").submitted == 1
    assert approve_entries(actor=MANAGER, company="GB01").approved == 2
    assert {row[0] for row in rows("select source_id from operations_actual")} == {entry, late}
    assert open_problems() == []


def test_an_entry_of_another_company_is_not_touched() -> None:
    world, entry, _ = a_day_on("internal")
    world.company("DE01")
    world.load()
    assert submit_entries(actor=CLERK, company="DE01", entry_ids=[entry]).submitted == 0
    submit_entries(actor=CLERK, company="GB01")
    assert approve_entries(actor=MANAGER, company="DE01", entry_ids=[entry]).approved == 0
    assert not actuals()


def test_a_project_sold_between_submission_and_approval_gets_its_sales() -> None:
    world, entry, project = a_day_on("presales")
    unit, role = (world.tables[f"operations_{name}"][0]["id"] for name in ("organizational_unit", "role"))
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    contract = world.contract(unit)
    line = world.contract_line(contract, "time_and_materials")
    world.role_price(world.price_list(contract=contract), role, "200")
    world.load()
    rows("update operations_project set stage = 'sold', contract_line_id = %s returning id", line)
    done = approve_entries(actor=MANAGER, company="GB01")
    assert (done.approved, done.minutes, done.refused) == (1, 480, ())
    assert [(kind, sum_) for kind, _, sum_, _ in actuals(entry)] == [
        ("cost", "8 x 100 = 800 GBP"),
        ("unbilled_sales", "8 x 200 = 1600 GBP"),
    ]
    assert rows("select submitted_by from operations_entry_submission") == [("ann",)]
    assert count("operations_transaction_connection") == 2  # of the journal lines, of the actuals
    assert project


def test_who_may_do_what() -> None:
    world, _, _ = a_day_on("internal")
    world.load()
    with pytest.raises(VerbNotPermitted):
        submit_entries(actor=MANAGER, company="GB01")
    with pytest.raises(VerbNotPermitted):
        approve_entries(actor=CLERK, company="GB01")
    with pytest.raises(CompanyNotPermitted):
        approve_entries(
            actor=Actor("max", frozenset({"project_manager"}), frozenset({"DE01"})), company="GB01"
        )


def test_what_waits_is_counted_hop_by_hop() -> None:
    world, entry, _ = a_day_on("internal")
    world.load()
    [draft] = waiting(actor=MANAGER, company="GB01")
    assert (draft.hop, draft.kind, draft.count, draft.minutes) == (Hop.DRAFT, "time_entry", 1, 480)
    assert [state.state for state in entries(actor=MANAGER, company="GB01", entry_ids=[entry])] == ["draft"]
    submit_entries(actor=CLERK, company="GB01")
    [submitted] = waiting(actor=MANAGER, company="GB01")
    assert (submitted.hop, submitted.count, submitted.minutes) == (Hop.SUBMITTED, 1, 480)
    approve_entries(actor=MANAGER, company="GB01")
    assert waiting(actor=MANAGER, company="GB01") == []
    [state] = entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert (state.state, state.submitted_by, state.approved_by) == ("approved", "ann", "max")
