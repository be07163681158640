"""What lies in staging."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Verb, permit

_WAITING: Final = sql.load("tieout.finance.staging", "waiting")


@dataclass(frozen=True, slots=True)
class WaitingStaging:
    """What a company has in staging: batches not imported, and what waits outside them.

    That is what import refused, what waits for an import because its journal line was deleted, and what waits
    for that of beginning balances. Amounts are in the accounting currency where the actual carries it, else
    in its own.
    """

    batches: int
    actuals: int
    amount_total: Decimal
    refused: int
    refused_amount: Decimal
    deleted: int = 0
    deleted_amount: Decimal = Decimal(0)
    beginning: int = 0
    beginning_amount: Decimal = Decimal(0)


def waiting_staging(*, actor: Actor, company: str) -> WaitingStaging:
    """Return what ``company`` has in staging and not yet in an integration journal."""
    permit(actor, Verb.READ, company)
    return WaitingStaging(**sql.one(FINANCE, _WAITING, company=company))
