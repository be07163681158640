"""``tieout export ledger``: what it writes where, and what it refuses."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.database.exports import books

from tieout.cli.main import main
from tieout.config.program import TieoutProgram

pytestmark = pytest.mark.usefixtures("databases")


def tieout(*arguments: str) -> int:
    return main(TieoutProgram(), ["export", "ledger", *arguments])


def test_the_ledger_of_one_company_goes_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books.two_companies()
    file = tmp_path / "gboc.beancount"
    assert tieout("--company", "GBOC", "--format", "beancount", "--output", str(file)) == 0
    assert capsys.readouterr().out == (
        f"{file}: company GBOC, 4 vouchers with 10 entries, 1 without entries left out;"
        " debits 1,000,110.11 GBP\n"
    )
    assert file.read_text(encoding="utf-8").startswith("; General ledger of company GBOC\n")


def test_standard_output_carries_only_the_ledger(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    books.two_companies()
    assert tieout("--company", "JPOC", "--format", "hledger", "--output", "-") == 0
    said = capsysbinary.readouterr().out.decode()
    assert said.startswith("; General ledger of company JPOC\n; 日本\n")
    assert said.endswith("; 0 vouchers without entries left out\n")


def test_every_company_goes_to_a_folder_as_json_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    books.two_companies()
    assert tieout("--all-companies", "--format", "hledger", "--output", str(tmp_path), "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said[str(tmp_path / "JPOC.journal")] == {
        "company": "JPOC",
        "currency_code": "JPY",
        "digits": 0,
        "accounts": 2,
        "vouchers": 1,
        "vouchers_without_entries": 0,
        "entries": 2,
        "debits": "180.0000",
    }
    assert sorted(file.name for file in tmp_path.iterdir()) == ["GBOC.journal", "JPOC.journal"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--format", "ledger", "--company", "GBOC", "--output", "x"), 2, "beancount or hledger"),
        (("--format", "hledger", "--output", "x"), 2, "--company CODE or --all-companies"),
        (("--format", "hledger", "--all-companies", "--output", "-"), 2, "standard output"),
        (("--format", "hledger", "--company", "NONE", "--output", "-"), 1, "CFG-204"),
        (("--format", "hledger", "--company", "GBOC", "--output", "/proc/none/x"), 2, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: Sequence[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    books.set_up()
    assert tieout(*arguments) == code
    assert said in capsys.readouterr().err


def test_a_pipe_is_written_to_and_a_link_is_followed(tmp_path: Path) -> None:
    books.two_companies()
    real, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(real)
    assert tieout("--company", "JPOC", "--format", "hledger", "--output", str(link)) == 0
    assert link.is_symlink()
    assert "180 JPY" in real.read_text(encoding="utf-8")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert tieout("--company", "JPOC", "--format", "hledger", "--output", str(pipe)) == 0
        assert os.read(reader, 65_536) == real.read_bytes()
    finally:
        os.close(reader)
    assert pipe.is_fifo()
