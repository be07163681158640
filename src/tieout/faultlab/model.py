"""What is true after a step, naively: dictionaries of what each record has reached, row by row.

A state is a dictionary of facts ``(what, name) -> value``: what has happened to the record of that name, and
the amount or code that goes with it. Names are the firm's own (``NORTH/R1/2 cost``), never keys.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from tieout.faultlab.scenario import (
    ACTUALS,
    CONNECTIONS,
    EXPENSES,
    INVOICE_LINES,
    INVOICES,
    MAPS,
    POSTINGS,
    PROJECTS,
    PROJECTS_MAP,
    Document,
    Kind,
    Step,
)

Fact: TypeAlias = tuple[str, str]
State: TypeAlias = dict[Fact, str]

COST: Final = "cost"
SALES: Final = "unbilled_sales"
CLOSED: Final = "closed"
RUNNING, PAUSED, NOT_RUNNING = "running", "paused", "not_running"
HOURLY: Final = {COST: 80, SALES: 120}
NO_RATE_BEFORE: Final = "2025-02"
"""South keeps its books in euro and reports in pounds: the rate of January is missing until it is entered."""

DOCUMENT_MAPS: Final = {Kind.EXPENSE: EXPENSES, Kind.VENDOR_INVOICE_LINE: INVOICE_LINES}


def owed(map_: str) -> str:
    """Return the fact that a record is stated for a map and not acknowledged."""
    return f"owed {map_}"


def arrived(map_: str) -> str:
    """Return the fact that a record of a map has arrived."""
    return f"arrived {map_}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document, or one time entry."""

    name: str
    document: Document
    amount: str

    @property
    def company(self) -> str:
        """The company that has it."""
        return self.document.company

    @property
    def sold(self) -> bool:
        """Whether it makes unbilled sales too."""
        return self.document.project.endswith("-SOLD")

    def actuals(self) -> dict[str, str]:
        """Return its actuals by name, with their amounts."""
        types = (COST, SALES) if self.sold else (COST,)
        if self.document.kind is not Kind.TIME_ENTRY:
            return {f"{self.name} {one}": self.amount for one in types}
        return {f"{self.name} {one}": money(Decimal(self.amount) * HOURLY[one]) for one in types}


def money(amount: Decimal) -> str:
    """Return an amount as facts write it."""
    return f"{amount:.2f}"


def lines_of(document: Document) -> dict[str, Line]:
    """Return the lines of a document by name."""
    if document.kind is Kind.TIME_ENTRY:
        return {document.name: Line(document.name, document, document.amounts[0])}
    names = [f"{document.name}/{number}" for number in range(1, len(document.amounts) + 1)]
    return {name: Line(name, document, one) for name, one in zip(names, document.amounts, strict=True)}


@dataclass
class Books:
    """What is true now, and what decides what will be.

    ``gaps`` are map and name of what nobody owes although it is due: the map did not run, or it was lost.
    ``collected`` is the state that reconciliation has facts of; None when that is not known.
    """

    state: State = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=lambda: dict.fromkeys(MAPS, RUNNING))
    old: set[str] = field(default_factory=set)
    held: set[Fact] = field(default_factory=set)
    has_rate: bool = False
    gaps: set[Fact] = field(default_factory=set)
    tampered: set[str] = field(default_factory=set)
    collected: State | None = None

    def captures(self, map_: str) -> bool:
        """Whether a change is stated for the map now."""
        return self.maps[map_] != NOT_RUNNING

    def carries(self, map_: str) -> bool:
        """Whether delivery takes what is owed."""
        return self.maps[map_] == RUNNING and map_ not in self.old

    def is_open(self, company: str, day: str) -> bool:
        """Whether a day may be posted to."""
        return (company, day[:7]) not in self.held

    def has_reporting_rate(self, company: str, day: str) -> bool:
        """Whether there is a rate into the reporting currency."""
        return company != "SOUTH" or self.has_rate or day[:7] >= NO_RATE_BEFORE

    def named(self, what: str) -> list[str]:
        """Return the names of the records of which a fact is true, in order."""
        return sorted(name for kind, name in self.state if kind == what)

    def line_of(self, name: str) -> Line:
        """Return the line of one of its records: ``NORTH/R1/2 cost`` is of ``NORTH/R1/2``."""
        return self.lines[name.partition(" ")[0]]


def after(step: Step, books: Books) -> State:
    """Return what is true when a run of ``step`` has done all that it can do."""
    state = dict(books.state)
    if (verb := _VERBS.get(step.act)) is not None:
        verb(step, books, state)
    return state


def _enter(step: Step, _: Books, state: State) -> None:
    document = step.document
    assert document is not None  # noqa: S101  the scenario gives each of these steps its document
    if document.kind is Kind.TIME_ENTRY:
        state["draft", document.name] = document.amounts[0]
        return
    if ("stage in finance", document.project) not in state:
        return  # who enters a document must know its project
    state["waiting", document.name] = ""
    for line in lines_of(document).values():
        state["entered", line.name] = line.amount


def _post_documents(kind: Kind) -> Callable[[Step, Books, State], None]:
    def post(step: Step, books: Books, state: State) -> None:
        for name in books.named("waiting"):
            lines = [one for one in books.lines.values() if one.document.name == name]
            document = lines[0].document
            if document.kind is not kind or document.company != step.company:
                continue
            if code := _document_problem(document, books):
                state["waiting", name] = code
                continue
            del state["waiting", name]
            for line in lines:
                state["posted", line.name] = line.amount
                _state(books, state, DOCUMENT_MAPS[kind], line.name)
            if kind is Kind.VENDOR_INVOICE_LINE:
                _state(books, state, INVOICES, name)

    return post


def _document_problem(document: Document, books: Books) -> str:
    if books.state.get(("stage in finance", document.project)) == CLOSED:
        return "INT-701"
    if not books.is_open(document.company, document.day):
        return "DOC-103"
    return "" if books.has_reporting_rate(document.company, document.day) else "DOC-102"


def _state(books: Books, state: State, map_: str, name: str) -> None:
    if books.captures(map_):
        state[owed(map_), name] = ""


def _deliver(step: Step, books: Books, state: State) -> None:
    for map_ in [step.target] if step.target else MAPS:
        if books.carries(map_):
            deliver_map(books, state, map_)


def deliver_map(books: Books, state: State, map_: str) -> None:
    """Let what is owed arrive; what is there stays as it came."""
    for name in [name for what, name in state if what == owed(map_)]:
        del state[owed(map_), name]
        if map_ == PROJECTS_MAP:
            state["stage in finance", name] = state["stage in operations", name]
        else:
            state.setdefault((arrived(map_), name), _value(books, state, map_, name))


def _value(books: Books, state: State, map_: str, name: str) -> str:
    """Return what a record carries: its amount, as far as it has one."""
    if map_ in DOCUMENT_MAPS.values():
        return books.lines[name].amount
    if map_ == ACTUALS:
        return state["actual", name]
    return state["cleared", name] if map_ == POSTINGS else ""


def _approve_documents(step: Step, books: Books, state: State) -> None:
    for line in books.lines.values():
        if line.document.kind is Kind.TIME_ENTRY or line.company != step.company:
            continue
        came = books.state.get((arrived(DOCUMENT_MAPS[line.document.kind]), line.name))
        if came is None or ("approved", line.name) in state:
            continue
        if books.state["stage in operations", line.document.project] == CLOSED:
            state["not approved", line.name] = "INT-701"
            continue
        state.pop(("not approved", line.name), None)
        _approve(books, state, line, came)


def _approve(books: Books, state: State, line: Line, came: str | None = None) -> None:
    """Approve one line: its actuals are recorded, cost at the amount that came."""
    state["approved", line.name] = ""
    for name, amount in line.actuals().items():
        tampered = came is not None and name.endswith(f" {COST}")
        state["actual", name] = amount if came is None or not tampered else came
        _state(books, state, ACTUALS, name)
    if line.sold:
        state["connection", f"{line.name} connection"] = ""
        _state(books, state, CONNECTIONS, f"{line.name} connection")


def _submit(step: Step, books: Books, state: State) -> None:
    for name in books.named("draft"):
        line = books.lines[name]
        if line.company == step.company and not _is_closed(books, line):
            state["submitted", name] = state.pop(("draft", name))


def _approve_entries(step: Step, books: Books, state: State) -> None:
    for name in books.named("submitted"):
        line = books.lines[name]
        if line.company == step.company and not _is_closed(books, line):
            del state["submitted", name]
            _approve(books, state, line)


def _is_closed(books: Books, line: Line) -> bool:
    return books.state["stage in operations", line.document.project] == CLOSED


def _import(step: Step, books: Books, state: State) -> None:
    for what, name in books.state:
        line = books.line_of(name) if what == arrived(ACTUALS) else None
        if line is None or line.company != step.company or _is_journalised(books, name):
            continue
        if ("stage in finance", line.document.project) not in books.state:
            state["not imported", name] = "DW-205"
            continue
        state.pop(("not imported", name), None)
        state["draft line", name] = books.state[what, name]


def _is_journalised(books: Books, name: str) -> bool:
    return any((what, name) in books.state for what in ("draft line", "line in error", "cleared"))


def _post_journals(step: Step, books: Books, state: State) -> None:
    for name in books.named("draft line"):
        line = books.line_of(name)
        if line.company != step.company:
            continue
        amount = state.pop(("draft line", name))
        if _line_is_refused(name, line, books):
            state["line in error", name] = amount
            state["refused", name] = ""
            continue
        state["cleared", name] = amount
        _state(books, state, POSTINGS, name)


def _line_is_refused(name: str, line: Line, books: Books) -> bool:
    day, company = line.document.day, line.company
    if not books.is_open(company, day):
        return True
    if books.state.get(("stage in finance", line.document.project)) == CLOSED:
        return True
    return name.endswith(f" {COST}") and not books.has_reporting_rate(company, day)


def _to_draft(step: Step, books: Books, state: State) -> None:
    for name in books.named("line in error"):
        if books.line_of(name).company == step.company:
            state["draft line", name] = state.pop(("line in error", name))


def _change_project(stage: str) -> Callable[[Step, Books, State], None]:
    """A project gets a stage; loading sends at once what its map owes, changed just now or before."""

    def change(step: Step, books: Books, state: State) -> None:
        before = state["stage in operations", step.target]
        now = stage or ("sold" if step.target.endswith("-SOLD") else "internal")
        if now != before:
            state["stage in operations", step.target] = now
            _state(books, state, PROJECTS_MAP, step.target)
        if books.carries(PROJECTS_MAP):
            deliver_map(books, state, PROJECTS_MAP)

    return change


def _start_map(step: Step, books: Books, state: State) -> None:
    if step.target == PROJECTS_MAP and books.maps[PROJECTS_MAP] == NOT_RUNNING:
        for project in PROJECTS:  # the initial write
            state[owed(PROJECTS_MAP), project] = ""


def _send_projects(_: Step, books: Books, state: State) -> None:
    """Sync of the projects: they are stated again, if their map states anything."""
    if books.captures(PROJECTS_MAP) and PROJECTS_MAP not in books.old:
        for project in PROJECTS:
            state[owed(PROJECTS_MAP), project] = ""


def _lose_project(step: Step, _: Books, state: State) -> None:
    state.pop(("stage in finance", step.target), None)


_VERBS: Final[dict[str, Callable[[Step, Books, State], None]]] = {
    "enter_report": _enter,
    "enter_invoice": _enter,
    "enter_time": _enter,
    "post_reports": _post_documents(Kind.EXPENSE),
    "post_invoices": _post_documents(Kind.VENDOR_INVOICE_LINE),
    "submit": _submit,
    "approve_entries": _approve_entries,
    "deliver": _deliver,
    "approve_documents": _approve_documents,
    "import": _import,
    "post_journals": _post_journals,
    "to_draft": _to_draft,
    "start_map": _start_map,
    "pause_map": _start_map,
    "close_project": _change_project(CLOSED),
    "reopen_project": _change_project(""),
    "lose_project": _lose_project,
    "send_projects": _send_projects,
}


def change_set_up(step: Step, books: Books) -> None:
    """Keep what a step changed of the set-up, when it is done."""
    match step.act:
        case "pause_map" | "stop_map" | "start_map":
            states = {"pause_map": PAUSED, "stop_map": NOT_RUNNING, "start_map": RUNNING}
            books.maps[step.target] = states[step.act]
        case "old_version":
            books.old.add(step.target)
        case "new_version":
            books.old.clear()
        case "hold_period":
            books.held.add((step.company, step.target))
        case "open_period":
            books.held.discard((step.company, step.target))
        case "add_rate":
            books.has_rate = True
