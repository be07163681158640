"""What a chain of seals says when it is read again: no database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

CHANGED: Final = "changed"
MISSING: Final = "missing"
ADDED: Final = "added"
BROKEN: Final = "broken"
REPLACED: Final = "replaced"


@dataclass(frozen=True, slots=True)
class Link:
    """One seal as it was written, and what its batch holds now."""

    place: int
    vouchers: int
    entries: int
    content: str
    previous: str
    seal: str
    sealed_at: datetime
    vouchers_now: int
    entries_now: int
    content_now: str
    seal_now: str
    first_number: str
    last_number: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one batch, and the vouchers by which it is found.

    ``what``: changed (an entry or voucher says something else now), missing or added (fewer or more of them),
    broken (the seal is not the hash of what it names, or does not follow the one before it), replaced (it is
    not the seal that was known of this place).
    """

    place: int
    what: str
    first_number: str
    last_number: str


@dataclass(frozen=True, slots=True)
class Apart:
    """An account and date on which a kept total is not the sum of the ledger entries.

    ``measure``: debit, credit (both positive, in the accounting currency), reporting amount (debit positive),
    or number of entries; each set of dimension values is compared by itself.
    """

    account: str
    accounting_date: date
    measure: str
    total: Decimal
    entries: Decimal


@dataclass(frozen=True, slots=True)
class Verified:
    """What reading a company's books again found.

    ``waiting`` vouchers were posted but not sealed yet; ``outside`` ones are in no batch that was noted, or
    are entries without a voucher: they did not come through posting. ``place`` and ``seal`` are the end of
    the chain: to be kept elsewhere.
    """

    company: str
    seals: int
    vouchers: int
    entries: int
    place: int
    seal: str
    waiting: int
    outside: int
    first_outside: str
    faults: tuple[Fault, ...]
    apart: tuple[Apart, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was changed behind the program."""
        return not (self.faults or self.apart or self.outside)

    @property
    def said(self) -> str:
        """What is not as it was sealed, in words; empty when the books are sound."""
        kinds = Counter(fault.what for fault in self.faults)
        found = [f"{count} seals {what}" for what, count in sorted(kinds.items())]
        if self.outside:
            found.append(f"{self.outside} vouchers outside of posting, the first {self.first_outside}")
        if self.apart:
            found.append(f"{len(self.apart)} totals that are not the sum of their entries")
        return ", ".join(found)


def fault_of(link: Link, before: Link | None, known: str) -> Fault | None:
    """Return what is wrong with a seal, if anything.

    ``before`` is the one before it, ``known`` what it should be (empty: nobody says).
    """
    what = ""
    if known and link.seal != known:
        what = REPLACED
    elif (
        link.seal != link.seal_now
        or link.previous != (before.seal if before else "")
        or link.place != (before.place if before else 0) + 1
    ):
        what = BROKEN
    elif (link.vouchers_now, link.entries_now) < (link.vouchers, link.entries):
        what = MISSING
    elif (link.vouchers_now, link.entries_now) > (link.vouchers, link.entries):
        what = ADDED
    elif link.content_now != link.content:
        what = CHANGED
    return Fault(link.place, what, link.first_number, link.last_number) if what else None
