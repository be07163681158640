"""What can be wrong with a general journal as a whole, or with a line that is entered."""

from __future__ import annotations

from typing import Final

from tieout.kernel.problems import Problem


class GeneralJournalProblem(Problem):
    """A general journal cannot be used so."""

    journal: str
    company: str


class GeneralJournalUnknown(GeneralJournalProblem):
    """The company has no such general journal; one of another company looks the same."""

    code = "GJ-430"


class GeneralJournalNotDraft(GeneralJournalProblem):
    """The journal was posted or deleted before; ``state`` says which."""

    code = "GJ-431"
    state: str


class GeneralJournalEmpty(GeneralJournalProblem):
    """The journal has no lines."""

    code = "GJ-432"


class TooManyProjectLines(GeneralJournalProblem):
    """The company limits the project lines of a general journal, and this one has more."""

    code = "GJ-405"
    limit: int
    found: int


class MakerPosts(GeneralJournalProblem):
    """Who made the journal, or a line of it, would post it."""

    code = "ACCESS-114"
    actor: str


class GeneralJournalTakesNoLines(Problem):
    """The general journal is no draft."""

    code = "GJ-411"
    key: str
    field: str
    stored: str
    value: str


REFUSED: Final = {GeneralJournalTakesNoLines.code: GeneralJournalTakesNoLines}
"""The problem of each code with which a line is not entered."""
