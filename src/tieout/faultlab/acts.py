"""Does a step: calls the verb that anybody may call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from tieout.dualwrite.delivery.actions import deliver, deliver_all
from tieout.dualwrite.maps.actions import load_maps, set_state
from tieout.dualwrite.maps.rules import State as MapState
from tieout.dualwrite.resync.actions import resync
from tieout.faultlab.books import CLOSED
from tieout.faultlab.looking import Looker
from tieout.faultlab.scenario import PROJECTS, PROJECTS_MAP, Document, Kind, Step
from tieout.faultlab.world import ACCOUNTANT, CLERK, INTEGRATOR, MANAGER, RESOURCE, SYSTEM
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.general.actions import post_general_journal
from tieout.finance.general.queries import general_journals
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.journals.queries import journals
from tieout.kernel.access import Actor
from tieout.loading.entering import alias_of, enter, landed
from tieout.loading.formats import FORMATS
from tieout.loading.given import judge
from tieout.loading.masters import send
from tieout.loading.profile import plain_profile
from tieout.loading.references import Directory
from tieout.loading.sources import SourceRow
from tieout.operations.approvals.actions import (
    approve_documents,
    approve_entries,
    cancel_approval,
    grant_recall,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.queries import Hop, approved_entries, waiting_entries
from tieout.operations.entries.rules import EntryClass
from tieout.operations.verification.actions import reject_lines, verify_lines
from tieout.operations.verification.queries import waiting_lines
from tieout.problems.rules import AlreadyRunning
from tieout.reconciliation.collectors.actions import collect

_SET_OFF: Final = "600300"
"""The account that entries by hand are set off against."""
_CURRENCY: Final = {"NORTH": "GBP", "SOUTH": "EUR"}
_SETS: Final = {"pause_map": MapState.PAUSED, "stop_map": MapState.NOT_RUNNING, "start_map": MapState.RUNNING}

Rows = Sequence[Mapping[str, str]]


# ---------------------------------------------------------------- what anybody may call


def call_of(step: Step, looker: Looker) -> Callable[[], object]:
    """Return the verb of a step, ready to be called; ``looker`` knows the keys of records."""
    if step.document is not None:
        return partial(enter_document, step.document)
    if step.act == "send_projects":
        return partial(
            resync,
            actor=INTEGRATOR,
            map=PROJECTS_MAP,
            keys=[looker.key("stage in operations", project) for project in PROJECTS],
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


def post_by_hand(company: str) -> None:
    """Post every general journal that may be posted; who posts has not entered it."""
    for journal in general_journals(actor=ACCOUNTANT, company=company, state="draft"):
        post_general_journal(actor=ACCOUNTANT, company=company, number=journal.number)


def waiting(company: str) -> list[UUID]:
    """Return the vendor invoice lines that the project manager is to verify."""
    lines, _ = waiting_lines(actor=MANAGER, company=company)
    return [line.line_id for line in lines]


def verify(company: str) -> None:
    """Let the project manager verify all that waits."""
    verify_lines(actor=MANAGER, company=company, line_ids=waiting(company))


def cancel(company: str) -> None:
    """Take the approvals of all entries back."""
    cancel_approval(actor=MANAGER, company=company, entry_ids=_approved(company))


def ask_back(company: str) -> None:
    """Ask all approved entries back."""
    request_recall(actor=RESOURCE, company=company, entry_ids=_approved(company))


def grant(company: str) -> None:
    """Grant whatever is asked back."""
    asked, _ = waiting_entries(
        actor=MANAGER, company=company, of_class=EntryClass.TIME, hop=Hop.RECALL_REQUESTED
    )
    grant_recall(actor=MANAGER, company=company, entry_ids=[entry.entry_id for entry in asked])


def _approved(company: str) -> list[UUID]:
    entries, _ = approved_entries(actor=MANAGER, company=company, of_class=EntryClass.TIME)
    return [entry.entry_id for entry in entries]


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
    "post_by_hand": lambda step: post_by_hand(step.company),
    "submit": lambda step: submit_entries(actor=RESOURCE, company=step.company),
    "approve_entries": lambda step: approve_entries(actor=MANAGER, company=step.company),
    "cancel_approval": lambda step: cancel(step.company),
    "ask_back": lambda step: ask_back(step.company),
    "grant": lambda step: grant(step.company),
    "deliver": _deliver,
    "approve_documents": lambda step: approve_documents(actor=SYSTEM, company=step.company),
    "verify": lambda step: verify(step.company),
    "reject": lambda step: reject_lines(
        actor=MANAGER, company=step.company, line_ids=waiting(step.company), reason="not ordered"
    ),
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


def enter_document(document: Document) -> None:
    """Enter a document with all its lines."""
    common = {"company": document.company, "project": document.project}
    rows: list[dict[str, str]] = []
    category = "LODGING" if document.lodging else "STEEL" if document.stocked else "TRAVEL"
    for number, amount in enumerate(document.amounts, 1):
        line = {**common, "line_number": str(number), "category": category, "amount": amount}
        line["currency"] = "EUR" if document.is_foreign else _CURRENCY[document.company]
        match document.kind:
            case Kind.EXPENSE:
                own = {"report_number": document.number, "resource": f"BEA-{document.company}"}
                rows.append({**line, **own, "transaction_date": document.day})
            case Kind.VENDOR_INVOICE_LINE:
                own = {"invoice_number": document.number, "vendor": "VENDOR"}
                asked = "yes" if document.to_verify else "no"
                apart = {"manual_verification": asked, "stocked": "yes" if document.stocked else "no"}
                rows.append({**line, **own, "accounting_date": document.day, **apart})
            case Kind.TIME_ENTRY:
                own = {"external_id": document.number, "resource": f"BEA-{document.company}", "role": "DEV"}
                rows.append({**common, **own, "date": document.day, "hours": amount})
            case Kind.GENERAL_JOURNAL:
                rows.append({**line, **_by_hand(document, Decimal(amount))})
    entity = "expense_line" if document.kind is Kind.EXPENSE else document.kind.value
    of_clerk = document.kind in {Kind.EXPENSE, Kind.VENDOR_INVOICE_LINE}
    _enter(CLERK if of_clerk else INTEGRATOR, entity, rows)


def _by_hand(document: Document, amount: Decimal) -> dict[str, str]:
    """Return an entry on an integration account, set off against another account: a credit if negative."""
    return {
        "journal": document.number,
        "accounting_date": document.day,
        "account_type": "ledger",
        "account": document.account,
        "debit" if amount > 0 else "credit": str(abs(amount)),
        "offset_account_type": "ledger",
        "offset_account": _SET_OFF,
    }


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
