"""What integration needs before it can work (finance spec 3.10): each question with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tieout.dualwrite.maps.queries import hindrances
from tieout.finance.ledgers.queries import companies, set_up_gaps
from tieout.kernel.access import Actor
from tieout.kernel.problems import ProblemText


@dataclass(frozen=True, slots=True)
class Answer:
    """One question: ``said`` when all is well, else what is in the way."""

    question: str
    said: str
    problems: tuple[ProblemText, ...]


# Codes of the catalogue by the question that they answer; a test sees to it that none is forgotten.
_OF_MAPS: Final = (
    ("maps: state", "all running", {"DW-201", "DW-211"}),
    ("maps: versions", "none too old", {"DW-202"}),
    ("maps: keys", "each lands in a table with its key", {"DW-214"}),
    ("maps: delivery", "nothing refused, nothing waits for long", {"DW-212", "DW-213"}),
)
_OF_COMPANY: Final = (
    ("integration workspace", "the feature is on", {"CFG-221"}),
    ("integration accounts", "both are there", {"CFG-201"}),
    ("line properties", "one for each of the five billing types", {"CFG-202"}),
    ("exchange rates", "all that contracts and reporting need", {"CFG-220"}),
    ("open period", "there is one", {"CFG-902"}),
    ("fiscal calendar", "no days without a period", {"CFG-203"}),
)


def prerequisites(actor: Actor, today: date) -> Iterator[Answer]:
    """Yield every question about maps and the companies that the actor may see, with its answer."""
    yield from _answers("", _OF_MAPS, [problem.text for problem in hindrances(actor=actor)])
    found = companies(actor=actor)
    if not found:
        yield Answer("companies", "none is set up yet", ())
    for company in found:
        gaps = set_up_gaps(actor=actor, company=company.code, today=today)
        yield from _answers(f"company {company.code}: ", _OF_COMPANY, gaps)


def _answers(
    prefix: str, questions: tuple[tuple[str, str, set[str]], ...], problems: list[ProblemText]
) -> Iterator[Answer]:
    for question, said, codes in questions:
        found = tuple(problem for problem in problems if problem.code in codes)
        yield Answer(f"{prefix}{question}", said, found)
