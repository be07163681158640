"""A line of an entry journal that somebody types is a file of one row: the same reader, judge and verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.loading.entering import landed
from tieout.loading.formats import FORMATS
from tieout.loading.given import judge
from tieout.loading.profile import plain_profile
from tieout.loading.references import Directory
from tieout.loading.sources import SourceRow
from tieout.loading.verdicts import refusals
from tieout.operations.journals.actions import enter_journal_lines

ENTITY: Final = "journal_line"


def enter_journal_line(*, actor: Actor, record: Mapping[str, str], replaces: bool) -> Sequence[Problem]:
    """Enter one line into its draft, or other content of the line with its number; return what is wrong.

    ``record`` has a text for each field of the file format. With a problem nothing is entered or replaced.
    """
    permit(actor, Verb.MAKE_JOURNAL, record["company"])
    fields = tuple(FORMATS[ENTITY].fields)
    row = SourceRow(1, {name: record.get(name, "") for name in fields})
    judged = judge(actor, plain_profile(ENTITY), fields, [row], Directory())
    if judged.problems:
        return judged.problems[1]
    with transaction.atomic(using=OPERATIONS, durable=True):
        verdicts = enter_journal_lines(
            actor=actor,
            companies=judged.companies,
            lines=landed(ENTITY, judged.chunk),
            replaces=replaces,
        )
    return list(refusals(judged.chunk, verdicts).values())
