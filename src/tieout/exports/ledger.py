"""The general ledger of a company as text that outside programs can check (DESIGN, section 7).

The entries come from the vouchers one by one, the closing balances from one sum of the database. A referee
that adds up the first and compares with the second judges both, and us.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final, TextIO

import structlog

from tieout.exports.beancount import Beancount
from tieout.exports.files import replacing
from tieout.exports.hledger import Hledger
from tieout.exports.layout import Layout
from tieout.exports.problems import CompanyNotSetUp
from tieout.exports.text import encoded, printable
from tieout.finance.vouchers.queries import Books, companies_to_export, open_books
from tieout.kernel.access import Actor

log = structlog.get_logger("tieout.exports")


class LedgerFormat(StrEnum):
    """The language in which a ledger is written."""

    BEANCOUNT = "beancount"
    HLEDGER = "hledger"


_LAYOUTS: Final[dict[LedgerFormat, type[Layout]]] = {
    LedgerFormat.BEANCOUNT: Beancount,
    LedgerFormat.HLEDGER: Hledger,
}


@dataclass(slots=True)
class LedgerExported:
    """What one export wrote: counts, and the sum of debits in the company's accounting currency.

    ``digits`` are the decimals of that currency. ``vouchers_without_entries`` (No ledger) have a number but
    nothing to write; ``vouchers`` are the others.
    """

    company: str
    currency_code: str
    digits: int
    accounts: int
    vouchers: int = 0
    vouchers_without_entries: int = 0
    entries: int = 0
    debits: Decimal = Decimal(0)


def write_ledger(*, actor: Actor, company: str, ledger_format: LedgerFormat, out: TextIO) -> LedgerExported:
    """Write the books of ``company`` to ``out`` and return what was written.

    Memory is bounded by one batch of the cursor and the longest voucher. The same books give the same bytes.
    Raises :class:`CompanyNotSetUp` for an unknown code, and the problems of access.
    """
    with open_books(actor=actor, company=company) as books:
        if books is None:
            raise CompanyNotSetUp(company=company)
        layout = _LAYOUTS[ledger_format](books)
        out.write(f"; General ledger of company {printable(company)}\n")
        out.writelines(layout.heading())
        done = _write_vouchers(books, layout, out)
        day = layout.day_after_the_last()
        if day is not None:
            out.writelines(layout.closing(day))
    out.write(
        f"\n; {done.vouchers} vouchers with {done.entries} entries\n"
        f"; {done.vouchers_without_entries} vouchers without entries left out\n"
    )
    log.info("ledger exported", company=company, format=ledger_format, entries=done.entries, by=actor.name)
    return done


def _write_vouchers(books: Books, layout: Layout, out: TextIO) -> LedgerExported:
    company = books.company
    done = LedgerExported(company.code, company.currency_code, company.digits, len(books.accounts))
    for voucher in books.vouchers:
        if not voucher.entries:
            done.vouchers_without_entries += 1
            continue
        out.write(layout.voucher(voucher))
        done.vouchers += 1
        done.entries += len(voucher.entries)
        done.debits += sum(e.accounting_amount for e in voucher.entries if e.accounting_amount > 0)
    return done


def export_ledger(*, actor: Actor, company: str, ledger_format: LedgerFormat, file: Path) -> LedgerExported:
    """Write the books of ``company`` into ``file``: the whole of them, or the file stays as it was.

    Raises :class:`OSError` when it cannot be written, and what :func:`write_ledger` raises.
    """
    with replacing(file) as out:
        return write_ledger(actor=actor, company=company, ledger_format=ledger_format, out=out)


def export_ledgers(*, actor: Actor, ledger_format: LedgerFormat, folder: Path) -> dict[Path, LedgerExported]:
    """Write the books of each company that ``actor`` may export into its own file of ``folder``.

    Each file is of one moment; two files may be of two. Returns what was written, by file.
    """
    entities = companies_to_export(actor=actor)
    folder.mkdir(parents=True, exist_ok=True)
    done: dict[Path, LedgerExported] = {}
    for entity in entities:
        file = folder / f"{encoded(entity.code)}{_LAYOUTS[ledger_format].suffix}"
        done[file] = export_ledger(actor=actor, company=entity.code, ledger_format=ledger_format, file=file)
    return done
