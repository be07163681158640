"""A project with approved work, a task, a custom field and a cancelled approval, for the pages of actuals.

An hour costs 100 and is sold for 200 USD. Without task 8 hours; on task ``T1`` 10, of which 6 are billable;
4 that were approved and taken back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.test import Client
from tests.database.operations.ledger import CLERK, MANAGER, rows
from tests.database.workspace.time_world import Place, place
from tests.reference.world import World

from tieout.operations.approvals.actions import approve_entries, cancel_approval, submit_entries
from tieout.operations.approvals.rules import Change

COMPANY = "USMF"
ACTUALS = f"/companies/{COMPANY}/actuals/"


@dataclass(frozen=True)
class Worked:
    """What was worked: the place, and the entries."""

    at: Place
    plain: UUID
    on_task: UUID
    taken_back: UUID


def worked(world: World) -> Worked:
    """Add the work that the module describes."""
    at = place(world, COMPANY)
    keys = {
        name: next(key for key, row in world.by_id(table).items() if row[field] == value)
        for name, table, field, value in (
            ("resource", "operations_resource", "code", at.resource),
            ("project", "operations_project", "number", at.project),
            ("role", "operations_role", "code", at.role),
        )
    }
    [(task,)] = rows(
        "insert into operations_task (id, project_id, number, name, version)"
        " values (tieout_id(), %s, 'T1', 'Piers', 1) returning id",
        keys["project"],
    )
    entries = [
        world.time(**keys, on=date(2025, 3, day), minutes=hours * 60, company=COMPANY)
        for day, hours in ((3, 8), (4, 10), (5, 4))
    ]
    for entry, of_task, custom in zip(
        entries, (None, task, None), ('{"shift": "night"}', "{}", "{}"), strict=True
    ):
        world.by_id("operations_entry")[entry].update(task_id=of_task, custom=custom)
    world.load()
    submit_entries(actor=CLERK, company=COMPANY)
    changes = {entries[1]: Change(billable=360)}
    approve_entries(actor=MANAGER, company=COMPANY, entry_ids=entries, changes=changes)
    cancel_approval(actor=MANAGER, company=COMPANY, entry_ids=[entries[2]], comment="wrong day")
    return Worked(at, *entries)


def page(client: Client, address: str, status: int = 200, /, **query: str) -> str:
    """Return a page as text with single blanks."""
    answer = client.get(address, query)
    assert answer.status_code == status, answer.content.decode()
    return " ".join(answer.content.decode().split())


def recorded(company: str, transaction_type: str, transaction_class: str, amount: int, **other: str) -> UUID:
    """Record an actual beside those of the work, of 6 March; return its key."""
    values = {"currency": "EUR", "source_kind": "time_entry", "price_reason": "", **other}
    [(key,)] = rows(
        "insert into operations_actual (transaction_type, transaction_class, billing_type, quantity, price,"
        " amount, tax_amount, currency_code, transaction_date, accounting_date, company_code, project_id,"
        " contracting_unit_id, source_kind, source_id, price_reason, description, skip_sync)"
        " select %s, %s, 'chargeable', 1, %s, %s, 0, %s, '2025-03-06', '2025-03-06', %s, project_id,"
        " contracting_unit_id, %s, source_id, %s, '', false from operations_actual limit 1 returning id",
        transaction_type,
        transaction_class,
        amount,
        amount,
        values["currency"],
        company,
        values["source_kind"],
        values["price_reason"],
    )
    return UUID(str(key))


def cells(text: str, pattern: str) -> list[list[str]]:
    """Return the words of the cells of every row whose tag fits the pattern."""
    found = re.findall(rf"<tr[^>]*{pattern}[^>]*>(.*?)</tr>", text)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in found
    ]
