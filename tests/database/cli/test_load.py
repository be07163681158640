"""``tieout load``: control totals on the screen, and exit code 3 for rejected rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram

pytestmark = pytest.mark.usefixtures("databases")


def _load(*arguments: object) -> int:
    return main(TieoutProgram(), ["load", *(str(argument) for argument in arguments)])


CURRENCIES = "code,name,digits\nUSD,US dollar,2\nJPY,Yen,0\n"


@pytest.fixture
def currencies(tmp_path: Path) -> Path:
    folder = tmp_path / "set up"
    folder.mkdir()
    path = folder / "currency.csv"
    path.write_text(CURRENCIES, encoding="utf-8")
    return path


def test_totals_are_said_and_a_second_load_is_harmless(
    currencies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = []
    for arguments in (
        ["currency", currencies, "--dry-run"],
        ["setup", currencies.parent],
        ["currency", currencies],
    ):
        assert _load(*arguments, "--json") == ExitCode.OK
        answers.append(json.loads(capsys.readouterr().out)[0])
    rows = [{outcome: figures["rows"] for outcome, figures in one["totals"].items()} for one in answers]
    assert rows == [
        {"read": 2, "loaded": 2, "already_there": 0, "rejected": 0},
        {"read": 2, "loaded": 2, "already_there": 0, "rejected": 0},
        {"read": 2, "loaded": 0, "already_there": 2, "rejected": 0},
    ]
    assert [one["dry_run"] for one in answers] == [True, False, False]


def test_rejected_rows_are_exit_code_3_and_a_file(
    currencies: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    currencies.write_text(f"{CURRENCIES}EUR,Euro,two\n", encoding="utf-8")
    assert _load("currency", currencies) == ExitCode.REJECTED
    said = capsys.readouterr().out
    assert "rejected with LOAD-205: 1" in said
    rejected = currencies.with_name("currency.rejected.csv")
    assert str(rejected) in said
    assert "EUR" in rejected.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nonsense", "x.csv"), ExitCode.PROBLEM, "LOAD-114"),
        (("vendor_invoice_line", "missing.csv"), ExitCode.PROBLEM, "LOAD-101"),
        (("setup", "a", "b"), ExitCode.USAGE, "one folder"),
        (("vendor_invoice_line",), ExitCode.USAGE, "FILE..."),
    ],
)
def test_what_cannot_be_loaded_is_said_in_words(
    arguments: tuple[str, ...], code: ExitCode, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _load(*arguments) == code
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.out + said.err
