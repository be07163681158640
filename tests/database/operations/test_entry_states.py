"""Every verb has its answer in every state of an entry, and every status its machine (spec 1.1, 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Final
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.database.operations.ledger import CLERK, MANAGER, count, rows
from tests.database.operations.site import Site

from tieout.database.aliases import OPERATIONS
from tieout.operations.approvals import actions
from tieout.operations.entries.actions import delete_entries

pytestmark = pytest.mark.usefixtures("databases")
GB = "GB01"
CLASSES: Final = ("time", "expense", "material")
VERBS: Final[dict[str, tuple[Any, Callable[..., Any]]]] = {
    "submit": (CLERK, actions.submit_entries),
    "approve": (MANAGER, actions.approve_entries),
    "reject": (MANAGER, actions.reject_entries),
    "recall": (CLERK, actions.recall_entries),
    "ask_back": (CLERK, actions.request_recall),
    "grant": (MANAGER, actions.grant_recall),
    "refuse": (MANAGER, actions.refuse_recall),
    "cancel": (MANAGER, actions.cancel_approval),
    "delete": (CLERK, delete_entries),
}
# The state after the verb, or the code that refuses it; what is there already stays and is no refusal.
# ``later``: returned by a granted recall, so that it has actuals and is not deleted.
STATES: Final = """
           submit     approve   reject    recall   ask_back  grant     refuse    cancel     delete
draft      submitted  APR-101   APR-109   APR-109  APR-111   APR-110   APR-110   APR-111    gone
submitted  submitted  approved  returned  draft    APR-111   APR-110   APR-110   APR-111    APR-114
returned   submitted  APR-101   APR-109   APR-109  APR-111   APR-110   APR-110   APR-111    gone
later      submitted  APR-101   APR-109   APR-109  APR-111   APR-110   APR-110   APR-111    APR-115
approved   approved   approved  APR-109   APR-109  asked     APR-110   APR-110   submitted  APR-114
asked      asked      asked     APR-109   APR-109  APR-111   returned  approved  APR-111    APR-114
"""
NAMES: Final = {"asked": "recall_requested", "later": "returned"}
WAY: Final = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "reject"),
    "later": ("submit", "approve", "ask_back", "grant"),  # it has actuals: it stays
    "approved": ("submit", "approve"),
    "asked": ("submit", "approve", "ask_back"),
}
# Cost and unbilled sales of each approval, and their reversals where it is taken back.
ACTUALS: Final = {"later": 4, "approved": 2, "asked": 2}


def do(verb: str, entries: Sequence[UUID]) -> Any:
    actor, action = VERBS[verb]
    return action(actor=actor, company=GB, entry_ids=list(entries))


def standing() -> dict[UUID, str]:
    return dict(rows("select entry_id, state from operations_entry_state"))


def an_entry(site: Site, of_class: str, role: UUID, taxi: UUID) -> UUID:
    """Enter work of a class."""
    if of_class == "time":
        return site.time(site.person, site.project_id, role)
    if of_class == "expense":
        return site.spent(site.person, site.project_id, taxi, price=12)
    return site.used(site.project_id, price=5)


def table() -> dict[tuple[str, str], str]:
    """Return what becomes of a state by a verb: another state, ``gone``, or a code."""
    header, *lines = (line.split() for line in STATES.strip().splitlines())
    return {
        (state, verb): NAMES.get(answer, answer)
        for state, *answers in lines
        for verb, answer in zip(header, answers, strict=True)
    }


def test_each_verb_in_each_state_of_each_class_moves_it_or_is_refused_with_its_code() -> None:
    """Six standings, nine verbs, three classes: 162 entries; those of one verb are one set."""
    site, answers_of = Site(), table()
    role, taxi = site.role(), site.category()
    cells = {
        an_entry(site, of_class, role, taxi): (of_class, state, verb)
        for of_class, (state, verb) in product(CLASSES, answers_of)
    }
    site.load()
    for state, way in WAY.items():
        for verb in way:
            do(verb, [entry for entry, cell in cells.items() if cell[1] == state])
    began = {entry: NAMES.get(state, state) for entry, (_, state, _) in cells.items()}
    assert standing() == began
    for verb in VERBS:
        answers = {entry: answers_of[state, verb] for entry, (_, state, of) in cells.items() if of == verb}
        names = dict(rows("select external_id, id from operations_entry"))
        refused = {entry: code for entry, code in answers.items() if "-" in code}
        done = do(verb, list(answers))
        if verb in {"submit", "approve"}:
            assert sum(one.count for one in done.refused) == len(refused), verb
        else:
            assert {names[one.record_name]: one.code for one in done.refused} == refused, verb
        stands = standing()
        for entry, answer in answers.items():
            expected = began[entry] if "-" in answer else answer
            assert stands.get(entry, "gone") == expected, (cells[entry], answer)
    made = dict.fromkeys(cells.values(), 0)
    for source, actuals in rows("select source_id, count(*) from operations_actual group by 1"):
        made[cells[source]] = actuals
    for (of_class, state, verb), actuals in made.items():
        more = {("submitted", "approve"): 2, ("approved", "cancel"): 2, ("asked", "grant"): 2}
        assert actuals == ACTUALS.get(state, 0) + more.get((state, verb), 0), (of_class, state, verb)


ADJUSTMENT: Final = ("live", "in_process", "adjusted", "unadjustable")
BILLING: Final = (
    "unbilled_sales_created",
    "ready_to_invoice",
    "customer_invoice_created",
    "customer_invoice_posted",
    "canceled",
)
NOT_TO_EXCEED: Final = ("not_applicable", "not_evaluated", "committed", "failed")
MACHINES: Final = {"adjustment": ADJUSTMENT, "billing": BILLING, "not_to_exceed": NOT_TO_EXCEED}
ON_INVOICE: Final = {"customer_invoice_created", "customer_invoice_posted"}


def say(actual: UUID, machine: str, status: str) -> None:
    """State that an actual has a status from now on."""
    rows(
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " values (%s, %s, %s, 'somebody') returning id",
        actual,
        machine,
        status,
    )


def test_a_status_is_of_its_machine_alone_and_what_it_guards_is_asked_of_each() -> None:
    """An invoice bars before a correction does; what a limit says bars nothing."""
    site = Site()
    role = site.role()
    states = list(product(BILLING, ("live", "in_process", "adjusted"), NOT_TO_EXCEED[::3]))
    entries = {site.time(site.person, site.project_id, role): state for state in states}
    site.approve()
    sales = dict(
        rows("select source_id, id from operations_actual where transaction_type = 'unbilled_sales'")
    )
    one = next(iter(sales.values()))
    everything = sorted({status for statuses in MACHINES.values() for status in statuses})
    for machine, status in product(MACHINES, everything):
        if status not in MACHINES[machine]:
            with pytest.raises(IntegrityError), transaction.atomic(using=OPERATIONS):
                say(one, machine, status)
    assert count("operations_actual_status") == 0
    for entry, state in entries.items():
        for machine, status in zip(("billing", "adjustment", "not_to_exceed"), state, strict=True):
            say(sales[entry], machine, status)
    assert {
        row[0]: row[1:]
        for row in rows(
            "select actual_id, billing_status, adjustment_status, not_to_exceed_status"
            " from operations_actual_state"
        )
        if row[0] in sales.values()
    } == {sales[entry]: state for entry, state in entries.items()}
    expected = {
        entry: "APR-112" if billing in ON_INVOICE else "APR-113"
        for entry, (billing, adjustment, _) in entries.items()
        if billing in ON_INVOICE or adjustment != "live"
    }
    names = dict(rows("select external_id, id from operations_entry"))
    for verb in ("ask_back", "cancel"):
        done = do(verb, [entry for entry in entries if verb == "ask_back" or entry in expected])
        assert {names[one.record_name]: one.code for one in done.refused} == expected, verb
        assert done.done == (len(entries) - len(expected) if verb == "ask_back" else 0)
