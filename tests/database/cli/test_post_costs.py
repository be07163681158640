"""Post costs on the command line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture
from tests.database.finance.world import ACCOUNTANT, COMPANY, World, build

from tieout.cli.program import ExitCode
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals


@pytest.fixture
def progress(databases: None) -> World:
    """Two hours of a project in work in progress."""
    world = build()
    world.rule(world.profile("WIP", time_costs="balance"))
    world.stage("50.00", "60.00", source_kind="time_entry", on=date(2024, 3, 15))
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    return world


@pytest.mark.usefixtures("progress")
def test_costs_of_a_project_move_after_a_look_and_one_goes_back(tieout: Tieout) -> None:  # noqa: F811
    of_project = ("--company", COMPANY, "--project", "P-1", "--on", "2024-06-30")
    for expected in ("would move", "moved"):
        dry = ["--dry-run"] if expected == "would move" else []
        said = tieout("post-costs", "profit_and_loss", *of_project, *dry)
        assert said.code == ExitCode.OK
        assert f"Costs {expected} to profit and loss: 2." in said.out
        assert "Amount: 110.00." in said.out
    said = tieout(
        "post-costs", "balance", "IJV0001", "NONE", "--company", COMPANY, "--on", "2024-06-30", "--json"
    )
    assert said.code == ExitCode.REJECTED
    assert (said.document["moved"], said.document["refused"]) == (1, 1)
    assert Decimal(said.document["accounting_amount"]) == 50
    assert [one["code"] for one in said.document["problems"]] == ["PST-211"]


@pytest.mark.usefixtures("progress")
def test_what_makes_no_sense_is_said(tieout: Tieout) -> None:  # noqa: F811
    asked = ("--company", COMPANY, "--on", "2024-06-30")
    assert tieout("post-costs", "elsewhere", "IJV0001", *asked).code == ExitCode.USAGE
    assert tieout("post-costs", "balance", *asked).code == ExitCode.USAGE
    assert tieout("post-costs", "balance", "IJV0001", "--project", "P-1", *asked).code == ExitCode.USAGE
    said = tieout("post-costs", "balance", "--project", "P-1", *asked)
    assert said.code == ExitCode.PROBLEM
    assert "PST-217" in said.out + said.err
