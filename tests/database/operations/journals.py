"""What tests of journals share: a place to book on, lines as a file has them, and what was made of them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.database.operations.ledger import rows
from tests.reference.world import World

from tieout.kernel.access import Actor
from tieout.loading.actions import Loaded, load
from tieout.operations.journals.actions import Confirmed, confirm_journal

MAKER = Actor("ada", frozenset({"project_accountant"}), None)
CONFIRMER = Actor("cleo", frozenset({"project_accountant"}), None)


class Books(World):
    """A sold project (80 cost, 120 sales an hour) in pounds, with codes as files name them."""

    def __init__(self, method: str = "time_and_materials", *, strict: bool = False) -> None:
        super().__init__()
        self.company()
        self.own = self.unit()
        self.project_id, self.contract_id = self.sold_project(self.own, method)
        self.role_id = self.role()
        self.costs = self.price_list(unit=self.own)
        self.sales = self.price_list(contract=self.contract_id)
        self.role_price(self.costs, self.role_id, "80")
        self.role_price(self.sales, self.role_id, "120")
        self.person = self.resource(self.own)
        if strict:
            self.add(
                "operations_project_parameters",
                company_code="GB01",
                interorganizational="time_and_materials",
                daily_minutes=1440,
                approval_threshold=50,
                journal_validation="strict",
                version=1,
            )

    def customers(self, *percents: int) -> list[str]:
        """Let customers share the contract line; return their account numbers."""
        line = self.tables["operations_contract_line"][0]["id"]
        accounts = []
        for place, percent in enumerate(percents):
            account = f"SPLIT{place}"
            customer = self.add(
                "operations_customer", company_code="GB01", account_number=account, name="", version=1
            )
            self.add(
                "operations_contract_line_customer",
                contract_line_id=line,
                customer_id=customer,
                percent=Decimal(percent),
                is_rounding=place == 0,
                not_to_exceed=None,
                version=1,
            )
            accounts.append(account)
        return accounts


def line(**given: Any) -> dict[str, Any]:
    """Return a line of journal J1: 8 hours of cost on the sold project."""
    return {
        "company": "GB01",
        "journal": "J1",
        "line_number": 1,
        "transaction_type": "cost",
        "transaction_class": "time",
        "date": "2025-03-03",
        "project": "project-1",
        "role": "role-1",
        "resource": "resource-1",
        "quantity": "8",
        "description": "moved",
    } | given


def as_file(folder: Path, *lines: dict[str, Any]) -> Path:
    """Write lines to a file, each with the fields that any of them has."""
    names = list(dict.fromkeys(name for one in lines for name in one))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(lines)
    path = folder / "journal_line.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def entered(folder: Path, *lines: dict[str, Any], actor: Actor = MAKER) -> Loaded:
    """Load lines, numbered from 1 where they say no number."""
    numbered = [{"line_number": place, **one} for place, one in enumerate(lines, 1)]
    return load(actor=actor, entity="journal_line", files=[as_file(folder, *numbered)])


def numbered(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    """Return lines with the numbers 1, 2, ..."""
    return [one | {"line_number": place} for place, one in enumerate(lines, 1)]


def confirm(number: str = "J1", actor: Actor = CONFIRMER) -> Confirmed:
    return confirm_journal(actor=actor, company="GB01", number=number)


def refused(done: Confirmed) -> list[tuple[int, str]]:
    return [(int(one.record_name.rpartition("/")[2]), one.code) for one in done.problems]


def made() -> list[tuple[Any, ...]]:
    """Return type, class, billing type, quantity, price and amount of all actuals in their order."""
    return rows(
        "select transaction_type, transaction_class, billing_type, quantity, price, amount"
        " from operations_actual order by id"
    )


def key_of(table: str, **where: str) -> UUID:
    """Return the key of the row that has these values."""
    [(name, value)] = where.items()
    return UUID(str(rows(f"select id from {table} where {name} = %s", value)[0][0]))
