"""Does a step: calls the verb that anybody may call, or what no verb does, as the owner of the tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Final

from django.db import DatabaseError, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver, deliver_all
from tieout.dualwrite.maps.actions import load_maps, set_state
from tieout.dualwrite.maps.queries import find
from tieout.dualwrite.maps.rules import State as MapState
from tieout.dualwrite.resync.actions import resync
from tieout.faultlab.looking import Looker
from tieout.faultlab.model import (
    CLOSED,
    COST,
    DOCUMENT_MAPS,
    Books,
    Fact,
    State,
    after,
    arrived,
    money,
    owed,
)
from tieout.faultlab.scenario import ACTUALS, EXPENSES, PROJECTS, PROJECTS_MAP, Document, Kind, Step
from tieout.faultlab.world import CLERK, INTEGRATOR, MANAGER, RESOURCE, SYSTEM, World
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.journals.queries import journals
from tieout.kernel import identifiers
from tieout.kernel.access import Actor
from tieout.loading.entering import alias_of, enter, landed
from tieout.loading.formats import FORMATS
from tieout.loading.given import judge
from tieout.loading.masters import send
from tieout.loading.profile import plain_profile
from tieout.loading.references import Directory
from tieout.loading.sources import SourceRow
from tieout.operations.approvals.actions import approve_documents, approve_entries, submit_entries
from tieout.problems.rules import AlreadyRunning
from tieout.reconciliation.collectors.actions import collect

_PACKAGE: Final = "tieout.faultlab"
_CURRENCY: Final = {"NORTH": "GBP", "SOUTH": "EUR"}
_HOURS_TURNED: Final = 72
_SETS: Final = {"pause_map": MapState.PAUSED, "stop_map": MapState.NOT_RUNNING, "start_map": MapState.RUNNING}
_REWRITES: Final = ((FINANCE, "rewrite_ledger"), (OPERATIONS, "rewrite_actuals"))

Rows = Sequence[Mapping[str, str]]


class RewrittenError(RuntimeError):
    """The database let the program change what happened."""


# ---------------------------------------------------------------- what anybody may call


def call_of(step: Step, looker: Looker) -> Callable[[], object]:
    """Return the verb of a step, ready to be called; ``looker`` knows the keys of records."""
    if step.document is not None:
        return partial(_enter_document, step.document)
    if step.act == "send_projects":
        return partial(
            resync, actor=INTEGRATOR, map=PROJECTS_MAP, keys=[looker.key(project) for project in PROJECTS]
        )
    return partial(_VERBS[step.act], step)


def collected() -> None:
    """Collect, and say if another run was at it."""
    if not collect(actor=SYSTEM).ran:
        raise AlreadyRunning(job="collect")


def to_draft(company: str) -> None:
    """Let every journal in error be posted again."""
    for journal in journals(actor=SYSTEM, company=company):
        if journal.status == "error":
            update_to_draft(actor=SYSTEM, company=company, journal_number=journal.number)


def change_project(project: str, stage: str) -> None:
    """Give a project another stage; its own when ``stage`` is empty."""
    company, _, kind = project.partition("-")
    sold = kind == "SOLD"
    row = {
        "number": project,
        "name": {"NORTH-OWN": "North's own", "NORTH-SOLD": "Sold by North"}.get(
            project, "Sold by South" if sold else "South's own"
        ),
        "company": company,
        "contracting_unit": company,
        "stage": stage or ("sold" if sold else "internal"),
        "contract": f"K-{company}" if sold else "",
        "contract_line": "1" if sold else "",
    }
    _enter_set_up("project", row)


def change_period(company: str, month: str, status: str) -> None:
    """Give a period of a company a status."""
    named = {"calendar": "CALENDAR", "year": month[:4], "name": month}
    _enter_set_up("period_status", {"company": company, **named, "status": status})


def add_rate() -> None:
    """Enter the exchange rate that January lacks."""
    pair = {"rate_type": "default", "from_currency": "EUR", "to_currency": "GBP"}
    _enter_set_up("exchange_rate", {**pair, "date": "2025-01-01", "rate": "84"})


def _set_map(step: Step) -> None:
    set_state(actor=INTEGRATOR, map=step.target, state=_SETS[step.act])


def _deliver(step: Step) -> object:
    if step.target:
        return deliver(actor=SYSTEM, map=step.target, batch_size=step.pick)
    done = deliver_all(actor=SYSTEM, batch_size=step.pick)
    for problem in filter(None, (one.problem for one in done)):
        raise problem  # the maps after it have been delivered
    return done


_VERBS: Final[dict[str, Callable[[Step], object]]] = {
    "post_reports": lambda step: post_expense_reports(actor=CLERK, company=step.company),
    "post_invoices": lambda step: post_vendor_invoices(actor=CLERK, company=step.company),
    "submit": lambda step: submit_entries(actor=RESOURCE, company=step.company),
    "approve_entries": lambda step: approve_entries(actor=MANAGER, company=step.company),
    "deliver": _deliver,
    "approve_documents": lambda step: approve_documents(actor=SYSTEM, company=step.company),
    "import": lambda step: import_from_staging(actor=SYSTEM, company=step.company),
    "post_journals": lambda step: post_integration_journals(actor=SYSTEM, company=step.company),
    "to_draft": lambda step: to_draft(step.company),
    "collect": lambda _: collected(),
    "pause_map": _set_map,
    "stop_map": _set_map,
    "start_map": _set_map,
    "new_version": lambda _: load_maps(),
    "hold_period": lambda step: change_period(step.company, step.target, "on_hold"),
    "open_period": lambda step: change_period(step.company, step.target, "open"),
    "close_project": lambda step: change_project(step.target, CLOSED),
    "reopen_project": lambda step: change_project(step.target, ""),
    "add_rate": lambda _: add_rate(),
}


def _enter_document(document: Document) -> None:
    common = {"company": document.company, "project": document.project}
    rows: list[dict[str, str]] = []
    for number, amount in enumerate(document.amounts, 1):
        line = {**common, "line_number": str(number), "category": "TRAVEL", "amount": amount}
        line["currency"] = _CURRENCY[document.company]
        match document.kind:
            case Kind.EXPENSE:
                own = {"report_number": document.number, "resource": f"BEA-{document.company}"}
                rows.append({**line, **own, "transaction_date": document.day})
            case Kind.VENDOR_INVOICE_LINE:
                own = {"invoice_number": document.number, "vendor": "VENDOR"}
                rows.append({**line, **own, "accounting_date": document.day})
            case Kind.TIME_ENTRY:
                own = {"external_id": document.number, "resource": f"BEA-{document.company}", "role": "DEV"}
                rows.append({**common, **own, "date": document.day, "hours": amount})
    entity = "expense_line" if document.kind is Kind.EXPENSE else document.kind.value
    _enter(INTEGRATOR if document.kind is Kind.TIME_ENTRY else CLERK, entity, rows)


def _enter_set_up(entity: str, row: Mapping[str, str]) -> None:
    _enter(INTEGRATOR, entity, [row])
    send(INTEGRATOR, entity)


def _enter(actor: Actor, entity: str, rows: Rows) -> None:
    """Enter records as a file of them would be; what is refused is left out."""
    fields = tuple(FORMATS[entity].fields)
    given = [
        SourceRow(number, {name: row.get(name, "") for name in fields}) for number, row in enumerate(rows, 1)
    ]
    judged = judge(actor, plain_profile(entity), fields, given, Directory())
    if len(judged.chunk):
        records = landed(entity, judged.chunk)
        with transaction.atomic(using=alias_of(entity), durable=True):
            enter(actor=actor, entity=entity, companies=judged.companies, chunk=judged.chunk, records=records)


# ---------------------------------------------------------------- what no verb does


class Faults:
    """Faults in what is stored: of each it is known beforehand what becomes true."""

    def __init__(self, world: World, books: Books, looker: Looker) -> None:
        self._world, self._books, self._looker = world, books, looker

    def strike(self, step: Step) -> State:
        """Do what a step says; return what must be true now."""
        match step.act:
            case "drop":
                return self._drop(step)
            case "duplicate":
                return self._duplicate(step)
            case "reorder":
                self._world.as_owner(find(step.target).source, "turn_round", map=step.target)
            case "old_version":
                self._world.as_owner(find(step.target).source, "old_version", map=step.target)
            case "lose_project":
                self._world.as_owner(FINANCE, "lose_project", number=step.target)
                return after(step, self._books)
            case "tamper":
                return self._tamper(step)
            case "rewrite":
                _rewrite(step)
            case "turn_clock":
                turn_clock(step.pick % (2 * _HOURS_TURNED) - _HOURS_TURNED)
        return self._books.state

    def _drop(self, step: Step) -> State:
        state = dict(self._books.state)
        names = self._books.named(owed(step.target))
        if names:
            name = names[step.pick % len(names)]
            source = find(step.target).source
            self._world.as_owner(source, "lose_stated", map=step.target, key=self._looker.key(name))
            del state[owed(step.target), name]
            self._books.gaps.add((step.target, name))
        return state

    def _duplicate(self, step: Step) -> State:
        state = dict(self._books.state)
        names = sorted({*self._books.named(owed(step.target)), *self._books.named(arrived(step.target))})
        if names:
            name = names[step.pick % len(names)]
            source = find(step.target).source
            self._world.as_owner(source, "state_again", map=step.target, key=self._looker.key(name))
            state[owed(step.target), name] = ""
        return state

    def _tamper(self, step: Step) -> State:
        state = dict(self._books.state)
        facts = sorted(filter(self._is_before_its_next_hop, state))
        if facts:
            what, name = facts[step.pick % len(facts)]
            amount = Decimal(state[what, name]) + Decimal(step.pick % 9 + 1) / 100
            state[what, name] = money(amount)
            side, statement = _TAMPERED[what]
            self._world.as_owner(side, statement, key=self._looker.key(name), amount=amount)
            self._books.tampered.add(self._books.line_of(name).name)
        return state

    def _is_before_its_next_hop(self, fact: Fact) -> bool:
        """Whether an amount of a document has arrived and nothing has been made of it."""
        what, name = fact
        state = self._books.state
        if what == arrived(ACTUALS):
            line = self._books.line_of(name)
            journalised = any((one, name) in state for one in ("draft line", "line in error", "cleared"))
            return line.document.kind in DOCUMENT_MAPS and name.endswith(f" {COST}") and not journalised
        return what in _TAMPERED and ("approved", name) not in state


_TAMPERED: Final = {
    arrived(EXPENSES): (OPERATIONS, "tamper_expense"),
    arrived(DOCUMENT_MAPS[Kind.VENDOR_INVOICE_LINE]): (OPERATIONS, "tamper_invoice_line"),
    arrived(ACTUALS): (FINANCE, "tamper_staged"),
}


def _rewrite(step: Step) -> None:
    """Try to change what happened as the program does anything; raise unless the database refuses."""
    side, statement = _REWRITES[step.pick % len(_REWRITES)]
    try:
        sql.run(side, sql.load(_PACKAGE, statement))
    except DatabaseError:
        return
    raise RewrittenError(f"{statement} passed")


def turn_clock(hours: int) -> None:
    """Turn the clock from which the program makes its keys; 0 sets it right."""
    shift = hours * 3_600 * 10**9
    clock = time if not hours else SimpleNamespace(time_ns=lambda: time.time_ns() + shift)
    setattr(identifiers, "time", clock)  # noqa: B010  a module's own global
