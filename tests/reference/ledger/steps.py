"""What people do, step by step: one verb of one person in one company, on some entries of each firm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.reference.ledger.books import Books
from tests.reference.ledger.closing import close
from tests.reference.ledger.correcting import Correction, correct
from tests.reference.ledger.documents import Documents
from tests.reference.ledger.entries import Ledger
from tests.reference.ledger.kept import Change
from tests.reference.ledger.winning import Numbered, Winning
from tests.reference.ledger.work import Firm


@dataclass(frozen=True)
class Step:
    """One step of a script that all firms of a database share."""

    verb: str
    by: str
    company: str


@dataclass
class Part:
    """What one firm takes of a step: entries with their changes, one of them corrected, or set-up."""

    changes: dict[UUID, Change] = field(default_factory=dict)
    project: UUID | None = None
    quote: UUID | None = None
    contract: UUID | None = None
    correction: Correction | None = None
    set_up: tuple[str, UUID, dict[str, Any]] | None = None


Refused = set[tuple[UUID, str]]


class Model:
    """The ledger of one firm and the documents that finance sent it."""

    def __init__(self, firm: Firm, numbered: Numbered = lambda _table, _row: None) -> None:
        self.firm = firm
        self.ledger = Ledger(firm)
        self.winning = Winning(self.ledger, numbered)
        self.documents = Documents(self.ledger)

    def books(self) -> Books:
        """Return all rows."""
        books = self.ledger.books()
        for met in self.documents.problems():
            books.problems[met] += 1
            books.retries[met.entry, met.code] += 1
        return books


def expect(model: Model, step: Step, part: Part) -> Refused:
    """Take a step on the model; return what it refuses, by entry or project."""
    ledger = model.ledger
    match step.verb:
        case "reevaluate":
            projects = [part.project] if part.project else []
            return {(key, code) for key in projects for code in ledger.reevaluate(key, step.company, step.by)}
        case "win":
            quotes = [ledger.firm.the("quote", part.quote)] if part.quote else []
            return {(one["id"], code) for one in quotes for code in model.winning.win(one, step.by)}
        case "correct":
            asked = [part.correction] if part.correction else []
            return {(one.entry, code) for one in asked if (code := correct(ledger, one))}
        case "close_contract" | "set_up" | "documents":
            _happen(model, step, part)
            return set()
        case "submit_all":
            chosen = {
                key: Change()
                for key, entry in ledger.entries.items()
                if entry.work.company == step.company and entry.state in {"draft", "returned"}
            }
        case "approve_all":
            chosen = {
                key: Change()
                for key, entry in ledger.entries.items()
                if entry.work.company == step.company and entry.state == "submitted"
            }
        case _:
            chosen = part.changes
    return {(key, code) for key, change in chosen.items() if (code := _one(ledger, step, key, change))}


def _happen(model: Model, step: Step, part: Part) -> None:
    """Take a step that refuses nothing."""
    if step.verb == "documents":
        model.documents.approve(step.company, "system")
    elif part.contract is not None:
        close(model.ledger, part.contract, step.by)
    elif part.set_up is not None:
        table, key, values = part.set_up
        model.firm.the(table, key).update(values)


def _one(ledger: Ledger, step: Step, key: UUID, change: Change) -> str:
    """Take a step on one entry."""
    entry, by = ledger.entries[key], step.by
    verbs: dict[str, Callable[[], str]] = {
        "submit": lambda: ledger.submit(entry, by),
        "approve": lambda: ledger.approve(entry, by, change),
        "reject": lambda: ledger.give_back(entry, "rejected", by),
        "recall": lambda: ledger.give_back(entry, "recalled", by),
        "request_recall": lambda: ledger.ask_back(entry, by),
        "grant_recall": lambda: ledger.grant(entry, by),
        "refuse_recall": lambda: ledger.refuse(entry, by),
        "cancel": lambda: ledger.cancel(entry, by),
    }
    return verbs[step.verb.removesuffix("_all")]()
