"""What findings are made of: figures, grid rows, the terms of a balance.

Every amount is exact. ``accounting`` amounts are in the company's accounting currency; its code and digits
come with :class:`IntegrationAccount`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from tieout.reconciliation.checks.rules import Check, Kind, Reason, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID


class Position(NamedTuple):
    """Where a page ended: the grids go by day, then line."""

    day: int
    line_id: UUID


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of lines and their sum in accounting currency."""

    lines: int
    amount: Decimal

    def __add__(self, other: Figure) -> Figure:
        return Figure(self.lines + other.lines, self.amount + other.amount)


NOTHING = Figure(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class IntegrationAccount:
    """One integration account: of which company and kind, and the accounting currency with its digits."""

    company_code: str
    company_name: str
    kind: Kind
    account: str
    currency_code: str
    currency_digits: int


@dataclass(frozen=True, slots=True)
class StateFigure:
    """Lines of one kind, state and reason; ``differs``: reconciled, but at another cost."""

    kind: Kind
    state: State
    reason: Reason | None
    differs: bool
    figure: Figure


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of all views of one company and window; the views are sums of the same states."""

    states: tuple[StateFigure, ...]

    def view(self, kind: Kind, check: Check, reason: Reason | None = None) -> Figure:
        """Return lines and cost of a view, or of one reason within it."""
        return _sum(
            s.figure
            for s in self.states
            if s.kind is kind and _belongs(s, check) and (reason is None or s.reason is reason)
        )

    def reasons(self, kind: Kind, check: Check) -> dict[Reason, Figure]:
        """Return the figures of a view by reason, in the order of a line's way, without empty ones."""
        found = {reason: self.view(kind, check, reason) for reason in Reason}
        return {reason: figure for reason, figure in found.items() if figure.lines}

    def unreconciled(self, kind: Kind) -> Figure:
        """Return what a kind has unreconciled: missing actuals, missing journal lines (finance spec 3.4)."""
        return self.view(kind, Check.MISSING_ACTUALS) + self.view(kind, Check.MISSING_JOURNAL_LINES)


def _belongs(found: StateFigure, check: Check) -> bool:
    match check:
        case Check.ALL:
            return True
        case Check.AMOUNT_DIFFERENCES:
            return found.differs
        case _:
            return found.state.value == check.value


def _sum(figures: Iterable[Figure]) -> Figure:
    return sum(figures, NOTHING)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One source line as the grids show it (finance spec 3.1).

    ``amount`` is in ``currency_code`` at ``exchange_rate`` per 100, ``journal_amount`` in
    ``journal_currency``. ``actual``: an actual of it is in finance. ``journal_number`` and what follows are
    empty while there is no journal line, ``posted_at`` while it is not posted. ``last_retried_at`` is when
    Sync last asked for it or its actual again. ``reason`` is ``None`` when it
    is reconciled.
    """

    line_id: UUID
    day: int
    kind: Kind
    category_name: str
    party_account: str
    party_name: str
    document_id: UUID
    document_number: str
    line_number: int
    document_date: date
    accounting_date: date
    amount: Decimal
    currency_code: str
    exchange_rate: Decimal
    accounting_amount: Decimal
    voucher: str
    project_number: str
    project_name: str
    journal_number: str
    journal_amount: Decimal | None
    journal_currency: str
    journal_exchange_rate: Decimal | None
    journal_voucher: str
    posted_at: datetime | None
    last_retried_at: datetime | None
    actual: bool
    credited_amount: Decimal
    state: State
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a grid by day and line; ``after`` asks for the next page, ``None``: there is none."""

    rows: tuple[GridRow, ...]
    after: Position | None


@dataclass(frozen=True, slots=True)
class ResyncKey:
    """One record to send again: a line with its document, or one actual of the line."""

    line_id: UUID
    document_id: UUID
    actual_id: UUID | None


@dataclass(frozen=True, slots=True)
class ResyncKeys:
    """Keys of some lines; ``after`` asks for the next ones, ``None``: these were the last."""

    keys: tuple[ResyncKey, ...]
    after: Position | None


# What work cost in the books of a company: its own projects' cost, and the cost of what it lends to others.
COST_TYPES: Final = frozenset({"cost", "resourcing_unit_cost"})


@dataclass(frozen=True, slots=True)
class OutOfSync:
    """Actuals that should be in finance and are not, of one kind of document; amount in ``currency_code``."""

    source_kind: str
    transaction_type: str
    currency_code: str
    figure: Figure

    @property
    def is_cost(self) -> bool:
        """Whether the amount is cost; sales are counted, and their money is not added to it."""
        return self.transaction_type in COST_TYPES

    @property
    def is_of_document(self) -> bool:
        """Whether it comes from a document of finance, whose line stands in the views too."""
        return self.source_kind in set(Kind)


class Cause(StrEnum):
    """Why money stands on an integration account: the reason of an unreconciled line, or one of these.

    Cut-off: dated by then, cleared later. Early clear: cleared by then, dated later. Manual: neither a
    document nor an integration journal line. Orphan: a credit of no source line.
    """

    NOT_SYNCED_TO_OPERATIONS = Reason.NOT_SYNCED_TO_OPERATIONS.value
    NOT_APPROVED = Reason.NOT_APPROVED.value
    NO_ACTUAL = Reason.NO_ACTUAL.value
    ACTUAL_NOT_SYNCED_BACK = Reason.ACTUAL_NOT_SYNCED_BACK.value
    NOT_IMPORTED = Reason.NOT_IMPORTED.value
    DRAFT = Reason.DRAFT.value
    REFUSED = Reason.REFUSED.value
    AMOUNT_DIFFERENCE = "amount_difference"
    CUT_OFF = "cut_off"
    EARLY_CLEAR = "early_clear"
    MANUAL = "manual"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Term:
    """The part of a balance that has one cause; ``older`` is what of it stands before the window."""

    cause: Cause
    figure: Figure
    older: Figure


@dataclass(frozen=True, slots=True)
class Proof:
    """The balance of one integration account at the end of ``as_of`` and the terms it consists of.

    ``terms`` has one term per cause, zero or not. ``unexplained`` is what the terms do not explain: 0.00, or
    an alert (a document whose entry on the account is not the cost of its lines).
    """

    account: IntegrationAccount
    as_of: date
    balance: Decimal
    terms: tuple[Term, ...]

    @property
    def explained(self) -> Decimal:
        """The sum of the terms."""
        return _sum(term.figure for term in self.terms).amount

    @property
    def unexplained(self) -> Decimal:
        """The rest."""
        return self.balance - self.explained

    @property
    def older(self) -> Figure:
        """Unreconciled lines dated before the window; part of the terms, not added to them."""
        return _sum(term.older for term in self.terms)

    def term(self, cause: Cause) -> Figure:
        """Return lines and amount of one cause."""
        return next(term.figure for term in self.terms if term.cause is cause)
