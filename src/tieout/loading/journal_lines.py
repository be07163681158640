"""A line of a journal that somebody types is a file of one row: the same reader, judge and verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from tieout.database.landing import Verdict
from tieout.finance.general.actions import enter_general_lines
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.loading.entering import alias_of, landed
from tieout.loading.formats import FORMATS
from tieout.loading.given import judge
from tieout.loading.profile import plain_profile
from tieout.loading.references import Directory
from tieout.loading.sources import SourceRow
from tieout.loading.verdicts import refusals
from tieout.operations.journals.actions import enter_journal_lines

ENTITY: Final = "journal_line"
GENERAL: Final = "general_journal_line"
_VERBS: Final[Mapping[str, Callable[..., list[Verdict]]]] = {
    ENTITY: enter_journal_lines,
    GENERAL: enter_general_lines,
}


def enter_journal_line(
    *, actor: Actor, record: Mapping[str, str], replaces: bool, entity: str = ENTITY
) -> Sequence[Problem]:
    """Enter one line into its draft, or other content of the line with its number; return what is wrong.

    ``record`` has a text for each field of the file format. With a problem nothing is entered or replaced.
    """
    permit(actor, Verb.MAKE_JOURNAL, record["company"])
    fields = tuple(FORMATS[entity].fields)
    row = SourceRow(1, {name: record.get(name, "") for name in fields})
    judged = judge(actor, plain_profile(entity), fields, [row], Directory())
    if judged.problems:
        return judged.problems[1]
    asked: dict[str, Any] = {"actor": actor, "companies": judged.companies, "replaces": replaces}
    with transaction.atomic(using=alias_of(entity), durable=True):
        verdicts = _VERBS[entity](lines=landed(entity, judged.chunk), **asked)
    return list(refusals(judged.chunk, verdicts).values())
