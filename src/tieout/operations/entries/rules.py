"""What an entry is, and what submission and approval refuse of it.

The set statements compute the codes; this page is where their order and reasons are read. An entry gets the
first code that applies, in this order.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class EntryClass(StrEnum):
    """Transaction class of an entry; a fee, tax or retainer is entered in a journal (operations spec 6)."""

    TIME = "time"
    EXPENSE = "expense"
    MATERIAL = "material"


class TimeType(StrEnum):
    """What somebody's time was (operations spec 1.5); absence and vacation need no project."""

    WORK = "work"
    OVERTIME = "overtime"
    TRAVEL = "travel"
    ON_BREAK = "on_break"
    ABSENCE = "absence"
    VACATION = "vacation"


# What an entry of a class is called as a record: the source of its actuals (operations_entry_kind).
KINDS: Final = {
    EntryClass.TIME: "time_entry",
    EntryClass.EXPENSE: "expense_entry",
    EntryClass.MATERIAL: "material_usage",
}

MINUTES_OF_DAY: Final = 1440
MINUTES_MAX: Final = 1_000_000  # what is longer is no time that somebody worked
_MINUTES_OF_HOUR: Final = 60
_MINUTES_EXACT: Final = 3  # only multiples of it are hours whose decimals end
_NEARLY: Final = Decimal("0.000001")
_CLOCK: Final = re.compile(r"([0-9]{1,4}):([0-5][0-9])")

# entries/sql/submit_entries.sql and approvals/sql/approve_entries.sql; the first five arise at approval
# only, those of subcontracts at submission only.
ENTRY_REFUSALS: Final = {
    "APR-141": "it waits in an approval set",
    "APR-101": "it is a draft: only submitted entries are approved",
    "ACCESS-103": "the approver submitted it",
    "ACCESS-113": "its project names approvers, and who asks is none of them",
    "ACCESS-110": "it is an absence, and somebody else is the resource's line manager",
    "APR-107": "it is of another company than its project",
    "APR-118": "it is of another company than its subcontract",
    "APR-117": "its subcontract is not confirmed",
    "INT-701": "its project is closed",
    "APR-103": "the decision table says that approval does not apply",
    "APR-105": "the currency of a unit or of the contract is not known",
    "APR-108": "what the approver bills is of the other sign, or time longer than a day",
}

# What stands in the way of giving an entry back (approvals/sql: return_entries, ask_back, reverse_entries).
BACK_REFUSALS: Final = {
    "APR-141": "it waits in an approval set",
    "APR-109": "it is not submitted, so it can be neither rejected nor recalled",
    "APR-110": "no recall was asked for",
    "APR-111": "it is not approved",
    "ACCESS-103": "who grants a recall, or cancels an approval, submitted it",
    "ACCESS-113": "its project names approvers, and who rejects, answers a recall or cancels is none of them",
    "ACCESS-109": "only who submitted it takes it back",
    "APR-112": "an actual of it is on a customer invoice",
    "APR-113": "an actual of it is being corrected, or is replaced",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """How many records a run refused with one code; the problem log names each of them."""

    code: str
    count: int


def refusals(codes: Counter[str]) -> tuple[Refused, ...]:
    """Return the refusals of a run in the order of their codes."""
    return tuple(Refused(code, count) for code, count in sorted(codes.items()) if count)


def hours_of(minutes: int) -> str:
    """Return minutes as people write hours: 7.5, or 0:50 where the decimals would not end."""
    if minutes % _MINUTES_EXACT:
        sign = "-" if minutes < 0 else ""
        return f"{sign}{abs(minutes) // _MINUTES_OF_HOUR}:{abs(minutes) % _MINUTES_OF_HOUR:02d}"
    return f"{(Decimal(minutes) / _MINUTES_OF_HOUR).normalize():f}"


def whole_minutes(hours: Decimal) -> int | None:
    """Return the minutes that a number of hours is, ``None`` if they are not whole.

    Hours whose decimals do not end (50 minutes are 0.8333...) are whole to within what eight decimals say.
    """
    minutes = (hours * _MINUTES_OF_HOUR).quantize(Decimal(1))
    return int(minutes) if abs(hours * _MINUTES_OF_HOUR - minutes) <= _NEARLY else None


def minutes_of(hours: str) -> int | None:
    """Return the minutes that somebody wrote as hours (7.5 or 7:30), ``None`` if they are not whole."""
    if clock := _CLOCK.fullmatch(hours.strip()):
        return int(clock[1]) * _MINUTES_OF_HOUR + int(clock[2])
    try:
        minutes = Decimal(hours.strip()) * _MINUTES_OF_HOUR
    except ArithmeticError:  # not a number, or one with an absurd exponent
        return None
    is_whole = minutes.is_finite() and abs(minutes) < MINUTES_MAX and minutes == minutes.to_integral_value()
    return int(minutes) if is_whole else None
