"""The worker: takes jobs from the queue until it is told to stop, and delivers what is stated meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from threading import Event
from typing import Final

import structlog
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from tieout.database.aliases import RECONCILIATION
from tieout.database.schema import APP_ROLE
from tieout.dualwrite.following.actions import follow
from tieout.jobs import rescue
from tieout.jobs.actions import SYSTEM

SECONDS_TO_FINISH: Final = 20  # then a job is broken off; it continues with its next run
SECONDS_BETWEEN_LOOKS: Final = 2
SECONDS_AFTER_FAULT: Final = 30  # then delivery begins anew

log = structlog.get_logger("tieout.jobs")


def work(*, wait: bool = True) -> None:
    """Run the worker; without ``wait`` it ends when no job is left. A signal stops it."""
    asyncio.run(_work(wait=wait))


async def _work(*, wait: bool) -> None:
    # The queue's own connections are procrastinate's, not Django's: they take the program's role at log-in.
    parameters = connector_params(RECONCILIATION)
    given = parameters.pop("options", "")
    connector = PsycopgConnector(
        kwargs={**parameters, "options": f"{given} -c role={APP_ROLE}".strip()}, max_size=4
    )
    by_itself = os.environ.get("TIEOUT_SCHEDULE") != "off"
    if not by_itself:
        app.periodic_registry.periodic_tasks.clear()
    with app.replace_connector(connector) as queue:
        async with queue.open_async(), _delivering() if wait and by_itself else contextlib.nullcontext():
            await rescue.keep_house(queue.job_manager)
            await queue.run_worker_async(
                wait=wait,
                delete_jobs="successful",
                fetch_job_polling_interval=SECONDS_BETWEEN_LOOKS,
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
            )


@contextlib.asynccontextmanager
async def _delivering() -> AsyncIterator[None]:
    """Deliver what is stated, in a thread beside the jobs."""
    stop = Event()
    thread = asyncio.create_task(asyncio.to_thread(_follow, stop))
    try:
        yield
    finally:
        stop.set()
        await thread


def _follow(stop: Event) -> None:
    while not stop.is_set():
        try:
            follow(actor=SYSTEM, stop=stop)
        except Exception:
            log.exception("delivery broke off")
            stop.wait(SECONDS_AFTER_FAULT)
