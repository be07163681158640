"""What tests of time share: an entry on its way, and what was made of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.database.operations.ledger import CLERK, MANAGER, rows
from tests.database.operations.test_time import a_day_on

from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import Answered, approve_entries, submit_entries
from tieout.operations.approvals.queries import entries
from tieout.operations.approvals.rules import Change

OTHER = Actor("pat", frozenset({"resource"}), None)
LEAD = Actor("lea", frozenset({"project_manager"}), None)
BOTH = Actor("ann", frozenset({"resource", "project_manager"}), None)
COST, SALES = ("cost", "chargeable", 8, 800), ("unbilled_sales", "chargeable", 8, 1600)

Made = tuple[str, str, int, int]


def submitted(contract: str = "time_and_materials") -> UUID:
    world, entry, _ = a_day_on(contract)
    world.load()
    submit_entries(actor=CLERK, company="GB01")
    return entry


def approved(contract: str = "time_and_materials", **change: Any) -> UUID:
    entry = submitted(contract)
    approve_entries(actor=MANAGER, company="GB01", entry_ids=[entry], changes={entry: Change(**change)})
    return entry


def made() -> list[Made]:
    """Return type, billing type, hours and amount of all actuals as they came, originals first."""
    return rows(
        "select transaction_type, billing_type, quantity::int, amount::int from operations_actual"
        " order by reverses_id is not null, created_at, transaction_type, billing_type, quantity desc"
    )


def reversal(one: Made) -> Made:
    kind, billing, quantity, amount = one
    return kind, billing, -quantity, -amount


def state(entry: UUID) -> str:
    [found] = entries(actor=MANAGER, company="GB01", entry_ids=[entry])
    return found.state


def statuses() -> list[tuple[str, int, str, str]]:
    """Return type, hours, adjustment status and billing status of all actuals."""
    return rows(
        "select a.transaction_type, a.quantity::int, s.adjustment_status, s.billing_status"
        " from operations_actual as a join operations_actual_state as s on s.actual_id = a.id order by 1, 2"
    )


def codes(done: Answered) -> list[tuple[str, str]]:
    return [(problem.code, problem.record_name) for problem in done.refused]
