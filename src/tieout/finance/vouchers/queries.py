"""Balances of the general ledger, and its vouchers as a stream."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
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
_ENTRIES: Final = sql.load("tieout.finance.vouchers", "account_entries")
_VOUCHER: Final = sql.load("tieout.finance.vouchers", "voucher")
_VOUCHER_ENTRIES: Final = sql.load("tieout.finance.vouchers", "voucher_entries")
_RELATED: Final = sql.load("tieout.finance.vouchers", "related_vouchers")
_SNAPSHOT: Final = sql.load("tieout.finance.vouchers", "export_snapshot")
_COMPANIES: Final = sql.load("tieout.finance.vouchers", "export_companies")
_CURRENCIES: Final = sql.load("tieout.finance.vouchers", "export_currencies")
_ACCOUNTS: Final = sql.load("tieout.finance.vouchers", "export_accounts")
_VOUCHERS: Final = sql.load("tieout.finance.vouchers", "export_vouchers")

BATCH: Final = 5_000  # ledger entries that one fetch from the server's cursor holds in memory
PAGE: Final = 50  # ledger entries of an account that one question answers
FIRST_DAY: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Balance:
    """Debits minus credits of one account in the company's accounting and reporting currency."""

    accounting_amount: Decimal
    reporting_amount: Decimal
    entries: int


@dataclass(frozen=True, slots=True)
class AccountBalance(Balance):
    """One account of a trial balance; ``name`` is None for an account that is not set up.

    ``opening`` stood there before the window, ``debit`` and ``credit`` (both positive) were posted within it,
    all in the accounting currency; the balances are those of its last day.
    """

    account: str
    name: str | None
    opening: Decimal
    debit: Decimal
    credit: Decimal


def account_balance(*, actor: Actor, company: str, account: str, as_of: date) -> Balance:
    """Return the balance of ``account`` at the end of day ``as_of``; zero if it was never posted to."""
    permit(actor, Verb.READ, company)
    return Balance(**sql.one(FINANCE, _BALANCE, company=company, account=account, as_of=as_of))


def trial_balance(
    *, actor: Actor, company: str, as_of: date, since: date = FIRST_DAY
) -> list[AccountBalance]:
    """Return each account of ``company`` from ``since`` to the end of ``as_of``; balances sum to zero."""
    permit(actor, Verb.READ, company)
    rows = sql.rows(FINANCE, _TRIAL_BALANCE, company=company, since=since, as_of=as_of)
    return [AccountBalance(**row) for row in rows]


class Place(NamedTuple):
    """Where an entry stands in the order of posting."""

    voucher_id: int
    line_no: int


BEFORE_ALL: Final = Place(0, 0)


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One ledger entry of an account: debit positive, as it was given and in both currencies of the books."""

    voucher_id: int
    line_no: int
    voucher: str
    accounting_date: date
    document_kind: str
    posting_type: str
    amount: Decimal
    currency_code: str
    accounting_amount: Decimal
    reporting_amount: Decimal
    project: str

    @property
    def place(self) -> Place:
        """Where it stands in the order of posting."""
        return Place(self.voucher_id, self.line_no)


def account_entries(
    *, actor: Actor, company: str, account: str, first: date, last: date, after: Place = BEFORE_ALL
) -> list[AccountEntry]:
    """Return the next ``PAGE`` entries of ``account`` dated within the window, in the order of posting."""
    permit(actor, Verb.READ, company)
    rows = sql.rows(
        FINANCE,
        _ENTRIES,
        company=company,
        account=account,
        first=first,
        last=last,
        after_voucher=after.voucher_id,
        after_line=after.line_no,
        row_limit=PAGE,
    )
    return [AccountEntry(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class VoucherEntry:
    """One ledger entry of a voucher, debit positive; ``name`` is empty for an account that is not set up.

    ``digits``: decimals of the currency of ``amount``.
    """

    line_no: int
    account: str
    name: str
    posting_type: str
    amount: Decimal
    currency_code: str
    digits: int
    accounting_amount: Decimal
    reporting_amount: Decimal
    project: str
    dimensions: str


@dataclass(frozen=True, slots=True)
class RelatedVoucher:
    """A voucher that belongs to another.

    ``relation``: clears (a document's voucher), takes back, taken back by, moves, moved by (Post costs).
    """

    relation: str
    number: str
    accounting_date: date
    document_kind: str


@dataclass(frozen=True, slots=True)
class OneVoucher:
    """One voucher with its entries; it may have none (No ledger).

    ``document`` is the number of the invoice, expense report or journal; of a journal,
    ``journal_line`` and ``transaction_date`` say which line. ``moved_to`` is filled where costs were moved.
    ``seal_place`` is None until its posting batch is sealed.
    """

    id: int
    number: str
    accounting_date: date
    document_kind: str
    posted_by: str
    posted_at: datetime
    document: str
    journal_line: int | None
    transaction_date: date | None
    moved_to: str
    seal_place: int | None
    entries: tuple[VoucherEntry, ...]
    related: tuple[RelatedVoucher, ...]


def voucher(*, actor: Actor, company: str, number: str) -> OneVoucher | None:
    """Return the voucher ``number`` of ``company``; None where there is none."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _VOUCHER, company=company, number=number)
    if not found:
        return None
    key = found[0]["id"]
    return OneVoucher(
        **found[0],
        entries=tuple(VoucherEntry(**row) for row in sql.rows(FINANCE, _VOUCHER_ENTRIES, voucher=key)),
        related=tuple(
            RelatedVoucher(**row) for row in sql.rows(FINANCE, _RELATED, company=company, voucher=key)
        ),
    )


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
