"""What prevalidation can find of a staged actual (finance spec 2.2, 3.8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

LOCK: Final = "prevalidate actuals"  # held with the company by whoever looks, or decides about what was found
VALID: Final = ""
MISSING: Final = "VAL-501"
DIFFERENT: Final = "VAL-502"


@dataclass(frozen=True, slots=True)
class Looked:
    """One staged actual after operations was asked for it: ``code`` is ``VALID``, or why it is invalid.

    ``differing`` are the fields in which operations has another value.
    """

    actual_id: UUID
    code: str = VALID
    differing: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether operations has it as it is staged."""
        return self.code == VALID
