"""Draws what is bought: subcontracts, which entries name them, and the price and tax that are typed."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from tests.reference.chance import Chance
from tests.reference.ledger.work import Firm
from tests.reference.world import DIGITS

CONTEXTS: Final = {"unit": "cost", "subcontract": "purchase", "vendor": "purchase"}
STATUSES: Final = ("draft", "confirmed", "closed", "cancelled")


def draw_subcontract(chance: Chance, firm: Firm, company: str, currency: str) -> None:
    """Draw a subcontract of a company, often in its currency, mostly confirmed; a vendor may have several."""
    status = chance.rarely(chance.one(STATUSES), "confirmed")
    vendors = [one["id"] for one in firm.own("vendor") if one["company_code"] == company]
    firm.subcontract(company, chance.one((currency, *DIGITS)), status, vendor=chance.one((None, *vendors)))


def draw_bought(chance: Chance, firm: Firm, company: str) -> UUID | None:
    """Draw which subcontract an entry of a company names; rarely another company's."""
    found = [
        one["id"] for one in firm.own("subcontract") if one["company_code"] == company or chance.is_one_in(12)
    ]
    return chance.one(found) if found and not chance.is_one_in(3) else None


def draw_money(chance: Chance, *, is_product: bool) -> dict[str, Any]:
    """Draw a typed price or none; what no price list knows may have a tax."""
    typed: dict[str, Any] = {}
    if not chance.is_one_in(3):
        typed |= {"typed_price": chance.price(), "currency": chance.one(DIGITS)}
    if not is_product and chance.is_one_in(2):
        typed = {"currency": chance.one(DIGITS)} | typed
        typed["tax"] = chance.number(-20, 100, DIGITS[typed["currency"]])
    return typed
