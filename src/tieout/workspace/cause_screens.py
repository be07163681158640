"""Causes on the screens: of each row of a grid, of a whole view, of a trace; and the grid as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.urls import reverse

from tieout.kernel.access import Actor
from tieout.reconciliation.causes import queries as causes
from tieout.reconciliation.causes.rules import CAUSES, Caused, CauseFigure, CauseRow, MendedAt, Standing
from tieout.reconciliation.checks.rules import Check, Kind
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.findings.rules import Figure, GridRow
from tieout.reconciliation.windows.rules import Window
from tieout.workspace.filters import Asked
from tieout.workspace.grid_files import Value

ROWS_AT_ONCE: Final = 1_000
STANDING_WORDS: Final = {
    Standing.ERROR: "error",
    Standing.WAITING: "waits",
    Standing.IN_FLIGHT: "in flight",
    Standing.ENTRY: "entry",
}
HEADER: Final = (
    "Kind",
    "Document",
    "Line number",
    "Accounting date",
    "Waiting since",
    "Age (days)",
    "Amount",
    "Currency",
    "Accounting amount",
    "Voucher",
    "Project ID",
    "Journal",
    "Journal voucher",
    "Credited",
    "Difference",
    "Cause",
    "Cause in words",
    "Error",
    "Remedy",
    "Other causes",
    "Record",
)


@dataclass(frozen=True, slots=True)
class CauseWords:
    """One cause in words; ``url`` opens the screen that mends it, empty where there is none.

    ``age`` is for how many days its line has waited, where that was asked.
    """

    row: CauseRow
    url: str
    age: int | None = None

    @property
    def standing(self) -> str:
        """Whether it is an error, or what it waits for."""
        return STANDING_WORDS.get(self.row.standing, "")


@dataclass(frozen=True, slots=True)
class CauseChoice:
    """One cause that occurs in a view, with its figure; ``url`` leaves only its rows."""

    row: CauseRow
    figure: Figure
    oldest: date
    url: str
    chosen: bool


_OF_COMPANY: Final = {
    MendedAt.APPROVE: "approvals",
    MendedAt.VERIFY: "verification",
    MendedAt.IMPORT: "staging",
    MendedAt.JOURNAL: "integration-journals",
}


def words_of(row: CauseRow, company: str = "") -> CauseWords:
    """Return a cause with the address of the screen that mends it; empty where its remedy says it all.

    Screens of one company are named where it is said; in its own grids Sync and the tabs stand beside.
    """
    if company and row.mended_at in _OF_COMPANY:
        return CauseWords(row, reverse(_OF_COMPANY[row.mended_at], args=[company]))
    match row.mended_at:
        case MendedAt.MAPS:
            return CauseWords(row, reverse("maps"))
        case MendedAt.ACCOUNTS:
            return CauseWords(row, reverse("set-up-list", args=["integration_parameters"]))
        case _:
            return CauseWords(row, "")


def causes_of_rows(actor: Actor, rows: Sequence[GridRow], today: date) -> dict[UUID, CauseWords]:
    """Return the primary cause of each row that has one, and how long it has waited."""
    found = causes.causes_of(actor=actor, lines=[row.line_id for row in rows])
    return {
        key: replace(words_of(one.primary), age=one.age(today))
        for key, one in found.items()
        if one.primary is not None
    }


def caused(actor: Actor, line_id: UUID) -> Caused | None:
    """Return the causes of one source line; None for what is no source line."""
    return causes.causes_of(actor=actor, lines=[line_id]).get(line_id)


def figures_of_view(actor: Actor, asked: Asked, window: Window) -> list[CauseFigure]:
    """Return the causes that occur in the view of a grid, the one that is chosen or not."""
    found = causes.figures(actor=actor, company=asked.company, window=window)
    return [one for one in found if one.kind == asked.kind.value and _is_in(one, asked.check)]


def choices(asked: Asked, found: Sequence[CauseFigure]) -> list[CauseChoice]:
    """Return what can be chosen, each cause once, in the order of the taxonomy."""
    by_cause: dict[str, list[CauseFigure]] = {}
    for one in found:
        by_cause.setdefault(one.cause.cause, []).append(one)
    return [
        CauseChoice(
            row=CAUSES.one(cause),
            figure=_sum(ones),
            oldest=min(one.oldest for one in ones),
            url=asked.url(cause="" if cause == asked.cause else cause, reason=None),
            chosen=cause == asked.cause,
        )
        for cause, ones in by_cause.items()
    ]


def figure_of_cause(asked: Asked, found: Sequence[CauseFigure]) -> Figure:
    """Return lines and cost of the cause that is chosen."""
    return _sum([one for one in found if one.cause.cause == asked.cause])


def file_rows(actor: Actor, asked: Asked, today: date) -> Iterator[tuple[Value, ...]]:
    """Yield every row of the view, whatever page is shown; a thousand are held at a time."""
    after = None
    while True:
        found = findings.page(
            actor=actor,
            company=asked.company,
            kind=asked.kind,
            check=asked.check,
            window=asked.looked_at(today),
            after=after,
            limit=ROWS_AT_ONCE,
            reason=asked.reason,
            cause=asked.cause,
        )
        known = causes.causes_of(actor=actor, lines=[row.line_id for row in found.rows])
        for row in found.rows:
            yield _file_row(row, known.get(row.line_id), today)
        if found.after is None:
            return
        after = found.after


def _file_row(row: GridRow, of_line: Caused | None, today: date) -> tuple[Value, ...]:
    primary = of_line.primary if of_line else None
    return (
        "Expense" if row.kind is Kind.EXPENSE else "Vendor invoice line",
        row.document_number,
        row.line_number,
        row.accounting_date,
        of_line.waiting_since.date() if of_line and primary else None,
        of_line.age(today) if of_line and primary else None,
        row.amount,
        row.currency_code,
        row.accounting_amount,
        row.voucher,
        row.project_number,
        row.journal_number,
        row.journal_voucher,
        row.credited_amount,
        row.accounting_amount - row.credited_amount,
        primary.cause if primary else "",
        primary.name if primary else "",
        primary.is_error if primary else None,
        (primary.remedy or "") if primary else "",
        " ".join(one.cause for one in of_line.secondary) if of_line else "",
        row.line_id,
    )


def _is_in(found: CauseFigure, check: Check) -> bool:
    match check:
        case Check.ALL:
            return True
        case Check.AMOUNT_DIFFERENCES:
            return found.differs
        case _:
            return found.state == check.value


def _sum(found: Sequence[CauseFigure]) -> Figure:
    return Figure(sum(one.lines for one in found), sum((one.amount for one in found), Decimal(0)))
