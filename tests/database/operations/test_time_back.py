"""Time that is taken back, before and after its approval: every row, link and status (spec 2.1, 5)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError
from tests.database.operations.ledger import CLERK, MANAGER, count, outbox, rows
from tests.database.operations.test_time import a_day_on
from tests.database.operations.time_entries import (
    BOTH,
    COST,
    LEAD,
    OTHER,
    SALES,
    approved,
    codes,
    made,
    reversal,
    state,
    statuses,
    submitted,
)

from tieout.kernel.access import VerbNotPermitted
from tieout.operations.approvals.actions import (
    Answered,
    approve_entries,
    cancel_approval,
    grant_recall,
    recall_entries,
    refuse_recall,
    reject_entries,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.queries import Hop, waiting
from tieout.operations.entries.rules import Refused

pytestmark = pytest.mark.usefixtures("databases")

# ---------------------------------------------------------------- before approval (E3, E4)


def test_a_rejected_entry_is_submitted_again_at_new_lines() -> None:
    entry = submitted()
    assert reject_entries(actor=MANAGER, company="GB01", entry_ids=[entry], comment="which task?").done == 1
    assert state(entry) == "returned"
    assert [(one.hop, one.count, one.minutes) for one in waiting(actor=MANAGER, company="GB01")] == [
        (Hop.RETURNED, 1, 480)
    ]
    assert approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry]).refused == (
        Refused("APR-101", 1),
    )
    assert submit_entries(actor=CLERK, company="GB01").submitted == 1
    assert count("operations_entry_journal_line") == 4
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1
    assert made() == [COST, SALES]
    assert rows("select event, comment, done_by from operations_entry_event") == [
        ("rejected", "which task?", "max")
    ]


def test_only_who_submitted_an_entry_recalls_it() -> None:
    entry = submitted()
    assert codes(recall_entries(actor=OTHER, company="GB01", entry_ids=[entry])) == [
        ("ACCESS-109", "entry-1")
    ]
    assert recall_entries(actor=CLERK, company="GB01", entry_ids=[entry]).done == 1
    assert state(entry) == "draft"
    assert codes(recall_entries(actor=CLERK, company="GB01", entry_ids=[entry])) == [("APR-109", "entry-1")]
    assert codes(reject_entries(actor=MANAGER, company="GB01", entry_ids=[entry])) == [("APR-109", "entry-1")]
    assert made() == []


# ---------------------------------------------------------------- after approval (E9 to E11, T04, T05)


def test_a_cancelled_approval_reverses_every_row_and_leaves_the_entry_submitted() -> None:
    entry = approved(billable=360)
    first = [
        COST,
        ("unbilled_sales", "chargeable", 6, 1200),
        ("unbilled_sales", "non_chargeable", 2, 400),
    ]
    assert cancel_approval(actor=LEAD, company="GB01", entry_ids=[entry]).done == 1
    assert made() == first + sorted(map(reversal, first), key=lambda one: (one[0], one[1]))
    assert statuses() == [
        ("cost", -8, "unadjustable", ""),
        ("cost", 8, "adjusted", ""),
        ("unbilled_sales", -6, "unadjustable", "canceled"),
        ("unbilled_sales", -2, "unadjustable", "canceled"),
        ("unbilled_sales", 2, "adjusted", "canceled"),
        ("unbilled_sales", 6, "adjusted", "canceled"),
    ]
    assert (
        rows(
            "select c.transaction1_role, c.transaction2_role, n.quantity + o.quantity, n.reverses_id = o.id"
            " from operations_transaction_connection as c"
            " join operations_actual as n on n.id = c.transaction1_id"
            " join operations_actual as o on o.id = c.transaction2_id where c.transaction1_role = 'reversing'"
        )
        == [("reversing", "original", 0, True)] * 3
    )
    assert rows(
        "select count(*) from operations_actual as n join operations_transaction_origin as o"
        " on o.transaction_id = n.id where n.reverses_id is not null and (o.origin_id, o.origin_type) in"
        " (select x.origin_id, x.origin_type from operations_transaction_origin as x"
        "  where x.transaction_id = n.reverses_id)"
    ) == [(6,)]
    assert outbox() == {"msdyn_actuals": 6, "msdyn_transactionconnections": 5}
    assert state(entry) == "submitted"
    # Approving again makes actuals again, at the prices of the submission; nothing is made twice.
    assert approve_entries(actor=MANAGER, company="GB01").approved == 1
    assert rows("select sum(quantity)::int, sum(amount)::int from operations_actual") == [(16, 2400)]
    assert (count("operations_approval"), count("operations_entry_journal_line")) == (2, 2)


def test_a_granted_recall_reverses_and_returns() -> None:
    entry = approved()
    assert codes(request_recall(actor=OTHER, company="GB01", entry_ids=[entry])) == [
        ("ACCESS-109", "entry-1")
    ]
    assert request_recall(actor=CLERK, company="GB01", entry_ids=[entry]).done == 1
    assert (state(entry), made()) == ("recall_requested", [COST, SALES])
    assert codes(request_recall(actor=CLERK, company="GB01", entry_ids=[entry])) == [("APR-111", "entry-1")]
    assert codes(cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry])) == [
        ("APR-111", "entry-1")
    ]
    assert approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry]).already_approved == 1
    assert codes(grant_recall(actor=BOTH, company="GB01", entry_ids=[entry])) == [("ACCESS-103", "entry-1")]
    assert grant_recall(actor=MANAGER, company="GB01", entry_ids=[entry]).done == 1
    assert state(entry) == "returned"
    assert made() == [COST, SALES, reversal(COST), reversal(SALES)]
    assert [event for (event,) in rows("select event from operations_entry_event order by id")] == [
        "recall_requested",
        "recall_approved",
    ]


def test_a_refused_recall_changes_nothing() -> None:
    entry = approved()
    assert codes(refuse_recall(actor=MANAGER, company="GB01", entry_ids=[entry])) == [("APR-110", "entry-1")]
    request_recall(actor=CLERK, company="GB01", entry_ids=[entry])
    assert refuse_recall(actor=MANAGER, company="GB01", entry_ids=[entry]).done == 1
    assert (state(entry), made()) == ("approved", [COST, SALES])
    assert waiting(actor=MANAGER, company="GB01") == []


@pytest.mark.parametrize("status", ["customer_invoice_created", "customer_invoice_posted"])
def test_invoiced_time_is_not_taken_back(status: str) -> None:
    entry = approved()
    request_recall(actor=CLERK, company="GB01", entry_ids=[entry])
    rows(
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select id, 'billing', %s, 'invoicing' from operations_actual"
        " where transaction_type = 'unbilled_sales'"
        " returning id",
        status,
    )
    # Both guards are asked: at the request and again at the answer.
    assert codes(grant_recall(actor=MANAGER, company="GB01", entry_ids=[entry])) == [("APR-112", "entry-1")]
    refuse_recall(actor=MANAGER, company="GB01", entry_ids=[entry])
    for answer in (
        request_recall(actor=CLERK, company="GB01", entry_ids=[entry]),
        cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry]),
    ):
        assert codes(answer) == [("APR-112", "entry-1")]
    assert made() == [COST, SALES]


def test_an_actual_under_correction_is_not_taken_back() -> None:
    entry = approved()
    rows(
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select id, 'adjustment', 'in_process', 'correction' from operations_actual returning id"
    )
    assert codes(cancel_approval(actor=MANAGER, company="GB01", entry_ids=[entry])) == [
        ("APR-113", "entry-1")
    ]


def test_cancel_approve_and_cancel_again_never_reverse_twice() -> None:
    """Defects 4606055 and 4872141: duplicates after cancellation, originals left unadjusted."""
    entry = approved()
    for _ in range(3):
        assert cancel_approval(actor=LEAD, company="GB01", entry_ids=[entry, entry]).done == 1
        assert cancel_approval(actor=LEAD, company="GB01", entry_ids=[entry]).done == 0
        assert approve_entries(actor=MANAGER, company="GB01").approved == 1
    assert rows(
        "select s.adjustment_status, count(*) from operations_actual_state as s group by 1 order by 1"
    ) == [("adjusted", 6), ("live", 2), ("unadjustable", 6)]
    assert rows("select sum(amount)::int from operations_actual where transaction_type = 'cost'") == [(800,)]


def test_the_database_refuses_a_second_reversal() -> None:
    entry = approved()
    cancel_approval(actor=LEAD, company="GB01", entry_ids=[entry])
    columns = ", ".join(
        name
        for (name,) in rows(
            "select column_name from information_schema.columns where table_name = 'operations_actual'"
            " and column_name not in ('id', 'created_at', 'xid')"
        )
    )
    with pytest.raises(IntegrityError, match="operations_actual_reversal"):
        rows(
            f"insert into operations_actual ({columns}) select {columns} from operations_actual"
            " where reverses_id is not null limit 1 returning id"
        )


def test_time_between_units_is_reversed_with_its_transfer() -> None:
    world, _, project = a_day_on("time_and_materials")
    role = world.tables["operations_role"][0]["id"]
    lender = world.unit(currency="USD")
    world.role_price(world.price_list(unit=lender, currency="USD"), role, "70")
    entry = world.time(world.resource(lender), project, role, date(2025, 3, 4))
    world.load()
    submit_entries(actor=CLERK, company="GB01", entry_ids=[entry])
    approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    assert {kind for kind, *_ in made()} == {
        "cost",
        "unbilled_sales",
        "resourcing_unit_cost",
        "interorganizational_sales",
    }
    cancel_approval(actor=LEAD, company="GB01", entry_ids=[entry])
    assert rows(
        "select transaction_type, count(*), sum(quantity)::int, sum(amount)::int, bool_and(skip_sync)"
        " from operations_actual group by 1 order by 1"
    ) == [
        ("cost", 2, 0, 0, False),
        ("interorganizational_sales", 2, 0, 0, True),
        ("resourcing_unit_cost", 2, 0, 0, True),
        ("unbilled_sales", 2, 0, 0, False),
    ]
    # What never left operations is not told to finance when it is reversed.
    assert outbox()["msdyn_actuals"] == 4


def test_who_may_take_back_what() -> None:
    entry = approved()
    for verb in (reject_entries, grant_recall, refuse_recall, cancel_approval):
        with pytest.raises(VerbNotPermitted):
            verb(actor=CLERK, company="GB01", entry_ids=[entry])
    for verb in (recall_entries, request_recall):
        with pytest.raises(VerbNotPermitted):
            verb(actor=MANAGER, company="GB01", entry_ids=[entry])


def test_an_entry_of_another_company_is_not_taken_back() -> None:
    entry = approved()
    assert cancel_approval(actor=MANAGER, company="DE01", entry_ids=[entry]) == Answered(0, ())
    assert made() == [COST, SALES]
