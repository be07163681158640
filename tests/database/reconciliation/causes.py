"""Worlds in which a line has one cause: what each of them takes, row by row (finance spec 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from tests.database.reconciliation import came_home
from tests.database.reconciliation.left_out import left_out, recorded_again
from tests.database.reconciliation.world import ACCOUNTS, EXPENSE, VENDOR, Line, World

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.finance import models as finance
from tieout.kernel.identifiers import new_id
from tieout.operations import models as operations
from tieout.outbox.models import Entry, Map
from tieout.problems.actions import RecordProblem, log_problems
from tieout.problems.catalogue import Process

DAY: Final = date(2024, 2, 10)
APRIL: Final = date(2024, 4, 2)
LINES_MAP, HEADERS_MAP, POSTINGS_MAP = (
    "msdyn_projectvendorinvoicelines",
    "msdyn_projectvendorinvoices",
    "msdyn_actuals_posting",
)
ACTUALS_MAP, CONNECTIONS_MAP = "msdyn_actuals", "msdyn_transactionconnections"


def owe(alias: str, map_: str, key: UUID) -> None:
    Entry.objects.using(alias).create(map=map_, key=key)


def stop(alias: str, map_: str, state: str = "paused") -> None:
    Map.objects.using(alias).filter(map=map_).update(state=state)


def meet(alias: str, process: Process, code: str, key: UUID) -> None:
    with transaction.atomic(using=alias):
        log_problems(
            alias=alias, process=process, problems=[RecordProblem(code, "USMF", "line", key, "1", {})]
        )


def posted(world: World) -> Line:
    return world.post(VENDOR, 100, DAY)


def connect(world: World, actual_id: UUID, *, staged: bool) -> UUID:
    key = new_id()
    common = {
        "id": key,
        "transaction1_id": actual_id,
        "transaction1_type": "unbilled_sales",
        "transaction1_role": "a",
        "transaction2_id": new_id(),
        "transaction2_type": "cost",
        "transaction2_role": "b",
        "company_code": world.company,
    }
    operations.TransactionConnection.objects.create(**common)
    if staged:
        finance.StagedConnection.objects.create(batch_id=1, **common)
    return key


def document(refused: str = "", owed: str = "") -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        if refused:
            meet(FINANCE, Process.DELIVER, refused, line.id)
        if owed:
            owe(FINANCE, LINES_MAP, line.id)
            stop(FINANCE, LINES_MAP, owed)
        return line

    return make


def _in_operations(refused: str = "", *, approved: bool = False) -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        world.arrive(line)
        if approved:
            world.approve(line)
        if refused:
            meet(OPERATIONS, Process.APPROVE, refused, line.id)
        return line

    return make


def _to_verify(*outcomes: str) -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        world.arrive(line, manual_verification=True)
        for outcome in outcomes:
            operations.VerificationDecision.objects.create(
                line_id=line.id,
                invoice_id=line.document_id,
                company_code=world.company,
                outcome=outcome,
                reason="too much" if outcome == "rejected" else "",
                decided_by="paul",
            )
        return line

    return make


def _actual(refused: str = "", owed: str = "", *, skip_sync: bool = False) -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = _in_operations(approved=True)(world)
        actual_id = world.actual(line, skip_sync=skip_sync)
        if refused:
            meet(OPERATIONS, Process.DELIVER, refused, actual_id)
        if owed:
            owe(OPERATIONS, ACTUALS_MAP, actual_id)
            stop(OPERATIONS, ACTUALS_MAP, owed)
        return line

    return make


def _staged(refused: str = "") -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        actual_id = world.staged(line)
        if refused:
            meet(FINANCE, Process.IMPORT_FROM_STAGING, refused, actual_id)
        return line

    return make


def _different(world: World) -> Line:
    line = posted(world)
    meet(FINANCE, Process.VALIDATE_ACTUALS, "VAL-502", world.staged(line))
    return line


def _sale_is_different(world: World) -> Line:
    """Import refused the cost; what operations does not have so is the sale, which clears nothing."""
    line = _staged(refused="IMP-104")(world)
    sale = world.actual(line, transaction_type="unbilled_sales")
    world.stage(line, sale, transaction_type="unbilled_sales")
    meet(FINANCE, Process.VALIDATE_ACTUALS, "VAL-502", sale)
    return line


def _awaiting(minutes: int) -> Callable[[World], Line]:
    """The company prevalidates after five minutes; a batch arrived so many minutes ago."""

    def make(world: World) -> Line:
        finance.IntegrationParameters.objects.filter(company_code=world.company).update(prevalidation=True)
        line = posted(world)
        world.arrive(line)
        world.approve(line)
        actual_id = world.actual(line)
        world.stage(line, actual_id, batch_id=100 + minutes)
        finance.Intake.objects.create(
            batch_id=100 + minutes,
            map=ACTUALS_MAP,
            company_code=world.company,
            row_count=1,
            amount_total=line.cost,
            received_at=timezone.now() - timedelta(minutes=minutes),
        )
        return line

    return make


def _awaiting_alone(world: World) -> Line:
    """Its journal line was deleted, so that it is looked at again."""
    of_company = finance.IntegrationParameters.objects.filter(company_code=world.company)
    of_company.update(prevalidation=True, prevalidation_minutes=0)
    line = posted(world)
    waiting = {"actual_id": world.staged(line), "company_code": world.company, "code": ""}
    finance.StagingRetry.objects.create(**waiting)
    return line


def _journal(*, refused: bool) -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        made = world.journal(line, world.staged(line))
        if refused:
            world.refuse(made)
        return line

    return make


def home(amount: str = "100", day: date = DAY) -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        world.cleared(line, day, amount=Decimal(amount))
        return line

    return make


def _twice(world: World) -> Line:
    line = home()(world)
    actual_id = world.actual(line)
    world.stage(line, actual_id)
    made = world.journal(line, actual_id)
    world.post_journal(made)
    world.write_back(made)
    return line


def _elsewhere(world: World) -> Line:
    line = posted(world)
    made = world.journal(line, world.staged(line))
    world.voucher(
        DAY, "integration_journal_line", made.id, (ACCOUNTS[EXPENSE], "ledger", -made.amount, line.id)
    )
    world.write_back(made)
    return line


def _unwritten(owed: str = "", refused: str = "") -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        made = world.journal(line, world.staged(line))
        world.post_journal(made)
        if refused:
            meet(FINANCE, Process.DELIVER, refused, made.id)
        if owed:
            owe(FINANCE, POSTINGS_MAP, made.id)
            stop(FINANCE, POSTINGS_MAP, owed)
        return line

    return make


def _connected(owed: str = "", refused: str = "") -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        made = world.cleared(line)
        connect(world, made.actual_id, staged=True)
        lost = connect(world, made.actual_id, staged=False)
        if refused:
            meet(OPERATIONS, Process.DELIVER, refused, lost)
        if owed:
            owe(OPERATIONS, CONNECTIONS_MAP, lost)
            stop(OPERATIONS, CONNECTIONS_MAP, owed)
        return line

    return make


def _headless(owed: str = "", refused: str = "") -> Callable[[World], Line]:
    def make(world: World) -> Line:
        line = posted(world)
        world.arrive(line, header=False)
        world.approve(line)
        actual_id = world.actual(line)
        world.stage(line, actual_id)
        made = world.journal(line, actual_id)
        world.post_journal(made)
        world.write_back(made)
        if refused:
            meet(FINANCE, Process.DELIVER, refused, line.document_id)
        if owed:
            owe(FINANCE, HEADERS_MAP, line.document_id)
            stop(FINANCE, HEADERS_MAP, owed)
        return line

    return make


def _unknown_to_operations(world: World) -> Line:
    line = posted(world)
    world.arrive(line)
    world.approve(line)
    world.stage(line, new_id())
    return line


# One row per cause that a line can have, and where several can lead to it, one per way.
DECISIONS: Final[tuple[tuple[str, Callable[[World], Line]], ...]] = (
    ("RC-01a", document(refused="DW-205")),
    ("RC-01a", document(refused="DW-205", owed="paused")),
    ("RC-01e", document(refused="DW-207")),
    ("RC-01b", document(owed="paused")),
    ("RC-01b", document(owed="not_running")),
    ("RC-00a", document(owed="running")),
    ("RC-01d", document()),
    ("RC-02b", _in_operations(refused="INT-701")),
    ("RC-02c", _to_verify("rejected")),
    ("RC-02d", _to_verify()),
    ("RC-02a", _in_operations()),
    ("RC-06b", left_out(lost=True)),
    ("RC-06b", left_out(lost=False)),
    ("RC-02e", _in_operations(approved=True)),
    ("RC-04", _actual(skip_sync=True)),
    ("RC-03a", _actual(refused="DW-130")),
    ("RC-03c", _actual(owed="paused")),
    ("RC-00b", _actual(owed="running")),
    ("RC-03d", _actual()),
    ("RC-08", _staged(refused="IMP-103")),
    ("RC-08", _sale_is_different),
    ("RC-09", _staged()),
    ("RC-00d", _awaiting(1)),
    ("RC-09b", _awaiting(60)),
    ("RC-09b", _awaiting_alone),
    ("RC-13", _journal(refused=True)),
    ("RC-11", _journal(refused=False)),
    ("RC-21", _twice),
    ("RC-17", _elsewhere),
    ("RC-14b", home("0")),
    ("RC-15", came_home.other_rate),
    ("RC-15", came_home.other_rate_alone),
    ("RC-15", came_home.other_currency_alone),
    ("RC-16", came_home.of_foreign_currency),
    ("RC-14a", came_home.taxed),
    ("RC-14a", came_home.taxed_abroad),
    ("RC-14", home("99.25")),
    ("RC-22", came_home.of_other_dimensions),
    ("RC-06", _unknown_to_operations),
    ("RC-06", _different),
    ("RC-01h", _headless(refused="DW-208")),
    ("RC-01h", _headless(refused="DW-205", owed="paused")),
    ("RC-01f", _headless()),
    ("RC-01g", _headless(owed="paused")),
    ("RC-05c", _connected(refused="DW-208")),
    ("RC-05c", _connected(refused="DW-208", owed="running")),
    ("RC-05", _connected()),
    ("RC-05b", _connected(owed="paused")),
    ("RC-19c", _unwritten(refused="DW-209")),
    ("RC-19c", _unwritten(refused="DW-209", owed="running")),
    ("RC-19", _unwritten()),
    ("RC-19b", _unwritten(owed="not_running")),
    ("RC-18", home(day=APRIL)),
    ("RC-00c", _unwritten(owed="running")),
    ("", home()),
    ("", recorded_again),
    ("", came_home.other_rate_corrected),
    ("", _connected(owed="running")),
    ("", _headless(owed="running")),
)
