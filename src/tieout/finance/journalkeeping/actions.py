"""What a person does to integration journals between import and posting (finance spec 1.3, 2.3).

::

    update to draft   a journal in error, or one whose run was lost, may be posted again
    delete            lines without a voucher leave their journal; their actuals wait in staging, and the next
                      import makes new lines of them, with new voucher numbers

Deleting is the exact inverse of importing: nothing that arrived is touched, so that it can be done again and
again and nothing is lost. Each is one transaction; ``finance_journal_step`` keeps who did it and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.finance.journalkeeping.problems import JournalNotOpen, NoLineToDelete
from tieout.finance.journals.rules import Step, Thing, may
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import resolve_problems
from tieout.problems.catalogue import Process

_MAY_UPDATE: Final = may(Thing.JOURNAL, Step.UPDATE_TO_DRAFT)
_MAY_DELETE: Final = may(Thing.JOURNAL, Step.DELETE)


def _sql(name: str) -> sql.Statement:
    return sql.load("tieout.finance.journalkeeping", name)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one deletion did: how many lines went back to staging."""

    lines: int = 0


def update_to_draft(*, actor: Actor, company: str, journal_number: str) -> bool:
    """Let a journal in error be posted again; return False when it is not in error, and nothing changes.

    So may one that is processing, when the run that had it in hand was lost.
    """
    permit(actor, Verb.POST_INTEGRATION_JOURNAL, company)
    with transaction.atomic(using=FINANCE, durable=True):
        changed = sql.run(
            FINANCE,
            _sql("update_to_draft"),
            company=company,
            number=journal_number,
            states=_MAY_UPDATE,
            done_by=actor.name,
        )
    return changed == 1


def delete_lines(
    *, actor: Actor, company: str, journal_number: str, line_numbers: list[int] | None = None
) -> Deleted:
    """Delete the lines of a journal that are not posted, or only those of ``line_numbers``.

    The journal is deleted with its last line; it is posted when all that remains in it is. Raises
    :class:`JournalNotOpen` (PST-221) for a journal that is not draft or in error, and
    :class:`NoLineToDelete` (PST-222).
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    with transaction.atomic(using=FINANCE, durable=True):
        found = sql.rows(
            FINANCE, _sql("lock_journal"), company=company, number=journal_number, states=_MAY_DELETE
        )
        if not found:
            raise JournalNotOpen(journal=journal_number, company=company)
        journal_id = found[0]["id"]
        gone = sql.one(
            FINANCE,
            _sql("delete_lines"),
            journal_id=journal_id,
            line_numbers=line_numbers,
            company=company,
            done_by=actor.name,
        )
        if not gone["lines"]:
            raise NoLineToDelete(journal=journal_number, company=company)
        sql.run(
            FINANCE, _sql("after_deletion"), journal_id=journal_id, lines=gone["lines"], done_by=actor.name
        )
        resolve_problems(
            alias=FINANCE,
            process=Process.POST_INTEGRATION_JOURNAL,
            record_ids=gone["line_ids"],
            resolved_by=actor.name,
        )
    return Deleted(gone["lines"])
