"""The chain as the bench runs it: each stage by the verb that the product calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from django.db import connections

from tests.scale import world
from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery.actions import deliver
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.seals.actions import seal_vouchers, verify_seals
from tieout.kernel.access import Actor
from tieout.loading.actions import load, load_set_up
from tieout.operations.approvals.actions import approve_documents, approve_entries, submit_entries
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.collectors.rules import FACTS, Mode
from tieout.reconciliation.findings.queries import totals
from tieout.reconciliation.windows.rules import Window

ACTOR = Actor(
    name="bench", roles=frozenset({"administrator", "system", "project_accountant"}), companies=None
)
PERSON = Actor(name="people", roles=frozenset({"resource"}), companies=None)
_SUBMITTED = (
    "operations_entry_submission",
    "operations_entry_journal_line",
    "operations_transaction_connection",
    "operations_transaction_origin",
)
_APPROVED = (
    "operations_approval",
    "operations_actual",
    "operations_transaction_connection",
    "operations_transaction_origin",
    "outbox_entry",
)
_VOUCHERS = ("finance_voucher", "finance_voucher_line", "outbox_entry")
_ACTUALS = ("operations_approval", "operations_actual", "operations_transaction_origin", "outbox_entry")

Stage = tuple[str, dict[str, tuple[str, ...]], Callable[[], object]]


class Chain:
    """One world and the stages that its rows pass."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_setup(self) -> None:
        """Load companies, accounts, projects and all else that the documents name."""
        world.write_setup(self._folder / "setup", with_time=True)
        load_set_up(actor=ACTOR, folder=self._folder / "setup")

    def stages(self, invoices: Path) -> Iterator[Stage]:
        """Yield each stage: its name, the tables it writes, and how it is run for this part."""
        company = world.COMPANY
        yield (
            "load",
            {FINANCE: ("finance_vendor_invoice", "finance_vendor_invoice_line", "finance_posting_queue")},
            lambda: load(actor=ACTOR, entity="vendor_invoice_line", files=[invoices]),
        )
        yield (
            "post documents",
            {FINANCE: _VOUCHERS},
            lambda: post_vendor_invoices(actor=ACTOR, company=company),
        )
        yield (
            "deliver documents",
            {OPERATIONS: ("operations_vendor_invoice", "operations_vendor_invoice_line")},
            lambda: self._deliver("msdyn_projectvendorinvoices", "msdyn_projectvendorinvoicelines"),
        )
        yield "approve", {OPERATIONS: _ACTUALS}, lambda: approve_documents(actor=ACTOR, company=company)
        yield "deliver actuals", {FINANCE: ("finance_staged_actual",)}, lambda: self._deliver("msdyn_actuals")
        yield (
            "import from staging",
            {FINANCE: ("finance_integration_journal_line",)},
            lambda: import_from_staging(actor=ACTOR, company=company),
        )
        yield (
            "post integration journals",
            {FINANCE: _VOUCHERS},
            lambda: post_integration_journals(actor=ACTOR, company=company),
        )
        yield (
            "deliver write-back",
            {OPERATIONS: ("operations_actual_posting",)},
            lambda: self._deliver("msdyn_actuals_posting"),
        )
        facts = tuple(fact.view for fact in FACTS if fact.mode is Mode.INCREMENTAL)
        yield "collect", {RECONCILIATION: facts}, lambda: collect(actor=ACTOR)

    def time_stages(self, times: Path) -> Iterator[Stage]:
        """Yield the stages that time passes before it is delivered, as ``stages``."""
        company = world.COMPANY
        yield (
            "load time",
            {OPERATIONS: ("operations_entry", "operations_open_entry")},
            lambda: load(actor=ACTOR, entity="time_entry", files=[times]),
        )
        yield "submit time", {OPERATIONS: _SUBMITTED}, lambda: submit_entries(actor=PERSON, company=company)
        yield "approve time", {OPERATIONS: _APPROVED}, lambda: approve_entries(actor=ACTOR, company=company)

    def _deliver(self, *maps: str) -> None:
        for name in maps:
            deliver(actor=ACTOR, map=name)

    def reconcile(self) -> object:
        """Answer all views of both kinds over the whole year."""
        from datetime import date

        return totals(actor=ACTOR, company=world.COMPANY, window=Window(date(2016, 1, 1), date(2016, 12, 31)))

    def seal(self) -> int:
        """Seal what was posted; return the number of vouchers."""
        return seal_vouchers(actor=ACTOR, company=world.COMPANY).vouchers

    def verify(self) -> bool:
        """Read the books again; return whether they are what was sealed."""
        return verify_seals(actor=ACTOR, company=world.COMPANY).found.is_sound

    def balance(self) -> Decimal:
        """Return what is left on the procurement integration account."""
        with connections[FINANCE].cursor() as cursor:
            cursor.execute("select sum(accounting_amount) from finance_voucher_line where account = '300100'")
            return Decimal(cursor.fetchone()[0])
