"""Why a line is not verified or rejected, and the words of a decision (finance spec 1.9)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What the project manager decided of a line."""

    VERIFIED = "verified"
    REJECTED = "rejected"


# In order of precedence (verification/sql/judge_lines.sql).
REFUSALS: Final = {
    "APR-151": "it does not wait: it is verified already, or never was to be",
    "APR-152": "who entered an invoice does not verify it",
    "APR-153": "its project names others who verify",
    "APR-154": "it is rejected without a reason",
}
