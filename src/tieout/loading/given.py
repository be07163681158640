"""A few rows that stand in no file: typed into a form, or made of what a file names.

They are read, judged and entered by what reads, judges and enters the rows of files.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from tieout.database.landing import Verdict
from tieout.kernel.access import Actor
from tieout.kernel.problems import Problem
from tieout.loading.binding import bind
from tieout.loading.columns import Chunk, read_block
from tieout.loading.entering import alias_of, enter
from tieout.loading.judging import Judge
from tieout.loading.profile import Profile
from tieout.loading.references import Directory
from tieout.loading.rows import RowReader
from tieout.loading.sources import Block, Column, SourceRow


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows as records: ``chunk`` has those that are fit, ``problems`` the others by the number of their row.

    ``companies`` are those that the fit ones belong to.
    """

    chunk: Chunk
    problems: dict[int, list[Problem]]
    companies: frozenset[str]


def judge(
    actor: Actor,
    profile: Profile,
    headers: tuple[str, ...],
    rows: Collection[SourceRow],
    directory: Directory,
) -> Judged:
    """Read rows with these headers and judge the records that they are."""
    binding = bind(profile, Path(profile.name), headers)
    columns: dict[str, Column] = {header: [row.values[header] for row in rows] for header in headers}
    chunk = read_block(
        RowReader(binding), Block(headers, [row.number for row in rows], columns, broken=[], bytes_read=0)
    )
    judging = Judge(actor, profile.format, binding.header, directory, lambda *_: {})
    found = judging.problems(chunk)
    problems = {one.row.number: list(one.problems) for one in chunk.rejections}
    problems |= {chunk.number(place): some for place, some in found.items()}
    chunk = chunk.without(found)
    return Judged(chunk, problems, judging.companies(chunk))


def enter_judged(actor: Actor, judged: Judged, *, durable: bool) -> list[Verdict]:
    """Enter the fit records in one transaction of their side, its own or (not durable) part of another."""
    entity = judged.chunk.format.entity
    with transaction.atomic(using=alias_of(entity), durable=durable):
        return enter(actor=actor, entity=entity, companies=judged.companies, chunk=judged.chunk)
