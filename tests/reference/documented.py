"""Draws what finance posted: lines of vendor invoices and expense reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from tests.reference.chance import Chance
from tests.reference.ledger.work import Firm
from tests.reference.world import DIGITS

UNKNOWN: Final = "ZZZ"  # a currency that is nowhere set up


def draw_document(
    chance: Chance,
    firm: Firm,
    projects: Sequence[UUID],
    kinds: Sequence[UUID],
    days: Sequence[date],
    companies: Sequence[str],
) -> None:
    """Draw one line of a document and land it; its references are mostly right."""
    project = chance.rarely(firm.missing_project, chance.one(projects))
    known = firm.of("project", project)
    currency = chance.rarely(UNKNOWN, chance.one(DIGITS))
    is_expense = chance.is_one_in(2)
    given: dict[str, Any] = {
        "company_code": chance.rarely(chance.one(companies), known["company_code"] if known else "GB01"),
        "currency_code": currency,
        "quantity": chance.number(-99, 99, 3),
        "unit_price": chance.price(),
        "exchange_rate": chance.number(1, 200, 6),
        "exchange_rate_date": chance.one(days),
        "accounting_amount": chance.number(-5000, 5000, 2),
        "transaction_date": chance.one(days),
        "accounting_date": chance.one(days),
        # Deliveries of two maps share one numbering.
        "batch_id": chance.one((1, 2)) + 2 * is_expense,
    }
    category = chance.rarely(firm.missing_project, chance.one(kinds))
    amount = chance.number(-5000, 5000, DIGITS.get(currency, 2))
    if is_expense:
        given["resource_code"] = firm.prefix + chance.one(("resource-1", "resource-2", "nobody"))
        firm.expense(project, category, amount, **given)
    else:
        given["unit"] = chance.one(("each", "each", "each", "mile"))
        firm.vendor_invoice_line(project, category, amount, **given)
    firm.land("msdyn_expenses" if is_expense else "msdyn_projectvendorinvoicelines", given["batch_id"])
