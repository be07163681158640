"""What the worker's queue finds. Each task is one call; arguments are plain JSON.

It is read whenever Django starts, so it imports the verbs only where it calls them.

``queueing_lock`` keeps a job from waiting twice, ``lock`` from running twice; the verbs hold session locks
of their own, because a job may also be run from a command line.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from procrastinate.contrib.django import app

from tieout.jobs.catalogue import JOBS
from tieout.kernel.access import Actor

PERFORM: Final = "tieout.perform"


@app.task(name=PERFORM)
def perform(
    *,
    job: str,
    company: str,
    kind: str,
    run_id: str,
    actor: dict[str, Any],
    days: list[str | None],
    journals: dict[str, Any] | None = None,
) -> None:
    """Perform a job that somebody asked for."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module
    from tieout.jobs.choices import Days, of_row  # noqa: PLC0415

    actions.perform(
        actor=Actor(
            name=actor["name"],
            roles=frozenset(actor["roles"]),
            companies=None if actor["companies"] is None else frozenset(actor["companies"]),
        ),
        job=job,
        company=company,
        kind=kind,
        days=Days(*(None if day is None else date.fromisoformat(day) for day in days)),
        journals=of_row(journals or {}),
        run_id=UUID(run_id),
    )


@app.periodic(cron=JOBS.one("chain").schedule or "")
@app.task(name="tieout.chain", lock="chain", queueing_lock="chain")
def chain(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Run the chain by the clock."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="chain")


@app.periodic(cron=JOBS.one("sync").schedule or "")
@app.task(name="tieout.sync", lock="sync", queueing_lock="sync")
def sync(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Run *Project Operations reconciliation* for every company at the end of the day."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="sync")


@app.periodic(cron=JOBS.one("approval-sets").schedule or "")
@app.task(name="tieout.approval-sets", lock="approval-sets", queueing_lock="approval-sets")
def approval_sets(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Run *Recurrently schedule project approval sets* for every company."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="approval-sets")


@app.periodic(cron=JOBS.one("reevaluate").schedule or "")
@app.task(name="tieout.reevaluate", lock="reevaluate", queueing_lock="reevaluate")
def reevaluate(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Evaluate again what set-up has changed, in every company."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="reevaluate")


@app.periodic(cron=JOBS.one("general-journals").schedule or "")
@app.task(name="tieout.general-journals", lock="general-journals", queueing_lock="general-journals")
def general_journals(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Make and confirm the journals of posted general journals in operations, in every company."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="general-journals")


@app.periodic(cron=JOBS.one("prevalidate-actuals").schedule or "")
@app.task(name="tieout.prevalidate-actuals", lock="prevalidate-actuals", queueing_lock="prevalidate-actuals")
def prevalidate_actuals(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Look up in operations what waits in staging for it, in every company."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="prevalidate-actuals")


@app.periodic(cron=JOBS.one("make-intercompany-vendor-invoices").schedule or "")
@app.task(
    name="tieout.make-intercompany-vendor-invoices",
    lock="make-intercompany-vendor-invoices",
    queueing_lock="make-intercompany-vendor-invoices",
)
def make_intercompany_vendor_invoices(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Make pending vendor invoices of what lenders have posted, in every company."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="make-intercompany-vendor-invoices")


@app.periodic(cron=JOBS.one("verify-facts").schedule or "")
@app.task(name="tieout.verify-facts", lock="verify-facts", queueing_lock="verify-facts")
def verify_facts(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Compare the facts with what both sides publish, every night."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="verify-facts")


@app.periodic(cron=JOBS.one("verify-seals").schedule or "")
@app.task(name="tieout.verify-seals", lock="verify-seals", queueing_lock="verify-seals")
def verify_seals(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Compare the books of every company with their seals, every night."""
    from tieout.jobs import actions  # noqa: PLC0415  see the module

    actions.perform(actor=actions.SYSTEM, job="verify-seals")


@app.periodic(cron=JOBS.one("housekeeping").schedule or "")
@app.task(name="tieout.housekeeping", queueing_lock="housekeeping")  # no lock: it is what frees locks
async def housekeeping(timestamp: int) -> None:  # noqa: ARG001  the queue's signature
    """Keep the queue itself in order."""
    from tieout.jobs import rescue  # noqa: PLC0415  see the module

    await rescue.keep_house(app.job_manager)
