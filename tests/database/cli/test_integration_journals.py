"""Integration journals on the command line: listed by status, updated to draft, lines deleted."""

from __future__ import annotations

import pytest
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture
from tests.database.finance.world import ACCOUNTANT, COMPANY, World, build

from tieout.cli.program import ExitCode
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.models import PostingProfile

OF = ("--company", COMPANY)


@pytest.fixture
def refused(databases: None) -> World:
    """A posted journal of one line, and one in error with the hour that has no account."""
    world = build()
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    world.stage("10.00")
    world.stage("20.00", source_kind="time_entry")
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    return world


@pytest.mark.usefixtures("refused")
def test_journals_are_listed_reset_and_their_lines_deleted(tieout: Tieout) -> None:  # noqa: F811
    [row] = tieout("journals", *OF, "--status", "error", "--json").document
    assert (row["number"], row["original"], row["line_count"]) == ("IJ0002", "IJ0001", 1)
    assert tieout("journals", *OF, "--status", "lost").code == ExitCode.USAGE
    [row] = tieout("journals", *OF, "--to-draft", "--json").document
    assert (row["number"], row["status"]) == ("IJ0002", "draft")
    said = tieout("delete-journal-lines", "IJ0002", *OF, "--line", "1")
    assert "Lines deleted from IJ0002: 1. Their actuals wait for the next import." in said.out
    said = tieout("delete-journal-lines", "IJ0001", *OF)
    assert said.code == ExitCode.PROBLEM
    assert "PST-221" in said.out + said.err
    assert "1 journal line" in tieout("run", "import-from-staging", *OF).out
    assert tieout("run", "import-beginning-balances", *OF).code == ExitCode.OK


@pytest.mark.usefixtures("refused")
def test_posting_takes_the_journals_that_are_chosen(tieout: Tieout) -> None:  # noqa: F811
    post = ("run", "post-integration-journal", *OF)
    tieout("journals", *OF, "--to-draft")
    assert "There was nothing to do." in tieout(*post, "--journal", "IJ0001").out
    assert "There was nothing to do." in tieout(*post, "--from", "2024-04-01", "--to", "2024-04-30").out
    refused = tieout(*post, "--original", "IJ0001", "--journal", "IJ0002", "--from", "2024-03-01")
    assert refused.code == ExitCode.PROBLEM
    assert "PST-203" in refused.out + refused.err
    for usage in (("sync", "--journal", "IJ0001"), ("approve", "--original", "IJ0001")):
        assert tieout("run", *usage).code == ExitCode.USAGE


def test_what_operations_lacks_is_told_by_the_run_until_it_is_there(databases: None, tieout: Tieout) -> None:  # noqa: F811
    world = build()
    world.parameters(prevalidation=True, prevalidation_minutes=0)
    world.stage("10.00", "20.00")
    assert "There was nothing to do." in tieout("run", "import-from-staging", *OF).out
    said = tieout("run", "prevalidate-actuals", *OF)
    assert said.code == ExitCode.PROBLEM
    assert "2 actuals looked at, 2 invalid" in said.out
    assert "VAL-501" in said.out + said.err
    assert "2 actuals looked at, 2 invalid" in tieout("run", "prevalidate-again", *OF).out
    world.parameters(prevalidation=False)
    assert tieout("run", "prevalidate-actuals", *OF).code == ExitCode.OK
    assert "2 journal lines" in tieout("run", "import-from-staging", *OF).out


def test_an_invalid_actual_is_left_out_and_taken_back_in(databases: None, tieout: Tieout) -> None:  # noqa: F811
    world = build()
    world.parameters(prevalidation=True, prevalidation_minutes=0)
    lost, kept = map(str, world.stage("10.00", "20.00"))
    tieout("run", "prevalidate-actuals", *OF)
    out = ("leave-out", lost, *OF, "--reason", "recorded again")
    said = tieout(*out)
    assert said.code == ExitCode.PROBLEM, said.err
    assert (
        f"{lost} stays: it is not invalid, or its delivery batch waits for its import." in said.out + said.err
    )
    tieout("run", "import-from-staging", *OF)
    assert "VAL-511" in (said := tieout("leave-out", lost, *OF, "--reason", " ")).out + said.err
    said = tieout(*out)
    assert (said.code, said.out.strip()) == (ExitCode.OK, "Actuals left out: 1.")
    assert "1 actual looked at, 1 invalid" in tieout("run", "prevalidate-again", *OF).out
    assert tieout("take-back-in", lost, kept, *OF, "--json").document == {"taken_back_in": [lost]}
    assert "1 actual looked at, 1 invalid" in tieout("run", "prevalidate-actuals", *OF).out
