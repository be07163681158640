"""What can be wrong with a journal, or with one of its lines."""

from __future__ import annotations

from typing import Final

from tieout.kernel.problems import Problem


class JournalProblem(Problem):
    """A journal cannot be used so."""

    journal: str
    company: str


class JournalUnknown(JournalProblem):
    """The company has no such journal; one of another company looks the same."""

    code = "JRN-120"


class JournalNotDraft(JournalProblem):
    """The journal was confirmed or deleted before; ``state`` says which."""

    code = "JRN-121"
    state: str


class JournalEmpty(JournalProblem):
    """The journal has no lines, or holds no actuals."""

    code = "JRN-122"


class NothingCorrected(JournalProblem):
    """A correction journal says no new value."""

    code = "JRN-124"


class NewValueUnfit(Problem):
    """A new value of a correction journal is not taken."""

    field: str
    value: str
    company: str


class CorrectionNamesUnknown(NewValueUnfit):
    """A new value names a record that the company does not have; what is withheld looks the same."""

    code = "JRN-129"


class SubcontractNamedAndCleared(NewValueUnfit):
    """A new subcontract is named, and there is to be none."""

    code = "JRN-130"


class NotOfJournalType(JournalProblem):
    """The journal is of a type that does not do that."""

    code = "JRN-127"
    journal_type: str


class MakerConfirms(JournalProblem):
    """Who made the journal, or a line of it, would confirm it."""

    code = "ACCESS-112"
    actor: str


class LineProblem(Problem):
    """One line of an entry journal is not taken; ``key`` names it, ``field`` is what is in the way.

    ``stored`` is what stands against it, ``value`` what it says.
    """

    key: str
    field: str
    stored: str
    value: str


class JournalTakesNoLines(LineProblem):
    """The journal is no draft of an entry journal."""

    code = "JRN-101"


class LineProjectClosed(LineProblem):
    """The project is closed."""

    code = "JRN-102"


class LineOfOtherCompany(LineProblem):
    """The project, contract or resource belongs to another company than the journal."""

    code = "JRN-103"


class LineCurrencyUnknown(LineProblem):
    """No currency can be said, or the one that was is not known."""

    code = "JRN-104"


class LineNotInPrecision(LineProblem):
    """The tax or the fixed price has more decimals than its currency."""

    code = "JRN-105"


class LineNotPosted(LineProblem):
    """Finance has no accounts for such an actual."""

    code = "JRN-106"


class LineWithoutPrice(LineProblem):
    """Nothing was typed as price, and no list has one to default."""

    code = "JRN-107"


class LineNotAllowed(LineProblem):
    """Strict validation: the project takes no such line."""

    code = "JRN-108"


class RetainerNotPaired(LineProblem):
    """Strict validation: a retainer is not unbilled and billed sales that come to nothing."""

    code = "JRN-109"


class LineCustomerNeeded(LineProblem):
    """Strict validation: the contract line has several customers."""

    code = "JRN-110"


class LineCustomerUnfit(LineProblem):
    """The customer is none of the contract line."""

    code = "JRN-111"


class LineTooLarge(LineProblem):
    """The amount is larger than one is kept (operations spec 1.1)."""

    code = "JRN-112"


REFUSED: Final = {kind.code: kind for kind in LineProblem.__subclasses__()}
"""The problem of each code with which a line is refused."""
