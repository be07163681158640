"""Jobs: asked for, performed by a worker, by the clock, handed on from a dead worker."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.database.reconciliation.world import EXPENSE, VENDOR, collected
from tests.database.workspace.world import WorkingWorld

from tieout.jobs import actions, queries
from tieout.jobs.catalogue import JOBS
from tieout.jobs.choices import Days
from tieout.jobs.models import Run
from tieout.jobs.problems import JobWaiting, UnknownJob
from tieout.jobs.tasks import PERFORM
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.operations import models as operations
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.findings.queries import totals
from tieout.reconciliation.findings.rules import NOTHING, Figure
from tieout.reconciliation.windows.queries import preset
from tieout.reconciliation.windows.rules import Window

ANNA = Actor("anna", frozenset({"project_accountant"}), frozenset({"USMF"}))


def _unreconciled(world: WorkingWorld) -> dict[str, int]:
    window = preset(actor=ANNA, company=world.company, today=world.today)
    found = totals(actor=ANNA, company=world.company, window=window)
    return {kind.value: found.unreconciled(kind).lines for kind in (EXPENSE, VENDOR)}


def _work() -> None:
    """Let a worker do what waits, in a program of its own as in life."""
    done = subprocess.run(
        [sys.executable, "-m", "tieout", "worker", "--once"],
        env=os.environ,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_sync_repairs_its_kind_and_tells_what_it_did(world: WorkingWorld) -> None:
    run_id = actions.ask(actor=ANNA, job="sync", company=world.company, kind="expense")
    waiting = queries.run(actor=ANNA, run_id=run_id)
    assert waiting is not None
    assert (waiting.succeeded, waiting.steps) == (None, ())
    _work()
    done = queries.run(actor=ANNA, run_id=run_id)
    assert done is not None
    assert done.succeeded is True
    assert (done.steps[0].name, done.steps[0].counts) == (
        "Sync expenses to operations",
        {"lines": "40", "cost": "4000.0000", "stated": "40"},
    )
    assert done.steps[0].said == "40 expenses, 4,000.00 cost"
    # Staged vendor invoice lines are imported on the way; those that were never sent are not this kind's.
    assert _unreconciled(world) == {"expense": 0, "vendor_invoice_line": 1}


def test_sync_without_a_kind_repairs_both(world: WorkingWorld) -> None:
    outcome = actions.perform(actor=ANNA, job="sync", company=world.company)
    assert outcome.problems == ()
    assert _unreconciled(world) == {"expense": 0, "vendor_invoice_line": 0}


def test_sync_takes_the_dates_it_is_given_and_keeps_them(world: WorkingWorld) -> None:
    old = date(world.today.year - 4, 5, 5)
    world.periods(old.year)
    world.post(EXPENSE, 640, old)
    collected()
    preset_run = actions.perform(actor=ANNA, job="sync", company=world.company, kind="expense")
    assert {step.name: step.counts for step in preset_run.steps}["Sync expenses to operations"]["lines"] == 40
    assert findings.older(
        actor=ANNA, company=world.company, kind=EXPENSE, window=Window(world.today, world.today)
    ) == Figure(1, Decimal(640))
    run_id = actions.ask(
        actor=ANNA, job="sync", company=world.company, kind="expense", days=Days(old, old + timedelta(days=9))
    )
    _work()
    done = queries.run(actor=ANNA, run_id=run_id)
    assert done is not None
    assert (done.day_from, done.day_to, done.succeeded) == (old, old + timedelta(days=9), True)
    assert done.steps[0].said == "1 expense, 640.00 cost"
    assert (
        findings.older(
            actor=ANNA, company=world.company, kind=EXPENSE, window=Window(world.today, world.today)
        )
        == NOTHING
    )


def test_sync_brings_every_actual_home_that_a_stopped_map_lost(world: WorkingWorld) -> None:
    from tests.database.workspace.world import ADMINISTRATOR

    from tieout.dualwrite.maps.actions import set_state
    from tieout.dualwrite.maps.rules import State

    world.time_entry_actual(Decimal("85.50"))
    old = date(world.today.year - 4, 5, 5)
    world.periods(old.year)
    world.post(EXPENSE, 640, old)
    collected()
    set_state(actor=ADMINISTRATOR, map="msdyn_actuals", state=State.NOT_RUNNING)
    actions.perform(actor=ANNA, job="sync", company=world.company, kind="expense", days=Days(old, old))
    set_state(actor=ADMINISTRATOR, map="msdyn_actuals", state=State.RUNNING)
    lost = findings.out_of_sync(actor=ANNA, company=world.company)
    assert {(one.source_kind, one.figure) for one in lost} == {
        ("expense", Figure(1, Decimal(640))),
        ("time_entry", Figure(1, Decimal("85.5"))),
    }
    outcome = actions.perform(actor=ANNA, job="sync", company=world.company, kind="actual")
    steps = {step.name: step.counts for step in outcome.steps}
    assert steps["Sync actuals to finance"] == {"stated": 2, "cost_USD": Decimal("725.5")}
    assert findings.out_of_sync(actor=ANNA, company=world.company) == ()
    assert actions.perform(actor=ANNA, job="sync", company=world.company, kind="actual").steps == ()


def test_a_run_that_leaves_refusals_has_not_succeeded(world: WorkingWorld) -> None:
    operations.Project.objects.filter(id=world.project_id).update(stage="closed")
    outcome = actions.perform(actor=ANNA, job="sync", company=world.company, kind="expense")
    assert [(one.stage, one.records, one.amount) for one in outcome.refusals] == [
        ("Approve documents", 40, Decimal(4000))
    ]
    assert [(one.code, one.records) for one in outcome.refusals[0].codes] == [("INT-701", 40)]
    kept = queries.run(actor=ANNA, run_id=outcome.run_id)
    assert kept is not None
    assert (kept.succeeded, kept.only_refused) == (False, True)
    assert kept.problem is not None
    assert kept.problem.remedy == "Reopen the project, or record the document on another one."
    assert kept.steps[-1].said == "refused 40, amount refused 4,000.00"


def test_a_second_sync_finds_nothing_to_do(world: WorkingWorld) -> None:
    actions.perform(actor=ANNA, job="sync", company=world.company)
    assert actions.perform(actor=ANNA, job="sync", company=world.company).steps == ()


def test_a_map_that_is_stopped_is_a_problem_of_its_step_only(world: WorkingWorld) -> None:
    from tests.database.workspace.world import ADMINISTRATOR

    from tieout.dualwrite.maps.actions import set_state
    from tieout.dualwrite.maps.rules import State

    set_state(actor=ADMINISTRATOR, map="msdyn_expenses", state=State.NOT_RUNNING)
    outcome = actions.perform(actor=ANNA, job="sync", company=world.company)
    assert [problem.code for problem in outcome.problems] == ["DW-201"]
    kept = queries.run(actor=ANNA, run_id=outcome.run_id)
    assert kept is not None
    assert kept.succeeded is False
    assert kept.problem is not None
    assert kept.problem.message == "Map msdyn_expenses is not running."
    assert _unreconciled(world) == {"expense": 40, "vendor_invoice_line": 0}


def test_the_same_request_waits_once(world: WorkingWorld) -> None:
    actions.ask(actor=ANNA, job="sync", company=world.company, kind="expense")
    with pytest.raises(JobWaiting):
        actions.ask(actor=ANNA, job="sync", company=world.company, kind="expense")
    actions.ask(actor=ANNA, job="sync", company=world.company, kind="vendor_invoice_line")


@pytest.mark.usefixtures("databases")
def test_a_job_asks_for_its_permission_and_company() -> None:
    auditor = Actor("otto", frozenset({"auditor"}), None)
    with pytest.raises(VerbNotPermitted):
        actions.ask(actor=auditor, job="sync")
    with pytest.raises(CompanyNotPermitted):
        actions.ask(actor=ANNA, job="sync", company="DEMF")
    with pytest.raises(UnknownJob):
        actions.perform(actor=ANNA, job="nonsense")
    assert not Run.objects.exists()


def test_a_job_without_company_stays_within_the_companies_of_who_asked(world: WorkingWorld) -> None:
    other = WorkingWorld(company="DEMF")
    other.post(EXPENSE, 100, other.today)
    outcome = actions.perform(actor=ANNA, job="sync")
    assert {step.company for step in outcome.steps} == {"", world.company}


def test_the_clock_keeps_only_runs_that_moved_something(world: WorkingWorld) -> None:
    actions.perform(actor=actions.SYSTEM, job="chain")
    assert Run.objects.count() == 1, "staged actuals were imported and posted"
    assert _unreconciled(world) == {"expense": 40, "vendor_invoice_line": 1}
    actions.perform(actor=actions.SYSTEM, job="chain")
    assert Run.objects.count() == 1


def test_the_job_of_a_dead_worker_is_handed_on(world: WorkingWorld) -> None:
    run_id = actions.ask(actor=ANNA, job="sync", company=world.company, kind="expense")
    # What a worker leaves that was killed in the middle: a running job, and nobody who runs it.
    app.connector.get_sync_connector().execute_query(
        "update procrastinate_jobs set status = 'doing', worker_id = null where task_name = %(name)s",
        name=PERFORM,
    )
    assert ProcrastinateJob.objects.get(task_name=PERFORM).status == "doing"
    _work()
    done = queries.run(actor=ANNA, run_id=run_id)
    assert done is not None
    assert done.succeeded is True
    assert _unreconciled(world)["expense"] == 0


@pytest.mark.usefixtures("databases")
def test_every_job_with_a_schedule_is_known_to_the_queue() -> None:
    scheduled = {row.job for row in JOBS if row.schedule}
    assert {name.removeprefix("tieout.") for name, _ in app.periodic_registry.periodic_tasks} == scheduled


def test_every_job_of_the_catalogue_can_be_run(world: WorkingWorld) -> None:
    everybody = Actor("eve", frozenset({"project_accountant", "resource", "system"}), None)
    for row in JOBS:
        outcome = actions.perform(
            actor=everybody, job=row.job, company=world.company if row.per_company else ""
        )
        assert outcome.problems == (), row.job
        assert isinstance(outcome.run_id, UUID)
