"""Balances of the general ledger, and its vouchers as a stream."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit

_BALANCE: Final = sql.load("tieout.finance.vouchers", "balance")
_TRIAL_BALANCE: Final = sql.load("tieout.finance.vouchers", "trial_balance")
_SNAPSHOT: Final = sql.load("tieout.finance.vouchers", "export_snapshot")
_COMPANIES: Final = sql.load("tieout.finance.vouchers", "export_companies")
_CURRENCIES: Final = sql.load("tieout.finance.vouchers", "export_currencies")
_ACCOUNTS: Final = sql.load("tieout.finance.vouchers", "export_accounts")
_VOUCHERS: Final = sql.load("tieout.finance.vouchers", "export_vouchers")

BATCH: Final = 5_000  # ledger entries that one fetch from the server's cursor holds in memory


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
    """Return the balance of ``account`` at the end of day ``as_of``; zero if it was never posted to."""
    permit(actor, Verb.READ, company)
    return Balance(**sql.one(FINANCE, _BALANCE, company=company, account=account, as_of=as_of))


def trial_balance(*, actor: Actor, company: str, as_of: date) -> list[AccountBalance]:
    """Return the balance of each account of ``company`` at the end of ``as_of``; both columns sum to zero."""
    permit(actor, Verb.READ, company)
    return [AccountBalance(**row) for row in sql.rows(FINANCE, _TRIAL_BALANCE, company=company, as_of=as_of)]


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """One company that keeps books; ``digits`` are the decimals of its accounting currency."""

    code: str
    name: str
    currency_code: str
    digits: int


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account that was posted to, from the day of its first entry to that of its last.

    ``name`` and ``kind`` (asset, liability, equity, revenue, expense) are None for an account that is not
    set up. ``balance`` is debits minus credits in the accounting currency, summed by the database.
    """

    number: str
    name: str | None
    kind: str | None
    opened: date
    last_posted: date
    balance: Decimal


class LedgerEntry(NamedTuple):
    """One line of a voucher: debit positive, in accounting currency and as it was given."""

    account: str
    posting_type: str
    accounting_amount: Decimal
    amount: Decimal
    currency_code: str
    project: str


class PostedVoucher(NamedTuple):
    """One voucher with its entries in the order of their numbers; it may have none (No ledger).

    ``document_id`` is the UUID of the document in its usual writing.
    """

    number: str
    accounting_date: date
    document_kind: str
    document_id: str
    posted_by: str
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """The general ledger of one company as it stood at one moment.

    ``vouchers`` can be read once, while the books are open; it holds ``BATCH`` entries in memory.
    ``currency_digits`` says the decimals of each currency that is set up.
    """

    company: LegalEntity
    currency_digits: dict[str, int]
    accounts: list[LedgerAccount]
    vouchers: Iterator[PostedVoucher]


def companies_to_export(*, actor: Actor) -> list[LegalEntity]:
    """Return the companies whose books ``actor`` may export, by code."""
    permit(actor, Verb.EXPORT)
    found = (LegalEntity(**row) for row in sql.rows(FINANCE, _COMPANIES))
    return [one for one in found if actor.companies is None or one.code in actor.companies]


@contextmanager
def open_books(*, actor: Actor, company: str) -> Iterator[Books | None]:
    """Open the books of ``company`` for one reading; None when no such company is set up.

    All that is read while they are open belongs to one snapshot, so that the balances are those of the
    vouchers although posting goes on meanwhile.
    """
    permit(actor, Verb.EXPORT, company)
    with transaction.atomic(using=FINANCE, durable=True):
        sql.run(FINANCE, _SNAPSHOT)
        entities = {row["code"]: LegalEntity(**row) for row in sql.rows(FINANCE, _COMPANIES)}
        if company not in entities:
            yield None
            return
        with closing(_voucher_rows(company)) as rows:
            yield Books(
                company=entities[company],
                currency_digits={row["code"]: row["digits"] for row in sql.rows(FINANCE, _CURRENCIES)},
                accounts=[LedgerAccount(**row) for row in sql.rows(FINANCE, _ACCOUNTS, company=company)],
                vouchers=_vouchers(rows),
            )


def _vouchers(rows: Iterable[tuple[Any, ...]]) -> Iterator[PostedVoucher]:
    """Yield one voucher for the rows of each voucher id; the columns are those of ``export_vouchers``."""
    for _, lines in groupby(rows, key=itemgetter(0)):
        found = list(lines)
        number, accounting_date, kind, document, posted_by, line_no = found[0][1:7]
        entries = () if line_no is None else tuple(LedgerEntry(*line[7:]) for line in found)
        yield PostedVoucher(number, accounting_date, kind, document, posted_by, entries)


def _voucher_rows(company: str) -> Generator[tuple[Any, ...], None, None]:
    """Yield the rows of ``export_vouchers`` as a cursor on the server brings them, ``BATCH`` at a time."""
    with connections[FINANCE].chunked_cursor() as cursor:
        cursor.execute(_VOUCHERS.text, {"company": company})
        while rows := cursor.fetchmany(BATCH):
            yield from rows
