"""Draws what people do in a world: who takes which step, on which entries, and what changes meanwhile."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from tests.reference.bought import STATUSES
from tests.reference.chance import Chance
from tests.reference.drawing import BILLING, COMPANIES, DAYS, STAGES
from tests.reference.ledger.correcting import Correction
from tests.reference.ledger.kept import Change
from tests.reference.ledger.steps import Model, Part, Step
from tests.reference.ledger.work import Firm, Work

PEOPLE: Final = ("ann", "bob", "max", "ada")
VERBS: Final = (
    *("submit", "submit", "submit_all", "approve", "approve", "approve_all", "reject", "recall"),
    *("request_recall", "request_recall", "grant_recall", "refuse_recall", "cancel", "cancel"),
    *("reevaluate", "set_up", "set_up", "documents", "win", "win"),
    *("close_contract", "close_contract", "close_contract"),
    *("correct", "correct", "correct", "correct"),
)
ROUND: Final = ("submit", "submit_all", "approve", "documents")
STEPS_MAX: Final = 16


def draw_script(chance: Chance) -> list[Step]:
    """Draw what people do, in an order that often comes far."""
    return [
        Step(verb, chance.one(PEOPLE), chance.one(("GB01", *COMPANIES)))
        for _ in chance.times(0, STEPS_MAX)
        for verb in chance.one((chance.some(VERBS, 1), ROUND))
    ]


def draw_part(chance: Chance, model: Model, step: Step) -> Part:
    """Draw what one firm takes of a step."""
    firm = model.firm
    if step.verb == "reevaluate":
        projects = [
            row["id"] for row in firm.tables["operations_project"] if row["company_code"] == step.company
        ]
        return Part(project=chance.one(projects) if projects and chance.is_one_in(3) else None)
    if step.verb == "close_contract":
        contracts = [
            row["id"] for row in firm.tables["operations_contract"] if row["company_code"] == step.company
        ]
        return Part(contract=chance.one(contracts) if contracts and chance.is_one_in(3) else None)
    if step.verb == "win":
        quotes = [row["id"] for row in firm.own("quote") if row["company_code"] == step.company]
        return Part(quote=chance.one(quotes) if quotes and not chance.is_one_in(3) else None)
    if step.verb == "correct":
        return Part(correction=draw_correction(chance, model, step.company))
    if step.verb == "set_up":
        return Part(set_up=draw_set_up(chance, firm) if chance.is_one_in(2) else None)
    changes = {
        key: draw_change(chance, work, step.verb)
        for key, work in firm.drawn.items()
        if not chance.is_one_in(3)
    }
    mine = {key for key, work in firm.work.items() if work.company == step.company}
    return Part({key: change for key, change in changes.items() if key in mine})


def draw_correction(chance: Chance, model: Model, company: str) -> Correction | None:
    """Draw new values of an entry that is mostly approved: who worked, when, what it was bought under."""
    firm = model.firm
    entries = [entry for entry in model.ledger.entries.values() if entry.work.company == company]
    approved = [entry for entry in entries if entry.state == "approved"]
    if not entries or chance.is_one_in(2) or not (approved or chance.is_one_in(4)):
        return None
    entry = chance.one(approved or entries)
    values: dict[str, Any] = {}
    words: dict[str, Any] = {}
    if not chance.is_one_in(4):
        bought = chance.one((None, *firm.own("subcontract")))
        values["subcontract"] = bought and bought["id"]
        words |= {"subcontract": bought["number"]} if bought else {"clears_subcontract": True}
    if not values or chance.is_one_in(3):
        values["on"] = words["date"] = chance.one(DAYS)
    if chance.is_one_in(3):
        resource = chance.one(firm.own("resource"))
        values["resource"], words["resource"] = resource["id"], resource["code"]
    return Correction(entry.work.key, values, words)


def draw_change(chance: Chance, work: Work, verb: str) -> Change:
    """Draw what an approver changes of an entry."""
    if verb != "approve" or chance.is_one_in(2):
        return Change()
    per = 60 if work.transaction_class == "time" else 1
    counted = work.quantity * per
    billable = chance.one((None, 0, 1, 100, counted - 1, counted, counted + 1, 1440, 1441, -1))
    return Change(
        None if billable is None else Fraction(billable) / per,
        chance.one((None, None, "chargeable", "non_chargeable", "complimentary")),
        per,
    )


def draw_set_up(chance: Chance, firm: Firm) -> tuple[str, UUID, dict[str, Any]] | None:
    """Draw a change that sales, a project manager or the keeper of price lists would make."""
    table = chance.one(
        (
            "project",
            "project",
            "role_price",
            "contract_line_role",
            "price_list",
            "project_approver",
            "subcontract",
        )
    )
    if not firm.own(table):
        return None
    row = chance.one(firm.own(table))
    if table == "project" and row is firm.own("project")[-1]:
        return table, row["id"], {"id": firm.missing_project}  # what documents name arrives at last
    stages = STAGES if row.get("contract_line_id") else ("presales", "internal", "closed")
    values: dict[str, dict[str, Any]] = {
        "project": {"stage": chance.one(stages)},
        "role_price": {"price": chance.price()},
        "contract_line_role": {"billing_type": chance.one(BILLING)},
        "price_list": {"is_active": chance.is_one_in(2)},
        "project_approver": {"active": chance.is_one_in(2)},
        "subcontract": {"status": chance.one(STATUSES)},
    }
    return table, row["id"], values[table]
