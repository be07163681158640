"""Seals what was posted.

::

    posting (one transaction)  ──trigger──>  finance_unsealed_batch
                                                     │ seal_vouchers, one batch a transaction
    seal 1  <──previous──  seal 2  <──previous──  seal 3 ...

A seal is a hash of all that its batch holds and of the seal before it, so that whoever changes a voucher
later must change every seal after it; the last seal, kept elsewhere, tells that they did. Posting itself
hashes nothing and waits for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.kernel.access import Actor, Verb, permit
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
