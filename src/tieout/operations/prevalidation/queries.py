"""Whether operations has the actuals that finance has in staging, as they stand there (finance spec 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tieout.database import sql
from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit

_UNLIKE: Final = sql.load("tieout.operations.prevalidation", "unlike_staged")


@dataclass(frozen=True, slots=True)
class Unlike:
    """One actual that is not here as finance has it staged: ``differing`` fields, none if it is not here."""

    actual_id: UUID
    differing: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        """Whether the company has no such actual at all."""
        return not self.differing


def unlike_staged(*, actor: Actor, company: str, staged: str) -> list[Unlike]:
    """Return which of these actuals of ``company`` are missing here, or differ in what they state.

    ``staged`` is a JSON array of objects with ``actual_id``, ``transaction_type``, ``transaction_class``,
    ``amount``, ``discount_amount``, ``fee_amount``, ``currency_code``, ``quantity``, ``project_id`` and
    ``transaction_date``. An actual of another company counts as missing. An actual that was reversed is here
    like any other: its reversal is a row of its own.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(OPERATIONS, _UNLIKE, company=company, staged=staged)
    return [Unlike(row["actual_id"], tuple(row["differing"])) for row in found]
