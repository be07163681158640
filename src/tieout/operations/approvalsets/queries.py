"""The approval sets of a company: how far each is, and what it left undone and why."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import ProblemText, render
from tieout.operations.approvalsets.problems import ApprovalSetUnknown
from tieout.operations.approvalsets.rules import USUAL_THRESHOLD, SetStatus

PAGE: Final = 100

_PACKAGE: Final = "tieout.operations.approvalsets"
_SETS: Final = sql.load(_PACKAGE, "approval_sets")
_LOG: Final = sql.load(_PACKAGE, "set_log")
_THRESHOLD: Final = sql.load(_PACKAGE, "threshold")


@dataclass(frozen=True, slots=True)
class ApprovalSetRow:
    """One approval set; ``project_number`` is None of absences.

    Of ``entries``, ``done`` have left it. ``in_flight``: nothing else may be done with those that are left.
    """

    number: int
    project_number: str | None
    project_name: str | None
    action: str
    target_status: str
    status: SetStatus
    in_flight: bool
    attempt: int
    attempts_left: int
    entries: int
    done: int
    comment: str
    requested_by: str
    approver: str
    requested_at: datetime
    changed_at: datetime

    @property
    def may_be_retried(self) -> bool:
        """Whether Retry does something: the set failed, in whole or in part."""
        return self.status in {SetStatus.FAILED, SetStatus.PARTIALLY_COMPLETED}


@dataclass(frozen=True, slots=True)
class LoggedRefusal:
    """Why an attempt did not do one entry; ``is_left``: it is still in the set."""

    id: int
    attempt: int
    entry_id: UUID
    external_id: str
    transaction_class: str
    approver: str
    logged_at: datetime
    is_left: bool
    text: ProblemText


def threshold(*, actor: Actor, company: str) -> int:
    """Return up to how many entries ``company`` does at once; 0: none."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _THRESHOLD, company=company)
    return int(found[0]["approval_threshold"]) if found else USUAL_THRESHOLD


def approval_sets(
    *,
    actor: Actor,
    company: str,
    statuses: Collection[SetStatus] = tuple(SetStatus),
    before: int | None = None,
) -> tuple[tuple[ApprovalSetRow, ...], int | None]:
    """Return ``PAGE`` sets of ``company``, the latest first, and the ``before`` of the next page."""
    permit(actor, Verb.READ, company)
    found = _sets(company, statuses, before=before)
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def approval_set(*, actor: Actor, company: str, number: int) -> ApprovalSetRow:
    """Return one set of ``company``; raise :class:`ApprovalSetUnknown`."""
    permit(actor, Verb.READ, company)
    found = _sets(company, tuple(SetStatus), number=number)
    if not found:
        raise ApprovalSetUnknown(number=number, company=company)
    return found[0]


def set_log(
    *, actor: Actor, company: str, number: int, before: int | None = None
) -> tuple[tuple[LoggedRefusal, ...], int | None]:
    """Return ``PAGE`` refusals of one set, the latest first, and the ``before`` of the next page."""
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _LOG, company=company, number=number, before=before, row_limit=PAGE + 1)
    shown = tuple(
        LoggedRefusal(**row, text=render(code, json.loads(details)))
        for row in found[:PAGE]
        for code, details in [(row.pop("code"), row.pop("details"))]
    )
    return shown, shown[-1].id if len(found) > PAGE else None


def _sets(
    company: str, statuses: Collection[SetStatus], *, number: int | None = None, before: int | None = None
) -> tuple[ApprovalSetRow, ...]:
    found = sql.rows(
        OPERATIONS,
        _SETS,
        company=company,
        statuses=list(statuses),
        number=number,
        before=before,
        row_limit=PAGE + 1,
    )
    return tuple(ApprovalSetRow(**{**row, "status": SetStatus(row["status"])}) for row in found)
