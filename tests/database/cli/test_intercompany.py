"""Intercompany invoices on the command line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture
from tests.journeys import lending

from tieout.cli.program import ExitCode


@pytest.fixture
def _lent(databases: None, tmp_path: Path) -> None:
    lending.lend(tmp_path)


@pytest.mark.usefixtures("_lent")
def test_an_invoice_from_preview_to_the_borrowers_books(tieout: Tieout) -> None:  # noqa: F811
    asked = ("intercompany", "invoice", "--company", "GBSI", "--on", "2016-03-31", "--json")
    for dry, number in (["--dry-run"], ""), ([], "II000001"):
        said = tieout(*asked, *dry)
        assert said.code == ExitCode.OK
        assert [one["number"] for one in said.document["invoices"]] == [number]
        assert Decimal(said.document["accounting_amount"]) == 960
    assert tieout(*asked).document["posted"] == 0
    assert "pending" in tieout("intercompany", "list", "--company", "GBSI").out
    said = tieout("intercompany", "post", "II000001", "--company", "USPM")
    assert said.code == ExitCode.OK
    assert "Vendor invoices posted: 1, lines: 1." in said.out
    assert "Amount: 1,200.00." in said.out
    assert "DOC-125" in tieout("intercompany", "post", "II000001", "--company", "USPM").err
    (row,) = tieout("intercompany", "pending", "--company", "USPM", "--json").document
    assert (row["number"], row["state"], row["voucher"]) == ("II000001", "posted", "IP000001")
