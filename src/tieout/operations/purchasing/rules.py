"""The status of a subcontract, and which may follow which (operations spec 1.8)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SubcontractStatus(StrEnum):
    """Where a subcontract stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT: Final[Mapping[SubcontractStatus, frozenset[SubcontractStatus]]] = {
    SubcontractStatus.DRAFT: frozenset({SubcontractStatus.CONFIRMED, SubcontractStatus.CANCELLED}),
    SubcontractStatus.CONFIRMED: frozenset(
        {SubcontractStatus.DRAFT, SubcontractStatus.CLOSED, SubcontractStatus.CANCELLED}
    ),
    SubcontractStatus.CLOSED: frozenset(),
    SubcontractStatus.CANCELLED: frozenset(),
}
"""What may follow each status: a confirmed one is reopened, closed or cancelled; the last two are final."""
