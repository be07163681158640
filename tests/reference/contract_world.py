"""A world in which contract lines have terms and customers, and projects have tasks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.reference.world import World
from tests.reference.writing import Row

CLASSES: Final = ("time", "expense", "material", "fee")
TERMS: Final = (
    "operations_task",
    "operations_contract_line_project",
    "operations_contract_line_task",
    "operations_contract_line_role",
    "operations_contract_line_category",
    "operations_quote",
    "operations_quote_line",
)


class ContractWorld(World):
    """A world with the terms of contract lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.tables |= {table: [] for table in TERMS}
        self._loaded |= dict.fromkeys(TERMS, 0)

    def _of(self, table: str, key: UUID) -> Row:
        return next(row for row in self.tables[f"operations_{table}"] if row["id"] == key)

    def billed_role(self, billing: str) -> UUID:
        """Add a role with a default."""
        key = self.role()
        self._of("role", key)["default_billing"] = billing
        return key

    def billed_category(self, billing: str, transaction_class: str = "expense") -> UUID:
        """Add a category with a default."""
        key = self.category(transaction_class)
        self._of("category", key)["default_billing"] = billing
        return key

    def line(
        self, contract: UUID, classes: str = "TEMF", tasks: str = "all", method: str = "time_and_materials"
    ) -> UUID:
        """Add a contract line that includes the classes of these letters."""
        key = self.contract_line(contract, method)
        row = self._of("contract_line", key)
        row |= {f"include_{name}": name[0].upper() in classes for name in CLASSES}
        row["included_tasks"] = tasks
        return key

    def task(self, project: UUID) -> UUID:
        """Add a task to a project."""
        number = self._code("operations_task")
        return self.add("operations_task", project_id=project, number=number, name=number, version=1)

    def map_project(self, line: UUID, project: UUID, *, active: bool = True) -> UUID:
        """Map a further line to a project."""
        return self.add(
            "operations_contract_line_project",
            contract_line_id=line,
            project_id=project,
            active=active,
            version=1,
        )

    def select(self, line: UUID, task: UUID, billing: str = "chargeable", *, active: bool = True) -> UUID:
        """Select a task for a line."""
        return self.add(
            "operations_contract_line_task",
            contract_line_id=line,
            task_id=task,
            billing_type=billing,
            active=active,
            version=1,
        )

    def bill(self, of: str, line: UUID, key: UUID, billing: str) -> UUID:
        """Say how a role or a category is billed on a line."""
        return self.add(
            f"operations_contract_line_{of}",
            contract_line_id=line,
            **{f"{of}_id": key},
            billing_type=billing,
            version=1,
        )

    def quote(
        self, unit: UUID, currency: str = "GBP", company: str = "GB01", customer: UUID | None = None
    ) -> UUID:
        """Add a draft of a quote, with a customer of its own unless another is named."""
        number = self._code("operations_quote")
        return self.add(
            "operations_quote",
            number=number,
            name=number,
            customer_id=customer or self.customer(company),
            company_code=company,
            unit_id=unit,
            currency_code=currency,
            status="draft",
            version=1,
        )

    def quote_line(self, quote: UUID, project: UUID, classes: str = "TEMF", **terms: Any) -> UUID:
        """Add a line to a quote that offers these classes of all tasks of a project."""
        return self.add(
            "operations_quote_line",
            quote_id=quote,
            line_number=len(self.tables["operations_quote_line"]) + 1,
            name="",
            project_id=project,
            included_tasks="all",
            **{f"include_{name}": name[0].upper() in classes for name in CLASSES},
            **{"billing_method": "time_and_materials", "discount_percent": None, "fee_percent": None} | terms,
            version=1,
        )

    def bear(self, line: UUID, percent: str | int | Decimal, *, rounding: bool = False) -> UUID:
        """Let a new customer bear a share of a line; return its row on the line."""
        contract = self._of("contract", self._of("contract_line", line)["contract_id"])
        customer = self.customer(contract["company_code"])
        return self.add(
            "operations_contract_line_customer",
            contract_line_id=line,
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=rounding,
            version=1,
        )
