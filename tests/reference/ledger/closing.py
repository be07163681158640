"""The naive model of a contract that is closed as lost (operations spec 2.1, E24; 4.1).

Nothing is on an invoice in the worlds.
"""

from __future__ import annotations

from uuid import UUID

from tests.reference.ledger.entries import Ledger
from tests.reference.ledger.kept import Made
from tests.reference.writing import Row


def close(ledger: Ledger, contract_id: UUID, by: str) -> None:
    """Close a contract: its projects are closed, its unbilled sales reversed; cost stays.

    Its lines take no work any more. Closed again, what is left is reversed.
    """
    contract = ledger.firm.the("contract", contract_id)
    current, ever = projects_of(ledger, contract)
    if contract["state"] != "lost":
        for project in current:
            if project["stage"] == "sold" and not others_take(ledger, project, contract):
                project["stage"] = "closed"
        contract["state"] = "lost"
    unbilled = [made for made in ledger.made if is_unbilled(made, contract) and made.row.project_id in ever]
    for original in unbilled:
        ledger.reverse_one(original, cancelled=True)
    sources = {made.row.source_id for made in unbilled}
    for key, entry in ledger.entries.items():
        if key in sources:
            entry.live = [made for made in entry.live if made not in unbilled]
            ledger.happened(entry, "contract_lost", by)


def projects_of(ledger: Ledger, contract: Row) -> tuple[list[Row], set[UUID]]:
    """Return the projects mapped to the lines of a contract, and the keys of those that ever were."""
    tables = ledger.firm.tables
    lines = {row["id"] for row in tables["operations_contract_line"] if row["contract_id"] == contract["id"]}
    mapped = [row for row in tables["operations_contract_line_project"] if row["contract_line_id"] in lines]
    own = [row for row in tables["operations_project"] if row["contract_line_id"] in lines]
    active = {row["project_id"] for row in mapped if row["active"]}
    current = [row for row in tables["operations_project"] if row in own or row["id"] in active]
    return current, {row["id"] for row in own} | {row["project_id"] for row in mapped}


def others_take(ledger: Ledger, project: Row, contract: Row) -> bool:
    """Whether a line of another contract takes work of a project."""
    classes = ("time", "expense", "material", "fee")
    return any(
        line["contract_id"] != contract["id"] and any(line[f"include_{name}"] for name in classes)
        for line in ledger.rules.referee.lines_of(project)
    )


def is_unbilled(made: Made, contract: Row) -> bool:
    """Whether an actual is a sale of the contract that nobody has billed or reversed."""
    row = made.row
    return (row.transaction_type, row.contract_id, row.adjustment_status, row.is_reversal) == (
        "unbilled_sales",
        contract["id"],
        "live",
        False,
    )
