"""What submission and approval refuse for a time entry.

The set statements compute the codes; this page is where their order and reasons are read. An entry gets the
first code that applies, in this order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

# entries/sql/submit_time.sql and approvals/sql/approve_time.sql; the first two arise at approval only.
TIME_REFUSALS: Final = {
    "APR-101": "it is a draft: only submitted entries are approved",
    "ACCESS-103": "the approver submitted it",
    "APR-107": "entry, resource and project do not share one company",
    "INT-701": "its project is closed",
    "APR-103": "the decision table says that approval does not apply",
    "APR-105": "the currency of a unit or of the contract is not known",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """How many records a run refused with one code; the problem log names each of them."""

    code: str
    count: int


def refusals(codes: Counter[str]) -> tuple[Refused, ...]:
    """Return the refusals of a run in the order of their codes."""
    return tuple(Refused(code, count) for code, count in sorted(codes.items()) if count)
