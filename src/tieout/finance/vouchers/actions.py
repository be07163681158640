"""The one place that writes the vouchers of a batch and numbers their entries.

::

    stage     judge         which documents are good, with the key of each voucher
    here      begin         nothing yet                          -> finance_voucher_draft, finance_entry_draft
    stage     draft         which vouchers, and what each posts  -> rows of both
    here      write         numbers in one block, whole vouchers -> finance_voucher, finance_voucher_line

What a document posts is the rule of its stage; how that gets into the books is said once. Two stages, through
which a month passes at once, have statements of their own, because a draft writes each row twice: documents
for their entries, integration journals for entries and vouchers, whose numbers were given by the import.
"""

from __future__ import annotations

from typing import Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor

_PACKAGE: Final = "tieout.finance.vouchers"
_BEGIN_VOUCHERS: Final = sql.load(_PACKAGE, "begin_vouchers")
_BEGIN_ENTRIES: Final = sql.load(_PACKAGE, "begin_entries")
_VOUCHERS: Final = sql.load(_PACKAGE, "write_vouchers")
_ENTRIES: Final = sql.load(_PACKAGE, "write_entries")


def begin_drafts() -> None:
    """Make place for the vouchers of a batch and their entries, for the current transaction."""
    begin_vouchers()
    sql.run(FINANCE, _BEGIN_ENTRIES)


def write_drafts(*, actor: Actor, company: str, sequence: str, document_kind: str) -> int:
    """Write the vouchers and entries that stand in the drafts; return how many vouchers.

    The caller has permitted ``actor``, and holds the transaction.
    """
    written = write_vouchers(actor=actor, company=company, sequence=sequence, document_kind=document_kind)
    sql.run(FINANCE, _ENTRIES, company=company)
    return written


def begin_vouchers() -> None:
    """Make place for the vouchers alone, where the stage writes their entries itself."""
    sql.run(FINANCE, _BEGIN_VOUCHERS)


def write_vouchers(*, actor: Actor, company: str, sequence: str, document_kind: str) -> int:
    """Write the vouchers that stand in the draft, as ``write_drafts``; the stage writes their entries."""
    return sql.run(
        FINANCE,
        _VOUCHERS,
        company=company,
        sequence=sequence,
        document_kind=document_kind,
        posted_by=actor.name,
    )
