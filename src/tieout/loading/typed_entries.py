"""An entry that somebody types: a file of one row, read, judged and entered as those of files.

What a form adds: it is entered under a number that was made with the form, so that sending it twice enters
one entry; and what belongs to a company that the actor may not see looks like what is not set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db import transaction

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, Verb, permit
from tieout.kernel.problems import Problem
from tieout.loading.entering import landed
from tieout.loading.formats import FORMATS
from tieout.loading.given import judge
from tieout.loading.profile import plain_profile
from tieout.loading.records import Texts
from tieout.loading.reference_problems import OtherCompany
from tieout.loading.references import REFERENCES, Directory, Reference
from tieout.loading.sources import SourceRow
from tieout.loading.unknown_problems import UNKNOWN
from tieout.loading.verdicts import refusals
from tieout.operations.entries.actions import enter_typed_entry

_ROW: Final = 1


def enter_entry(
    *, actor: Actor, company: str, entity: str, record: Texts, is_new: bool
) -> tuple[Problem, ...]:
    """Enter what was typed as an entry of ``company``, or give one that is not new other content.

    ``entity`` is the file format of its class, ``record`` a text per field. With a problem nothing is
    entered.
    """
    permit(actor, Verb.SUBMIT, company)
    fields = tuple(FORMATS[entity].fields)
    cells = {name: record.get(name, "") for name in fields}
    row = SourceRow(_ROW, {**cells, "company": company})
    directory = Directory()
    judged = judge(actor, plain_profile(entity), fields, [row], directory)
    if judged.problems:
        withheld = list(_withheld(actor, entity, row, directory))
        hidden = (CompanyNotPermitted, OtherCompany) if withheld else ()
        others = [one for one in judged.problems[_ROW] if not isinstance(one, hidden)]
        return (*withheld, *others)
    with transaction.atomic(using=OPERATIONS, durable=True):
        entry = landed(entity, judged.chunk)
        verdict = enter_typed_entry(actor=actor, company=company, entry=entry, is_new=is_new)
        if verdict is None:
            return ()
        transaction.set_rollback(True, using=OPERATIONS)
    return tuple(refusals(judged.chunk, [verdict]).values())


def _withheld(actor: Actor, entity: str, row: SourceRow, directory: Directory) -> Iterator[Problem]:
    """Yield a problem for each record that is named and belongs to a company the actor may not see."""
    if actor.companies is None:
        return
    for reference in REFERENCES[entity]:
        key = tuple(str(row.values[name]).strip() for name in reference.fields)
        owner = directory.known(reference.side, reference.target).companies.get(key)
        if owner is not None and owner not in actor.companies:
            yield _unknown(reference, key[-1])


def _unknown(reference: Reference, value: str) -> Problem:
    return UNKNOWN[reference.code](row=_ROW, field=reference.field, value=value)
