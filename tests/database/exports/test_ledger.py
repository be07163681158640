"""The exported ledger: outside referees accept it, refuse a tampered one, and its figures are ours."""

from __future__ import annotations

import io
import re
import threading
import tracemalloc
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data
from django.db import connections
from tests.database.exports import books
from tests.referees import HLEDGER, bean_check, hledger

from tieout.database.aliases import FINANCE
from tieout.exports.ledger import LedgerFormat, export_ledger, export_ledgers, write_ledger
from tieout.exports.problems import CompanyNotSetUp
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted

pytestmark = pytest.mark.usefixtures("databases")

AUDITOR = Actor(name="otto", roles=frozenset({"auditor"}), companies=None)
with_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed")


def export(folder: Path, ledger_format: LedgerFormat = LedgerFormat.BEANCOUNT, company: str = "GBOC") -> Path:
    file = folder / f"{company}.{ledger_format}"
    export_ledger(actor=AUDITOR, company=company, ledger_format=ledger_format, file=file)
    return file


def parsed(file: Path) -> list[data.Directive]:
    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    return list(entries)


@pytest.mark.parametrize("company", ["GBOC", "JPOC"])
def test_bean_check_has_nothing_to_say(tmp_path: Path, company: str) -> None:
    books.two_companies()
    assert bean_check(export(tmp_path, company=company)) == ""


def test_beancount_reads_the_figures_that_were_posted(tmp_path: Path) -> None:
    books.two_companies()
    entries = parsed(export(tmp_path))
    opened = {entry.account: str(entry.date) for entry in entries if isinstance(entry, data.Open)}
    assert opened.keys() == books.BALANCES.keys()
    assert opened["Assets:1010-Bank-current-account"] == "2016-02-29"
    balances = {entry.account: entry for entry in entries if isinstance(entry, data.Balance)}
    assert {name: entry.amount.number for name, entry in balances.items()} == books.BALANCES
    assert {str(entry.date) for entry in balances.values()} == {"2016-03-02"}
    vouchers = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert [entry.meta["voucher"] for entry in vouchers] == [
        books.EVIL_NUMBER,
        "V2",
        "V4",
        "V5",
    ]
    evil, foreign = vouchers[:2]
    assert evil.meta["posted_by"] == (
        'Evil "quote" \\ ; , [2016-99-99] 2016-01-01 open Assets:Injected | payee: x\ufffd  Ærø'
    )
    assert [str(posting.units) for posting in evil.postings] == [
        "10.00 GBP",
        "-4.00 GBP",
        "-5.50 GBP",
        "-0.50 GBP",
    ]
    cost, bank = foreign.postings
    assert cost.meta is not None
    assert (str(cost.units), str(cost.meta["original"])) == ("100.01 GBP", "125.00 USD")
    assert bank.meta is not None
    assert "original" not in bank.meta
    assert foreign.narration == "V2 vendor_invoice"


def test_a_currency_without_decimals_has_none(tmp_path: Path) -> None:
    books.two_companies()
    text = export(tmp_path, company="JPOC").read_text(encoding="utf-8")
    assert 'option "title" "日本"' in text
    assert "  Expenses:2  180 JPY\n" in text
    assert "    original: 1.50 USD\n" in text
    assert "2016-01-01 balance Assets:1  -180 ~ 0 JPY\n" in text


def test_vouchers_without_entries_are_counted_not_written(tmp_path: Path) -> None:
    books.two_companies()
    out = io.StringIO()
    done = write_ledger(actor=AUDITOR, company="GBOC", ledger_format=LedgerFormat.BEANCOUNT, out=out)
    assert (done.vouchers, done.vouchers_without_entries, done.entries, done.accounts) == (4, 1, 10, 7)
    assert (done.debits, done.currency_code) == (Decimal("1000110.11"), "GBP")
    assert out.getvalue().endswith("\n; 4 vouchers with 10 entries\n; 1 vouchers without entries left out\n")
    assert "V3" not in out.getvalue()


@pytest.mark.parametrize(
    ("ours", "tampered", "said"),
    [
        (r"  Expenses:5000-Cost  100\.01 GBP", "  Expenses:5000-Cost  100.02 GBP", "does not balance"),
        (r"balance Expenses:5000-Cost  100\.01", "balance Expenses:5000-Cost  100.02", "Balance failed"),
        (r"\n2016-02-29 \* (?:.+\n)+", "\n", "Balance failed"),
        (r".+ open Expenses:5000-Cost .+\n.+\n.+\n", "", "unknown account"),
    ],
    ids=["a cent in an entry", "a cent in a balance", "a voucher lost", "an account lost"],
)
def test_bean_check_refuses_a_tampered_ledger(tmp_path: Path, ours: str, tampered: str, said: str) -> None:
    books.two_companies()
    file = export(tmp_path)
    text, changes = re.subn(ours, tampered, file.read_text(encoding="utf-8"))
    assert changes == 1
    file.write_text(text, encoding="utf-8")
    assert said in bean_check(file)


@with_hledger
@pytest.mark.parametrize("company", ["GBOC", "JPOC"])
def test_hledger_accepts_the_books_strictly(tmp_path: Path, company: str) -> None:
    books.two_companies()
    file = export(tmp_path, LedgerFormat.HLEDGER, company)
    assert hledger(file, "check", "--strict", "ordereddates") == ""


@with_hledger
def test_hledger_reads_the_figures_that_were_posted(tmp_path: Path) -> None:
    books.two_companies()
    file = export(tmp_path, LedgerFormat.HLEDGER)
    said = hledger(file, "balance", "--flat", "--no-total", "--empty", "--output-format=csv")
    rows = dict(line.strip('"').split('","') for line in said.splitlines()[1:])
    assert {name: Decimal(balance.removesuffix(" GBP")) for name, balance in rows.items()} == books.BALANCES
    assert hledger(file, "tags", "original", "--values").split("\n")[0] == "125.00 USD"
    assert "{c}" in hledger(file, "descriptions")
    assert hledger(file, "balance", "type:R", "--no-total").split() == [
        "-1000000.10",
        "GBP",
        "Income:4000-Sales",
    ]


@with_hledger
def test_hledger_refuses_a_tampered_ledger(tmp_path: Path) -> None:
    books.two_companies()
    file = export(tmp_path, LedgerFormat.HLEDGER)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("= 999900.09 GBP", "= 999900.10 GBP"), encoding="utf-8")
    assert "assertion" in hledger(file, "check")
    file.write_text(text.replace("Cost  100.01 GBP", "Cost  100.02 GBP"), encoding="utf-8")
    assert "could not balance" in hledger(file, "check")


def test_hledger_text_keeps_strange_names_in_their_place(tmp_path: Path) -> None:
    books.two_companies()
    text = export(tmp_path, LedgerFormat.HLEDGER).read_text(encoding="utf-8")
    assert '2016-01-04 * (V1 "x" \\ , , [2016-99-99] {y} / p) a , b / {c}\n' in text
    assert '    ; voucher: V1 "x" \\ ; ; {2016-99-99} (y) | p\n' in text
    assert not re.search(r"^2016-01-01", text, re.MULTILINE)


@pytest.mark.parametrize("ledger_format", LedgerFormat)
def test_the_same_books_give_the_same_bytes(tmp_path: Path, ledger_format: LedgerFormat) -> None:
    books.two_companies()
    first = export(tmp_path, ledger_format).read_bytes()
    assert export(tmp_path, ledger_format).read_bytes() == first


def test_a_company_that_never_posted_has_an_empty_ledger(tmp_path: Path) -> None:
    books.set_up()
    assert parsed(export(tmp_path)) == []


def test_every_company_that_the_actor_may_export_has_its_own_file(tmp_path: Path) -> None:
    books.two_companies()
    done = export_ledgers(actor=AUDITOR, ledger_format=LedgerFormat.BEANCOUNT, folder=tmp_path / "all")
    assert [(file.name, one.entries) for file, one in done.items()] == [
        ("GBOC.beancount", 10),
        ("JPOC.beancount", 2),
    ]
    assert [bean_check(file) for file in done] == ["", ""]
    abroad = Actor(name="aiko", roles=frozenset({"auditor"}), companies=frozenset({"JPOC"}))
    done = export_ledgers(actor=abroad, ledger_format=LedgerFormat.HLEDGER, folder=tmp_path / "hers")
    assert [file.name for file in done] == ["JPOC.journal"]
    assert [file.name for file in (tmp_path / "hers").iterdir()] == ["JPOC.journal"]


def test_right_and_company_are_asked_before_a_file_is_touched(tmp_path: Path) -> None:
    books.two_companies()
    abroad = Actor(name="aiko", roles=frozenset({"auditor"}), companies=frozenset({"JPOC"}))
    resource = Actor(name="rosa", roles=frozenset({"resource"}), companies=None)
    file = tmp_path / "ledger"
    file.write_text("mine", encoding="utf-8")
    for actor, company, problem in (
        (abroad, "GBOC", CompanyNotPermitted),
        (resource, "GBOC", VerbNotPermitted),
        (AUDITOR, "NONE", CompanyNotSetUp),
    ):
        with pytest.raises(problem):
            export_ledger(actor=actor, company=company, ledger_format=LedgerFormat.BEANCOUNT, file=file)
    with pytest.raises(VerbNotPermitted):
        export_ledgers(actor=resource, ledger_format=LedgerFormat.BEANCOUNT, folder=tmp_path / "all")
    assert file.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [file]


class PostingWriter(io.StringIO):
    """Standard output during which somebody else posts, once the first line is out."""

    posted = False

    def write(self, text: str) -> int:
        """Write, and let another connection post before the first voucher."""
        if not self.posted:
            self.posted = True
            thread = threading.Thread(target=self._post)
            thread.start()
            thread.join()
        return super().write(text)

    @staticmethod
    def _post() -> None:
        books.post("GBOC", "LATE", "2016-01-01", ("4000", "-7", "GBP", "-7"), ("1010", "7", "GBP", "7"))
        connections[FINANCE].close()


def test_what_is_posted_meanwhile_is_in_neither_vouchers_nor_balances(tmp_path: Path) -> None:
    books.two_companies()
    out = PostingWriter()
    done = write_ledger(actor=AUDITOR, company="GBOC", ledger_format=LedgerFormat.BEANCOUNT, out=out)
    assert (done.entries, "LATE" in out.getvalue()) == (10, False)
    file = tmp_path / "ledger.beancount"
    file.write_text(out.getvalue(), encoding="utf-8")
    assert bean_check(file) == ""
    assert '"LATE"' in export(tmp_path).read_text(encoding="utf-8")


class FullDisk(io.StringIO):
    """An output that takes the heading and no more."""

    def write(self, text: str) -> int:
        """Write, or fail at the first voucher."""
        if " * " in text:
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_a_reader_that_leaves_does_not_leave_the_books_open() -> None:
    books.two_companies()
    with pytest.raises(OSError, match="No space left"):
        write_ledger(actor=AUDITOR, company="GBOC", ledger_format=LedgerFormat.HLEDGER, out=FullDisk())
    assert not connections[FINANCE].in_atomic_block
    books.post("GBOC", "NEXT", "2016-01-01", ("4000", "-7", "GBP", "-7"), ("1010", "7", "GBP", "7"))


def test_memory_is_that_of_a_batch_not_of_the_books() -> None:
    books.set_up()
    peaks = []
    for part in range(2):
        size = 6_000 if part == 0 else 24_000
        books.post_many(
            "GBOC",
            [
                {
                    "number": f"{part}-{i}",
                    "day": "2016-01-04",
                    "kind": "vendor_invoice",
                    "lines": [("5000", "1.10", "GBP", "1.10"), ("1010", "-1.10", "GBP", "-1.10")],
                }
                for i in range(size)
            ],
        )
        with Path("/dev/null").open("w", encoding="utf-8") as out:
            tracemalloc.start()
            write_ledger(actor=AUDITOR, company="GBOC", ledger_format=LedgerFormat.BEANCOUNT, out=out)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]  # five times the vouchers
