"""Which jobs there are (``catalogue.csv``), and their page in the reference."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from tieout.jobs.problems import UnknownJob
from tieout.kernel.access import Verb
from tieout.kernel.tables import Table, load_table


@dataclass(frozen=True, slots=True)
class Job:
    """One row: a job, the permission it asks for, and when it runs by itself (cron in UTC; blank: never)."""

    job: str
    title: str
    verb: Verb
    per_company: bool
    schedule: str | None
    says: str


JOBS: Final[Table[Job]] = load_table(files("tieout.jobs") / "catalogue.csv", Job, key=("job",))


def find(name: str) -> Job:
    """Return the job called ``name``; raise :class:`UnknownJob`."""
    for row in JOBS:
        if row.job == name:
            return row
    raise UnknownJob(job=name, jobs=tuple(row.job for row in JOBS))


def reference() -> str:
    """Return ``docs/reference/jobs.md``: the catalogue as a page."""
    lines = [
        "# Jobs",
        "",
        "Every job runs with `tieout run JOB [--company CODE]`. Those with a schedule also run by themselves",
        "where a worker runs: inside `tieout serve`, or as `tieout worker`. Times are UTC. Any job may be",
        "broken off or started twice: what it had committed stands, and the next run continues.",
        "",
        "| job | name | permission | for one company | schedule | what it does |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.job}` | {row.title} | {row.verb} | {'yes' if row.per_company else 'no'} "
        f"| {f'`{row.schedule}`' if row.schedule else 'on request'} | {row.says} |"
        for row in JOBS
    ]
    return "\n".join(lines) + "\n"
