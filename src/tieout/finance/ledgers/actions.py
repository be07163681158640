"""Entering set-up of finance: companies, currencies, rates, accounts, calendars, parameters, vendors.

A record is known by its key. A new one is added, one with other content is changed (its version rises, and
what travels is stated in the outbox), an equal one stays as it is: entering twice is entering once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.landing import Verdict
from tieout.kernel.access import Actor, Verb, permit

_STATEMENTS: Final = (
    "enter_currency",
    "enter_company",
    "enter_account",
    "enter_fiscal_period",
    "enter_period_status",
    "enter_exchange_rate",
    "enter_integration_parameters",
    "enter_line_property",
    "enter_number_sequence",
    "enter_posting_profile",
    "enter_payment_method",
    "enter_vendor",
)
_ENTER: Final = {
    name.removeprefix("enter_"): sql.load("tieout.finance.ledgers", name) for name in _STATEMENTS
}


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to. Refused, as
    LOAD-210: other currencies of a company, other decimals of a currency, a closed period that opens.
    """
    permit(actor, Verb.LOAD)
    for company in companies:
        permit(actor, Verb.LOAD, company)
    if not connections[FINANCE].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    return [Verdict.from_row(row) for row in sql.rows(FINANCE, _ENTER[entity], records=records)]
