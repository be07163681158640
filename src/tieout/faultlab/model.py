"""What is true after a step, naively: row by row, one record at a time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from tieout.faultlab import journalling
from tieout.faultlab.books import (
    CLOSED,
    COST,
    DOCUMENT_MAPS,
    MISSING,
    NOT_RUNNING,
    PAUSED,
    REJECTED,
    RUNNING,
    SALES,
    SKIPS,
    VERIFIED,
    Books,
    Line,
    State,
    arrived,
    connection_of,
    is_reversal,
    lines_of,
    money,
    owed,
    parked,
    reversal_of,
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
    """Let what is owed arrive, or be refused; what is there stays as it came.

    What named something that was missing is tried again each time.
    """
    again = [name for what, name in state if what == parked(map_) and state[what, name] == MISSING]
    for name in [*again, *(name for what, name in state if what == owed(map_))]:
        state.pop((owed(map_), name), None)
        if reason := books.refusal(map_, name):
            state[parked(map_), name] = reason
            continue
        state.pop((parked(map_), name), None)
        if map_ == PROJECTS_MAP:
            state["stage in finance", name] = state["stage in operations", name]
        elif (arrived(map_), name) not in state:
            state[arrived(map_), name] = _value(books, state, map_, name)


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
    """Approve one line: its actuals are recorded, cost at the amount that came.

    An entry that was taken back is approved again, and makes actuals again.
    """
    times = int((state.get(("approved", line.name), "0") or "1").split()[0]) + 1
    state["approved", line.name] = f"{times} times" if times > 1 else ""
    again = f" {times}" if times > 1 else ""
    for name, amount in line.actuals().items():
        tampered = came is not None and name.endswith(f" {COST}")
        if line.document.stocked and name.endswith(f" {COST}"):
            state["actual", name], state[SKIPS, name] = amount, ""  # its cost was posted with its document
            continue
        _record(books, state, f"{name}{again}", came if came is not None and tampered else amount)
        if name.endswith(SALES):
            _connect(books, state, f"{name}{again}")


def _record(books: Books, state: State, name: str, amount: str) -> None:
    state["actual", name] = amount
    _state(books, state, ACTUALS, name)


def _connect(books: Books, state: State, name: str) -> None:
    """An actual is connected with the one that it is derived from."""
    state["connection", connection_of(name)] = ""
    _state(books, state, CONNECTIONS, connection_of(name))


def _submit(step: Step, books: Books, state: State) -> None:
    for stands in ("draft", "returned"):
        for name in books.named(stands):
            line = books.lines[name]
            if line.company == step.company and not _is_closed(books, line):
                state["submitted", name] = state.pop((stands, name))


def _approve_entries(step: Step, books: Books, state: State) -> None:
    for name in books.named("submitted"):
        line = books.lines[name]
        if line.company == step.company and not _is_closed(books, line):
            del state["submitted", name]
            _approve(books, state, line)


def _approved(books: Books, company: str) -> list[Line]:
    """Return the entries of a company that are approved and not on their way."""
    lines = [line for line in books.lines.values() if line.company == company]
    return [
        line
        for line in lines
        if line.document.kind is Kind.TIME_ENTRY
        and ("approved", line.name) in books.state
        and not any((what, line.name) in books.state for what in _ON_THEIR_WAY)
    ]


def _cancel_approval(step: Step, books: Books, state: State) -> None:
    """Approvals are taken back: the entries are submitted as before, what they made is reversed."""
    for line in _approved(books, step.company):
        state["submitted", line.name] = line.amount
        _reverse(books, state, line)


def _ask_back(step: Step, books: Books, state: State) -> None:
    for line in _approved(books, step.company):
        state["recall_requested", line.name] = line.amount


def _grant(step: Step, books: Books, state: State) -> None:
    for name in books.named("recall_requested"):
        line = books.lines[name]
        if line.company == step.company:
            state["returned", name] = state.pop(("recall_requested", name))
            _reverse(books, state, line)


def _reverse(books: Books, state: State, line: Line) -> None:
    """Each actual of an entry that stands gets a counterpart, once."""
    for name in [name for what, name in state if what == "actual" and books.line_of(name) is line]:
        if not is_reversal(name) and ("actual", reversal_of(name)) not in state:
            _record(books, state, reversal_of(name), money(-Decimal(state["actual", name])))
            _connect(books, state, reversal_of(name))


def _is_closed(books: Books, line: Line) -> bool:
    return books.state["stage in operations", line.document.project] == CLOSED


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


_ON_THEIR_WAY: Final = ("draft", "submitted", "returned", "recall_requested")
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
    "cancel_approval": _cancel_approval,
    "ask_back": _ask_back,
    "grant": _grant,
    "import": journalling.import_,
    "post_journals": journalling.post,
    "to_draft": journalling.to_draft,
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
