"""A site where somebody works, spends and uses: what tests of entries of all classes share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.database.operations.ledger import CLERK, MANAGER, rows
from tests.reference.world import World

from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.approvals.rules import Change


class Site(World):
    """A sold project of one unit, with a cost list and a sales list, and somebody who spends."""

    def __init__(self, method: str = "time_and_materials") -> None:
        super().__init__()
        self.company()
        self.own = self.unit()
        self.project_id, contract = self.sold_project(self.own, method)
        self.costs, self.sales = self.price_list(unit=self.own), self.price_list(contract=contract)
        self.person = self.resource(self.own)

    def category_price(self, price_list: UUID, category: UUID, unit: str, **given: Any) -> None:
        """Price a category on a list."""
        self._item("operations_category_price", price_list, unit, category_id=category, **given)

    def product_price(self, price_list: UUID, product: UUID, unit: str, **given: Any) -> None:
        """Price a product on a list."""
        self._item("operations_product_price", price_list, unit, product_id=product, **given)

    def _item(self, table: str, price_list: UUID, unit: str, **given: Any) -> None:
        line = {"method": "price_per_unit", "price": None, "percent": None, "version": 1}
        self.add(table, price_list_id=price_list, unit=unit, **line | given)

    def goods(self) -> UUID:
        """Add a product."""
        return self.add("operations_product", code="BEAM", name="Beam", unit_group="piece", version=1)

    def change(self, table: str, **values: Any) -> None:
        """Change all rows of a table before they are loaded."""
        for row in self.tables[table]:
            row.update(values)

    def approve(self, **changes: Any) -> None:
        """Load, submit and approve everything; ``changes`` are those of every entry."""
        self.load()
        entries = [row["id"] for row in self.tables["operations_entry"]]
        submit_entries(actor=CLERK, company="GB01")
        asked = {one: Change(**changes) for one in entries} if changes else {}
        approve_entries(actor=MANAGER, company="GB01", entry_ids=entries, changes=asked)


def made() -> list[tuple[Any, ...]]:
    """Return type, billing type, quantity, price, amount and reason of all actuals."""
    return rows(
        "select transaction_type, billing_type, quantity, price, amount, price_reason from operations_actual"
        " order by transaction_type, billing_type, quantity desc, amount desc"
    )
