"""The catalogue of checks: the sets of source lines, and why a line is not reconciled (finance spec 3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table


class Kind(StrEnum):
    """What a source line is; each kind clears its own integration account."""

    EXPENSE = "expense"
    VENDOR_INVOICE_LINE = "vendor_invoice_line"


class State(StrEnum):
    """The three disjoint sets of which every source line is in exactly one."""

    MISSING_ACTUALS = "missing_actuals"
    MISSING_JOURNAL_LINES = "missing_journal_lines"
    RECONCILED = "reconciled"


class Check(StrEnum):
    """One view of the workspace; the statement of the same name under ``sql/`` defines it."""

    MISSING_ACTUALS = "missing_actuals"
    MISSING_JOURNAL_LINES = "missing_journal_lines"
    ALL = "all"
    RECONCILED = "reconciled"
    AMOUNT_DIFFERENCES = "amount_differences"


class Reason(StrEnum):
    """The first hop that an unreconciled line lacks, in the order of its way (finance spec 3.5)."""

    NOT_SYNCED_TO_OPERATIONS = "not_synced_to_operations"
    NOT_APPROVED = "not_approved"
    NO_ACTUAL = "no_actual"
    ACTUAL_NOT_SYNCED_BACK = "actual_not_synced_back"
    NOT_IMPORTED = "not_imported"
    DRAFT = "draft"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One row of ``checks.csv``: what the workspace calls a check for a kind."""

    check: Check
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One row of ``reasons.csv``: the set of a reason, its words for a kind, and what repairs it."""

    reason: Reason
    kind: Kind
    state: State
    label: str
    remedy: str


CHECKS: Final[Table[CheckRow]] = load_table(
    files(__package__) / "checks.csv", CheckRow, key=("check", "kind")
)
REASONS: Final[Table[ReasonRow]] = load_table(
    files(__package__) / "reasons.csv", ReasonRow, key=("reason", "kind")
)
