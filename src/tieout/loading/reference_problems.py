"""What a row refers to and is not set up, or does not fit: problems of one row that only the databases know.

``value`` is what the row says in ``field``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tieout.kernel.problems import Problem
from tieout.loading.unknown_problems import TaskUnknown


class OtherCompany(Problem):
    """What the row refers to belongs to another company; entry, resource and project share one."""

    code = "LOAD-315"
    row: int
    field: str
    value: str
    company: str
    other: str


class ContractLineMissing(Problem):
    """A sold project names no contract line."""

    code = "LOAD-317"
    row: int
    value: str


class _Refused(Problem):
    row: int
    key: str
    field: str
    stored: str
    value: str


class OtherContent(_Refused):
    """A record with the key is there and has other content."""

    code = "LOAD-210"


class NumbersMeet(_Refused):
    """Another sequence of vouchers of the company can give out the same numbers."""

    code = "LOAD-327"


class OutOfRange(Problem):
    """A number is read, and its field cannot be so small or so large."""

    code = "LOAD-216"
    row: int
    field: str
    header: str
    value: Decimal
    allowed: str


class NotWholeMinutes(Problem):
    """Hours that are not a whole number of minutes."""

    code = "LOAD-217"
    row: int
    field: str
    header: str
    value: Decimal


class KeyDoubled(Problem):
    """A set-up record stands twice in the load, with two contents; ``first`` is the row of the first."""

    code = "LOAD-218"
    row: int
    key: str
    first: int


class DayTooLong(_Refused):
    """The time of a resource on a day would be ``value`` minutes, and its company takes ``stored``."""

    code = "LOAD-224"


class DaysEndBeforeTheyBegin(_Refused):
    """The last day comes before the first."""

    code = "LOAD-228"


class PeriodsOverlap(_Refused):
    """Another operating period (``stored``) of the calendar has some of the days of this one."""

    code = "LOAD-234"


class DelegateTaken(_Refused):
    """On some of the days the resource has another delegate (``stored``)."""

    code = "LOAD-229"


class NotADraft(_Refused):
    """An entry that is not, or no longer, a draft or returned would change."""

    code = "APR-114"


class EntryGone(_Refused):
    """There is no such entry (any more) in the company."""

    code = "APR-116"


class NotForThisResource(_Refused):
    """Who is a resource would enter for another whose delegate they are not on the day (``value``)."""

    code = "ACCESS-111"


class CustomValueUnfit(Problem):
    """A custom field has a value that is not of its kind."""

    code = "LOAD-227"
    row: int
    field: str
    value: str
    allowed: str


class FieldNeeded(Problem):
    """An entry lacks a field that its class, or another of its fields, needs."""

    code = "LOAD-225"
    row: int
    field: str
    reason: str


class NotOfExpenses(Problem):
    """An expense names a category of another class."""

    code = "LOAD-226"
    row: int
    value: str
    transaction_class: str


class ChangedMeanwhile(Problem):
    """A record is not any more what was shown to whoever changes it."""

    code = "LOAD-380"
    row: int
    key: str


class KeyTaken(Problem):
    """A new record has the key of one that is there."""

    code = "LOAD-381"
    row: int
    key: str


class OtherKey(Problem):
    """What was typed would be another record beside the one that was shown."""

    code = "LOAD-382"
    row: int
    key: str


class DocumentPosted(Problem):
    """The line's document is posted; a posted document takes no more lines."""

    code = "LOAD-219"
    row: int
    key: str


class TaskOfOtherProject(_Refused):
    """A contract line selects a task of a project (``stored``) of which it takes nothing."""

    code = "LOAD-340"


class AllTasksTaken(_Refused):
    """A task is selected for a contract line that takes whole projects."""

    code = "LOAD-341"


class TermsOfFixedPrice(_Refused):
    """A fixed price line has a discount, a fee percent, a limit or the class of fees."""

    code = "LOAD-342"


class WorkTaken(_Refused):
    """Another contract line (``stored``) takes the work ``value`` already."""

    code = "LOAD-343"


class SharesNotWhole(_Refused):
    """The percents of the customers of ``value`` total ``stored`` and not 100."""

    code = "LOAD-344"


class RoundingCustomerMissing(_Refused):
    """Of the customers of ``value`` none, or more than one, takes what rounding leaves."""

    code = "LOAD-345"


class ProjectClosed(_Refused):
    """What is set up for a closed project would change."""

    code = "LOAD-346"


class CustomerOfOtherCompany(_Refused):
    """The customer is not one of the company that owns the contract, which is ``stored``."""

    code = "LOAD-347"


class TaskAboveItself(_Refused):
    """The parents of a task lead back to it."""

    code = "LOAD-348"


class QuoteClosed(_Refused):
    """The quote is won or lost, and would change."""

    code = "LOAD-349"


class NotPresales(_Refused):
    """A quote line names a project that is not in the presales stage, which is ``stored``."""

    code = "LOAD-350"


class ContractConfirmed(_Refused):
    """The contract is confirmed or lost, and would change."""

    code = "LOAD-351"


class ContractLost(_Refused):
    """A project would be mapped to a line of a contract that is lost."""

    code = "LOAD-358"


class StatusDoesNotFollow(_Refused):
    """A subcontract would get a status that may not follow the stored one."""

    code = "LOAD-352"


class SubcontractFixed(_Refused):
    """A subcontract that is no draft would get another vendor, company or currency."""

    code = "LOAD-353"


_REFUSING: Final[tuple[type[Problem], ...]] = (*_Refused.__subclasses__(), DocumentPosted, TaskUnknown)
REFUSED: Final = {kind.code: kind for kind in _REFUSING}
"""The problem of each code with which a stage refuses a record that it was asked to enter."""
