"""The naive model of winning a quote: contract, lines, price lists; what was done is evaluated again.

Written from the operations spec (3.3, 3.4, 4.1), row by row, not from the SQL. What the database numbers is
asked of it by the values that name the row: that there is such a row, and what it holds, is the model's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from tests.reference.ledger.entries import Ledger
from tests.reference.writing import Row

from tieout.kernel.identifiers import new_id

Numbered = Callable[[str, Row], UUID | None]
"""Says which key the database gave a row, by the values that name it."""

_DIMENSIONS: Final = ("role_id", "resourcing_unit_id", "resourcing_company", "resource_id", "dimensions")
LINES: Final = {
    "role_price": ("price_list_id", *_DIMENSIONS, "unit", "line"),
    "role_price_markup": ("price_list_id", *_DIMENSIONS),
    "category_price": ("price_list_id", "category_id", "unit"),
    "product_price": ("price_list_id", "product_id", "unit"),
}
"""What tells the lines of a list apart, by kind; a copy has all of them."""
OVERRIDE: Final = ("price_list_id", *_DIMENSIONS, "target", "contract_id", "effective_from")
CONTRACT: Final = ("number", "name", "customer_id", "company_code", "unit_id", "currency_code")
TERMS: Final = (
    *("line_number", "name", "billing_method", "included_tasks", "discount_percent", "fee_percent"),
    *("include_time", "include_expense", "include_material", "include_fee"),
)


class Winning:
    """Wins the quotes of one firm."""

    def __init__(self, ledger: Ledger, numbered: Numbered) -> None:
        self.ledger, self.firm, self.numbered = ledger, ledger.firm, numbered

    def add(self, table: str, names: tuple[str, ...], row: Row) -> UUID:
        """Add a row that the database numbered; one that it has not made gets a key of its own."""
        key = self.numbered(table, {name: row[name] for name in names}) or new_id()
        self.firm.tables[f"operations_{table}"].append({**row, "id": key})
        return key

    def lines_of(self, quote: Row) -> list[Row]:
        """Return the lines of a quote in their order."""
        found = [row for row in self.firm.own("quote_line") if row["quote_id"] == quote["id"]]
        return sorted(found, key=lambda row: int(row["line_number"]))

    def win(self, quote: Row, by: str) -> set[str]:
        """Win a quote; return why it cannot be won, or why entries stay as they were."""
        if quote["status"] != "draft":
            return {"CFG-205"}
        lines = self.lines_of(quote)
        offered = {row["project_id"] for row in lines}
        projects = [self.firm.the("project", key) for key in offered]
        if any(project["stage"] != "presales" for project in projects):
            return {"CFG-207"}
        contract = self.add(
            "contract", ("number",), {name: quote[name] for name in CONTRACT} | {"state": "draft"}
        )
        self.lines(contract, lines)
        self.lists(quote, contract)
        for other in self.firm.own("quote"):
            if other["status"] == "draft" and any(
                row["project_id"] in offered for row in self.lines_of(other)
            ):
                other["status"] = "lost"
        quote["status"] = "won"
        refused = set[str]()
        for project in projects:
            refused |= set(self.ledger.reevaluate(project["id"], project["company_code"], by))
        return refused

    def lines(self, contract: UUID, offered: list[Row]) -> None:
        """Make the lines; the first of a project is its own, the others are mapped to it."""
        sold = set[UUID]()
        for one in offered:
            row = {"contract_id": contract} | {name: one[name] for name in TERMS}
            line = self.add("contract_line", ("contract_id", "line_number"), row)
            project = self.firm.the("project", one["project_id"])
            if project["id"] in sold:
                mapped = {"contract_line_id": line, "project_id": project["id"], "active": True}
                self.firm.tables["operations_contract_line_project"].append({**mapped, "id": new_id()})
            else:
                sold.add(project["id"])
                project |= {"stage": "sold", "contract_line_id": line}

    # ------------------------------------------------------------ price lists

    def lists(self, quote: Row, contract: UUID) -> None:
        """Give the contract what the parameters of its company say (3.3)."""
        way = self.firm.lists_on_win[quote["company_code"]]
        pricing = self.ledger.rules.pricing
        if way == "copies":
            for original in pricing.considered(quote, "quote_id"):
                self.use(self.copy(original, quote), contract)
            return
        for one in pricing.lists_of("sales", "quote_id", quote["id"]):
            self.use(one["id"], contract)
        if way == "same_with_overrides":
            for row in list(pricing.rows("price_override")):
                if row["quote_id"] == quote["id"]:
                    self.add("price_override", OVERRIDE, {**row, "quote_id": None, "contract_id": contract})

    def use(self, price_list: UUID, contract: UUID) -> None:
        """Let a contract use a list."""
        nobody = dict.fromkeys(("unit_id", "quote_id", "customer_id", "company_code"))
        use: dict[str, Any] = {**nobody, "price_list_id": price_list, "contract_id": contract}
        self.firm.tables["operations_price_list_use"].append(use)

    def copy(self, original: Row, quote: Row) -> UUID:
        """Copy a list with its lines of all kinds, without overrides (3.4)."""
        code = f"{original['code']}-{quote['number']}"
        copy = self.add("price_list", ("code",), {**original, "code": code})
        for kind, names in LINES.items():
            for line in list(self.firm.tables[f"operations_{kind}"]):
                if line["price_list_id"] == original["id"]:
                    self.add(kind, names, {**line, "price_list_id": copy})
        return copy
