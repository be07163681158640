"""Entering set-up of finance: companies, currencies, rates, accounts, calendars, parameters, vendors.

A record is known by its key. A new one is added, one with other content is changed (its version rises, and
what travels is stated in the outbox), an equal one stays as it is: entering twice is entering once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.landing import Verdict
from tieout.database.locks import share_in_transaction, wait_in_transaction
from tieout.finance.ledgers.problems import PeriodNotOfCompany, PeriodStaysClosed
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.calendar import Module, PeriodStatus

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


_RIGHTS: Final[Mapping[str, Verb]] = {"period_status": Verb.SET_PERIOD_STATUS}
"""What entering needs besides the right to load."""
_NAMED: Final = sql.load("tieout.finance.ledgers", "periods_named")
_PERIODS: Final = "periods of a company"


def enter_set_up(*, actor: Actor, entity: str, companies: Collection[str], records: str) -> list[Verdict]:
    """Enter records of one entity in the caller's transaction; return what became of each.

    ``records`` is a JSON list; each has its number (``row``), the fields of the entity and the keys of what
    it refers to, and no two have the same key. ``companies`` are those that they belong to. Refused, as
    LOAD-210: other currencies of a company, another calendar while a period of its own is not open, other
    decimals of a currency, a closed period that opens, a period that is not open and changes its dates,
    the cut-off of beginning balances once a journal is posted.
    """
    for verb in (Verb.LOAD, *filter(None, [_RIGHTS.get(entity)])):
        permit(actor, verb)
        for company in companies:
            permit(actor, verb, company)
    if not connections[FINANCE].in_atomic_block:
        raise transaction.TransactionManagementError("set-up is entered in the caller's transaction")
    return [Verdict.from_row(row) for row in _entered(actor, entity, records)]


def set_period_status(
    *, actor: Actor, company: str, periods: Collection[UUID], module: Module | None, status: PeriodStatus
) -> int:
    """Give periods of a company a status, for one module or (None) for all; return how many changed.

    All of them or none: a permanently closed one stays closed (CFG-230), one of another calendar is not the
    company's (CFG-231). Each change is recorded with who made it.
    """
    permit(actor, Verb.SET_PERIOD_STATUS, company)
    with transaction.atomic(using=FINANCE, durable=True):
        wanted = list(dict.fromkeys(periods))
        named = {row["id"]: row["name"] for row in sql.rows(FINANCE, _NAMED, company=company, periods=wanted)}
        for period in wanted:
            if period not in named:
                raise PeriodNotOfCompany(company=company, period=str(period))
        records = [
            {"row": row, "company": company, "name_id": str(period), "module": module, "status": status}
            for row, period in enumerate(wanted)
        ]
        verdicts = _entered(actor, "period_status", json.dumps(records))
        for row in verdicts:
            if row["field"] is not None:
                words = status.replace("_", " ")
                raise PeriodStaysClosed(company=company, period=named[wanted[row["row"]]], status=words)
    return sum(row["outcome"] != "already there" for row in verdicts)


def keep_periods(company: str) -> None:
    """Keep the statuses of the periods of ``company`` as they are until the current transaction ends.

    Whoever posts asks for it before they ask which periods are open: what is closed meanwhile is closed when
    the posting is over, so that no voucher enters a period after it was closed.
    """
    share_in_transaction(FINANCE, _PERIODS, company)


def _entered(actor: Actor, entity: str, records: str) -> list[dict[str, Any]]:
    statement = _ENTER[entity]
    if entity == "period_status":
        for company in sorted({record["company"] for record in json.loads(records)}):
            wait_in_transaction(FINANCE, _PERIODS, company)
    who = {"changed_by": actor.name} if "changed_by" in statement.parameters else {}
    return sql.rows(FINANCE, statement, records=records, **who)
