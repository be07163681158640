"""What every language of plain text accounting is asked to write of a company's books."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Final

from tieout.exports.text import account_name, figure
from tieout.finance.vouchers.queries import Books, LedgerEntry, PostedVoucher


class Layout(ABC):
    """Writes the books of one company in one language; each method gives whole lines."""

    suffix: ClassVar[str]

    def __init__(self, books: Books) -> None:
        self.company: Final = books.company
        self.currency: Final = books.company.currency_code
        self.accounts: Final = books.accounts
        self.names: Final = {
            one.number: account_name(one.number, one.name, one.kind) for one in books.accounts
        }
        self._currency_digits: Final = books.currency_digits

    @abstractmethod
    def heading(self) -> Iterator[str]:
        """Yield what stands before the first voucher: options, and each account once with its first day."""

    @abstractmethod
    def voucher(self, voucher: PostedVoucher) -> str:
        """Return one voucher as one transaction."""

    @abstractmethod
    def closing(self, day: date) -> Iterator[str]:
        """Yield an assertion of the balance of each account as ``day`` begins."""

    def accounting(self, entry: LedgerEntry) -> str:
        """Return what is posted: the amount in accounting currency, exactly."""
        return f"{figure(entry.accounting_amount, self.company.digits)} {self.currency}"

    def original(self, entry: LedgerEntry) -> str:
        """Return the amount as it was given, without its currency; empty if that is the accounting one."""
        if entry.currency_code == self.currency:
            return ""
        return figure(entry.amount, self._currency_digits.get(entry.currency_code, 0))

    def day_after_the_last(self) -> date | None:
        """Return the day on which the balances hold; None when nothing was ever posted."""
        last = max((one.last_posted for one in self.accounts), default=None)
        return None if last is None else last + timedelta(days=1)
