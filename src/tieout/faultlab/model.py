"""What is true after a step, naively: row by row, one record at a time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tieout.faultlab.books import (
    CLOSED,
    COST,
    DOCUMENT_MAPS,
    NOT_RUNNING,
    PAUSED,
    REJECTED,
    RUNNING,
    VERIFIED,
    Books,
    Line,
    State,
    arrived,
    is_cost,
    lines_of,
    owed,
    parked,
)
from tieout.faultlab.scenario import (
    ACTUALS,
    CONNECTIONS,
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
    if document.kind is Kind.GENERAL_JOURNAL:
        state["journal draft", document.name] = document.amounts[0]
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


def _post_by_hand(step: Step, books: Books, state: State) -> None:
    for name in books.named("journal draft"):
        document = books.by_hand[name]
        if document.company != step.company or not books.is_open(document.company, document.day):
            continue
        if books.has_reporting_rate(document.company, document.day):
            state["by hand", name] = state.pop(("journal draft", name))


def _state(books: Books, state: State, map_: str, name: str) -> None:
    if books.captures(map_):
        state[owed(map_), name] = ""


def _deliver(step: Step, books: Books, state: State) -> None:
    for map_ in [step.target] if step.target else MAPS:
        if books.carries(map_):
            deliver_map(books, state, map_)


def deliver_map(books: Books, state: State, map_: str) -> None:
    """Let what is owed arrive, or be refused; what is there stays as it came."""
    for name in [name for what, name in state if what == owed(map_)]:
        del state[owed(map_), name]
        if map_ == ACTUALS and name in books.skipped:
            continue
        if (map_, name) in books.refused:
            state[parked(map_), name] = books.refused[map_, name]
            continue
        state.pop((parked(map_), name), None)
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
        if line.document.to_verify and state.get(("decided", line.name)) != VERIFIED:
            state["awaits", line.name] = ""
        else:
            _approve_document_line(books, state, line, came)


def _approve_document_line(books: Books, state: State, line: Line, came: str) -> None:
    if _is_closed(books, line):
        state["not approved", line.name] = "INT-701"
        return
    state.pop(("not approved", line.name), None)
    _approve(books, state, line, came)


def _verify(step: Step, books: Books, state: State) -> None:
    """What the project manager verifies is approved at once."""
    for name in books.named("awaits"):
        line = books.lines[name]
        if line.company == step.company:
            del state["awaits", name]
            state["decided", name] = VERIFIED
            _approve_document_line(books, state, line, state[arrived(INVOICE_LINES), name])


def _reject(step: Step, books: Books, state: State) -> None:
    for name in books.named("awaits"):
        if books.lines[name].company == step.company:
            state["decided", name] = REJECTED


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
        state["dated", name] = books.posting_day(line.company, line.day) or line.day


def _is_journalised(books: Books, name: str) -> bool:
    return any((what, name) in books.state for what in ("draft line", "line in error", "cleared"))


def _post_journals(step: Step, books: Books, state: State) -> None:
    for name in books.named("draft line"):
        line = books.line_of(name)
        if line.company != step.company:
            continue
        amount = state.pop(("draft line", name))
        day = books.posting_day(line.company, state["dated", name])
        if day is None or _line_is_refused(name, amount, day, books):
            state["line in error", name] = amount
            state["refused", name] = ""
            continue
        state["cleared", name] = amount
        state["dated", name] = day
        _state(books, state, POSTINGS, name)


def _line_is_refused(name: str, amount: str, day: str, books: Books) -> bool:
    line = books.line_of(name)
    if books.state.get(("stage in finance", line.document.project)) == CLOSED:
        return True
    # a line of nothing makes no entries, and needs no rate
    return is_cost(name) and bool(Decimal(amount)) and not books.has_reporting_rate(line.company, day)


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
    "enter_journal": _enter,
    "post_by_hand": _post_by_hand,
    "post_reports": _post_documents(Kind.EXPENSE),
    "post_invoices": _post_documents(Kind.VENDOR_INVOICE_LINE),
    "submit": _submit,
    "approve_entries": _approve_entries,
    "deliver": _deliver,
    "approve_documents": _approve_documents,
    "verify": _verify,
    "reject": _reject,
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
