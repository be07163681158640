"""Reads the books again and compares them with their seals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db import connections, transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.finance.seals.rules import REPLACED, Apart, Fault, Link, Verified, fault_of
from tieout.kernel.access import Actor, Verb, permit

_LINKS: Final = sql.load("tieout.finance.seals", "links")
_OUTSIDE: Final = sql.load("tieout.finance.seals", "outside")
_APART: Final = sql.load("tieout.finance.seals", "apart")
_LAST: Final = sql.load("tieout.finance.seals", "last_seal")


@dataclass(frozen=True, slots=True)
class LastSeal:
    """The end of a company's chain."""

    place: int
    seal: str
    sealed_at: datetime


def last_seal(*, actor: Actor, company: str) -> LastSeal | None:
    """Return the last seal of ``company``; None before the first."""
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _LAST, company=company)
    return LastSeal(**found[0]) if found else None


def verify(*, actor: Actor, company: str, known: Mapping[int, str] = MappingProxyType({})) -> Verified:
    """Read all vouchers of ``company`` and compare them with their seals, and the kept totals with them.

    ``known`` are seals by their place that were kept elsewhere: only they show that somebody wrote the whole
    chain anew. Memory is bounded by a batch, time by the books.
    """
    permit(actor, Verb.READ, company)
    with transaction.atomic(using=FINANCE):
        faults: list[Fault] = []
        seals = vouchers = entries = 0
        before: Link | None = None
        for link in _links(company):
            if fault := fault_of(link, before, known.get(link.place, "")):
                faults.append(fault)
            before = link
            seals += 1
            vouchers += link.vouchers
            entries += link.entries
        cut = [place for place in known if before is None or place > before.place]
        outside = sql.one(FINANCE, _OUTSIDE, company=company)
        apart = tuple(Apart(**row) for row in sql.rows(FINANCE, _APART, company=company))
    return Verified(
        company=company,
        seals=seals,
        vouchers=vouchers,
        entries=entries,
        place=before.place if before else 0,
        seal=before.seal if before else "",
        waiting=outside["waiting"],
        outside=outside["outside"],
        first_outside=outside["first_outside"],
        faults=(*faults, *(Fault(place, REPLACED, "", "") for place in sorted(cut))),
        apart=apart,
    )


def _links(company: str) -> Iterator[Link]:
    with closing(connections[FINANCE].chunked_cursor()) as cursor:
        cursor.execute(_LINKS.text, {"company": company})
        while rows := cursor.fetchmany(1):  # a row reads a whole batch
            yield Link(*rows[0])
