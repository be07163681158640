"""What stands on the pages of entries and approvals: rows, what was refused, and what may be pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from tieout.kernel.access import Actor
from tieout.kernel.problems import ProblemText, render
from tieout.operations.approvals.actions import Answered, EntriesApproved
from tieout.operations.approvals.queries import (
    ApprovedEntry,
    EntryLine,
    EntryOnItsWay,
    Hop,
    approved_entries,
    waiting_entries,
)
from tieout.operations.entries.actions import Deleted, EntriesSubmitted
from tieout.operations.entries.queries import HistoryStep, entry_choices
from tieout.operations.entries.rules import EntryClass
from tieout.operations.pricing.rules import PRICED, SAYINGS, PriceReason
from tieout.problems.catalogue import Process
from tieout.problems.queries import problems_of
from tieout.workspace.labels import BILLING_LABELS, TYPE_LABELS

APPROVED: Final = "approved"
# The field's words (operations spec 5.1).
ENTRY_VIEWS: Final = {
    Hop.DRAFT: "Draft",
    Hop.RETURNED: "Returned",
    Hop.SUBMITTED: "Submitted",
    Hop.RECALL_REQUESTED: "Recall requested",
    APPROVED: "Approved recently",
}
APPROVAL_VIEWS: Final = {
    Hop.SUBMITTED: "For approval",
    Hop.RECALL_REQUESTED: "Recall requests",
    APPROVED: "Approved recently",
}
PAGES: Final = {EntryClass.TIME: "time", EntryClass.EXPENSE: "expenses", EntryClass.MATERIAL: "materials"}
TITLES: Final = {
    EntryClass.TIME: "Time entries",
    EntryClass.EXPENSE: "Expenses",
    EntryClass.MATERIAL: "Material usage",
}
SINGULAR: Final = {
    EntryClass.TIME: "Time entry",
    EntryClass.EXPENSE: "Expense",
    EntryClass.MATERIAL: "Material usage",
}
NEW: Final = {
    EntryClass.TIME: "New time entry",
    EntryClass.EXPENSE: "New expense",
    EntryClass.MATERIAL: "New material usage",
}
_OTHERS_APPROVE: Final = "Others approve this project"
_WHAT: Final = {EntryClass.TIME: "Role", EntryClass.EXPENSE: "Category", EntryClass.MATERIAL: "Product"}
_EVENT_LABELS: Final = {
    "rejected": "Rejected",
    "recalled": "Recalled",
    "recall_requested": "Recall requested",
    "recall_approved": "Recall granted",
    "recall_rejected": "Recall refused",
    "approval_cancelled": "Approval cancelled",
    "reevaluated": "Evaluated anew",
    "contract_lost": "Unbilled sales reversed, contract lost",
    "changed": "Changed",
    "entered": "Entered",
    "submitted": "Submitted",
    "approved": "Approved",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What pressing a button did: ``said`` in words, and what was refused per entry."""

    said: str = ""
    problems: Mapping[UUID, Sequence[ProblemText]] = field(default_factory=dict)
    mistakes: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing was refused."""
        return not self.problems and not self.mistakes


@dataclass(frozen=True, slots=True)
class LineWords:
    """One journal line or actual in words; ``why`` is its price reason, ``warns`` says it has no price."""

    line: EntryLine
    type: str
    billing: str
    why: str
    warns: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row of a grid: the entry, its lines or actuals, what happened last, what was refused of it.

    ``barred`` says why the asker decides nothing about it; blank where they may.
    """

    entry: EntryOnItsWay | ApprovedEntry
    lines: tuple[LineWords, ...]
    cost: LineWords | None
    sales: LineWords | None
    event: str
    barred: str
    problems: Sequence[ProblemText]
    mistake: str
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EntryGrid:
    """One page of entries; the addresses are empty where there is no such page."""

    view: str
    label: str
    is_time: bool
    what: str
    rows: tuple[EntryRow, ...]
    elsewhere: tuple[ProblemText, ...]
    here: str
    choose_all: str
    first_page: str
    next_page: str


def views(
    page: str, company: str, labels: Mapping[str, str], chosen: str, of_class: EntryClass | None = None
) -> list[dict[str, Any]]:
    """Return the views of a page with their addresses, those of one class where the page has several."""
    address, also = reverse(page, args=[company]), {"class": of_class.value} if of_class else {}
    return [
        {"label": label, "url": f"{address}?{urlencode({'view': view, **also})}", "chosen": view == chosen}
        for view, label in labels.items()
    ]


def classes(company: str, view: str, chosen: EntryClass) -> list[dict[str, Any]]:
    """Return the classes of the approvals page with their addresses."""
    address = reverse("approvals", args=[company])
    return [
        {
            "label": TITLES[one],
            "url": f"{address}?{urlencode({'view': view, 'class': one.value})}",
            "chosen": one is chosen,
        }
        for one in EntryClass
    ]


def own_resource(actor: Actor, company: str) -> str:
    """Return the resource of ``company`` that the asker is; blank for none."""
    return next((one.code for one in entry_choices(actor=actor, company=company) if one.own), "")


def history(steps: Sequence[HistoryStep]) -> list[dict[str, Any]]:
    """Return what happened to an entry in words."""
    return [
        {"step": _EVENT_LABELS[one.step], "by": one.done_by, "at": one.done_at, "comment": one.comment}
        for one in steps
    ]


def entry_grid(
    actor: Actor,
    company: str,
    *,
    page: str,
    of_class: EntryClass,
    view: str,
    after: UUID | None,
    outcome: Outcome,
    typed: Mapping[str, str],
) -> EntryGrid:
    """Return one page of the entries of a view, with what pressing a button answered.

    ``typed`` is what the page was sent with: a row that was refused keeps what was typed into it.
    """
    found: Sequence[EntryOnItsWay | ApprovedEntry]
    if view == APPROVED:
        found, following = approved_entries(actor=actor, company=company, of_class=of_class, after=after)
    else:
        found, following = waiting_entries(
            actor=actor, company=company, of_class=of_class, hop=Hop(view), after=after
        )
    keys = [one.entry_id for one in found]
    problems: dict[UUID, Sequence[ProblemText]] = {**_logged(actor, keys), **outcome.problems}
    elsewhere = (text for key, texts in outcome.problems.items() if key not in keys for text in texts)
    also = {"class": of_class.value} if page == "approvals" else {}
    address = f"{reverse(page, args=[company])}?{urlencode({'view': view, **also})}"
    here = f"{address}&after={after}" if after else address
    return EntryGrid(
        view=view,
        label={**ENTRY_VIEWS, **APPROVAL_VIEWS}[view],
        is_time=of_class is EntryClass.TIME,
        what=_WHAT[of_class],
        rows=tuple(_row(one, problems, outcome, typed, decides=page == "approvals") for one in found),
        elsewhere=tuple(elsewhere),
        here=here,
        choose_all=f"{here}&all=yes",
        first_page=address if after else "",
        next_page=f"{address}&after={following}" if following else "",
    )


def run_outcome(
    actor: Actor, word: str, asked: Sequence[UUID], done: EntriesApproved | EntriesSubmitted
) -> Outcome:
    """Return what a submission or approval came to; the problem log says why each other was refused."""
    passed, before = (
        (done.approved, done.already_approved)
        if isinstance(done, EntriesApproved)
        else (done.submitted, done.already_submitted)
    )
    said = f"{word}: {passed} of {len(asked)}."
    if before:
        said += f" {word} before: {before}."
    if not done.refused:
        return Outcome(said)
    return Outcome(f"{said} Refused: {sum(one.count for one in done.refused)}.", _logged(actor, asked))


def answer_outcome(word: str, asked: Sequence[UUID], done: Answered | Deleted) -> Outcome:
    """Return what giving entries back came to."""
    problems = {one.record_id: (render(one.code, one.details),) for one in done.refused}
    refused = f" Refused: {len(problems)}." if problems else ""
    # A record's key arrives as text from the statement that refused it.
    return Outcome(
        f"{word}: {done.done} of {len(asked)}.{refused}",
        {UUID(str(key)): texts for key, texts in problems.items()},
    )


def _logged(actor: Actor, keys: Sequence[UUID]) -> dict[UUID, Sequence[ProblemText]]:
    found: dict[UUID, list[ProblemText]] = {}
    for one in problems_of(actor=actor, record_ids=keys) if keys else ():
        if one.record_id is not None and one.text.process in {Process.APPROVE, Process.ACCESS}:
            found.setdefault(one.record_id, []).append(one.text)
    return dict(found)


def _row(
    entry: EntryOnItsWay | ApprovedEntry,
    problems: Mapping[UUID, Sequence[ProblemText]],
    outcome: Outcome,
    typed: Mapping[str, str],
    *,
    decides: bool,
) -> EntryRow:
    lines: tuple[LineWords, ...] = ()
    cost = sales = None
    event = ""
    if isinstance(entry, ApprovedEntry):
        lines = tuple(_words(one) for one in entry.actuals)
    else:
        cost = _words(entry.cost) if entry.cost else None
        sales = _words(entry.sales) if entry.sales else None
        event = _EVENT_LABELS.get(entry.event or "", "")
    return EntryRow(
        entry=entry,
        lines=lines,
        cost=cost,
        sales=sales,
        event=event,
        barred=_OTHERS_APPROVE if decides and entry.others_approve else "",
        problems=problems.get(entry.entry_id, ()),
        mistake=outcome.mistakes.get(entry.entry_id, ""),
        typed={name: typed.get(f"{name}-{entry.entry_id}", "") for name in ("billable", "billing")},
    )


def _words(line: EntryLine) -> LineWords:
    known = line.reason in set(PriceReason)
    return LineWords(
        line=line,
        type=TYPE_LABELS.get(line.transaction_type, line.transaction_type),
        billing=BILLING_LABELS.get(line.billing_type, line.billing_type),
        why=SAYINGS[PriceReason(line.reason)] if known else line.reason,
        warns=not known or PriceReason(line.reason) not in PRICED,
    )
