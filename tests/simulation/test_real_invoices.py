"""The vendor invoices of a city council under random faults: the books are those of the undisturbed journey.

`tests/journeys/test_real_data.py` takes the same twelve files through the chain undisturbed: every line
arrives in cost, and the procurement integration account is at nothing. Here a quarter is loaded at a time,
and the same must be true although programs crash between commits, records are stated twice or lost on every
map by which documents and actuals travel, and maps stand still.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from tests.journeys import council, proofs
from tests.journeys.council import COMPANY, OPERATOR
from tests.journeys.test_real_data import COST, LINES, files
from tests.simulation.disturbing import faults, start

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.jobs.actions import SYSTEM
from tieout.jobs.choices import Days
from tieout.jobs.steps import steps_of
from tieout.operations.approvals.actions import approve_documents
from tieout.reconciliation.checks.rules import Kind
from tieout.reconciliation.collectors.actions import collect, verify
from tieout.reconciliation.findings import queries as findings

pytestmark = [pytest.mark.real_data, pytest.mark.timeout(900)]

SEED = 7
YEARS = Days(date(2014, 1, 1), date(2016, 12, 31))
STATED = {
    "msdyn_projectvendorinvoices": "select document_id from fact_source_line order by document_id",
    "msdyn_projectvendorinvoicelines": "select line_id from fact_source_line order by line_id",
    "msdyn_actuals": "select id from operations_actual order by id",
    "msdyn_actuals_posting": "select line_id from fact_posting order by line_id",
}
MAPS = tuple(STATED)
VERBS: list[Callable[[], object]] = [
    partial(post_vendor_invoices, actor=OPERATOR, company=COMPANY),
    partial(deliver_all, actor=SYSTEM, batch_size=1_500),
    partial(approve_documents, actor=OPERATOR, company=COMPANY),
    partial(deliver_all, actor=SYSTEM, batch_size=1_500),
    partial(import_from_staging, actor=SYSTEM, company=COMPANY),
    partial(post_integration_journals, actor=SYSTEM, company=COMPANY),
    partial(deliver_all, actor=SYSTEM, batch_size=1_500),
    partial(collect, actor=SYSTEM),
]


def test_the_real_invoices_come_home_through_crashes_losses_and_stopped_maps(
    databases: None, tmp_path: Path
) -> None:
    council.set_up(tmp_path / "setup")
    deliver_all(actor=OPERATOR)
    (tmp_path / "rejected").mkdir()
    with faults(SEED, MAPS, STATED) as found:
        for quarter in files():
            council.load_spend([quarter], tmp_path / "rejected" / quarter.name)
            for verb in VERBS:
                found.run_disturbed(verb)
                found.strike()
    come_home()
    the_books_are_those_of_the_undisturbed_journey(tmp_path)


def come_home() -> None:
    """Start the maps and let Sync ask for what was lost, as an integrator would."""
    start(MAPS)
    for _ in range(3):  # a document that was lost has an actual to lose, and a voucher to write back
        post_vendor_invoices(actor=OPERATOR, company=COMPANY)
        answers = list(steps_of("sync", actor=SYSTEM, system=SYSTEM, company=COMPANY, kind="", days=YEARS))
        assert [one.problem for one in answers if one.problem] == []
        approve_documents(actor=OPERATOR, company=COMPANY)
        for verb in VERBS[3:]:
            verb()


def the_books_are_those_of_the_undisturbed_journey(folder: Path) -> None:
    """Assert the figures of that journey, per project and account, and that nothing is left over."""
    proofs.nothing_waits()
    assert proofs.every_synced_actual_has_its_voucher() == LINES
    assert proofs.cost_is_what_finance_posted() == {(COMPANY, "GBP"): (LINES - 1, COST)}
    assert proofs.trial(COMPANY) == {"1920": Decimal(0), "2000": -COST, "6000": COST}
    loaded = proofs.rows(
        FINANCE,
        "select p.number, sum(l.accounting_amount) from finance_vendor_invoice_line l join finance_project p"
        " on p.id = l.project_id group by 1 order by 1",
    )
    assert sum((amount for _, amount in loaded), Decimal(0)) == COST
    posted = "select p.number, sum(e.accounting_amount) from finance_voucher_line e join finance_project p"
    posted += " on p.id = e.project_id where e.account = %s group by 1 order by 1"
    assert proofs.rows(FINANCE, posted, "6000") == loaded
    assert proofs.rows(FINANCE, posted, "1920") == [(project, Decimal(0)) for project, _ in loaded]
    uncleared = "select count(*) from (select source_line_id from finance_voucher_line where account = '1920'"
    uncleared += " group by 1 having sum(accounting_amount) <> 0) x"
    assert proofs.rows(FINANCE, uncleared) == [(0,)]
    actuals = "select count(*), count(distinct source_id), sum(amount) from operations_actual"
    assert proofs.rows(OPERATIONS, actuals) == [(LINES, LINES, COST)]
    proofs.the_ledger_is_checked(folder, COMPANY)
    verified = verify(actor=SYSTEM)
    assert (verified.ran, verified.differences) == (True, ())
    assert findings.out_of_sync(actor=SYSTEM, company=COMPANY) == ()
    proof = findings.proof_of_balance(
        actor=SYSTEM, company=COMPANY, kind=Kind.VENDOR_INVOICE_LINE, as_of=date(2016, 12, 31)
    )
    assert proof is not None
    assert (proof.balance, proof.unexplained) == (Decimal(0), Decimal(0))
