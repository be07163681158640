"""What the ledger lacks for a row, and why a row of its set-up could never post."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class RateMissing(Problem):
    """No exchange rate into the accounting currency is known on the date."""

    code = "LOAD-316"
    row: int
    company: str
    from_currency: str
    to_currency: str
    rate_date: str


class AccrualWithoutCost(Problem):
    """A profile accrues the sales of a class whose cost does not go to profit and loss."""

    code = "LOAD-319"
    row: int
    value: str
    transaction_class: str
    stored: str


class RuleOfTwo(Problem):
    """A rule of profiles or accounts names more than one of project, project group and contract."""

    code = "LOAD-320"
    row: int
    named: str


class OneOwner(Problem):
    """What a row gives is not given to exactly one of those to whom it may be given."""

    code = "LOAD-324"
    row: int
    found: int
    owners: str


class RangeEndsBeforeItBegins(Problem):
    """The last account of a range comes before its first."""

    code = "LOAD-235"
    row: int
    value: str
    stored: str


class LendsToItself(Problem):
    """The lending and the borrowing company are one."""

    code = "LOAD-321"
    row: int
    value: str
