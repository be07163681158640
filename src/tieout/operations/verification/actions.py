"""Verification of vendor invoice lines by the project manager, before they become actuals.

::

    arrives ──approve documents──> waits ──verify──> approved: actuals, in the same transaction
                                   │   ^
                                 reject: with its reason it waits on, until it is verified
                                         or finance takes the invoice back

Whether an invoice is verified is said by finance: on the invoice, else by the parameters of its company.
Each decision travels to finance, which blocks the payment of the invoice until all its lines are verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.approvals.actions import approve_verified, hold_documents
from tieout.operations.approvals.rules import Decider, DocumentsApproved
from tieout.operations.verification.rules import Outcome
from tieout.problems.actions import RecordProblem

_PACKAGE: Final = "tieout.operations.verification"
_JUDGE: Final = sql.load(_PACKAGE, "judge_lines")
_DECIDE: Final = sql.load(_PACKAGE, "decide")


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of the lines of one request. ``approved`` is what the verified ones came to as actuals."""

    done: int
    approved: DocumentsApproved
    refused: tuple[RecordProblem, ...]


def verify_lines(*, actor: Actor, company: str, line_ids: Sequence[UUID]) -> Decided:
    """Verify these lines of ``company``: they become actuals as if they had not waited.

    Nobody verifies an invoice that they entered (APR-152), or a line whose project names others (APR-153);
    one that does not wait is refused (APR-151). What approval refuses of a verified line is tried again with
    the other refused documents.
    """
    return _decide(actor, company, line_ids, Outcome.VERIFIED, "")


def reject_lines(*, actor: Actor, company: str, line_ids: Sequence[UUID], reason: str) -> Decided:
    """Reject these lines of ``company``: they wait on with the reason, and their payment stays blocked.

    Refused as by ``verify_lines``, and without a reason (APR-154). A document that finance posted is taken
    back there; a line that was rejected by mistake is verified.
    """
    return _decide(actor, company, line_ids, Outcome.REJECTED, reason.strip())


def _decide(actor: Actor, company: str, line_ids: Sequence[UUID], outcome: Outcome, reason: str) -> Decided:
    permit(actor, Verb.VERIFY, company)
    decider = Decider.of(actor, company)
    with transaction.atomic(using=OPERATIONS, durable=True):
        hold_documents(company=company, verified=list(line_ids))
        judged = sql.rows(
            OPERATIONS,
            _JUDGE,
            company=company,
            line_ids=list(line_ids),
            actor=decider.name,
            every_project=decider.every_project,
            outcome=outcome,
            reason=reason,
        )
        good = [row["record_id"] for row in judged if not row["code"]]
        refused = tuple(RecordProblem.from_row(row) for row in judged if row["code"])
        return Decided(*_keep(company, decider, good, {"outcome": outcome, "reason": reason}), refused)


def _keep(
    company: str, decider: Decider, good: Sequence[UUID], decision: dict[str, Any]
) -> tuple[int, DocumentsApproved]:
    """Keep a decision of these lines; verified ones are approved in the same transaction."""
    if not good:
        return 0, DocumentsApproved()
    done = sql.one(OPERATIONS, _DECIDE, line_ids=list(good), decided_by=decider.name, **decision)["decided"]
    if decision["outcome"] is Outcome.REJECTED:
        return done, DocumentsApproved()
    return done, approve_verified(company=company, by=decider, line_ids=good)
