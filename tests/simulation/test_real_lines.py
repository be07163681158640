"""The purchase lines of a university under random faults: the books are those of the undisturbed journey.

`tests/journeys/test_purchase_lines.py` takes the same file through the chain undisturbed, and finds every
line at its own amount. Here the same must be true although programs crash between commits, records are
stated twice or lost, and maps stand still.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from tests.journeys import proofs
from tests.journeys import test_purchase_lines as undisturbed
from tests.journeys.test_purchase_lines import BUYER, COMPANY, LIVE, LIVE_SUM, MANAGER
from tests.simulation.disturbing import faults, start

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.jobs.actions import SYSTEM
from tieout.jobs.steps import steps_of
from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.reconciliation.collectors.actions import collect, verify
from tieout.reconciliation.findings import queries as findings

pytestmark = pytest.mark.real_data

SEED, ROUNDS = 11, 8
MAPS = ("msdyn_actuals", "msdyn_actuals_posting")
STATED = {"msdyn_actuals": "select id from operations_actual order by id"}
VERBS: list[Callable[[], object]] = [
    partial(submit_entries, actor=BUYER, company=COMPANY),
    partial(approve_entries, actor=MANAGER, company=COMPANY),
    partial(deliver_all, actor=SYSTEM, batch_size=700),
    partial(import_from_staging, actor=SYSTEM, company=COMPANY),
    partial(post_integration_journals, actor=SYSTEM, company=COMPANY),
    partial(deliver_all, actor=SYSTEM, batch_size=700),
    partial(collect, actor=SYSTEM),
]


def test_the_real_lines_come_home_through_crashes_losses_and_stopped_maps(
    databases: None, tmp_path: Path
) -> None:
    undisturbed.set_up(tmp_path / "setup")
    undisturbed.load_lines(tmp_path)
    with faults(SEED, MAPS, STATED) as found:
        for _ in range(ROUNDS):
            for verb in VERBS:
                found.run_disturbed(verb)
                found.strike()
    come_home()
    the_books_are_those_of_the_undisturbed_journey(tmp_path)


def come_home() -> None:
    """Start the maps and let Sync ask for what was lost, as an integrator would."""
    for verb in VERBS[:2]:
        verb()
    start(MAPS)
    for _ in range(2):  # what was lost on the way back is seen when it has got so far
        answers = list(steps_of("sync", actor=SYSTEM, system=SYSTEM, company=COMPANY, kind=""))
        assert [one.problem for one in answers if one.problem] == []


def the_books_are_those_of_the_undisturbed_journey(folder: Path) -> None:
    """Assert the figures of that journey, line by line and per project, and that nothing is left over."""
    proofs.nothing_waits()
    assert proofs.every_synced_actual_has_its_voucher() == LIVE
    assert proofs.trial(COMPANY) == {"6000": LIVE_SUM, "6920": -LIVE_SUM}
    undisturbed.every_cost_line_is_the_amount_of_the_file()
    proofs.the_ledger_is_checked(folder, COMPANY)
    entered = proofs.rows(
        OPERATIONS,
        "select p.number, sum(a.amount) from operations_actual a join operations_project p on"
        " p.id = a.project_id group by 1 having sum(a.amount) <> 0 order by 1",
    )
    posted = "select p.number, sum(e.accounting_amount) from finance_voucher_line e join finance_project p"
    posted += " on p.id = e.project_id where e.account = %s group by 1 order by 1"
    assert proofs.rows(FINANCE, posted, "6000") == entered
    assert proofs.rows(FINANCE, posted, "6920") == [(project, -amount) for project, amount in entered]
    assert sum((amount for _, amount in entered), Decimal(0)) == LIVE_SUM
    verified = verify(actor=SYSTEM)
    assert (verified.ran, verified.differences) == (True, ())
    assert findings.out_of_sync(actor=SYSTEM, company=COMPANY) == ()
