"""Which sales taxes are set up, and which of them a sale takes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp
from tieout.finance.taxes.rules import ItemTaxFrom, TaxGroupFrom, billing_tax_group, item_tax_group
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.finance.taxes"
_KNOWN: Final = {
    "sales_tax_code": sql.load(_PACKAGE, "known_sales_tax_code"),
    "sales_tax_group": sql.load(_PACKAGE, "known_sales_tax_group"),
}
_GROUPS: Final = sql.load(_PACKAGE, "groups_of_sales")
_TAXES: Final = sql.load(_PACKAGE, "taxes_of_groups")
SET_UP: Final = SetUp.of_stage(
    FINANCE,
    _PACKAGE,
    (
        "set_up_sales_tax_code",
        "set_up_sales_tax_group",
        "set_up_sales_tax_group_use",
        "set_up_item_sales_tax_group_use",
    ),
)
"""The set-up that is mastered here."""


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place, identifier of a code, kinds of a group.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(FINANCE, _KNOWN[entity], keys=keys)


@dataclass(frozen=True, slots=True)
class Sale:
    """What is billed, as far as its tax depends on it."""

    transaction_class: str
    project_id: UUID | None = None
    contract_id: UUID | None = None
    customer_id: UUID | None = None
    category_id: UUID | None = None
    product_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SalesTax:
    """The groups of a sale, empty where it has none, and the taxes that both hold: code and percent."""

    sales_tax_group: str
    item_sales_tax_group: str
    taxes: tuple[tuple[str, Decimal], ...]


def sales_taxes(*, actor: Actor, company: str, sales: Sequence[Sale]) -> list[SalesTax]:
    """Return what tax each of the sales of ``company`` takes, in their order (finance spec 2.11)."""
    permit(actor, Verb.READ, company)
    asked = json.dumps([{"place": place, **asdict(one)} for place, one in enumerate(sales)], default=str)
    found = sql.rows(FINANCE, _GROUPS, company=company, sales=asked)
    pairs = [_groups(one, row) for one, row in zip(sales, found, strict=True)]
    found_taxes: defaultdict[tuple[str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    of_pairs = sorted(set(pairs))
    asked_groups = {
        "tax_groups": [group for group, _ in of_pairs],
        "item_tax_groups": [group for _, group in of_pairs],
    }
    for row in sql.rows(FINANCE, _TAXES, company=company, **asked_groups):
        found_taxes[row["tax_group"], row["item_tax_group"]].append((row["tax_code"], row["percent"]))
    return [SalesTax(*pair, tuple(found_taxes[pair])) for pair in pairs]


def _groups(sale: Sale, row: dict[str, Any]) -> tuple[str, str]:
    payers = {one: row.get(one.value, "") for one in TaxGroupFrom}
    items = {one: row.get(one.value, "") for one in ItemTaxFrom}
    group = billing_tax_group(TaxGroupFrom(row["group_from"]), payers)
    return group, item_tax_group(sale.transaction_class, items)
