"""What the firm is and what was entered: one world of tables, and its entries as the model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.reference.contract_world import ContractWorld
from tests.reference.pricing_world import PricingWorld
from tests.reference.writing import Row

from tieout.kernel.identifiers import new_id


@dataclass(frozen=True)
class Work:
    """One entry as it was entered: of time in minutes, of an expense or material in a unit."""

    key: UUID
    transaction_class: str
    company: str
    resource: UUID | None
    project: UUID
    on: date
    quantity: Fraction
    task: UUID | None = None
    role: UUID | None = None
    category: UUID | None = None
    product: UUID | None = None
    product_name: str = ""
    subcontract: UUID | None = None
    unit: str = "hour"
    typed_price: Decimal | None = None
    currency: str = ""
    tax: Decimal = Decimal(0)
    description: str = "work"
    custom: dict[str, str] = field(default_factory=dict)


class Common(PricingWorld):
    """What the worlds of one database have in common: companies, default lists, rates, dimensions."""

    def __init__(self) -> None:
        super().__init__()
        self.overlaps: dict[str, str] = {}
        self.lists_on_win: dict[str, str] = {}
        self.lends_on_all: set[str] = set()  # companies


class Firm(ContractWorld, PricingWorld):  # type: ignore[misc] # both have lines
    """One world among others in a database: organization, contracts, prices, entries, documents."""

    line_price = PricingWorld.line

    def __init__(self, common: Common, prefix: str) -> None:
        super().__init__(currencies=(), prefix=prefix)
        self.work: dict[UUID, Work] = {}
        self.drawn: dict[UUID, Work] = {}
        self.missing_project = new_id()
        self.overlaps, self.lends_on_all = common.overlaps, common.lends_on_all
        self.lists_on_win = common.lists_on_win
        self.units, self.dimensions = common.units, common.dimensions
        self.purchase = common.purchase
        self.common = {table: len(rows) for table, rows in common.tables.items()}
        for table, count in self.common.items():
            self.tables[table] = list(common.tables[table])
            self._loaded[table] = count

    def own(self, table: str) -> list[Row]:
        """Return the rows of a table that other worlds have not."""
        rows = self.tables[f"operations_{table}"]
        return rows[self.common.get(f"operations_{table}", 0) :]

    def of(self, table: str, key: UUID | None) -> dict[str, Any] | None:
        """Return the row of a key, if there is one."""
        return next((row for row in self.tables[f"operations_{table}"] if row["id"] == key), None)

    def the(self, table: str, key: UUID | None) -> dict[str, Any]:
        """Return the row of a key that is there."""
        row = self.of(table, key)
        assert row is not None
        return row

    def enter(self, work: Work) -> None:
        """Note what was entered; its key is that of the row that :meth:`World.entry` added."""
        self.work[work.key] = self.drawn[work.key] = work

    def keep(self, places: Sequence[int]) -> None:
        """Keep the entries at these places only."""
        kept = {key: work for place, (key, work) in enumerate(self.work.items()) if place in places}
        for table, column in (("entry", "id"), ("open_entry", "entry_id")):
            rows = self.tables[f"operations_{table}"]
            self.tables[f"operations_{table}"] = [row for row in rows if row[column] in kept]
        self.work = kept
