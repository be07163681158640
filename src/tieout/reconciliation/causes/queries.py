"""Which cause a line or an actual has, and what money stands because of it (finance spec 3.9, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import RECONCILIATION
from tieout.kernel.access import Actor, Verb, permit
from tieout.reconciliation.causes.rules import (
    CAUSES,
    OF_LINES,
    ActualFigure,
    Beside,
    Caused,
    CauseFigure,
    CauseTerm,
)
from tieout.reconciliation.windows.rules import day_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tieout.reconciliation.causes.rules import CauseRow
    from tieout.reconciliation.windows.rules import Window

_PACKAGE: Final = "tieout.reconciliation.causes"


def figures(*, actor: Actor, company: str, window: Window) -> tuple[CauseFigure, ...]:
    """Return lines and cost by kind, state, primary cause, and whether the cost that came back differs.

    In the order of the taxonomy. Reconciled lines are among them where something of them is left to mend.
    """
    permit(actor, Verb.READ, company)
    found = _rows("figures", company=company, first_day=window.first_day, last_day=window.last_day)
    order = {row.cause: place for place, row in enumerate(CAUSES)}
    return tuple(
        CauseFigure(
            kind=row["kind"],
            state=row["state"],
            differs=row["differs"] == 1,
            cause=CAUSES.one(row["cause"]),
            lines=row["line_count"],
            amount=row["accounting_amount"],
            oldest=row["oldest"].date(),
        )
        for row in sorted(
            found, key=lambda row: (row["kind"], order[row["cause"]], row["state"], row["differs"])
        )
    )


def terms(*, actor: Actor, company: str, account: str, as_of: date) -> tuple[CauseTerm, ...]:
    """Return of which causes the balance of an integration account consists at the end of ``as_of``.

    A line contributes its cost if dated by then, less its credits dated by then, under its primary cause; one
    that is cleared on the other side of that day, under the period shift. Entries of no line have their own.
    """
    permit(actor, Verb.READ, company)
    found = {
        row["cause"]: row
        for row in _rows("terms", company=company, account=account, as_of_day=day_number(as_of))
    }
    return tuple(
        CauseTerm(
            row,
            found[row.cause]["line_count"],
            found[row.cause]["contribution"],
            None if found[row.cause]["oldest"] is None else found[row.cause]["oldest"].date(),
        )
        for row in CAUSES
        if row.cause in found
    )


def causes_of(*, actor: Actor, lines: Sequence[UUID]) -> dict[UUID, Caused]:
    """Return the causes of these source lines, of companies that the actor may see."""
    permit(actor, Verb.READ)
    rows = _rows("signs", lines=list(lines)) if lines else []
    seen = (row for row in rows if actor.companies is None or row["company_code"] in actor.companies)
    return {row["line_id"]: _caused(row) for row in seen}


def actuals(*, actor: Actor, company: str) -> tuple[ActualFigure, ...]:
    """Return why actuals of the company are not home, or came home otherwise, in the order of the causes."""
    permit(actor, Verb.READ, company)
    order = {row.cause: place for place, row in enumerate(CAUSES)}
    found = sorted(_rows("actuals", company=company), key=lambda row: order[row["cause"]])
    return tuple(
        ActualFigure(
            cause=CAUSES.one(row["cause"]),
            source_kind=row["source_kind"],
            transaction_type=row["transaction_type"],
            currency_code=row["currency_code"],
            of_line=row["of_line"],
            actuals=row["actuals"],
            amount=row["amount"],
            oldest=row["oldest"].date(),
        )
        for row in found
    )


def causes_of_actuals(*, actor: Actor, actual_ids: Sequence[UUID]) -> dict[UUID, CauseRow]:
    """Return the causes of those of these actuals that are not home, or came home otherwise.

    Those of companies that the actor may not see are left out.
    """
    permit(actor, Verb.READ)
    rows = _rows("causes_of_actuals", actual_ids=list(actual_ids)) if actual_ids else []
    seen = (row for row in rows if actor.companies is None or row["company_code"] in actor.companies)
    return {row["actual_id"]: CAUSES.one(row["cause"]) for row in seen}


def keys_lost(
    *, actor: Actor, company: str, beside: Beside, after: UUID | None = None, limit: int = 1_000
) -> tuple[UUID, ...]:
    """Return the next records beside what they belong to that are neither there nor owed, of any date.

    They were lost (RC-01f, RC-05, RC-19), or refused (RC-01h, RC-05c, RC-19c): whoever asks for Sync has
    both tried again, as with documents and actuals. In the order of their keys, after ``after``; none:
    these were all.
    """
    permit(actor, Verb.READ, company)
    found = _rows(beside.value, company=company, after=after or UUID(int=0), row_limit=limit)
    return tuple(row["key"] for row in found)


def _caused(row: dict[str, Any]) -> Caused:
    hold = [one for one in OF_LINES if row[str(one.sign)]]
    return Caused(row["line_id"], hold[0] if hold else None, tuple(_beside(hold)), row["waiting_since"])


def _beside(hold: list[Any]) -> list[Any]:
    """Return what holds beside the primary cause: not what only says less of the same hop."""
    first = hold[0] if hold else None
    return [one for one in hold[1:] if first is not None and one.sign not in _SAID_BY_ITS_HOP]


# These hold of every line that stands on their hop; a more exact sign of the same hop comes before them.
_SAID_BY_ITS_HOP: Final = frozenset(
    {
        "document_not_captured",
        "awaits_verification",
        "waits_for_approval",
        "actual_not_captured",
        "not_imported",
        "amount_differs",
        "write_back_in_flight",
    }
)


def _rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    return sql.rows(RECONCILIATION, sql.load(_PACKAGE, name), **parameters)
