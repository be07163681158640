"""What tests of approval share: who acts, a project with a category, and what was made, as it is compared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connections
from tests.reference.world import World

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import DocumentsApproved, approve_documents

LINES = "msdyn_projectvendorinvoicelines"
CLERK = Actor("ann", frozenset({"resource"}), None)
MANAGER = Actor("max", frozenset({"project_manager"}), None)
JOB = Actor("system", frozenset({"system"}), None)


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def actuals(source: UUID | None = None) -> list[tuple[str, str, str, str]]:
    """Return type, billing type, ``quantity x price = amount currency``, reason of a source's actuals."""
    return [
        (
            kind,
            billing,
            f"{quantity.normalize():f} x {price.normalize():f} = {amount.normalize():f} {currency}",
            why,
        )
        for kind, billing, quantity, price, amount, currency, why in rows(
            "select transaction_type, billing_type, quantity, price, amount, currency_code, price_reason"
            " from operations_actual where %s::uuid is null or source_id = %s"
            " order by source_id, transaction_type",
            source,
            source,
        )
    ]


def count(table: str) -> int:
    return int(rows(f"select count(*) from {table}")[0][0])


def outbox() -> dict[str, int]:
    return dict(rows("select map, count(*) from outbox_entry group by map order by map"))


def open_problems() -> list[tuple[str, str]]:
    """Return code and record name of the problems that are not over."""
    return rows(
        "select code, record_name from problem_log as p"
        " where not exists (select from problem_resolution as r where r.problem_id = p.id) order by 1, 2"
    )


def a_project(contract: str = "internal", currency: str = "GBP") -> tuple[World, UUID, UUID]:
    """Return a world with one project and one category."""
    world = World()
    world.company()
    unit = world.unit()
    if contract in {"time_and_materials", "fixed_price"}:
        project, _ = world.sold_project(unit, contract, currency)
    else:
        project = world.project(unit, contract)
    return world, project, world.category()


def approve() -> DocumentsApproved:
    return approve_documents(actor=JOB, company="GB01")
