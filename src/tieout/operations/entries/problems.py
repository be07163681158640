"""What can be wrong with one time entry that a person enters; ``field`` is where it stands in the form."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class EntryProblem(Problem):
    """A field of the entry cannot be taken."""

    field: str


class EntryNamesUnknown(EntryProblem):
    """The resource, project or role is not set up in the company; what is withheld looks the same."""

    code = "APR-121"
    value: str
    company: str


class EntryTimeImpossible(EntryProblem):
    """The entry has no time, or more than a day has."""

    code = "APR-122"
    minutes: int


class EntryDayTooLong(EntryProblem):
    """The resource would have more minutes on the day than its company takes (project parameters)."""

    code = "APR-124"
    minutes: str
    most: str


class EntryHasOtherContent(EntryProblem):
    """An entry with the same number was entered before, with another value in the field."""

    code = "APR-123"
    record: str
    stored: str
    value: str
