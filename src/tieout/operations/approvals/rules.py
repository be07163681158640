"""What approval refuses, and what it says.

The set statements compute the codes; this page is where their order and reasons are read. A document or
entry gets the first code that applies, in this order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tieout.kernel.problems import Problem

# The maps whose lines are approved by arriving, and the kind of document each of them brings.
KIND_OF_MAP: Final = {
    "msdyn_expenses": "expense",
    "msdyn_projectvendorinvoicelines": "vendor_invoice_line",
}

# Refusals of a document born in finance, in order of precedence (approvals/sql/approve_documents.sql).
DOCUMENT_REFUSALS: Final = {
    "APR-104": "its project is not known here, so nobody can say which actuals it makes",
    "APR-107": "its project belongs to another company",
    "INT-701": "its project is closed",
    "APR-103": "the decision table says that approval does not apply",
    "DW-113": "its category is missing, has no cost side (fee), or is not one of expenses",
    "APR-105": "its currency, or that of the contract, is not known: its precision would be a guess",
    "APR-106": "its sales price cannot be converted into the currency of the contract",
}

# Refusals of a time entry, in order of precedence (approvals/sql/approve_time.sql, entries/sql/submit_time.sql).
TIME_REFUSALS: Final = {
    "APR-101": "it is not in the state that the step needs",
    "ACCESS-103": "the approver submitted it",
    "APR-107": "entry, resource and project do not share one company",
    "INT-701": "its project is closed",
    "APR-103": "the decision table says that approval does not apply",
    "APR-105": "the currency of a unit or of the contract is not known",
}


class AlreadyRunning(Problem):
    """Another program, or another thread of this one, holds the lock of the same job."""

    code = "JOB-101"
    job: str


@dataclass(frozen=True, slots=True)
class Refused:
    """How many records a run refused with one code; the problem log names each of them."""

    code: str
    count: int
