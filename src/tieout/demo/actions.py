"""Runs a world through the chain, as the people of a firm do: month by month, with what goes wrong in it.

Every step is a verb that anybody may call; every record comes out of a file that anybody may load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tieout.demo import files, firm, prices
from tieout.demo.dates import Mishap, Stretch
from tieout.demo.problems import DatabasesInUse, DemoIncomplete
from tieout.demo.world import DOCUMENTS, World
from tieout.dualwrite.delivery.actions import deliver_all
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.rules import State
from tieout.finance.documents.actions import post_expense_reports, post_vendor_invoices
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.queries import companies
from tieout.finance.seals.actions import seal_vouchers
from tieout.kernel.access import Actor, Role
from tieout.loading.actions import Loaded, load, load_set_up
from tieout.loading.totals import Outcome
from tieout.operations.approvals.actions import (
    approve_documents,
    approve_entries,
    reject_entries,
    submit_entries,
)
from tieout.operations.approvals.queries import Hop, waiting_entries
from tieout.operations.entries.rules import EntryClass
from tieout.reconciliation.collectors.actions import collect
from tieout.workspace import actions as users
from tieout.workspace.problems import UserExists

USER: Final = "demo"
USER_ROLES: Final = (Role.PROJECT_ACCOUNTANT, Role.INTEGRATOR)
_LEFT: Final = 3  # entries of each class of a company that wait at a step to approval
_WHY_RETURNED: Final = "Please say what it was for."

Tell = Callable[[str], None]


def _actor(name: str, *roles: Role) -> Actor:
    return Actor(name=name, roles=frozenset(roles), companies=None)


# Duties are kept apart (DESIGN section 8): whoever enters time does not approve it.
INTEGRATOR: Final = _actor("ines.integrator", Role.INTEGRATOR, Role.ADMINISTRATOR)
CLERK: Final = _actor("abel.clerk", Role.AP_CLERK)
RESOURCE: Final = _actor("rhea.resource", Role.RESOURCE)
MANAGER: Final = _actor("maja.manager", Role.PROJECT_MANAGER)
SYSTEM: Final = _actor("system", Role.SYSTEM)


def build(*, world: World, folder: Path, tell: Tell) -> None:
    """Write the files of ``world`` into ``folder``, load them into empty databases and run the year.

    ``tell`` hears what is being done. Raises :class:`DatabasesInUse` when there are companies already.
    """
    there = companies(actor=SYSTEM)
    if there:
        raise DatabasesInUse(companies=tuple(one.code for one in there))
    tell("Set-up")
    for done in load_set_up(actor=INTEGRATOR, folder=files.write_set_up(world, folder)):
        _must_be_whole(done)
    _deliver()
    for stretch in world.activity:
        tell(f"{stretch.first:%b %Y}, {stretch.first.day} to {stretch.last.day}")
        _run(world, folder, stretch)
    tell("Closing periods, collecting facts")
    _change("period_status", prices.closed_periods(world.today), folder / "set-up" / "period_status.csv")
    files.write_repairs(world, folder)
    for company in firm.COMPANIES:
        seal_vouchers(actor=SYSTEM, company=company)
    collect(actor=SYSTEM)


def admit_user() -> tuple[str, str]:
    """Return the name of the demo's user and a new random password of theirs."""
    try:
        return USER, users.create_user(actor=INTEGRATOR, name=USER, roles=USER_ROLES, companies=None)
    except UserExists:
        return USER, users.reset_password(actor=INTEGRATOR, name=USER)


def _change(entity: str, rows: Iterable[firm.Row], path: Path) -> None:
    """Load a few records of the set-up again, changed."""
    _must_be_whole(load(actor=INTEGRATOR, entity=entity, files=[files.write(path, entity, rows)]))


def _must_be_whole(done: Loaded) -> None:
    if rejected := done.totals.rows(Outcome.REJECTED):
        raise DemoIncomplete(entity=done.entity, rejected=rejected)


def _run(world: World, folder: Path, stretch: Stretch) -> None:
    """Take the documents of one stretch through the whole chain, or as far as its mishap lets them."""
    mishap = stretch.mishap
    written = files.write_activity(world, folder, stretch)
    for entity in DOCUMENTS:
        if entity in written:
            load(actor=CLERK, entity=entity, files=[written[entity]])
    for entity in ("journal_line", "general_journal_line"):
        if entity in written:  # drafts, for somebody else to confirm or post
            load(actor=INTEGRATOR, entity=entity, files=[written[entity]])
    _post_documents(mishap)
    if mishap is Mishap.PROJECT_CLOSED:
        closed = {**firm.one("project", "number", firm.CLOSED_PROJECT), "stage": "closed"}
        _change("project", [closed], folder / "documents" / stretch.name / "project.csv")
    _deliver()
    _approve(mishap)
    _deliver()
    _post_journals(world, folder, stretch)
    _deliver()


def _deliver() -> None:
    """Deliver what all maps owe; a map that cannot is no mishap of the demo's."""
    for done in deliver_all(actor=SYSTEM):
        if done.problem is not None:
            raise done.problem


def _post_documents(mishap: Mishap | None) -> None:
    if mishap is Mishap.EXPENSES_MAP_STOPPED:
        set_state(actor=INTEGRATOR, map="msdyn_expenses", state=State.NOT_RUNNING)
    for company in firm.COMPANIES:
        post_expense_reports(actor=CLERK, company=company)
        post_vendor_invoices(actor=CLERK, company=company)
    if mishap is Mishap.EXPENSES_MAP_STOPPED:
        set_state(actor=INTEGRATOR, map="msdyn_expenses", state=State.RUNNING)


def _approve(mishap: Mishap | None) -> None:
    if mishap is Mishap.ACTUALS_MAP_STOPPED:
        set_state(actor=INTEGRATOR, map="msdyn_actuals", state=State.NOT_RUNNING)
    for company in firm.COMPANIES:
        _approve_entries(company, leave=mishap is Mishap.UNFINISHED)
        approve_documents(actor=SYSTEM, company=company)
    if mishap is Mishap.ACTUALS_MAP_STOPPED:
        set_state(actor=INTEGRATOR, map="msdyn_actuals", state=State.RUNNING)


def _approve_entries(company: str, *, leave: bool) -> None:
    """Submit and approve what a company has entered; ``leave`` some of each class on each step of the way.

    The oldest ones: what people have put off.
    """
    if not leave:
        submit_entries(actor=RESOURCE, company=company)
        approve_entries(actor=MANAGER, company=company)
        return
    for of_class in EntryClass:
        entries, _ = waiting_entries(actor=RESOURCE, company=company, of_class=of_class, hop=Hop.DRAFT)
        ids = [one.entry_id for one in entries]
        count = min(_LEFT, len(ids) // 4)  # at least as many come through
        submitted, returned = ids[count:], ids[2 * count : 3 * count]
        submit_entries(actor=RESOURCE, company=company, entry_ids=submitted)
        reject_entries(actor=MANAGER, company=company, entry_ids=returned, comment=_WHY_RETURNED)
        approve_entries(actor=MANAGER, company=company, entry_ids=ids[3 * count :])


def _post_journals(world: World, folder: Path, stretch: Stretch) -> None:
    """Import and post; the newest days of one company are not imported, of the other not posted."""
    if stretch.mishap is Mishap.UNFINISHED:
        import_from_staging(actor=SYSTEM, company=firm.CONSULTING)
        return
    for company in firm.COMPANIES:
        import_from_staging(actor=SYSTEM, company=company)
    if stretch.mishap is Mishap.PERIOD_ON_HOLD:
        held = prices.status_of_period(firm.CONSULTING, stretch.first, "on_hold", world.today)
        _change("period_status", held, folder / "documents" / stretch.name / "period_status.csv")
    for company in firm.COMPANIES:
        post_integration_journals(actor=SYSTEM, company=company)
