"""Balances of the general ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit

_BALANCE: Final = sql.load("tieout.finance.vouchers", "balance")
_TRIAL_BALANCE: Final = sql.load("tieout.finance.vouchers", "trial_balance")


@dataclass(frozen=True, slots=True)
class Balance:
    """Debits minus credits of one account in the company's accounting and reporting currency."""

    accounting_amount: Decimal
    reporting_amount: Decimal
    entries: int


@dataclass(frozen=True, slots=True)
class AccountBalance(Balance):
    """The balance of one account of a trial balance; ``name`` is None for an account that is not set up."""

    account: str
    name: str | None


def account_balance(*, actor: Actor, company: str, account: str, as_of: date) -> Balance:
    """Return the balance of ``account`` at the end of ``as_of`` by accounting date; zero if never posted to."""
    permit(actor, Verb.READ, company)
    return Balance(**sql.one(FINANCE, _BALANCE, company=company, account=account, as_of=as_of))


def trial_balance(*, actor: Actor, company: str, as_of: date) -> list[AccountBalance]:
    """Return the balance of each account of ``company`` at the end of ``as_of``; both columns sum to zero."""
    permit(actor, Verb.READ, company)
    return [AccountBalance(**row) for row in sql.rows(FINANCE, _TRIAL_BALANCE, company=company, as_of=as_of)]
