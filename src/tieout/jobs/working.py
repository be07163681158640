"""The worker: takes jobs from the queue until it is told to stop."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from tieout.database.aliases import RECONCILIATION
from tieout.database.schema import APP_ROLE
from tieout.jobs import rescue

SECONDS_TO_FINISH: Final = 20  # then a job is broken off; it continues with its next run
SECONDS_BETWEEN_LOOKS: Final = 2


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
    if os.environ.get("TIEOUT_SCHEDULE") == "off":
        app.periodic_registry.periodic_tasks.clear()
    with app.replace_connector(connector) as queue:
        async with queue.open_async():
            await rescue.keep_house(queue.job_manager)
            await queue.run_worker_async(
                wait=wait,
                delete_jobs="successful",
                fetch_job_polling_interval=SECONDS_BETWEEN_LOOKS,
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
            )
