"""What the world came to: what is open and why, that the accounts tie out, how far everything has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from tieout.finance.ledgers.queries import companies
from tieout.kernel.access import Actor
from tieout.reconciliation.checks.rules import REASONS, Check, Kind, Reason
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.findings.rules import COST_TYPES, Figure, Proof
from tieout.reconciliation.traces import queries as traces
from tieout.reconciliation.traces.rules import Stage
from tieout.reconciliation.windows.queries import preset
from tieout.reconciliation.windows.rules import Window

_NO_TYPE: Final = ""  # a document line, on its way to operations


@dataclass(frozen=True, slots=True)
class OpenLines:
    """Unreconciled lines of one kind and reason, with the words of both; money in accounting currency."""

    kind: Kind
    reason: Reason
    label: str
    remedy: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class CompanySummary:
    """One company: what is open in its preset window, and the proof of balance of both accounts."""

    code: str
    name: str
    currency: str
    window: Window
    open_lines: tuple[OpenLines, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class HopFigure:
    """How many documents' lines, or cost actuals of all sources, of one company reached a hop.

    ``amount`` in accounting currency; None where not all of them have one there.
    """

    company: str
    stage: Stage
    records: int
    amount: Decimal | None


def summaries(*, actor: Actor, today: date) -> tuple[CompanySummary, ...]:
    """Return the summary of each company that ``actor`` may see, as the workspace opens on ``today``."""
    return tuple(
        _summary(actor, one.code, one.name, one.accounting_currency, today) for one in companies(actor=actor)
    )


def _summary(actor: Actor, code: str, name: str, currency: str, today: date) -> CompanySummary:
    window = preset(actor=actor, company=code, today=today)
    totals = findings.totals(actor=actor, company=code, window=window)
    open_lines = tuple(
        OpenLines(kind, reason, REASONS.one(reason, kind).label, REASONS.one(reason, kind).remedy, figure)
        for kind in Kind
        for check in (Check.MISSING_ACTUALS, Check.MISSING_JOURNAL_LINES)
        for reason, figure in totals.reasons(kind, check).items()
    )
    proofs = (findings.proof_of_balance(actor=actor, company=code, kind=kind, as_of=today) for kind in Kind)
    return CompanySummary(code, name, currency, window, open_lines, tuple(filter(None, proofs)))


def hops(*, actor: Actor) -> tuple[HopFigure, ...]:
    """Return lines and money per company and hop, in the order of the way."""
    found: dict[tuple[str, Stage], list[tuple[int, Decimal | None]]] = {}
    for one in traces.status(actor=actor):
        if one.transaction_type in {_NO_TYPE, *COST_TYPES}:
            found.setdefault((one.company_code, one.stage), []).append((one.records, one.amount))
    order = list(Stage)
    return tuple(
        HopFigure(company, stage, sum(records for records, _ in parts), _sum(amount for _, amount in parts))
        for (company, stage), parts in sorted(
            found.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
        )
    )


def example(*, actor: Actor, summary: CompanySummary) -> str:
    """Return the identifier of one line of ``summary`` that is worth tracing; empty when nothing is open."""
    for one in summary.open_lines:
        page = findings.page(
            actor=actor,
            company=summary.code,
            kind=one.kind,
            check=Check(REASONS.one(one.reason, one.kind).state.value),
            window=summary.window,
            reason=one.reason,
            limit=1,
        )
        if page.rows:
            return str(page.rows[0].line_id)
    return ""


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
