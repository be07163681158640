"""Leave invalid staged actuals out for good, and take them back in (decision 0024).

::

    leave out      an invalid actual leaves the worklist: no import takes it, whatever becomes of the option;
                   its problem is over, and reconciliation counts it no more
    take back in   it stands in the worklist again, as if its journal line had been deleted: it is looked at,
                   and imported if it is valid

What arrived is touched by neither. Both are appended, with who did it, so that one undoes the other without
loss. Neither runs beside an import or a prevalidation of the company, which hold the same actuals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.finance.leftout.problems import NoReasonToLeaveOut
from tieout.finance.prevalidation.rules import LOCK
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import resolve_problems
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

_LEAVE_OUT: Final = sql.load("tieout.finance.leftout", "leave_out")
_TAKE_BACK_IN: Final = sql.load("tieout.finance.leftout", "take_back_in")
REASON_MAX: Final = 400
_MET_BY: Final = (Process.VALIDATE_ACTUALS, Process.IMPORT_FROM_STAGING)


def leave_out(*, actor: Actor, company: str, actual_ids: Sequence[UUID], reason: str) -> list[UUID]:
    """Leave these staged actuals of ``company`` out, and what only reverses them; return which.

    Only one that prevalidation finds invalid, and whose delivery batch was imported, is left out; a reversal
    of it goes with it when import refuses it (IMP-111, of billed sales IMP-110), or afterwards by itself. Of
    others nothing changes.
    Raises :class:`NoReasonToLeaveOut` (VAL-511) and, beside an import or prevalidation of the company,
    :class:`AlreadyRunning`.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    reason = reason.replace("\0", " ").strip()  # no text of a database holds that character
    if not reason:
        raise NoReasonToLeaveOut(company=company)
    said = {"reason": reason[:REASON_MAX], "left_out_by": actor.name}
    with _alone(company), transaction.atomic(using=FINANCE, durable=True):
        found = sql.rows(FINANCE, _LEAVE_OUT, keys=list(actual_ids), company=company, **said)
        gone = sorted(row["actual_id"] for row in found)
        for process in _MET_BY:
            resolve_problems(alias=FINANCE, process=process, record_ids=gone, resolved_by=actor.name)
    return gone


def take_back_in(*, actor: Actor, company: str, actual_ids: Sequence[UUID]) -> list[UUID]:
    """Let these actuals of ``company`` that were left out wait again, with their reversals; return which.

    Where the company prevalidates they are looked at first. Raises :class:`AlreadyRunning` as leaving out.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    with _alone(company), transaction.atomic(using=FINANCE, durable=True):
        of = {"keys": list(actual_ids), "company": company, "taken_back_by": actor.name}
        found = sql.rows(FINANCE, _TAKE_BACK_IN, **of)
    return sorted(row["actual_id"] for row in found)


@contextmanager
def _alone(company: str) -> Iterator[None]:
    """Keep imports and prevalidations of ``company`` away, or raise :class:`AlreadyRunning`."""
    with (
        session_lock(FINANCE, Verb.IMPORT_FROM_STAGING, company) as imports,
        session_lock(FINANCE, LOCK, company) as looks,
    ):
        if not imports:
            raise AlreadyRunning(job=f"{Verb.IMPORT_FROM_STAGING} of {company}")
        if not looks:
            raise AlreadyRunning(job=f"prevalidate-actuals {company}")
        yield
