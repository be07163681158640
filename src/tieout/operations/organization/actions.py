"""Entering master data of operations: units, resources, roles, customers, contracts, projects and tasks.

A record is known by its key. A new one is added, one with other content is changed (its version rises, and
what travels is stated in the outbox), an equal one stays as it is: entering twice is entering once.
Nothing is removed: what is over is not active, or bears zero percent.

Some records are only right or wrong together: two lines must not take the same work, the customers of a line
share all of it. So such records are judged as they would stand: they are entered, those that offend are
taken back, and the rest is entered again. What stays is right, whatever the order of a file.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.landing import CHANGED, LOADED, Verdict
from tieout.database.locks import wait_in_transaction
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.organization.problems import ContractNotDraft, ContractNotOpen

CONTRACT_LINES: Final = "contract lines"
"""The lock of who changes which work the lines take."""

_PACKAGE: Final = "tieout.operations.organization"
_STATEMENTS: Final = (
    "enter_project_parameters",
    "enter_organizational_unit",
    "enter_role",
    "enter_resource",
    "enter_category",
    "enter_customer",
    "enter_contract",
    "enter_contract_customer",
    "enter_contract_line",
    "enter_contract_line_project",
    "enter_contract_line_task",
    "enter_contract_line_role",
    "enter_contract_line_category",
    "enter_contract_line_customer",
    "enter_project",
    "enter_task",
)
_ENTER: Final = {name.removeprefix("enter_"): sql.load(_PACKAGE, name) for name in _STATEMENTS}
_CLASHES: Final = sql.load(_PACKAGE, "clashes")
_SPLIT_FAULTS: Final = sql.load(_PACKAGE, "split_faults")
_JUDGE: Final = {
    "contract_line": _CLASHES,
    "contract_line_project": _CLASHES,
    "contract_line_task": _CLASHES,
    "project": _CLASHES,
    "contract_customer": _SPLIT_FAULTS,
    "contract_line_customer": _SPLIT_FAULTS,
    "task": sql.load(_PACKAGE, "task_circles"),
}
"""What finds the records that are wrong beside the others, as they stand after entering."""
_SAYS_WHO_TAKES: Final = frozenset(
    {
        "contract_line",
        "contract_line_project",
        "contract_line_task",
        "contract_line_role",
        "contract_line_category",
        "project",
    }
)
"""What decides which contract line takes work, and whether it is chargeable there (operations_billing)."""
_QUEUE: Final = sql.load(_PACKAGE, "queue_reevaluation")
_DECIDING: Final = sql.load(_PACKAGE, "deciding_values")
_QUEUE_CHANGED: Final = {
    "role": sql.load(_PACKAGE, "queue_default_billing"),
    "category": sql.load(_PACKAGE, "queue_default_billing"),
    "contract_line_customer": sql.load(_PACKAGE, "queue_shares"),
}
"""What queues the projects that a change of a default billing, or of the shares of a line, concerns."""
_TO_CONFIRM: Final = sql.load(_PACKAGE, "contract_to_confirm")
_CONFIRM: Final = sql.load(_PACKAGE, "confirm_contract")
_LOSE: Final = sql.load(_PACKAGE, "lose_contract")


@dataclass(frozen=True, slots=True)
class LostContract:
    """A contract that is lost: its key and company, its projects, and which of them were closed with it.

    ``is_new``: it was not lost before.
    """

    id: UUID
    company: str
    projects: tuple[UUID, ...]
    closed: tuple[UUID, ...]
    is_new: bool


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to.
    Refused, in this order: another company of a project (LOAD-210); a parent that is not there
    (LOAD-330); terms that a fixed price has not (LOAD-342); a customer of another company (LOAD-347); a
    task of a project that the line does not take (LOAD-340), or of a line that takes all tasks
    (LOAD-341); a change of a closed project (LOAD-346); work that another line takes (LOAD-343);
    customers that do not share all (LOAD-344) or without one who takes the rounding (LOAD-345); a task
    above itself (LOAD-348); a change of a contract that is confirmed or lost (LOAD-351); a project for a
    line of a lost one (LOAD-358). Projects whose recorded work is billed or shared otherwise now are
    queued to be evaluated again in the same transaction (E23).
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    _in_callers_transaction("set-up is entered")
    if entity in _JUDGE or entity in _QUEUE_CHANGED:
        # Two that enter at once would not see each other's lines.
        wait_in_transaction(OPERATIONS, CONTRACT_LINES)
    before = _deciding(entity, records)
    verdicts = _enter_judged(entity, json.loads(records)) if entity in _JUDGE else _enter(entity, records)
    if entity in _SAYS_WHO_TAKES:
        written = _written(json.loads(records), verdicts)
        sql.run(OPERATIONS, _QUEUE, records=json.dumps(written), asked_by=actor.name)
    after = _deciding(entity, records) if before else {}
    if changed := [key for key, value in before.items() if after[key] != value]:
        given = {"entity": entity} if entity != "contract_line_customer" else {}
        sql.run(OPERATIONS, _QUEUE_CHANGED[entity], ids=changed, asked_by=actor.name, **given)
    return verdicts


def _deciding(entity: str, records: str) -> dict[UUID, str]:
    """Return what the records decide about recorded work now, by role, category or line."""
    if entity not in _QUEUE_CHANGED:
        return {}
    found = sql.rows(OPERATIONS, _DECIDING, entity=entity, records=records)
    return {row["id"]: row["value"] for row in found}


def confirm_contract(*, actor: Actor, contract: str) -> tuple[UUID, ...]:
    """Confirm the draft contract of this number; return the projects that are to be evaluated again (E22).

    In the caller's transaction, so that re-evaluation is part of it. Raises :class:`ContractNotDraft`.
    """
    permit(actor, Verb.LOAD)
    _in_callers_transaction("a contract is confirmed")
    wait_in_transaction(OPERATIONS, CONTRACT_LINES)
    found = sql.rows(OPERATIONS, _TO_CONFIRM, contract=contract)
    for row in found:
        permit(actor, Verb.LOAD, row["company_code"])
    if not found or found[0]["state"] != "draft":
        raise ContractNotDraft(contract=contract)
    return tuple(row["project_id"] for row in sql.rows(OPERATIONS, _CONFIRM, contract=contract))


def lose_contract(*, actor: Actor, contract: str) -> LostContract:
    """Close the contract of this number as lost: its lines take no work any more (operations spec 4.1).

    Its sold projects are closed, but for one of which another contract takes work. In the caller's
    transaction, so that reversing what is not billed (E24) is part of it. One that is lost already stays as
    it is. Raises :class:`ContractNotOpen` for one that is not known.
    """
    permit(actor, Verb.LOAD)
    _in_callers_transaction("a contract is closed")
    wait_in_transaction(OPERATIONS, CONTRACT_LINES)
    found = sql.rows(OPERATIONS, _TO_CONFIRM, contract=contract)
    for row in found:
        permit(actor, Verb.LOAD, row["company_code"])
    if not found:
        raise ContractNotOpen(contract=contract)
    projects = sql.rows(OPERATIONS, _LOSE, contract=contract)
    return LostContract(
        id=found[0]["id"],
        company=found[0]["company_code"],
        projects=tuple(row["project_id"] for row in projects),
        closed=tuple(row["project_id"] for row in projects if row["is_closed"]),
        is_new=found[0]["state"] != "lost",
    )


def _in_callers_transaction(what: str) -> None:
    if not connections[OPERATIONS].in_atomic_block:
        raise transaction.TransactionManagementError(f"{what} in the caller's transaction")


def _enter(entity: str, records: str) -> list[Verdict]:
    return [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _ENTER[entity], records=records)]


def _enter_judged(entity: str, records: list[dict[str, Any]]) -> list[Verdict]:
    """Enter records without those that offend; each round takes out at least one, or is the last."""
    offending: list[Verdict] = []
    while True:
        point = transaction.savepoint(using=OPERATIONS)
        verdicts = _enter(entity, json.dumps(records))
        # What is there already was right before: who changes something beside it offends.
        judged = json.dumps(_written(records, verdicts))
        found = [Verdict.from_row(row) for row in sql.rows(OPERATIONS, _JUDGE[entity], records=judged)]
        if not found:
            transaction.savepoint_commit(point, using=OPERATIONS)
            return verdicts + offending
        transaction.savepoint_rollback(point, using=OPERATIONS)
        offending += found
        gone = {one.row for one in found}
        records = [record for record in records if record["row"] not in gone]


def _written(records: list[dict[str, Any]], verdicts: list[Verdict]) -> list[dict[str, Any]]:
    """Return the records that are new or changed."""
    written = {one.row for one in verdicts if one.outcome in {LOADED, CHANGED}}
    return [record for record in records if record["row"] in written]
