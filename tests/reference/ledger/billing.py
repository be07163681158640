"""The naive referee of chargeability: which contract line takes a transaction, and how it is billed there.

Written from the operations spec (2.0.4, 2.0.5, 4.9), row by row, not from the SQL.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any
from uuid import UUID

from tests.reference.contract_world import CLASSES, ContractWorld
from tests.reference.writing import Row

Answer = tuple[UUID | None, str, str]  # contract line, situation, billing type
Clash = tuple[UUID, str, frozenset[UUID]]  # project, transaction class, the two lines


class Referee:
    """Answers for one world."""

    def __init__(self, world: ContractWorld) -> None:
        self.world = world

    def all(self, table: str, **wanted: Any) -> list[Row]:
        """Return the rows of a table that have these values."""
        return [
            row
            for row in self.world.tables[f"operations_{table}"]
            if all(row[name] == value for name, value in wanted.items())
        ]

    def lines_of(self, project: Row) -> list[Row]:
        """Return the contract lines that a project is mapped to, but for those of lost contracts."""
        keys = {project["contract_line_id"]}
        keys |= {
            row["contract_line_id"]
            for row in self.all("contract_line_project", project_id=project["id"], active=True)
        }
        lost = {row["id"] for row in self.all("contract", state="lost")}
        return [
            row for row in self.all("contract_line") if row["id"] in keys and row["contract_id"] not in lost
        ]

    def selected(self, line: Row, task: UUID | None) -> Row | None:
        """Return the row by which a line takes a task."""
        found = self.all("contract_line_task", contract_line_id=line["id"], task_id=task, active=True)
        return found[0] if found else None

    def taking(self, project: Row, task: UUID | None, transaction_class: str) -> list[Row]:
        """Return the lines that take such a transaction; by validation there is one at most."""
        return [
            line
            for line in self.lines_of(project)
            if line[f"include_{transaction_class}"]
            and (line["included_tasks"] == "all" or self.selected(line, task))
        ]

    def flag(self, of: str, line: Row, key: UUID | None) -> bool:
        """Return the flag of a role or category on a line, else that of its master."""
        own = self.all(f"contract_line_{of}", **{"contract_line_id": line["id"], f"{of}_id": key})
        if own:
            return bool(own[0]["billing_type"] == "chargeable")
        return all(row["default_billing"] == "chargeable" for row in self.all(of, id=key))

    def billing(
        self,
        project_id: UUID,
        task: UUID | None,
        transaction_class: str,
        role: UUID | None,
        category: UUID | None,
    ) -> Answer:
        """Return what the spec says of a transaction."""
        project = self.all("project", id=project_id)[0]
        if project["stage"] != "sold":
            return None, project["stage"], "not_available"
        lines = self.taking(project, task, transaction_class)
        if not lines:
            return None, "fixed_price", "not_available"
        (line,) = lines
        selected = self.selected(line, task)
        chargeable = line["included_tasks"] == "all" or (
            selected is not None and selected["billing_type"] == "chargeable"
        )
        if transaction_class == "time":
            chargeable = chargeable and self.flag("role", line, role)
        if transaction_class == "expense":
            chargeable = chargeable and self.flag("category", line, category)
        return line["id"], line["billing_method"], "chargeable" if chargeable else "non_chargeable"

    def clashes(self) -> set[Clash]:
        """Return the lines that take the same work (vector T33)."""
        found: set[Clash] = set()
        for project in self.all("project"):
            for name in CLASSES:
                lines = [line for line in self.lines_of(project) if line[f"include_{name}"]]
                for one, other in combinations(lines, 2):
                    if "all" in {one["included_tasks"], other["included_tasks"]} or any(
                        self.selected(one, task["id"]) and self.selected(other, task["id"])
                        for task in self.all("task", project_id=project["id"])
                    ):
                        found.add((project["id"], name, frozenset((one["id"], other["id"]))))
        return found
