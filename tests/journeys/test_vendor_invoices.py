"""Vendor invoices: stocked lines, verification, payment block (finance spec 1.9, 2.9, 3.2).

One invoice of three lines, entered by ann: 100.00 of services under subcontract S1 (its category is the
default of the company), 40.00 of stock, and 60.00 of services on a project whose approver is mia.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture
from tests.journeys import books, council, proofs

from tieout.cli.program import ExitCode
from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.finance.documents.actions import PostedDocuments, post_vendor_invoices
from tieout.finance.documents.queries import verified_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.jobs.actions import perform
from tieout.kernel.access import Actor, Role, VerbNotPermitted
from tieout.loading.actions import load, load_set_up
from tieout.operations.approvals.actions import DocumentsApproved, approve_documents
from tieout.operations.verification.actions import Decided, reject_lines, verify_lines
from tieout.operations.verification.queries import lines_named, waiting_lines
from tieout.reconciliation.causes.queries import keys_lost
from tieout.reconciliation.causes.rules import Beside
from tieout.reconciliation.collectors.actions import collect
from tieout.workspace.models import User

COMPANY = "HOME"
HOME = books.Books(COMPANY, "Home", "GBP")
OPERATOR = council.OPERATOR
ANN = Actor("ann", frozenset({Role.AP_CLERK, Role.PROJECT_MANAGER}), None)
MAX = Actor("max", frozenset({Role.PROJECT_MANAGER}), frozenset({COMPANY}))
MIA = Actor("mia", frozenset({Role.PROJECT_MANAGER}), frozenset({COMPANY}))
SYSTEM = Actor("system", frozenset({Role.SYSTEM}), None)
FILES = {
    "integration_parameters": "company,expense_integration_account,procurement_integration_account,"
    "line_limit,manual_verification,block_payment,default_item_category\nHOME,1910,1920,0,yes,yes,SERVICE\n",
    "customer": "account_number,name,company\nC1,Customer,HOME\n",
    "contract": "number,customer,company,contracting_unit,currency\nK1,C1,HOME,HOME,GBP\n",
    "contract_line": "contract,line_number,name,billing_method\nK1,1,Work,time_and_materials\n",
    "project": "number,company,contracting_unit,stage,contract,contract_line\n"
    "P1,HOME,HOME,sold,K1,1\nP2,HOME,HOME,internal,,\n",
    "project_approver": "project,user\nP2,mia\n",
    "category": "code,transaction_class\nSERVICE,expense\nSTEEL,material\n",
    "vendor": "company,account_number,name\nHOME,V1,Smith\nHOME,V2,Jones\n",
    "subcontract": "number,company,vendor,currency,status\nS1,HOME,V1,GBP,confirmed\nS2,HOME,V1,GBP,draft\n",
    "project_profile": "company,billing_method,code,accrue_expense,accrue_material\n"
    "HOME,time_and_materials,TM,yes,yes\n",
    "profile_rule": "company,billing_method,profile\nHOME,time_and_materials,TM\n",
}
INVOICE_LINES = "msdyn_projectvendorinvoicelines"
HEADER = (
    "company,vendor,invoice_number,line_number,invoice_date,project,category,amount,currency,subcontract,stocked,"
    "manual_verification\n"
)
INVOICE = (
    "HOME,V1,I1,1,2016-03-01,P1,,100.00,GBP,S1,no,\n"
    "HOME,V1,I1,2,2016-03-01,P1,STEEL,40.00,GBP,,yes,\n"
    "HOME,V1,I1,3,2016-03-01,P2,SERVICE,60.00,GBP,,no,\n"
)
CAUSES = "select accounting_amount, cause from reconciliation_line_cause where cause <> '' order by 1"
ACTUALS = (
    "select a.transaction_type, a.amount, a.source_kind, a.skip_sync, s.number from operations_actual as a"
    " left join operations_subcontract as s on s.id = a.subcontract_id order by a.amount desc, 1"
)


def enter(folder: Path, text: str, actor: Actor = ANN) -> dict[str, int]:
    path = folder / "vendor_invoice_line.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    return dict(load(actor=actor, entity="vendor_invoice_line", files=[path]).codes)


def lines_of(actor: Actor) -> dict[int, tuple[UUID, str]]:
    found, following = waiting_lines(actor=actor, company=COMPANY)
    assert following is None
    return {one.line_number: (one.line_id, one.barred_by) for one in found}


def codes(done: Decided) -> tuple[int, list[str]]:
    return done.done, [one.code for one in done.refused]


def payment() -> list[tuple[str, int, int, str, str | None]]:
    deliver_all(actor=OPERATOR)
    found, _ = verified_invoices(actor=ANN, company=COMPANY)
    return [(one.invoice_number, one.verified, one.lines, one.payment, one.rejected_because) for one in found]


def causes() -> list[tuple[Any, ...]]:
    collect(actor=OPERATOR)
    return proofs.rows(RECONCILIATION, CAUSES)


@pytest.fixture
def world(databases: None, tmp_path: Path) -> Path:
    """The invoice, posted and delivered; the job of approval has run."""
    folder = books.write(tmp_path / "setup", (HOME,), first_year=2016)
    for entity, text in FILES.items():
        (folder / f"{entity}.csv").write_text(text, encoding="utf-8")
    assert not any(done.codes for done in load_set_up(actor=OPERATOR, folder=folder))
    deliver_all(actor=OPERATOR)
    assert enter(tmp_path, INVOICE) == {}
    posted = post_vendor_invoices(actor=ANN, company=COMPANY)
    assert posted == PostedDocuments(1, 3, Decimal(200), 0)
    deliver_all(actor=OPERATOR)
    assert approve_documents(actor=SYSTEM, company=COMPANY) == DocumentsApproved(
        judged=3, awaiting=3, amount_awaiting=Decimal(200)
    )
    return tmp_path


@pytest.mark.usefixtures("world")
def test_an_invoice_waits_for_the_project_manager_and_blocks_its_payment_until_the_last_line() -> None:
    """100.00 and 40.00 are verified by one, 60.00 by another, who rejects first.

    Finance spec 7, pain 12 (568107): a pending invoice accrues nothing, a verified line accrues once.
    Finance spec 7, pain 12 (4205520): verification by hand makes the actuals.
    """
    assert proofs.trial(COMPANY) == {"1920": 160, "2000": -200, "6000": 40}  # the stock costs already
    assert payment() == [("I1", 0, 3, "blocked", None)]
    # It waits, which is no error; the stocked line is in no view of the integration account.
    assert causes() == [(60, "RC-02d"), (100, "RC-02d")]
    assert approve_documents(actor=SYSTEM, company=COMPANY) == DocumentsApproved()

    with pytest.raises(VerbNotPermitted):  # the program itself verifies nothing
        verify_lines(actor=SYSTEM, company=COMPANY, line_ids=[])
    keys = [key for key, _ in lines_of(ANN).values()]
    assert {barred for _, barred in lines_of(ANN).values()} == {"APR-152"}
    assert codes(verify_lines(actor=ANN, company=COMPANY, line_ids=keys)) == (0, ["APR-152"] * 3)
    assert [lines_of(MAX)[n][1] for n in (1, 2, 3)] == ["", "", "APR-153"]
    one, two, three = (lines_of(MAX)[n][0] for n in (1, 2, 3))
    names = ["VI000001/1", "VI000001/9"]
    assert lines_named(actor=MAX, company=COMPANY, names=names) == {"VI000001/1": one}
    assert codes(reject_lines(actor=MIA, company=COMPANY, line_ids=[three], reason=" ")) == (0, ["APR-154"])
    assert codes(reject_lines(actor=MIA, company=COMPANY, line_ids=[three], reason="No order")) == (1, [])
    done = verify_lines(actor=MAX, company=COMPANY, line_ids=[one, two, three])
    assert (done.done, done.approved.approved, done.approved.amount_approved) == (2, 2, Decimal(140))
    assert [problem.code for problem in done.refused] == ["APR-153"]
    assert codes(verify_lines(actor=MAX, company=COMPANY, line_ids=[one])) == (0, ["APR-151"])

    # The cost of stock stands in the ledger and does not travel; what it is sold for does.
    assert proofs.rows(OPERATIONS, ACTUALS) == [
        ("cost", 100, "vendor_invoice_line", False, "S1"),
        ("unbilled_sales", 100, "vendor_invoice_line", False, "S1"),
        ("cost", 40, "stocked_invoice_line", True, None),
        ("unbilled_sales", 40, "stocked_invoice_line", False, None),
    ]
    assert payment() == [("I1", 2, 3, "blocked", "No order")]
    assert causes()[0] == (60, "RC-02c")

    assert codes(verify_lines(actor=MIA, company=COMPANY, line_ids=[three])) == (1, [])  # after all
    assert payment() == [("I1", 3, 3, "released", None)]
    assert lines_of(MAX) == {}
    assert import_from_staging(actor=OPERATOR, company=COMPANY).lines == 4
    # What was bought under a subcontract says so in staging, and on the journal line that is made of it.
    for table in ("finance_staged_actual", "finance_integration_journal_line"):
        bought = (
            f"select transaction_type, amount, subcontract from {table} where subcontract <> '' order by 1"
        )
        assert proofs.rows(FINANCE, bought) == [("cost", 100, "S1"), ("unbilled_sales", 100, "S1")]
    post_integration_journals(actor=OPERATOR, company=COMPANY)
    deliver_all(actor=OPERATOR)
    assert proofs.trial(COMPANY) == {"1430": 140, "1920": 0, "2000": -200, "6000": 200, "8100": -140}
    assert causes() == []
    proofs.nothing_waits()
    proofs.every_synced_actual_has_its_voucher()


def test_what_a_line_and_an_invoice_say_for_themselves(world: Path) -> None:
    """An invoice that says no is approved by arriving; the others are refused when they are loaded."""
    wrong = (
        "HOME,V2,I2,1,2016-03-01,P1,SERVICE,1.00,GBP,S1,no,\n"  # the subcontract of another vendor
        "HOME,V1,I3,1,2016-03-01,P1,SERVICE,1.00,GBP,S2,no,\n"  # a draft
        "HOME,V1,I4,1,2016-03-01,P1,SERVICE,1.00,GBP,,yes,\n"  # stock is material
        "HOME,V1,I1,1,2016-03-01,P1,,100.00,GBP,,no,\n"  # without its subcontract now
        "HOME,V1,I1,1,2016-03-01,P1,,100.00,GBP,S1,no,no\n"  # no longer to be verified
        "HOME,V1,I1,1,2016-03-01,P1,,100.00,GBP,S1,no,\n"  # there already
    )
    assert enter(world, wrong) == {"LOAD-232": 1, "LOAD-233": 1, "LOAD-231": 1, "LOAD-210": 2}
    assert enter(world, "HOME,V1,I5,1,2016-03-02,P1,,7.00,GBP,,no,no\n") == {}
    assert post_vendor_invoices(actor=ANN, company=COMPANY).documents == 1
    deliver_all(actor=OPERATOR)
    assert approve_documents(actor=SYSTEM, company=COMPANY).approved == 1
    assert payment() == [("I1", 0, 3, "blocked", None)]
    assert proofs.rows(FINANCE, "select count(*) from finance_vendor_invoice where block_payment") == [(1,)]
    # A stocked line that was lost on its way is in no view (spec 3.2, a); Sync finds it all the same.
    set_state(actor=OPERATOR, map=INVOICE_LINES, state=State.NOT_RUNNING)
    assert enter(world, "HOME,V1,I6,1,2016-03-02,P1,STEEL,9.00,GBP,,yes,no\n") == {}
    assert post_vendor_invoices(actor=ANN, company=COMPANY).documents == 1
    set_state(actor=OPERATOR, map=INVOICE_LINES, state=State.RUNNING)
    deliver_all(actor=OPERATOR)
    collect(actor=OPERATOR)
    assert len(keys_lost(actor=OPERATOR, company=COMPANY, beside=Beside.STOCKED)) == 1
    done = perform(actor=OPERATOR, job="sync", company=COMPANY, kind="vendor_invoice_line")
    counts = {one.name: one.counts for one in done.steps}
    assert counts["Sync stocked lines to operations"] == {"stated": 1}
    collect(actor=OPERATOR)
    assert keys_lost(actor=OPERATOR, company=COMPANY, beside=Beside.STOCKED) == ()
    arrived = "select stocked, amount from operations_vendor_invoice_line where amount = 9"
    assert proofs.rows(OPERATIONS, arrived) == [(True, 9)]


@pytest.mark.usefixtures("world")
def test_the_worklist_and_the_invoices_on_their_pages_and_at_the_command_line(
    tieout: Tieout,  # noqa: F811
) -> None:
    client = Client()
    client.force_login(
        User.objects.create(username="max", roles=[Role.PROJECT_MANAGER.value], companies=[COMPANY])
    )
    key = lines_of(MAX)[1][0]
    page = f"/companies/{COMPANY}/verification/"
    shown = client.get(page).content.decode()
    assert shown.count("data-line=") == 3
    assert '<td class="number">100.00</td><td>GBP</td>' in shown
    rows = proofs.rows(OPERATIONS, "update operations_currency set digits = 3 where code = 'GBP' returning 1")
    assert rows == [(1,)]
    assert '<td class="number">100.000</td><td>GBP</td>' in client.get(page).content.decode()
    assert "others verify it" in shown
    assert (
        "Rejected by max: Too much"
        in client.post(page, {"do": "reject", "line": str(key), "reason": "Too much"}).content.decode()
    )
    assert "APR-151" in client.post(page, {"do": "verify", "line": str(UUID(int=1))}).content.decode()
    assert "Verified: 1." in client.post(page, {"do": "verify", "line": str(key)}).content.decode()
    deliver_all(actor=OPERATOR)
    invoices = f"/companies/{COMPANY}/vendor-invoices/"
    assert "Blocked" in client.get(f"{invoices}?view=blocked").content.decode()
    file = b"".join(client.get(f"{invoices}export/csv/").streaming_content).decode()  # type: ignore[attr-defined]
    assert file.splitlines()[1].startswith(
        "V1,Smith,I1,2016-03-01,2016-03-01,200.00,GBP,200.00,VI000001,3,1,blocked,"
    )

    listed = tieout("verification", "list", "--company", COMPANY, "--json").document
    assert [(one["voucher"], one["line_number"], one["digits"]) for one in listed] == [
        ("VI000001", 2, 3),
        ("VI000001", 3, 3),
    ]
    told = tieout("verification", "list", "--company", COMPANY, "--project", "P2").out
    assert "VI000001/3" in told
    assert "60.000" in told
    assert "VI000001/2" not in told
    as_max = ("--as", "max", "verification")
    done = tieout(*as_max, "reject", "VI000001/2", "--company", COMPANY, "--reason", "No delivery")
    assert (done.code, done.out.strip()) == (ExitCode.OK, "Rejected: 1.")
    assert "rejected by max: No delivery" in tieout("verification", "list", "--company", COMPANY).out
    done = tieout(*as_max, "verify", "VI000001/2", "VI000001/3", "--company", COMPANY)
    assert (done.code, "Verified: 1." in done.out, "APR-153" in done.err) == (ExitCode.REJECTED, True, True)
    assert tieout(*as_max, "verify", "VI000001/9", "--company", COMPANY).code == ExitCode.USAGE
    assert payment() == [("I1", 2, 3, "blocked", None)]
