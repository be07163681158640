"""Time submitted, changed, approved, asked back and cancelled in any order, against a naive model.

The model is written from the operations spec (2.0 to 2.2, 5.1 to 5.3, appendix A) and the seed's decision
table, row by row. Compared are all actuals with their statuses, where each entry stands, what was refused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.database.operations.ledger import rows
from tests.reference.engine import empty
from tests.reference.model import half_up
from tests.reference.world import World

from tieout.kernel.access import Actor
from tieout.operations.approvals import actions
from tieout.operations.approvals.rules import BillingType, Change

COMPANY: Final = "GB01"
PEOPLE: Final = ("ann", "bob", "max")
COST, OWN, SALE = Fraction("33.335"), Fraction(70), Fraction("99.99")
Row = tuple[str, str, Decimal, Decimal]
"""Transaction type, billing type, hours, amount."""


def person(name: str) -> Actor:
    return Actor(name, frozenset({"resource", "project_manager"}), None)


@dataclass
class Entry:
    """One time entry of the model."""

    minutes: int
    contract: str
    between_units: bool
    state: str = "draft"
    submitted_by: str = ""
    live: list[Row] = field(default_factory=list)
    reversed: list[Row] = field(default_factory=list)

    def row(self, kind: str, billing: str, minutes: Decimal, price: Fraction) -> Row:
        """Return one actual."""
        return kind, billing, half_up(Fraction(minutes) / 60, 16), half_up(Fraction(minutes) * price / 60, 2)

    def made(self, change: Change) -> list[Row]:
        """Return what approval makes: cost as submitted, sales in parts (2.0.8, E5 to E8, 2.3)."""
        sold = self.contract == "time_and_materials"
        made = [self.row("cost", "chargeable" if sold else "not_available", Decimal(self.minutes), COST)]
        if not sold:
            return made
        if self.between_units:
            made.append(self.row("resourcing_unit_cost", "chargeable", Decimal(self.minutes), OWN))
            made.append(self.row("interorganizational_sales", "chargeable", Decimal(self.minutes), COST))
        billable = Decimal(self.minutes if change.billable is None else change.billable)
        if billable:
            made.append(self.row("unbilled_sales", change.billing_type or "chargeable", billable, SALE))
        if billable < self.minutes:
            made.append(self.row("unbilled_sales", "non_chargeable", self.minutes - billable, SALE))
        return made

    # Each answer is the code that refuses it; empty where it is done.

    def submit(self, by: str) -> str:
        """A draft or returned entry is submitted; another stays as it is."""
        if self.state in {"draft", "returned"}:
            self.state, self.submitted_by = "submitted", by
        return ""

    def approve(self, by: str, change: Change) -> str:
        """Submitted by somebody else, it becomes actuals; an approved one stays as it is."""
        if self.state in {"approved", "recall_requested"}:
            return ""
        if self.state != "submitted":
            return "APR-101"
        if by == self.submitted_by:
            return "ACCESS-103"
        if change.billable is not None and not 0 <= change.billable <= 1440:
            return "APR-108"
        self.state, self.live = "approved", self.made(change)
        return ""

    def give_back(self, event: str, by: str) -> str:
        """Reject or recall before approval."""
        if self.state != "submitted":
            return "APR-109"
        if event == "recall_entries" and by != self.submitted_by:
            return "ACCESS-109"
        self.state = "draft" if event == "recall_entries" else "returned"
        return ""

    def ask_back(self, by: str) -> str:
        """Request a recall."""
        if self.state != "approved":
            return "APR-111"
        if by != self.submitted_by:
            return "ACCESS-109"
        self.state = "recall_requested"
        return ""

    def answer(self, event: str, by: str) -> str:
        """Grant or refuse a recall."""
        if self.state != "recall_requested":
            return "APR-110"
        if event == "refuse_recall":
            self.state = "approved"
            return ""
        if by == self.submitted_by:
            return "ACCESS-103"
        self.state = "returned"
        self.reverse()
        return ""

    def cancel(self, by: str) -> str:
        """Cancel the approval: submitted as before."""
        if self.state != "approved":
            return "APR-111"
        if by == self.submitted_by:
            return "ACCESS-103"
        self.state = "submitted"
        self.reverse()
        return ""

    def reverse(self) -> None:
        """Every live actual is reversed, once."""
        self.reversed += self.live
        self.live = []

    def all_rows(self) -> Counter[tuple[Row, str, str]]:
        """Return all actuals with adjustment and billing status."""
        found: Counter[tuple[Row, str, str]] = Counter()
        for row in self.live:
            found[row, "live", "unbilled_sales_created" if row[0] == "unbilled_sales" else ""] += 1
        for kind, billing, hours, amount in self.reversed:
            status = "canceled" if kind == "unbilled_sales" else ""
            found[(kind, billing, hours, amount), "adjusted", status] += 1
            found[(kind, billing, -hours, -amount), "unadjustable", status] += 1
        return found


VERBS: Final = (
    *(
        "submit_entries",
        "submit_entries",
        "approve_entries",
        "approve_entries",
        "approve_entries",
        "reject_entries",
    ),
    *(
        "recall_entries",
        "request_recall",
        "request_recall",
        "grant_recall",
        "refuse_recall",
        "cancel_approval",
    ),
)
CHANGES: Final = st.builds(
    Change,
    billable=st.none() | st.sampled_from((0, 1, 100, 479, 480, 481, 1440, 1441, -1)),
    billing_type=st.none() | st.sampled_from(list(BillingType)),
)
STEPS: Final = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from(PEOPLE), st.integers(1, 7), CHANGES),
    min_size=1,
    max_size=14,
)


def build(minutes: list[int]) -> tuple[World, dict[UUID, Entry]]:
    """Return a world and the model of its entries: one on each kind of project."""
    world = World()
    world.company()
    unit, lender, role = world.unit(), world.unit(), world.role()
    world.role_price(world.price_list(unit=unit), role, str(Decimal("33.335")))
    world.role_price(world.price_list(unit=lender), role, "70")
    sold, contract = world.sold_project(unit, "time_and_materials")
    world.role_price(world.price_list(contract=contract), role, "99.99")
    fixed, _ = world.sold_project(unit, "fixed_price")
    here, there = world.resource(unit), world.resource(lender)
    entries = {
        world.time(here, sold, role, minutes=minutes[0]): Entry(minutes[0], "time_and_materials", False),
        world.time(there, sold, role, minutes=minutes[1]): Entry(minutes[1], "time_and_materials", True),
        world.time(here, fixed, role, minutes=minutes[2]): Entry(minutes[2], "fixed_price", False),
    }
    return world.load(), entries


def act(verb: str, by: str, keys: list[UUID], change: Change) -> set[tuple[UUID, str]]:
    """Run a verb of the engine; return the entries it refused with their codes."""
    actor = person(by)
    if verb == "submit_entries":
        actions.submit_entries(actor=actor, company=COMPANY, entry_ids=keys)
        return set()
    if verb == "approve_entries":
        changes = dict.fromkeys(keys, change)
        actions.approve_entries(actor=actor, company=COMPANY, entry_ids=keys, changes=changes)
        return {
            (key, code)
            for key, code in rows(
                "select record_id, code from problem_log as p where record_kind = 'time_entry' and not exists"
                " (select from problem_resolution as r where r.problem_id = p.id)"
            )
            if key in keys
        }
    done = getattr(actions, verb)(actor=actor, company=COMPANY, entry_ids=keys)
    assert done.done + len(done.refused) == len(keys)
    return {(UUID(str(problem.record_id)), problem.code) for problem in done.refused}


def expect(entry: Entry, verb: str, by: str, change: Change) -> str:
    """Run the verb on the model."""
    match verb:
        case "submit_entries":
            return entry.submit(by)
        case "approve_entries":
            return entry.approve(by, change)
        case "reject_entries" | "recall_entries":
            return entry.give_back(verb, by)
        case "request_recall":
            return entry.ask_back(by)
        case "grant_recall" | "refuse_recall":
            return entry.answer(verb, by)
    return entry.cancel(by)


def compare(entries: dict[UUID, Entry]) -> None:
    """Compare every actual and every state."""
    found: dict[UUID, Counter[tuple[Row, str, str]]] = {key: Counter() for key in entries}
    for key, *row, adjustment, billing_status in rows(
        "select a.source_id, a.transaction_type, a.billing_type, a.quantity, a.amount, s.adjustment_status,"
        " s.billing_status from operations_actual as a"
        " join operations_actual_state as s on s.actual_id = a.id"
    ):
        found[key][(row[0], row[1], row[2], row[3]), adjustment, billing_status] += 1
    assert found == {key: entry.all_rows() for key, entry in entries.items()}
    assert dict(rows("select entry_id, state from operations_entry_state")) == {
        key: entry.state for key, entry in entries.items()
    }
    # Each reversal points to one original, comes from where it came, and is connected to it once.
    assert rows(
        "select count(*) from operations_actual as n join operations_actual as o on o.id = n.reverses_id"
        " where n.quantity <> -o.quantity or n.amount <> -o.amount or n.price <> o.price"
        " or n.skip_sync <> o.skip_sync or o.reverses_id is not null"
        " or (select count(*) from operations_transaction_connection as c where c.transaction1_id = n.id"
        "     and c.transaction2_id = o.id and c.transaction1_role = 'reversing') <> 1"
        " or (select array_agg(x.origin_id order by x.origin_id) from operations_transaction_origin as x"
        "     where x.transaction_id = n.id)"
        "  is distinct from (select array_agg(x.origin_id order by x.origin_id)"
        "     from operations_transaction_origin as x where x.transaction_id = o.id)"
    ) == [(0,)]
    # Finance is told of every actual that is not kept from it, once.
    assert rows(
        "select count(*) from operations_actual as a where not a.skip_sync"
        " and (select count(*) from outbox_entry as o where o.map = 'msdyn_actuals' and o.key = a.id) <> 1"
    ) == [(0,)]


@pytest.mark.usefixtures("databases")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.lists(st.integers(1, 1440), min_size=3, max_size=3), steps=STEPS)
def test_time_goes_forth_and_back_as_the_model_says(
    minutes: list[int], steps: list[tuple[str, str, int, Change]]
) -> None:
    empty()
    _, entries = build(minutes)
    for verb, by, chosen, change in steps:
        keys = [key for place, key in enumerate(entries) if chosen >> place & 1]
        expected = {(key, code) for key in keys if (code := expect(entries[key], verb, by, change))}
        assert act(verb, by, keys, change) == expected, (verb, by)
    compare(entries)
