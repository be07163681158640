"""Bob, who works on one project: where the vectors of the operations spec (section 9) begin."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.reference.ledger.work import Common, Firm, Work

DAY = date(2025, 3, 3)
HOURS = Fraction(8)
UNITS = {
    "piece": ("piece", Decimal(1)),
    "mile": ("distance", Decimal(1)),
    "km": ("distance", Decimal("0.62")),
}


class Case:
    """One firm with one project, and what Bob entered there."""

    def __init__(self, stage: str = "sold", method: str = "time_and_materials") -> None:
        common = Common()
        common.company("US01", "USD")
        common.company("GB01", "GBP")
        common.units |= UNITS
        self.common, self.firm = common, Firm(common, "")
        firm = self.firm
        self.unit = firm.unit("US01", "USD")
        self.role = firm.billed_role("chargeable")
        self.category = firm.billed_category("chargeable")
        self.bob = firm.resource(self.unit, "US01")
        self.contract = firm.contract(self.unit, "USD", "US01")
        self.line = firm.line(self.contract, method=method)
        self.project = firm.project(self.unit, stage, self.line, "US01")
        self.cost_list = firm.price_list("USD", unit=self.unit)
        self.sales_list = firm.price_list("USD", contract=self.contract)
        for price_list in (self.cost_list, self.sales_list):
            firm.the("price_list", price_list)["is_active"] = True
        firm.line_price(self.cost_list, 100, role=self.role)
        firm.line_price(self.sales_list, 200, role=self.role)

    def time(self, hours: Fraction = HOURS) -> UUID:
        """Enter time of Bob."""
        key = self.firm.time(self.bob, self.project, self.role, DAY, int(hours * 60), "US01")
        self.firm.enter(Work(key, "time", "US01", self.bob, self.project, DAY, hours, role=self.role))
        return key

    def item(self, transaction_class: str, quantity: int, unit: str, **given: Any) -> UUID:
        """Enter an expense or material of Bob."""
        columns = {"price": "typed_price", "currency_code": "currency"}
        row = {"category_id": "category", "product_id": "product"} | columns
        key = self.firm.entry(
            transaction_class,
            self.bob,
            self.project,
            company_code="US01",
            date=DAY,
            quantity=Decimal(quantity),
            unit=unit,
            **{name: given[of] for name, of in row.items() if of in given},
        )
        self.firm.enter(
            Work(
                key,
                transaction_class,
                "US01",
                self.bob,
                self.project,
                DAY,
                Fraction(quantity),
                unit=unit,
                **given,
            )
        )
        return key
