"""Mends all that went wrong, as an integrator and an accountant would, and lets the chain run to its end.

What was lost on the way the job Sync finds by itself: documents, actuals, and what travels beside them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tieout.dualwrite.maps.actions import load_maps, set_state
from tieout.dualwrite.maps.rules import State as MapState
from tieout.faultlab import acts
from tieout.faultlab.books import (
    CLOSED,
    NOT_RUNNING,
    RUNNING,
    Books,
    Line,
    State,
    arrived,
    money,
    owed,
    parked,
)
from tieout.faultlab.faults import Faults, turn_clock
from tieout.faultlab.model import after, change_set_up
from tieout.faultlab.scenario import (
    COMPANIES,
    FIRST_DAY,
    LAST_DAY,
    PROJECTS,
    PROJECTS_MAP,
    Document,
    Step,
)
from tieout.faultlab.world import CLERK, INTEGRATOR, MANAGER, RESOURCE, SYSTEM
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.jobs.choices import Days
from tieout.jobs.steps import Answer, steps_of
from tieout.operations.approvals.actions import approve_entries, submit_entries

_WHOLE: Final = Days(FIRST_DAY, LAST_DAY)
_PASSES: Final = 4
_ENTRIES: Final = ("submit", "approve_entries", "grant")
_CHAIN: Final = (
    "post_by_hand",
    "post_reports",
    "post_invoices",
    "deliver",
    "approve_documents",
    "verify",
    "deliver",
    "to_draft",
    "import",
    "post_journals",
    "deliver",
)


def heal(books: Books, faults: Faults) -> list[str]:
    """Mend what is broken and run everything to its end; return the problems that a step of the jobs met."""
    turn_clock(0)
    refused = {map_ for map_, _ in books.refused}
    for map_ in sorted(refused):
        faults.lift_rules(map_)
    faults.return_category(Step("return_category"), books.state)
    _mend_set_up(books)
    company = _company(books)
    for one in [company] if company else COMPANIES:
        _take_up(books, one)
    # Sync ends with the chain; without a gap there is nothing to ask for.
    job = "sync" if books.gaps or refused else "chain"
    answers = list(steps_of(job, actor=SYSTEM, system=SYSTEM, company=company, kind="", days=_WHOLE))
    to_verify = {
        line.company for line in books.lines.values() if line.document.to_verify and _is_open(books, line)
    }
    for one in sorted(to_verify):
        acts.verify(one)
        answers += steps_of("chain", actor=SYSTEM, system=SYSTEM, company=one, kind="", days=_WHOLE)
    return _problems(answers)


def _is_open(books: Books, line: Line) -> bool:
    """Whether the project manager had a line to verify when mending began, or gets it meanwhile."""
    return ("approved", line.name) not in books.state


def _company(books: Books) -> str:
    """Return the only company that has documents, or nothing: both are mended."""
    found = books.companies
    return found[0] if len(found) == 1 else ""


def _take_up(books: Books, company: str) -> None:
    """Do what waits for a person: entries, documents, journals in error."""
    if any(books.named(what) for what in ("draft", "returned", "submitted", "recall_requested")):
        submit_entries(actor=RESOURCE, company=company)
        approve_entries(actor=MANAGER, company=company)
        acts.grant(company)
    if books.named("waiting"):
        post_expense_reports(actor=CLERK, company=company)
        post_vendor_invoices(actor=CLERK, company=company)
    if books.named("line in error"):
        acts.to_draft(company)
    if books.by_hand:
        _reverse_by_hand(books, company)


def _reverse_by_hand(books: Books, company: str) -> None:
    """Post what was entered by hand on the integration accounts, and take it back by as many journals."""
    acts.post_by_hand(company)
    for one in [one for one in books.by_hand.values() if one.company == company]:
        back = _reversal(one)
        books.add(back)
        acts.enter_document(back)
    acts.post_by_hand(company)


def _reversal(document: Document) -> Document:
    amount = money(-Decimal(document.amounts[0]))
    return replace(document, number=f"{document.number}-BACK", amounts=(amount,))


def _problems(answers: Iterable[Answer]) -> list[str]:
    return [f"{one.name} {one.company}: {one.problem}" for one in answers if one.problem is not None]


def _mend_set_up(books: Books) -> None:
    load_maps()
    for map_, state in books.maps.items():
        if map_ == PROJECTS_MAP and _lacks_projects(books) and state != NOT_RUNNING:
            set_state(actor=INTEGRATOR, map=map_, state=MapState.NOT_RUNNING)  # its start begins with all
            state = NOT_RUNNING  # noqa: PLW2901  as it now is
        if state != RUNNING:
            set_state(actor=INTEGRATOR, map=map_, state=MapState.RUNNING)
    for company, month in sorted(books.held):
        acts.change_period(company, month, "open")
    for project in PROJECTS:
        if books.state["stage in operations", project] == CLOSED:
            acts.change_project(project, "")
    if not books.has_rate and _company(books) != "NORTH":
        acts.add_rate()


def _lacks_projects(books: Books) -> bool:
    """Whether finance lacks a project, or has one as it was: its record was lost on the way."""
    return any(
        books.state.get(("stage in finance", project)) != books.state["stage in operations", project]
        for project in PROJECTS
    )


def healed(books: Books) -> State:
    """Return what must be true then: everything entered has come home, each record once."""
    well = Books(state=dict(books.state), lines=books.lines, by_hand=dict(books.by_hand), has_rate=True)
    for document in books.by_hand.values():
        well.add(_reversal(document))
        well.state["journal draft", _reversal(document).name] = _reversal(document).amounts[0]
    refused = {(map_, name) for map_, name in books.refused if (parked(map_), name) in well.state}
    for map_, name in books.gaps | refused:
        if (arrived(map_), name) not in well.state:
            well.state[owed(map_), name] = ""
    for project in PROJECTS:
        own = "sold" if project.endswith("-SOLD") else "internal"
        well.state["stage in operations", project] = own
        well.state["stage in finance", project] = own
        well.state.pop((owed(PROJECTS_MAP), project), None)
    change_set_up(Step("add_rate"), well)
    for act in [*_ENTRIES, *(_CHAIN * _PASSES)]:
        for company in COMPANIES:
            well.state = after(Step(act, company), well)
    return well.state
