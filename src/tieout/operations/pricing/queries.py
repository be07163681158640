"""Which price applies to an hour of work, and why; and which price lists are set up, by their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.pricing.rules import PriceReason

_PACKAGE: Final = "tieout.operations.pricing"
_COST: Final = sql.load(_PACKAGE, "cost_price")
_SALES: Final = sql.load(_PACKAGE, "sales_price")
_KNOWN: Final = {name.removeprefix("known_"): sql.load(_PACKAGE, name) for name in ("known_price_list",)}


@dataclass(frozen=True, slots=True)
class Price:
    """Price of one hour in ``currency_code``; 0 with the reason when there is none."""

    price: Decimal
    currency_code: str
    price_list_id: UUID | None
    role_price_id: UUID | None
    reason: PriceReason


def cost_price(*, actor: Actor, unit: UUID, role: UUID, resourcing_unit: UUID, on: date) -> Price:
    """Return what an hour of ``role`` from ``resourcing_unit`` costs the contracting ``unit``.

    In the unit's currency, converted on the date when its list has another (operations spec 3.2, 3.4). It is
    the answer that submission would record.
    """
    row = sql.one(OPERATIONS, _COST, unit=unit, role=role, resourcing_unit=resourcing_unit, on_date=on)
    return _price(actor, row)


def sales_price(*, actor: Actor, contract: UUID, role: UUID, resourcing_unit: UUID, on: date) -> Price:
    """Return what an hour of ``role`` is sold for, in the currency of ``contract`` (operations spec 3.3)."""
    row = sql.one(
        OPERATIONS, _SALES, contract=contract, role=role, resourcing_unit=resourcing_unit, on_date=on
    )
    return _price(actor, row)


def _price(actor: Actor, row: dict[str, Any]) -> Price:
    permit(actor, Verb.READ, row.pop("company_code"))
    return Price(**{**row, "reason": PriceReason(row["reason"])})


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier, what rules ask of it.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(OPERATIONS, _KNOWN[entity], keys=keys)
