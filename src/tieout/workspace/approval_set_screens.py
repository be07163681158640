"""What a request for many entries came to, in words, and what stands on the pages of approval sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from tieout.kernel.access import Actor
from tieout.kernel.problems import render
from tieout.operations.approvals.actions import EntriesApproved
from tieout.operations.approvals.rules import Change
from tieout.operations.approvalsets import actions as approvalsets
from tieout.operations.approvalsets.rules import Action, SetStatus
from tieout.workspace.entry_screens import Outcome, answer_outcome, run_outcome

ACTION_LABELS: Final = {
    Action.APPROVE.value: "Approve",
    Action.REJECT.value: "Reject",
    Action.CANCEL.value: "Cancel approval",
}
STATUS_LABELS: Final = {
    SetStatus.QUEUED.value: "Queued",
    SetStatus.PROCESSING.value: "Processing",
    SetStatus.PARTIALLY_COMPLETED.value: "Partially completed",
    SetStatus.FAILED.value: "Failed",
    SetStatus.COMPLETED.value: "Completed",
}
_DONE: Final = {
    Action.APPROVE: "Approved",
    Action.REJECT: "Rejected",
    Action.CANCEL: "Approval cancelled",
}


def ask(
    actor: Actor,
    company: str,
    action: Action,
    entry_ids: Sequence[UUID],
    *,
    changes: Mapping[UUID, Change] = MappingProxyType({}),
    comment: str = "",
) -> Outcome:
    """Approve, reject or cancel these entries, at once or in approval sets; return what to say of it."""
    done = approvalsets.request(
        actor=actor, company=company, action=action, entry_ids=entry_ids, changes=changes, comment=comment
    )
    if isinstance(done.at_once, EntriesApproved):
        return run_outcome(actor, _DONE[action], entry_ids, done.at_once)
    if done.at_once is not None:
        return answer_outcome(_DONE[action], entry_ids, done.at_once)
    entries = sum(one.entries for one in done.sets)
    sets = "1 set" if len(done.sets) == 1 else f"{len(done.sets):,} sets"
    refused = f" Refused: {len(done.refused):,}." if done.refused else ""
    return Outcome(
        f"{entries:,} of {len(set(entry_ids)):,} queued as {sets}: see Approval sets.{refused}",
        {UUID(str(one.record_id)): (render(one.code, one.details),) for one in done.refused},
    )
