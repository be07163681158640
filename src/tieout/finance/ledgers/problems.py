"""What keeps the status of a period as it is."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class PeriodStaysClosed(Problem):
    """A permanently closed period is asked to open or to be put on hold."""

    code = "CFG-230"
    company: str
    period: str
    status: str


class PeriodNotOfCompany(Problem):
    """The period is not one of the calendar of the company."""

    code = "CFG-231"
    company: str
    period: str
