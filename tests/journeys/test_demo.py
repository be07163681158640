"""The demo from nothing, as a newcomer runs it: one world, looked at, asked for again, and mended.

The year ends today, so figures are those that the generator knows: what it broke is what must be reported.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from tests.journeys import proofs as journeys

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.database.aliases import OPERATIONS
from tieout.demo import firm, places, queries
from tieout.demo.dates import Mishap
from tieout.demo.world import Stuck, World, entered, expected, generate, refused_rows, stretch_of
from tieout.kernel.access import Actor, Role
from tieout.operations.approvals.queries import Hop, approved_entries, waiting_entries
from tieout.operations.entries.rules import EntryClass
from tieout.reconciliation.checks.rules import Check, Kind, Reason
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.findings.rules import NOTHING, Figure, Proof
from tieout.reconciliation.windows.rules import Window

EXPLANATION: Final = Path(__file__).parents[2] / "docs" / "explanation" / "how-reconciliation-works.md"
OPERATOR = Actor(
    "operator",
    frozenset({Role.SYSTEM, Role.ADMINISTRATOR, Role.INTEGRATOR, Role.PROJECT_ACCOUNTANT}),
    None,
)


def run_demo(*options: str) -> int:
    return main(TieoutProgram(), ["demo", "--no-serve", *options])


def test_a_newcomer_builds_looks_and_mends(
    databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIEOUT_DATA_DIRECTORY", str(tmp_path))
    assert run_demo("--here") == ExitCode.OK
    sign = places.sign_of(tmp_path)
    assert sign is not None
    world = generate(seed=sign.seed, today=sign.today)
    said = capsys.readouterr().out
    assert said.count("unexplained 0.00") == 4
    assert "Password" in said

    reports_what_was_broken(world)
    leaves_entries_on_their_way()
    keeps_the_rejected_invoice_beside_its_file(world, tmp_path)

    assert run_demo("--here") == ExitCode.OK
    assert "--fresh builds another" in capsys.readouterr().out
    reports_what_was_broken(world)

    mend(world, tmp_path)
    assert capsys.readouterr().err == ""
    assert found(sign.today) == {}
    assert all(proof.balance == proof.unexplained == 0 for proof in proofs(sign.today))
    comes_through_to_vouchers(world)


def found(today: date) -> dict[Stuck, Figure]:
    return {
        Stuck(summary.code, one.kind, one.reason): one.figure
        for summary in queries.summaries(actor=OPERATOR, today=today)
        for one in summary.open_lines
    }


def proofs(today: date) -> Iterator[Proof]:
    for summary in queries.summaries(actor=OPERATOR, today=today):
        yield from summary.proofs


def reports_what_was_broken(world: World) -> None:
    broken = expected(world)
    assert found(world.today) == broken
    assert {stuck.reason for stuck in broken} == set(Reason) - {Reason.NO_ACTUAL}
    for company in firm.COMPANIES:
        year = Window(next(iter(world.activity)).first, world.today)
        totals = findings.totals(actor=OPERATOR, company=company, window=year)
        for kind in Kind:
            assert totals.view(kind, Check.ALL) == entered(world)[company, kind]
            assert totals.view(kind, Check.AMOUNT_DIFFERENCES) == NOTHING
    for proof in proofs(world.today):
        of_account = (proof.account.company_code, proof.account.kind)
        assert proof.unexplained == 0
        assert proof.older == NOTHING
        assert proof.balance == sum(
            figure.amount for stuck, figure in broken.items() if (stuck.company, stuck.kind) == of_account
        )
    for summary in queries.summaries(actor=OPERATOR, today=world.today):
        assert all(one.label and one.remedy for one in summary.open_lines)
        assert queries.example(actor=OPERATOR, summary=summary)


def leaves_entries_on_their_way() -> None:
    """Some entries of each class wait at each step, and who submitted them approves none."""
    for company, of_class, hop in product(
        firm.COMPANIES, EntryClass, (Hop.DRAFT, Hop.SUBMITTED, Hop.RETURNED)
    ):
        waiting, _ = waiting_entries(actor=OPERATOR, company=company, of_class=of_class, hop=hop)
        assert 1 <= len(waiting) <= 3
        approved, _ = approved_entries(actor=OPERATOR, company=company, of_class=of_class)
        assert {one.approved_by for one in approved}.isdisjoint(one.submitted_by for one in approved)


def comes_through_to_vouchers(world: World) -> None:
    """Every actual that travels has its voucher, entries of all classes among them, and cost is posted."""
    assert journeys.every_synced_actual_has_its_voucher() > 0
    assert {company for company, _ in journeys.cost_is_what_finance_posted()} == set(firm.COMPANIES)
    entered = Counter(
        (row["company"], one)
        for rows in world.activity.values()
        for one in ("time_entry", "expense_entry", "material_usage")
        for row in rows[one]
    )
    posted = {
        (company, kind): count
        for company, kind, count in journeys.rows(
            OPERATIONS,
            "select a.company_code, a.source_kind, count(distinct a.source_id) from operations_actual as a"
            " join operations_actual_posting as p on p.actual_id = a.id"
            " where a.source_kind in ('time_entry', 'expense_entry', 'material_usage') group by 1, 2",
        )
    }
    waiting = Counter(
        {
            (company, kind): count
            for company, kind, count in journeys.rows(
                OPERATIONS,
                "select company_code, operations_entry_kind(transaction_class), count(*)"
                " from operations_open_entry group by 1, 2",
            )
        }
    )
    assert posted == entered - waiting


def rejected_file(world: World, folder: Path) -> Path:
    unfinished = stretch_of(world, Mishap.UNFINISHED).name
    return folder / "documents" / unfinished / "vendor_invoice_line.rejected.csv"


def keeps_the_rejected_invoice_beside_its_file(world: World, folder: Path) -> None:
    assert sorted(folder.rglob("*.rejected.csv")) == [rejected_file(world, folder)]
    with rejected_file(world, folder).open(encoding="utf-8-sig", newline="") as stream:
        rejected = list(csv.DictReader(stream))
    assert [(row["vendor"], row["line_number"], row["amount"]) for row in rejected] == [
        (row["vendor"], row["line_number"], row["amount"]) for row in refused_rows(world)
    ]
    assert {row["rejected_code"] for row in rejected} == {"LOAD-316"}


def mend(world: World, folder: Path) -> None:
    """Do what the demo tells the newcomer to do."""
    for arguments in (
        ["load", "setup", str(folder / "repairs")],
        ["load", "vendor_invoice_line", str(rejected_file(world, folder))],
        ["journals", "--company", firm.CONSULTING, "--to-draft"],
        ["run", "chain"],
        ["run", "sync"],
        ["reconcile"],
    ):
        assert main(TieoutProgram(), arguments) == ExitCode.OK, arguments


def test_the_worked_example_is_what_the_demo_of_its_day_says(
    databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIEOUT_DATA_DIRECTORY", str(tmp_path))
    page = EXPLANATION.read_text(encoding="utf-8")
    demo, reconcile = [line.split()[1:] for line in page.splitlines() if line.startswith("tieout ")]
    assert main(TieoutProgram(), [*demo, "--here"]) == ExitCode.OK
    capsys.readouterr()
    assert main(TieoutProgram(), [*reconcile, "--json"]) == ExitCode.PROBLEM
    (company,) = json.loads(capsys.readouterr().out)
    (kind,) = company["kinds"]
    table, sentences = worked_example(kind)
    assert table in page
    assert [one for one in sentences if one not in " ".join(page.split())] == []
    assert f"company {company['company']} of the demo whose year ends on {company['to']}" in page
    assert f"integration account {kind['account']}, in {kind['currency']}" in page


def worked_example(kind: dict[str, Any]) -> tuple[str, list[str]]:
    """Return the table and the sentences of the page, with the figures of one kind of document."""

    def money(text: str) -> str:
        return f"{Decimal(text):,.2f}"

    views = {one["view"]: one for one in kind["views"]}
    actuals, journals = views[Check.MISSING_ACTUALS], views[Check.MISSING_JOURNAL_LINES]
    reasons = [*actuals["reasons"], *journals["reasons"]]
    explained = sum(Decimal(one["amount"]) for one in kind["terms"])
    lines = sum(one["lines"] for one in kind["terms"])
    table = [
        *(f"| {one['label']} | {one['lines']} | {money(one['amount'])} |" for one in reasons),
        f"| **Explained** | {lines} | **{explained:,.2f}** |",
        f"| Balance in the ledger | | {money(kind['balance'])} |",
        f"| **Unexplained** | | **{money(kind['unexplained'])}** |",
    ]
    (negative,) = [one for one in reasons if Decimal(one["amount"]) < 0]
    open_ = kind["unreconciled"]
    credit = f"credit notes among the {negative['lines']} lines outweigh the invoices"
    views_said = (
        f"The {actuals['lines']} and the {journals['lines']} lines are the views"
        f" *Missing actuals* ({money(actuals['amount'])})"
        f" and *Missing journal lines* ({money(journals['amount'])});"
        f" together *Unreconciled vendor invoice amount*, {open_['lines']} lines, {money(open_['amount'])}."
    )
    return "\n".join(table), [credit, views_said]


def test_the_operators_databases_are_not_touched_unasked(
    databases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIEOUT_DATA_DIRECTORY", str(tmp_path))
    assert run_demo() == ExitCode.PROBLEM
    assert "CFG-301" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
