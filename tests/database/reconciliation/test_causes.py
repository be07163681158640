"""Which cause a line has: a row of the taxonomy is a world in which it holds (finance spec 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from django.db import connections, transaction
from tests.database.reconciliation.causes import (
    ACTUALS_MAP,
    APRIL,
    DAY,
    DECISIONS,
    LINES_MAP,
    connect,
    document,
    home,
    meet,
    owe,
    posted,
)
from tests.database.reconciliation.left_out import leave_out
from tests.database.reconciliation.world import ACCOUNTANT, EXPENSE, VENDOR, Line, World, collected

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance import models as finance
from tieout.kernel.access import Actor, CompanyNotPermitted
from tieout.kernel.identifiers import new_id
from tieout.outbox.models import Map
from tieout.problems.actions import resolve_problems
from tieout.problems.catalogue import Process
from tieout.reconciliation.causes import queries
from tieout.reconciliation.causes.rules import CAUSES, OF_LINES, Standing
from tieout.reconciliation.checks.rules import Check, Kind
from tieout.reconciliation.findings import queries as findings
from tieout.reconciliation.windows.rules import Window

WHOLE: Final = Window(date(2024, 1, 1), date(2024, 12, 31))
MANY_WAITING: Final = """
with staged as (
    insert into finance_staged_actual (
        actual_id, transaction_type, transaction_class, billing_type, quantity, price, amount, tax_amount,
        currency_code, transaction_date, accounting_date, company_code, project_id, source_kind, source_id,
        description, batch_id
    )
    select tieout_id(), 'cost', 'time', 'chargeable', 1, 1, 1, 0, 'USD', '2024-02-10', '2024-02-10', 'USMF',
        tieout_id(), 'time_entry', tieout_id(), '', 7
    from generate_series(1, 50000)
    returning actual_id
)
insert into finance_staging_retry (actual_id, company_code, validation, code, attempts)
select actual_id, 'USMF', 'pending', '', 0 from staged
"""
pytestmark = pytest.mark.usefixtures("databases")


@pytest.fixture(autouse=True)
def _maps_run_again() -> Iterator[None]:
    yield
    for alias in (FINANCE, OPERATIONS):
        Map.objects.using(alias).update(state="running")


def _cause(line: Line) -> tuple[str, tuple[str, ...]]:
    found = queries.causes_of(actor=ACCOUNTANT, lines=[line.id])[line.id]
    return found.primary.cause if found.primary else "", tuple(one.cause for one in found.secondary)


def test_every_cause_of_a_line_has_its_row() -> None:
    assert {cause for cause, _ in DECISIONS} == {row.cause for row in OF_LINES} | {""}


@pytest.mark.parametrize(("cause", "make"), DECISIONS, ids=[f"{n}-{c}" for n, (c, _) in enumerate(DECISIONS)])
def test_decision(cause: str, make: Callable[[World], Line]) -> None:
    world = World()
    world.periods(2024)
    line = make(world)
    collected()
    assert _cause(line)[0] == cause
    shown = queries.figures(actor=ACCOUNTANT, company=world.company, window=WHOLE)
    assert [(one.cause.cause, one.lines, one.amount) for one in shown] == (
        [(cause, 1, Decimal(100))] if cause else []
    )
    for asked in {cause, "RC-14"} - {""}:
        of_cause = findings.page(
            actor=ACCOUNTANT, company=world.company, kind=VENDOR, check=Check.ALL, window=WHOLE, cause=asked
        )
        assert [one.line_id for one in of_cause.rows] == ([line.id] if asked == cause else [])


def test_more_than_finance_lists_await_prevalidation() -> None:
    """What is not listed is told by its arrival, and by what is known of it."""
    world = World()
    of_company = finance.IntegrationParameters.objects.filter(company_code=world.company)
    of_company.update(prevalidation=True)
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(MANY_WAITING)
    due, young, refused, different, home_again = (posted(world) for _ in range(5))
    hour_ago = datetime.now(tz=UTC) - timedelta(hours=1)
    keys = [world.staged(due, arrived_at=hour_ago), world.staged(young)]
    keys += [world.staged(refused), world.staged(different)]
    validations = ("pending", "pending", "valid", "invalid")
    finance.StagingRetry.objects.bulk_create(
        finance.StagingRetry(actual_id=key, company_code=world.company, validation=validation, code="")
        for key, validation in zip(keys, validations, strict=True)
    )
    meet(FINANCE, Process.IMPORT_FROM_STAGING, "IMP-103", keys[2])
    meet(FINANCE, Process.VALIDATE_ACTUALS, "VAL-502", keys[3])
    world.cleared(home_again)
    collected()
    lines = (due, young, refused, different, home_again)
    assert [_cause(line)[0] for line in lines] == ["RC-09b", "RC-00d", "RC-08", "RC-06", ""]
    finance.StagingRetry.objects.exclude(actual_id__in=keys[:2]).update(validation="valid")
    collected()
    assert [_cause(line)[0] for line in lines[:2]] == ["RC-09b", "RC-00d"]  # listed now
    finance.StagingRetry.objects.update(validation="valid")
    collected()
    assert [_cause(line)[0] for line in lines[:2]] == ["RC-09", "RC-09"]


def test_a_line_whose_lost_cost_was_left_out_is_home_by_the_one_recorded_again() -> None:
    """Both cost 100, one is posted: until the lost one is left out, the line lacks a journal line."""
    world = World()
    line = home()(world)
    lost = new_id()
    world.stage(line, lost)
    meet(FINANCE, Process.VALIDATE_ACTUALS, "VAL-501", lost)

    def stands() -> tuple[tuple[str, tuple[str, ...]], int, Decimal]:
        collected()
        totals = findings.totals(actor=ACCOUNTANT, company=world.company, window=WHOLE)
        missing = totals.unreconciled(VENDOR)
        return _cause(line), missing.lines, missing.amount

    assert stands() == (("RC-06", ()), 1, Decimal(100))
    leave_out(world, lost)
    with transaction.atomic(using=FINANCE):
        resolve_problems(alias=FINANCE, process=Process.VALIDATE_ACTUALS, record_ids=[lost])
    assert stands() == (("", ()), 0, Decimal(0))
    finance.TakenBackIn.objects.create(
        left_out_id=finance.LeftOut.objects.get().id, company_code=world.company, taken_back_by="anna"
    )
    assert stands() == (("RC-06", ()), 1, Decimal(100))
    leave_out(world, lost)
    assert stands() == (("", ()), 0, Decimal(0))


def test_an_actual_that_is_on_its_way_says_more_than_the_one_that_was_left_out() -> None:
    world = World()
    line = posted(world)
    world.arrive(line)
    world.approve(line)
    lost = new_id()
    world.stage(line, lost)
    leave_out(world, lost)
    owe(OPERATIONS, ACTUALS_MAP, world.actual(line))
    collected()
    assert _cause(line)[0] == "RC-00b"


def test_a_problem_that_is_over_is_no_cause_any_more() -> None:
    world = World()
    line = document(refused="DW-205")(world)
    collected()
    assert _cause(line) == ("RC-01a", ())
    with transaction.atomic(using=FINANCE):
        resolve_problems(alias=FINANCE, process=Process.DELIVER, record_ids=[line.id])
    collected()
    assert _cause(line) == ("RC-01d", ())


def test_what_was_refused_beside_a_line_is_not_lost_until_its_problem_is_over() -> None:
    """Of two connections one is refused and one is lost: each is said."""
    world = World()
    line = posted(world)
    world.arrive(line, header=False)
    world.approve(line)
    actual_id = world.actual(line)
    world.stage(line, actual_id)
    made = world.journal(line, actual_id)
    world.post_journal(made)
    refused = connect(world, actual_id, staged=False)
    connect(world, actual_id, staged=False)
    meet(FINANCE, Process.DELIVER, "DW-208", line.document_id)
    meet(OPERATIONS, Process.DELIVER, "DW-205", refused)
    meet(FINANCE, Process.DELIVER, "DW-209", made.id)
    collected()
    assert _cause(line) == ("RC-01h", ("RC-05c", "RC-05", "RC-19c"))
    for alias, key in ((FINANCE, line.document_id), (OPERATIONS, refused), (FINANCE, made.id)):
        with transaction.atomic(using=alias):
            resolve_problems(alias=alias, process=Process.DELIVER, record_ids=[key])
    collected()
    assert _cause(line) == ("RC-01f", ("RC-05", "RC-19"))


def test_a_map_below_its_version_carries_nothing_though_it_runs() -> None:
    world = World()
    line = document(owed="running")(world)
    known = Map.objects.using(FINANCE).get(map=LINES_MAP).version
    try:
        Map.objects.using(FINANCE).filter(map=LINES_MAP).update(version="1.0.0.7")
        collected()
        assert _cause(line) == ("RC-01b", ())
        Map.objects.using(FINANCE).filter(map=LINES_MAP).update(version="1.0.0.10")  # above 1.0.0.8
        collected()
        assert _cause(line) == ("RC-00a", ())
    finally:
        Map.objects.using(FINANCE).filter(map=LINES_MAP).update(version=known)


def test_other_causes_are_kept_beside_the_primary_one() -> None:
    world = World()
    world.periods(2024)
    line = posted(world)
    world.arrive(line, header=False)
    world.approve(line)
    actual_id = world.actual(line)
    world.stage(line, actual_id)
    made = world.journal(line, actual_id, amount=Decimal(90))
    world.post_journal(made, APRIL)
    connect(world, actual_id, staged=False)
    collected()
    assert _cause(line) == ("RC-14", ("RC-01f", "RC-05", "RC-19", "RC-18"))


def reversed_and_entered_again(world: World) -> Line:
    line = home()(world)
    for amount in (Decimal(-100), Decimal(100)):
        actual_id = world.actual(line)
        world.stage(line, actual_id)
        made = world.journal(line, actual_id, amount=amount)
        world.post_journal(made)
        world.write_back(made)
    return line


def test_a_correction_is_no_double_clearing() -> None:
    world = World()
    line = reversed_and_entered_again(world)
    collected()
    assert _cause(line) == ("", ())


def test_sums_by_cause_are_the_balance_to_the_cent_and_the_terms_of_its_proof() -> None:
    world = World()
    world.periods(2024)
    made = [make(world) for cause, make in DECISIONS if cause not in {"RC-01b", "RC-03c"}]
    world.manual_entry(VENDOR, Decimal("-17.50"), DAY)
    world.orphan(VENDOR, Decimal("3.33"), DAY)
    collected()
    for as_of in (date(2024, 1, 31), date(2024, 3, 31), date(2024, 12, 31)):
        proof = findings.proof_of_balance(actor=ACCOUNTANT, company="USMF", kind=VENDOR, as_of=as_of)
        assert proof is not None
        found = queries.terms(actor=ACCOUNTANT, company="USMF", account=proof.account.account, as_of=as_of)
        assert sum((one.amount for one in found), Decimal(0)) == proof.explained == proof.balance
    by_cause = {one.cause.cause: (one.lines, one.amount) for one in found}
    assert by_cause["RC-20"] == (1, Decimal("-17.50"))
    assert by_cause["RC-20b"] == (1, Decimal("-3.33"))
    assert by_cause["RC-14"] == (1, Decimal("0.75"))
    assert by_cause["RC-21"] == (1, Decimal(-100))
    assert by_cause["RC-17"] == (1, Decimal(100))
    figures = queries.figures(actor=ACCOUNTANT, company="USMF", window=WHOLE)
    totals = findings.totals(actor=ACCOUNTANT, company="USMF", window=WHOLE)
    open_ = [one for one in figures if one.state != "reconciled" and one.kind == VENDOR]
    assert sum(one.lines for one in open_) == totals.unreconciled(VENDOR).lines
    assert sum(one.amount for one in open_) == totals.unreconciled(VENDOR).amount
    assert len(made) == len(DECISIONS) - 3


def test_causes_of_another_company_are_not_shown() -> None:
    world = World()
    line = posted(world)
    collected()
    stranger = Actor("otto", frozenset({"project_accountant"}), frozenset({"DEMF"}))
    assert queries.causes_of(actor=stranger, lines=[line.id]) == {}
    with pytest.raises(CompanyNotPermitted):
        queries.figures(actor=stranger, company="USMF", window=WHOLE)


def test_what_cannot_arise_says_why_and_is_nobodys_cause() -> None:
    impossible = {row.cause: row for row in CAUSES if row.standing is Standing.IMPOSSIBLE}
    assert set(impossible) == {"RC-01c", "RC-03b", "RC-07", "RC-10", "RC-12"}
    for row in impossible.values():
        assert row.sign is None
        assert row.remedy is None
        assert row.means


def test_kinds_are_those_of_the_checks() -> None:
    world = World()
    world.post(EXPENSE, 7, DAY)
    collected()
    (found,) = queries.figures(actor=ACCOUNTANT, company="USMF", window=WHOLE)
    assert (Kind(found.kind), found.cause.cause, found.oldest) == (
        EXPENSE,
        "RC-01d",
        datetime.now(tz=UTC).date(),
    )
