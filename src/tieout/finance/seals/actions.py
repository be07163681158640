"""Seals what was posted.

::

    posting (one transaction)  ──trigger──>  finance_unsealed_batch
                                                     │ seal_vouchers, one batch a transaction
    seal 1  <──previous──  seal 2  <──previous──  seal 3 ...

A seal is a hash of all that its batch holds and of the seal before it, so that whoever changes a voucher
later must change every seal after it; the last seal, kept elsewhere, tells that they did. Posting itself
hashes nothing and waits for nobody.

Books that are not what was sealed are a problem of the log (REC-103), until they are read again and sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.finance.seals.problems import SealsBroken
from tieout.finance.seals.queries import verify
from tieout.finance.seals.rules import Verified
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import SEALS, RecordProblem, id_of_name, keep_attempts
from tieout.problems.catalogue import Process
from tieout.problems.rules import AlreadyRunning

_SEAL_NEXT: Final = sql.load("tieout.finance.seals", "seal_next")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run sealed in one company."""

    seals: int = 0
    vouchers: int = 0


def seal_vouchers(*, actor: Actor, company: str) -> Sealed:
    """Seal the posting batches of ``company`` that wait for it, the oldest first.

    One batch is one transaction, so that a run that breaks off is continued by the next. Raises
    :class:`AlreadyRunning` when another run of the company is at work.
    """
    permit(actor, Verb.SEAL_VOUCHERS, company)
    seals = vouchers = 0
    with session_lock(FINANCE, "seal vouchers", company) as held:
        if not held:
            raise AlreadyRunning(job=f"seal_vouchers {company}")
        while True:
            with transaction.atomic(using=FINANCE, durable=True):
                found = sql.rows(FINANCE, _SEAL_NEXT, company=company, actor=actor.name)
            if not found:
                return Sealed(seals, vouchers)
            seals += 1
            vouchers += found[0]["vouchers"]


@dataclass(frozen=True, slots=True)
class SealsVerified:
    """What reading the books of one company again found; ``problem`` is there when they are not sound."""

    seals: int
    vouchers: int
    faults: int
    found: Verified
    problem: SealsBroken | None


def verify_seals(
    *, actor: Actor, company: str, known: Mapping[int, str] = MappingProxyType({})
) -> SealsVerified:
    """Compare the books of ``company`` with their seals, as :func:`verify`, and keep what differs in the log.

    It is over when the same comparison finds the books sound: what only seals ``known`` from elsewhere show
    is a problem of its own, which reading without them does not close.
    """
    found = verify(actor=actor, company=company, known=known)
    problem = None if found.is_sound else SealsBroken(company=company, found=found.said)
    name = f"seals of {company}" + (" against those kept elsewhere" if known else "")
    key = id_of_name(SEALS, name)
    met = None
    if problem is not None:
        met = RecordProblem(problem.code, company, SEALS, key, name, problem.fields())
    keep_attempts(alias=FINANCE, process=Process.RECONCILE, met={key: met}, done_by=actor.name)
    faults = len(found.faults) + len(found.apart) + found.outside
    return SealsVerified(found.seals, found.vouchers, faults, found, problem)
