"""A world with all that prices are made of: units of measure, dimensions, lists in use, lines, overrides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections
from tests.reference.world import World
from tests.reference.writing import Row

from tieout.database.aliases import OPERATIONS

Figure = str | int | Decimal
Units = Mapping[str, tuple[str, Decimal]]
Dimensions = Mapping[str, tuple[str, int | None, int | None]]
STANDARD = {"resource": 10, "role": 20, "resourcing_unit": 30, "resourcing_company": 40}


class PricingWorld(World):
    """Adds lines by the dimensions that they name, e.g. ``role=..., resource=..., grade="senior"``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.units: dict[str, tuple[str, Decimal]] = {"hour": ("time", Decimal(1))}
        self.dimensions: dict[str, tuple[str, int | None, int | None]] = {
            name: ("amount", priority, priority) for name, priority in STANDARD.items()
        }
        self.purchase: dict[str, int | None] = {"resource": 10, "role": 20}

    def load(self) -> PricingWorld:
        """Write what was added; units of measure and dimensions become exactly this world's."""
        declare(self.units, self.dimensions, self.purchase)
        super().load()
        return self

    def _dimensioned(self, price_list: UUID, named: Mapping[str, Any]) -> Row:
        own = {name: value for name, value in named.items() if name not in STANDARD}
        return {
            "price_list_id": price_list,
            "role_id": named.get("role"),
            "resourcing_unit_id": named.get("resourcing_unit"),
            "resourcing_company": named.get("resourcing_company"),
            "resource_id": named.get("resource"),
            "dimensions": json.dumps(own),
        }

    def line(
        self,
        price_list: UUID,
        price: Figure | None,
        *,
        per: str = "hour",
        number: str = "",
        method: str = "price_per_unit",
        percent: Figure | None = None,
        **named: Any,
    ) -> UUID:
        """Add a role price: per unit, or on a sales list by another method."""
        return self.add(
            "operations_role_price",
            **self._dimensioned(price_list, named),
            unit=per,
            line=number,
            method=method,
            price=None if price is None else Decimal(price),
            percent=None if percent is None else Decimal(percent),
            version=1,
        )

    def markup(self, price_list: UUID, percent: Figure, **named: Any) -> UUID:
        """Add a markup on role prices."""
        row = self._dimensioned(price_list, named)
        return self.add("operations_role_price_markup", **row, percent=Decimal(percent), version=1)

    def override(
        self,
        price_list: UUID,
        effective_from: date,
        *,
        price: Figure | None = None,
        percent: Figure | None = None,
        scope: Mapping[str, UUID] | None = None,
        per: str = "hour",
        **named: Any,
    ) -> UUID:
        """Add an override; ``scope`` is {"contract": key}, any other scope likewise, or nothing."""
        of = scope or {}
        return self.add(
            "operations_price_override",
            **self._dimensioned(price_list, named),
            target="markup" if price is None else "price",
            contract_id=of.get("contract"),
            quote_id=of.get("quote"),
            customer_id=of.get("customer"),
            subcontract_id=of.get("subcontract"),
            vendor_id=of.get("vendor"),
            scope_unit_id=of.get("unit"),
            effective_from=effective_from,
            unit=per,
            price=None if price is None else Decimal(price),
            percent=None if percent is None else Decimal(percent),
            version=1,
        )

    def product(self, unit_group: str = "piece") -> UUID:
        """Add a product of the catalogue."""
        code = self._code("operations_product")
        return self.add("operations_product", code=code, name=code, unit_group=unit_group, version=1)

    def item_price(
        self,
        kind: str,
        price_list: UUID,
        thing: UUID,
        unit: str,
        *,
        method: str = "price_per_unit",
        price: Figure | None = None,
        percent: Figure | None = None,
    ) -> UUID:
        """Add a price of a ``category`` or ``product``."""
        return self.add(
            f"operations_{kind}_price",
            price_list_id=price_list,
            unit=unit,
            method=method,
            price=None if price is None else Decimal(price),
            percent=None if percent is None else Decimal(percent),
            version=1,
            **{f"{kind}_id": thing},
        )


def declare(units: Units, dimensions: Dimensions, purchase: Mapping[str, int | None]) -> None:
    """Make these the units of measure and the pricing dimensions; ``purchase`` is their priority there."""
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("delete from operations_measure_unit")
        cursor.execute("delete from operations_pricing_dimension")
        cursor.executemany(
            "insert into operations_measure_unit (code, name, unit_group, size, version)"
            " values (%s, %s, %s, %s, %s)",
            [(code, code, group, size, 1) for code, (group, size) in units.items()],
        )
        cursor.executemany(
            "insert into operations_pricing_dimension"
            " (name, kind, cost_priority, sales_priority, purchase_priority, version)"
            " values (%s, %s, %s, %s, %s, %s)",
            [(name, *row, purchase.get(name), 1) for name, row in dimensions.items()],
        )
