"""The general ledger in the journal format of hledger, for ``hledger check`` as referee."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from tieout.exports.layout import Layout
from tieout.exports.text import ROOTS, AccountKind, figure, printable
from tieout.finance.vouchers.queries import LedgerEntry, PostedVoucher

# What means something to hledger in the first line of a transaction (comment, payee, end of the code) and in
# the value of a tag: its end, and a date in brackets, which moves the posting or stops the reading.
_NOT_IN_DESCRIPTION: Final = str.maketrans({";": ",", "|": "/", "(": "{", ")": "}"})
_NOT_IN_TAG: Final = str.maketrans({",": ";", "[": "{", "]": "}"})


class Hledger(Layout):
    """Writes the books of one company for hledger."""

    suffix = ".journal"

    def heading(self) -> Iterator[str]:
        """Yield the currency with its decimals, then each account with its type and first day."""
        yield f"; {printable(self.company.name or self.company.code)}\n\n"
        sample = figure(Decimal(1000), self.company.digits)
        yield f"commodity {sample}{'' if self.company.digits else '.'} {self.currency}\n\n"
        for account in self.accounts:
            kind = AccountKind.EQUITY if account.kind is None else AccountKind(account.kind)
            yield f"account {self.names[account.number]}\n"
            yield f"    ; type: {ROOTS.one(kind).hledger_type}\n"
            yield f"    ; number: {tag(account.number)}\n"
            yield f"    ; name: {tag(account.name or '')}\n"
            yield f"    ; opened: {account.opened}\n"

    def voucher(self, voucher: PostedVoucher) -> str:
        """Return one voucher as one transaction, its number as the transaction's code."""
        head = (
            f"\n{voucher.accounting_date} * ({description(voucher.number)})"
            f" {_kind(voucher.document_kind)}\n"
            f"    ; voucher: {_value(voucher.number)}\n"
            f"    ; document_kind: {tag(voucher.document_kind)}\n"
            f"    ; document_id: {voucher.document_id}\n"
            f"    ; posted_by: {tag(voucher.posted_by)}\n"
        )
        return head + "".join([self._posting(entry) for entry in voucher.entries])

    def _posting(self, entry: LedgerEntry) -> str:
        text = (
            f"    {self.names[entry.account]}  {self.accounting(entry)}\n"
            f"    ; posting_type: {tag(entry.posting_type)}\n"
        )
        if entry.project:
            text += f"    ; project: {tag(entry.project)}\n"
        if original := self.original(entry):
            text += f"    ; original: {original} {tag(entry.currency_code)}\n"
        return text

    def closing(self, day: date) -> Iterator[str]:
        """Yield a transaction of zeros that asserts each balance."""
        zero = figure(Decimal(0), self.company.digits)
        yield f"\n{day} * closing balances\n"
        for account in self.accounts:
            balance = figure(account.balance, self.company.digits)
            yield f"    {self.names[account.number]}  {zero} {self.currency} = {balance} {self.currency}\n"


def description(text: str) -> str:
    """Return ``text`` for the first line of a transaction: no comment, payee or end of code inside."""
    return printable(text).translate(_NOT_IN_DESCRIPTION)


@lru_cache(maxsize=256)
def _kind(document_kind: str) -> str:
    return description(document_kind)


@lru_cache(maxsize=4096)  # the same few kinds, posting types, users and projects on every line
def tag(text: str) -> str:
    """Return ``text`` as the value of a tag: it reaches to the end of its line, and names no date."""
    return _value(text)


def _value(text: str) -> str:
    return printable(text).translate(_NOT_IN_TAG)
