"""What approval refuses, and what it says.

The set statement computes the codes; this page is where their order and reasons are read. A document gets the
first code that applies, in this order. Those of entries stand in ``entries/rules.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from tieout.kernel.access import Actor, Verb, may

# The maps whose lines are approved by arriving, and the kind of document each of them brings.
KIND_OF_MAP: Final = {
    "msdyn_expenses": "expense",
    "msdyn_projectvendorinvoicelines": "vendor_invoice_line",
}

# Refusals of a document born in finance, in order of precedence (approvals/sql/approve_documents.sql).
DOCUMENT_REFUSALS: Final = {
    "APR-104": "its project is not known here, so nobody can say which actuals it makes",
    "APR-107": "its project is of another company, and it is of stock, or who approves may not touch that",
    "INT-701": "its project is closed",
    "APR-103": "the decision table says that approval does not apply",
    "DW-113": "its category is missing, has no cost side (fee), or is not one of expenses",
    "APR-105": "its currency, or that of the contract, is not known: its precision would be a guess",
    "APR-106": "its sales price cannot be converted into the currency of the contract",
}


# Of an entry that an approval set has: nothing else is done with it. It comes before every other code.
IN_A_SET: Final = "APR-141"


class BillingType(StrEnum):
    """What an approver can make of unbilled sales (operations spec 2.1, E8; 4.9)."""

    CHARGEABLE = "chargeable"
    NON_CHARGEABLE = "non_chargeable"
    COMPLIMENTARY = "complimentary"


@dataclass(frozen=True, slots=True)
class Change:
    """What an approver changes of one entry's unbilled sales; ``None`` leaves it as submitted.

    ``billable`` is in minutes of time, else in the entry's unit. Less than submitted leaves the difference as
    not chargeable, more bills more (E6, E7).
    """

    billable: Decimal | int | None = None
    billing_type: BillingType | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """Who approves, rejects, answers recalls or cancels: by name.

    ``every_project``: projects that name other approvers do not bar them (operations spec 7). ``companies``
    are those whose books they may touch, None for all.
    """

    name: str
    every_project: bool = False
    companies: list[str] | None = None

    @classmethod
    def of(cls, actor: Actor, company: str) -> Decider:
        """Return an actor as who decides in a company."""
        companies = None if actor.companies is None else sorted(actor.companies)
        return cls(actor.name, may(actor, Verb.APPROVE_EVERY_PROJECT, company), companies)


AS_IT_IS: Final = Change()


@dataclass(frozen=True, slots=True)
class DocumentsApproved:
    """One run of automatic approval in one company, in documents and its accounting currency.

    ``awaiting`` were left to the project manager, who verifies them.
    """

    judged: int = 0
    approved: int = 0
    already_approved: int = 0
    awaiting: int = 0
    refused: int = 0
    amount_approved: Decimal = Decimal(0)
    amount_awaiting: Decimal = Decimal(0)
    amount_refused: Decimal = Decimal(0)

    def plus(self, row: dict[str, Any]) -> DocumentsApproved:
        """Return the sum of this and one more batch."""
        sums = {field.name: getattr(self, field.name) + row[field.name] for field in fields(self)}
        return DocumentsApproved(**sums)
