"""What is asked of Post costs, and why it cannot be done at all: no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tieout.kernel.problems import Problem


class CostsTo(StrEnum):
    """Where chosen costs are to stand."""

    PROFIT_AND_LOSS = "profit_and_loss"
    BALANCE = "balance"  # work in progress


FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class OfProject:
    """What a project has in progress or in no ledger, by transaction date, both days inclusive."""

    project: str
    date_from: date = FIRST_DAY
    date_to: date = LAST_DAY


class PeriodNotOpen(Problem):
    """The fiscal period of the date on which costs are to be moved is not open."""

    code = "PST-216"
    accounting_date: date
    company: str


class NothingChosen(Problem):
    """Costs go back to work in progress by the numbers of their vouchers only."""

    code = "PST-217"
    project: str
