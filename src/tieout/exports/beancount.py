"""The general ledger in the language of beancount (version 3), for ``bean-check`` as referee.

``tolerance_multiplier`` 0 and ``~ 0`` make the referee exact: by default it lets half a unit of the last
decimal pass in a transaction, and a whole one in a balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from tieout.exports.layout import Layout
from tieout.exports.text import figure, is_currency, printable
from tieout.finance.vouchers.queries import LedgerEntry, PostedVoucher


class Beancount(Layout):
    """Writes the books of one company for beancount."""

    suffix = ".beancount"

    def heading(self) -> Iterator[str]:
        """Yield options, then each account opened on the day of its first entry."""
        yield f'option "title" {quoted(self.company.name or self.company.code)}\n'
        yield f'option "operating_currency" {quoted(self.currency)}\n'
        yield 'option "tolerance_multiplier" "0"\n\n'
        for account in self.accounts:
            yield f"{account.opened} open {self.names[account.number]} {self.currency}\n"
            yield f"  number: {quoted(account.number)}\n"
            yield f"  name: {quoted(account.name or '')}\n"

    def voucher(self, voucher: PostedVoucher) -> str:
        """Return one voucher as one transaction, told apart by its number."""
        number, kind = _inside_quotes(voucher.number), _inside_quotes(voucher.document_kind)
        head = (
            f'\n{voucher.accounting_date} * "{number} {kind}"\n'
            f'  voucher: "{number}"\n'
            f'  document_kind: "{kind}"\n'
            f'  document_id: "{voucher.document_id}"\n'
            f"  posted_by: {quoted(voucher.posted_by)}\n"
        )
        return head + "".join([self._posting(entry) for entry in voucher.entries])

    def _posting(self, entry: LedgerEntry) -> str:
        text = (
            f"  {self.names[entry.account]}  {self.accounting(entry)}\n"
            f"    posting_type: {quoted(entry.posting_type)}\n"
        )
        if entry.project:
            text += f"    project: {quoted(entry.project)}\n"
        if original := self.original(entry):
            given = f"{original} {entry.currency_code}"
            text += f"    original: {given if is_currency(entry.currency_code) else quoted(given)}\n"
        return text

    def closing(self, day: date) -> Iterator[str]:
        """Yield a balance directive per account; beancount takes it at the beginning of its day."""
        yield "\n"
        for account in self.accounts:
            balance = figure(account.balance, self.company.digits)
            yield f"{day} balance {self.names[account.number]}  {balance} ~ 0 {self.currency}\n"


@lru_cache(maxsize=4096)  # the same few kinds, posting types, users and projects on every line
def quoted(text: str) -> str:
    """Return ``text`` as a string of beancount, on one line."""
    return f'"{_inside_quotes(text)}"'


def _inside_quotes(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')
