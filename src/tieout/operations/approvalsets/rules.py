"""What can be asked of many entries at once, and how a set of them goes (operations spec 1.5, 5.2)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

# How often a set is tried before it is left to somebody; Retry adds one.
LIFETIME: Final = 3
# Up to how many entries are done at once where a company has no parameters (organization.models).
USUAL_THRESHOLD: Final = 50


class Action(StrEnum):
    """What is asked of the entries of one request."""

    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"


class SetStatus(StrEnum):
    """Where a set stands; failed or partially completed with attempts left, it is tried again by itself."""

    QUEUED = "queued"
    PROCESSING = "processing"
    PARTIALLY_COMPLETED = "partially_completed"
    FAILED = "failed"
    COMPLETED = "completed"


# The status that the entries of a set are to have (operations spec 5.1: a rejected entry is returned).
TARGETS: Final = {Action.APPROVE: "approved", Action.REJECT: "returned", Action.CANCEL: "submitted"}
# What is said of an entry when it is done; approval has its own table.
EVENTS: Final = {Action.REJECT: "rejected", Action.CANCEL: "approval_cancelled"}


def is_at_once(entries: int, threshold: int) -> bool:
    """Return whether a request of so many entries is done at once: never with a threshold of 0."""
    return threshold > 0 and entries <= threshold
