"""Approval: documents that finance posted are approved by arriving.

Time entries are approved by a person; see ``time_actions`` beside this module.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.approvals.rules import KIND_OF_MAP, AlreadyRunning

_PACKAGE: Final = "tieout.operations.approvals"
_FIRST: Final = UUID(int=0)

# Refused documents tried again in one transaction. A delivery batch is one transaction, bounded by delivery.
RETRY_BATCH: Final = 20_000


@dataclass(frozen=True, slots=True)
class DocumentsApproved:
    """One run of automatic approval in one company; amounts are in its accounting currency."""

    judged: int = 0
    approved: int = 0
    already_approved: int = 0
    refused: int = 0
    amount_approved: Decimal = Decimal(0)
    amount_refused: Decimal = Decimal(0)

    def plus(self, row: dict[str, Any]) -> DocumentsApproved:
        """Return the sum of this and one more batch."""
        return DocumentsApproved(
            **{field.name: getattr(self, field.name) + row[field.name] for field in fields(self)}
        )
