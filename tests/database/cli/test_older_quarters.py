"""A map that was stopped years ago: what it lost is brought home from the command line, by dates."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.databases import REAL_DATA
from tests.journeys import council

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.finance.documents.actions import post_vendor_invoices

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("databases"), pytest.mark.timeout(300)]

STOPPED = "msdyn_projectvendorinvoicelines"


def _tieout(*arguments: str) -> int:
    return main(TieoutProgram(), arguments)


def test_sync_of_given_dates_brings_an_old_quarter_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (quarter,) = (REAL_DATA / "council_spend").glob("*apr-jun-2015*.csv")
    council.set_up(tmp_path / "setup")
    assert _tieout("run", "deliver") == ExitCode.OK
    _tieout("maps", "stop", STOPPED)
    council.load_spend([quarter], tmp_path / "rejected.csv")
    posted = post_vendor_invoices(actor=council.OPERATOR, company=council.COMPANY)
    assert (posted.refused, posted.lines > 1_000) == (0, True)
    _tieout("maps", "start", STOPPED)
    whole = ("--company", council.COMPANY, "--from", "2014-01-01", "--to", "2016-12-31")
    assert _tieout("run", "chain") == ExitCode.OK
    assert _tieout("reconcile", *whole) == ExitCode.PROBLEM
    capsys.readouterr()

    assert _tieout("run", "sync", *whole) == ExitCode.OK
    said = capsys.readouterr().out
    cost = f"{posted.lines:,} vendor invoice lines, {posted.accounting_amount:,.2f} cost"
    assert f"Sync vendor invoice lines to operations ({council.COMPANY}): {cost}" in said
    assert _tieout("run", "chain") == ExitCode.OK
    assert _tieout("reconcile", *whole) == ExitCode.OK
    assert "unexplained 0.00: ties out" in capsys.readouterr().out
