"""Why a line is not verified or rejected, and the words of a decision (finance spec 1.9; operations spec 7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What the project manager decided of a line."""

    VERIFIED = "verified"
    REJECTED = "rejected"


# In order of precedence (verification/sql/judge_lines.sql).
REFUSALS: Final = {
    "VER-101": "it does not wait: it is verified already, or never was to be",
    "VER-102": "who entered an invoice does not verify it",
    "VER-103": "its project names others who verify",
    "VER-104": "it is rejected without a reason",
}
