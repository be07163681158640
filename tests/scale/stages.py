"""The chain as the bench runs it: each stage by the verb that the product calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from django.db import connections
from tieout.loading.actions import load, load_set_up

from tests.scale import world
from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.dualwrite.delivery.actions import deliver
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.journals.actions import import_from_staging, post_integration_journals
from tieout.kernel.access import Actor
from tieout.operations.approvals.actions import approve_documents
from tieout.reconciliation.collectors.actions import collect
from tieout.reconciliation.findings.queries import totals
from tieout.reconciliation.windows.rules import Window

ACTOR = Actor(
    name="bench", roles=frozenset({"administrator", "system", "project_accountant"}), companies=None
)
BOTH = (OPERATIONS, FINANCE)

Stage = tuple[str, tuple[str, ...], Callable[[], object]]


class Chain:
    """One world and the stages that its rows pass."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_setup(self) -> None:
        """Load companies, accounts, projects and all else that the documents name."""
        world.write_setup(self._folder / "setup")
        load_set_up(actor=ACTOR, folder=self._folder / "setup")

    def stages(self, invoices: Path) -> Iterator[Stage]:
        """Yield each stage: its name, the databases it writes, and how it is run for this part."""
        company = world.COMPANY
        yield "load", BOTH, lambda: load(actor=ACTOR, entity="vendor_invoice_line", files=[invoices])
        yield "post documents", (FINANCE,), lambda: post_vendor_invoices(actor=ACTOR, company=company)
        yield (
            "deliver documents",
            (OPERATIONS,),
            lambda: self._deliver("msdyn_projectvendorinvoices", "msdyn_projectvendorinvoicelines"),
        )
        yield "approve", (OPERATIONS,), lambda: approve_documents(actor=ACTOR, company=company)
        yield "deliver actuals", (FINANCE,), lambda: self._deliver("msdyn_actuals")
        yield "import from staging", (FINANCE,), lambda: import_from_staging(actor=ACTOR, company=company)
        yield (
            "post integration journals",
            (FINANCE,),
            lambda: post_integration_journals(actor=ACTOR, company=company),
        )
        yield "deliver write-back", (OPERATIONS,), lambda: self._deliver("msdyn_actuals_posting")
        yield "collect", (RECONCILIATION,), lambda: collect(actor=ACTOR)

    def _deliver(self, *maps: str) -> None:
        for name in maps:
            deliver(actor=ACTOR, map=name)

    def reconcile(self) -> object:
        """Answer all views of both kinds over the whole year."""
        from datetime import date

        return totals(actor=ACTOR, company=world.COMPANY, window=Window(date(2016, 1, 1), date(2016, 12, 31)))

    def balance(self) -> Decimal:
        """Return what is left on the procurement integration account."""
        with connections[FINANCE].cursor() as cursor:
            cursor.execute(
                "select coalesce(sum(accounting_amount), 0) from finance_voucher_line where account = '300100'"
            )
            return Decimal(cursor.fetchone()[0])
