"""What stands on the screens: each part asks the stages below one question and adds words and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from tieout.dualwrite.maps.queries import hindrances
from tieout.finance.ledgers.queries import CompanyName, companies, set_up_gaps
from tieout.kernel.access import Actor, CompanyNotPermitted, Verb, VerbNotPermitted, permit
from tieout.kernel.calendar import NoOpenPeriodInWindow
from tieout.kernel.problems import ProblemText
from tieout.reconciliation.checks.rules import CHECKS, REASONS, Check, Kind, Reason
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.findings.rules import Cause, Figure, Proof, Totals
from tieout.reconciliation.windows import queries as windows
from tieout.reconciliation.windows.rules import Window
from tieout.workspace.filters import EARLIEST, Asked, before

# The seed's words.
KIND_LABELS: Final = {Kind.EXPENSE: "Expense", Kind.VENDOR_INVOICE_LINE: "Vendor invoice lines"}
NOUNS: Final = {Kind.EXPENSE: "expense", Kind.VENDOR_INVOICE_LINE: "vendor invoice"}
SUMMARY_TILES: Final = (
    (Kind.VENDOR_INVOICE_LINE, Check.MISSING_JOURNAL_LINES, "Vendor invoice missing journal lines"),
    (Kind.VENDOR_INVOICE_LINE, Check.MISSING_ACTUALS, "Vendor invoice missing actuals"),
    (Kind.EXPENSE, Check.MISSING_JOURNAL_LINES, "Expense missing journal lines"),
    (Kind.EXPENSE, Check.MISSING_ACTUALS, "Expense missing actuals"),
)
SOURCE_LABELS: Final = {
    "time_entry": "time entries",
    "expense_entry": "expense entries",
    "material_usage": "material usage",
    "journal_line": "entry journals",
    "general_journal_line": "general journals",
    "expense": "expense reports",
    "vendor_invoice_line": "vendor invoices",
    "stocked_invoice_line": "stocked lines of vendor invoices",
}
CAUSE_LABELS: Final = {
    Cause.AMOUNT_DIFFERENCE: "Posted at another amount",
    Cause.CUT_OFF: "Cut-off: cleared after this day",
    Cause.EARLY_CLEAR: "Cleared by this day, dated later",
    Cause.MANUAL: "Entered by hand",
    Cause.ORPHAN: "Credit without a source line",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its caption; ``url`` opens its rows."""

    caption: str
    figure: Figure
    url: str


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term of a proof in words; ``url`` opens its rows, empty where there is no list of them."""

    label: str
    figure: Figure
    url: str


@dataclass(frozen=True, slots=True)
class OlderLine:
    """What is not reconciled before the window; ``url`` opens the rows, ``window`` is what to sync."""

    label: str
    figure: Figure
    url: str
    window: Window


@dataclass(frozen=True, slots=True)
class OutOfSyncLine:
    """Actuals that have not arrived in finance; their cost by currency, and how many come from where.

    Only those ``of_documents`` stand in the views too: the others are of nothing that finance posted.
    """

    actuals: int
    of_documents: int
    costs: tuple[tuple[str, Decimal], ...]
    sources: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ProofPanel:
    """The proof of balance of one integration account."""

    caption: str
    proof: Proof
    terms: tuple[TermLine, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every screen of a company shows: where one is, which dates, what stands in the way."""

    company: CompanyName
    companies: tuple[CompanyName, ...]
    digits: int
    preset: Window | None
    prerequisites: tuple[ProblemText, ...]
    may_sync: bool
    today: date


def frame(actor: Actor, company: str) -> Frame:
    """Return the frame of a company; raise the access problem for one that the actor may not see."""
    permit(actor, Verb.READ, company)
    today = timezone.localdate()
    seen = tuple(companies(actor=actor))
    found = next((one for one in seen if one.code == company), None)
    if found is None:  # unknown and withheld look the same
        raise CompanyNotPermitted(actor=actor.name, verb=Verb.READ, company=company)
    gaps = set_up_gaps(actor=actor, company=company, today=today)
    return Frame(
        company=found,
        companies=seen,
        digits=found.digits,
        preset=_preset(actor, company, today),
        prerequisites=(*gaps, *(problem.text for problem in hindrances(actor=actor))),
        may_sync=_may(actor, company),
        today=today,
    )


def unreconciled_tiles(company: str, totals: Totals) -> list[Tile]:
    """Return the two tiles of *Unreconciled amounts*; each opens the proof that lists its causes."""
    here = reverse("summary", args=[company])
    return [
        Tile(f"Unreconciled {NOUNS[kind]} amount", totals.unreconciled(kind), f"{here}#proof-{kind}")
        for kind in Kind
    ]


def summary_tiles(company: str, totals: Totals, window: Window, preset: Window | None) -> list[Tile]:
    """Return the four tiles of *Summary*, in the seed's order."""
    return [
        Tile(caption, totals.view(kind, check), Asked(company, kind, check, window, preset).url())
        for kind, check, caption in SUMMARY_TILES
    ]


def proofs(actor: Actor, company: str, window: Window, preset: Window | None) -> list[ProofPanel]:
    """Return the proof of balance of both integration accounts at the end of the window."""
    panels = []
    for kind in Kind:
        proof = findings.proof_of_balance(actor=actor, company=company, kind=kind, as_of=window.last)
        if proof is not None:
            ever = Asked(company, kind, Check.ALL, Window(EARLIEST, window.last), preset)
            terms = tuple(
                TermLine(_cause_label(term.cause, kind), term.figure, _cause_url(term.cause, ever))
                for term in proof.terms
                if term.figure.lines
            )
            panels.append(ProofPanel(f"{NOUNS[kind].capitalize()} integration account", proof, terms))
    return panels


def older_lines(actor: Actor, company: str, kind: Kind, window: Window, preset: Window | None) -> OlderLine:
    """Return what is not reconciled and dated before the window."""
    figure = findings.older(actor=actor, company=company, kind=kind, window=window)
    asked = Asked(company, kind, Check.MISSING_ACTUALS, before(window), preset)
    return OlderLine(f"Older than {window.first:%Y-%m-%d}", figure, asked.url(), asked.window)


def out_of_sync(actor: Actor, company: str) -> OutOfSyncLine | None:
    """Return the actuals that have not arrived in finance in one line; None when all have."""
    found = findings.out_of_sync(actor=actor, company=company)
    if not found:
        return None
    costs: dict[str, Decimal] = {}
    sources: dict[str, int] = {}
    for one in found:
        if one.is_cost:
            costs[one.currency_code] = costs.get(one.currency_code, Decimal(0)) + one.figure.amount
        source = SOURCE_LABELS.get(one.source_kind, one.source_kind.replace("_", " "))
        sources[source] = sources.get(source, 0) + one.figure.lines
    return OutOfSyncLine(
        actuals=sum(sources.values()),
        of_documents=sum(one.figure.lines for one in found if one.is_of_document),
        costs=tuple(costs.items()),
        sources=tuple(sources.items()),
    )


def view_choices(asked: Asked, totals: Totals) -> list[dict[str, Any]]:
    """Return the views of a grid with their figures."""
    return [
        {
            "check": check.value,
            "label": CHECKS.one(check, asked.kind).label,
            "figure": totals.view(asked.kind, check),
            "chosen": check is asked.check,
        }
        for check in Check
    ]


def reason_choices(asked: Asked, totals: Totals) -> list[dict[str, Any]]:
    """Return the causes that occur in the view, each with what repairs it and its rows."""
    return [
        {
            "label": REASONS.one(reason, asked.kind).label,
            "remedy": REASONS.one(reason, asked.kind).remedy,
            "figure": figure,
            "url": asked.url(reason=None if reason is asked.reason else reason),
            "chosen": reason is asked.reason,
        }
        for reason, figure in totals.reasons(asked.kind, asked.check).items()
    ]


def cause_words(reason: Reason | None, kind: Kind) -> str:
    """Return the cause of one row in words, empty when it is reconciled."""
    return "" if reason is None else REASONS.one(reason, kind).label


def remedy_words(reason: Reason | None, kind: Kind) -> str:
    """Return what repairs the cause of one row, empty when it is reconciled."""
    return "" if reason is None else REASONS.one(reason, kind).remedy


def _preset(actor: Actor, company: str, today: date) -> Window | None:
    try:
        return windows.preset(actor=actor, company=company, today=today)
    except NoOpenPeriodInWindow:
        return None


def _may(actor: Actor, company: str) -> bool:
    try:
        permit(actor, Verb.RESYNC, company)
        permit(actor, Verb.RUN_JOBS, company)
    except (VerbNotPermitted, CompanyNotPermitted):
        return False
    return True


def _cause_label(cause: Cause, kind: Kind) -> str:
    if cause in CAUSE_LABELS:
        return CAUSE_LABELS[cause]
    return REASONS.one(Reason(cause.value), kind).label


def _cause_url(cause: Cause, ever: Asked) -> str:
    if cause is Cause.AMOUNT_DIFFERENCE:
        return ever.url(check=Check.AMOUNT_DIFFERENCES)
    if cause in CAUSE_LABELS:
        return ""
    reason = Reason(cause.value)
    return ever.url(check=Check(REASONS.one(reason, ever.kind).state.value), reason=reason)
