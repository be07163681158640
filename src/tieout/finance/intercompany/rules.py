"""What is asked of intercompany invoices, and what a run of them did: no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tieout.kernel.problems import ProblemText

FIRST_LINE: Final[Mapping[str, Any]] = {
    "after_company": "",
    "after_currency": "",
    "after_project": UUID(int=0),
    "after_credit": False,
    "after_line": UUID(int=0),
}
"""Before every line that can be invoiced."""

INVOICES_TOLD_MAX: Final = 1_000  # one by one; all are counted


@dataclass(frozen=True, slots=True)
class LentWork:
    """What is to be invoiced: of one borrower or project, or of all; one invoice per project, or borrower."""

    borrowing_company: str = ""
    project: str = ""
    by_project: bool = False


@dataclass(frozen=True, slots=True)
class Invoiced:
    """One invoice or credit note: posted under ``voucher``, previewed without, or refused by a problem.

    ``digits``: decimals of its currency. ``tax_amount``: the sales tax on top of ``amount``.
    """

    borrowing_company: str
    currency_code: str
    digits: int
    project: str
    is_credit: bool
    lines: int
    amount: Decimal
    accounting_amount: Decimal
    number: str
    voucher: str
    problem: ProblemText | None
    tax_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PostedInvoices:
    """What one run invoiced, in the lender's accounting currency, and how many invoices it refused.

    ``invoices`` are the first of them, refused ones among them; ``borrowers`` have something to receive.
    """

    posted: int = 0
    lines: int = 0
    accounting_amount: Decimal = Decimal(0)
    refused: int = 0
    invoices: tuple[Invoiced, ...] = ()
    borrowers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, invoices: Sequence[Invoiced]) -> PostedInvoices:
        """Return what a batch did."""
        good = [one for one in invoices if one.problem is None]
        return cls(
            posted=len(good),
            lines=sum(one.lines for one in good),
            accounting_amount=sum((one.accounting_amount for one in good), Decimal(0)),
            refused=len(invoices) - len(good),
            invoices=tuple(invoices[:INVOICES_TOLD_MAX]),
            borrowers=frozenset(one.borrowing_company for one in good),
        )

    def __add__(self, other: PostedInvoices) -> PostedInvoices:
        return PostedInvoices(
            self.posted + other.posted,
            self.lines + other.lines,
            self.accounting_amount + other.accounting_amount,
            self.refused + other.refused,
            (*self.invoices, *other.invoices)[:INVOICES_TOLD_MAX],
            self.borrowers | other.borrowers,
        )


@dataclass(frozen=True, slots=True)
class MadeVendorInvoices:
    """How many pending vendor invoices one run made, and how many it refused."""

    made: int = 0
    refused: int = 0

    def __add__(self, other: MadeVendorInvoices) -> MadeVendorInvoices:
        return MadeVendorInvoices(self.made + other.made, self.refused + other.refused)


@dataclass(frozen=True, slots=True)
class PostedVendorInvoices:
    """What one run posted, in the borrower's accounting currency, and how many invoices it refused."""

    invoices: int = 0
    lines: int = 0
    accounting_amount: Decimal = Decimal(0)
    refused: int = 0

    def __add__(self, other: PostedVendorInvoices) -> PostedVendorInvoices:
        return PostedVendorInvoices(
            self.invoices + other.invoices,
            self.lines + other.lines,
            self.accounting_amount + other.accounting_amount,
            self.refused + other.refused,
        )
