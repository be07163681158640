"""What a general journal may hold, why a line is refused, and when operations is asked again: no database.

A line has two sides. Where the account is a project, a debit is project cost and a credit a project credit;
where the offset account is, the other way round. The other side is the ledger account that the user chose,
never an integration account's business (finance spec 2.14).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

ATTEMPTS_MAX: Final = 5
"""After so many failures a journal waits for somebody (finance spec 2.14)."""
SILENT_ATTEMPTS: Final = 1
"""The first failure is not shown: operations may just not have answered (seed *Integration workspace*)."""

SEQUENCE: Final = "general_journal_voucher"
NUMBERS: Final = "general_journal"


class JournalState(StrEnum):
    """What a general journal is."""

    DRAFT = "draft"
    POSTED = "posted"
    DELETED = "deleted"


class SyncState(StrEnum):
    """How far operations is with a posted journal."""

    NONE = ""  # it has no line with a project
    WAITING = "waiting"
    MANUAL = "manual"  # it failed too often: somebody has to press Sync
    CONFIRMED = "confirmed"


LINE_REFUSALS: Final = {
    "GJ-412": "its sides are not two ledger accounts, or a project and a ledger account",
    "GJ-413": "not exactly one of debit and credit is an amount",
    "GJ-415": "its project is another company's",
    "INT-701": "its project is closed",
    "GJ-414": "its category is missing, or such work costs nothing",
    "GJ-416": "its contract line is of another contract than its project, or is another company's",
    "GJ-417": "its accounting date is in no open period",
    "GJ-418": "no exchange rate is known",
    "GJ-420": "quantity times cost price is not its amount",
    "GJ-422": "no profile rule covers its project",
    "GJ-419": "the posting profile has no account for project cost",
    "GJ-423": "an account demands other dimensions than those of its project",
}
"""Why a line is not posted, the first that applies (``finance_general_draft``)."""

LINE_WARNINGS: Final = {
    "GJ-406": "its project has no contract, so that nothing is sold",
    "GJ-407": "it is sold on time and materials, and no sales price was typed",
    "GJ-408": "a sales price was typed, and nothing is sold",
}
"""What somebody should look at before posting; it is posted all the same."""


def sync_state(project_lines: int, attempts: int | None, confirmed: str | None) -> SyncState:
    """Return how far operations is; ``attempts`` is None for a journal that waits no longer."""
    if confirmed is not None:
        return SyncState.CONFIRMED
    if not project_lines or attempts is None:
        return SyncState.NONE
    return SyncState.MANUAL if attempts >= ATTEMPTS_MAX else SyncState.WAITING


def is_shown(attempts: int) -> bool:
    """Say whether the seed's view shows a journal after so many failures."""
    return attempts > SILENT_ATTEMPTS
