"""The one verb of loading: records of files become records of ours, and every row is accounted for.

::

    read     a chunk of rows, in a thread of its own                           columns, rejections
    judge    references, companies, numbers: per distinct value                problems by row
    make     projects, categories, vendors that are missing, where allowed
    enter    the chunk, in one transaction of its side                         verdicts by row
    account  read = loaded + already there + rejected + skipped, in rows and in money

Each chunk is committed by itself. What was committed is already there when the load is run again, so that a
load that was broken off is mended by running it once more.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

import polars as pl
from django.db import connections, transaction

from tieout.database.aliases import SIDES
from tieout.database.landing import ALREADY_THERE, CHANGED, LOADED, Verdict
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.loading.ahead import read_ahead
from tieout.loading.binding import bind
from tieout.loading.columns import Chunk, chunks
from tieout.loading.entering import DOCUMENTS, alias_of, enter, landed
from tieout.loading.files import open_rows
from tieout.loading.formats import FORMATS, Format, Kind
from tieout.loading.judging import Judge, key_words
from tieout.loading.masters import Masters, send
from tieout.loading.plain import NUMBER, shortened
from tieout.loading.problems import FolderWithoutFiles, ProfileNotValid, RejectedFileIsInput
from tieout.loading.profile import Profile, plain_profile
from tieout.loading.profile_file import read_profile
from tieout.loading.reference_problems import KeyDoubled
from tieout.loading.references import Directory, Key, Reference
from tieout.loading.refused_files import RefusedRows
from tieout.loading.rejected import RejectedRows
from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import Limits
from tieout.loading.totals import ControlTotals, Outcome
from tieout.loading.values import Value
from tieout.loading.verdicts import refusals

Progress: TypeAlias = Callable[[Path, int], None]
"""Is told, after each chunk, which file is read and how many of its bytes have been."""

_SUFFIXES: Final = (".csv", ".xlsx")
_DIGEST_BYTES: Final = 16
_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load of one entity came to. ``totals`` are checked: every row is under one outcome.

    ``changed`` of the loaded rows are set-up records that were there with other content; ``created`` are
    masters made on the fly, by entity; ``codes`` the rejected rows by their primary code; ``rejected_files``
    the files that hold them; ``maps_not_running`` would have carried the records to the other side.
    """

    entity: str
    totals: ControlTotals
    changed: int
    created: Mapping[str, int]
    codes: Mapping[str, int]
    rejected_files: tuple[Path, ...]
    maps_not_running: tuple[str, ...]
    dry_run: bool


def load(
    *,
    actor: Actor,
    entity: str,
    files: Sequence[Path],
    profile: Path | None = None,
    dry_run: bool = False,
    rejected: Path | None = None,
    progress: Progress | None = None,
    limits: Limits = _LIMITS,
) -> Loaded:
    """Load files of one entity through a mapping profile, or in our own format.

    Rejected rows go to ``<file>.rejected.csv`` beside each file; to ``rejected`` instead, which is a file for
    one input and a folder for several. With ``dry_run`` the totals are the same and nothing stays: both sides
    are rolled back, nothing is delivered, and rejected rows are written only where ``rejected`` says so.
    ``limits`` say what a file may cost.
    Raises a problem for a file or profile that cannot be used; what was loaded before it stays loaded.
    """
    permit(actor, Verb.LOAD)
    used = read_profile(profile) if profile else plain_profile(entity)
    if used.format.entity != entity:
        raise ProfileNotValid(profile=used.name, key="entity", reason=f"the files hold {entity}")
    run = _Run(actor, used, dry_run=dry_run, progress=progress, limits=limits)
    with _rolled_back() if dry_run else nullcontext():
        return run.load(files, rejected)


def load_set_up(
    *, actor: Actor, folder: Path, dry_run: bool = False, progress: Progress | None = None
) -> list[Loaded]:
    """Load every ``<entity>.csv`` or ``<entity>.xlsx`` of a folder, in the order of their need.

    Documents too, if they are there: they come last. Raises FolderWithoutFiles. A trial run of a whole folder
    is one transaction, so that a file sees what the files before it would have entered.
    """
    permit(actor, Verb.LOAD)
    found = [
        (entity, path)
        for entity in FORMATS
        for suffix in _SUFFIXES
        if (path := folder / f"{entity}{suffix}").is_file()
    ]
    if not found:
        raise FolderWithoutFiles(folder=str(folder), names=", ".join(FORMATS))
    with _rolled_back() if dry_run else nullcontext():
        return [
            _Run(actor, plain_profile(entity), dry_run=dry_run, progress=progress).load([path], None)
            for entity, path in found
        ]


class _MastersMissingError(Exception):
    """A chunk names what could be made: that is done where it is entered."""


@dataclass
class _Prepared:
    """A chunk on its way: judged, without the rows that were refused; ``kept`` is None before."""

    chunk: Chunk
    kept: Chunk | None = None
    rejections: list[Rejection] = field(default_factory=list)
    records: Any = None


@dataclass
class _Run:
    """One load: what it has come to so far."""

    actor: Actor
    profile: Profile
    dry_run: bool
    progress: Progress | None
    limits: Limits = _LIMITS
    totals: ControlTotals = field(default_factory=ControlTotals)
    changed: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    rejected_files: list[Path] = field(default_factory=list)
    _seen: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directory = Directory(trial=self.dry_run)
        self.masters = Masters(self.actor, self.profile, self.directory, self.dry_run)

    @property
    def format(self) -> Format:
        return self.profile.format

    def load(self, files: Sequence[Path], rejected: Path | None) -> Loaded:
        """Load the files, send set-up to the other side, and check that every row is accounted for."""
        for path in files:
            self.load_file(path, _rejected_path(path, rejected, len(files), dry_run=self.dry_run))
        self.totals.check()
        waiting = [] if self.dry_run else send(self.actor, self.format.entity)
        return Loaded(
            self.format.entity,
            self.totals,
            self.changed,
            dict(self.masters.made),
            dict(sorted(self.codes.items())),
            tuple(self.rejected_files),
            tuple(one.map for one in waiting),
            self.dry_run,
        )

    def load_file(self, path: Path, rejected: Path | None) -> None:
        """Load one file; what it refuses, or what refuses it, is kept in the log unless it is a trial."""
        refused, before = RefusedRows(self.actor, self.format.entity, path), self.totals.rows(Outcome.READ)
        try:
            self._load_file(path, rejected, refused)
        except Problem as problem:
            if not self.dry_run:
                refused.keep_stopped(problem)
            raise
        if not self.dry_run:
            refused.keep(self.totals.rows(Outcome.READ) - before)

    def _load_file(self, path: Path, rejected: Path | None, refused: RefusedRows) -> None:
        """Load a file chunk by chunk; its rejected rows are written as they are met."""
        with open_rows(path, self.profile.options, self.limits) as source:
            binding = bind(self.profile, path, source.headers)
            reader = RowReader(binding)
            judge = Judge(self.actor, self.format, binding.header, self.directory, self.masters.make)
            with (
                _rejected_rows(rejected, source.headers) as writer,
                read_ahead(self._prepared(chunks(reader, source), judge)) as ahead,
            ):
                for prepared in ahead:
                    for rejection in self._load_chunk(prepared, judge):
                        self.codes[rejection.problem.code] += 1
                        refused.add(rejection.problem)
                        if writer is not None:
                            writer.write(rejection)
                    if self.progress is not None:
                        self.progress(path, prepared.chunk.block.bytes_read)
        if rejected is not None and writer is not None and writer.rows:
            self.rejected_files.append(rejected)

    def _prepared(self, some: Iterator[Chunk], judge: Judge) -> Generator[_Prepared, None, None]:
        """Judge chunks while others are entered; runs in the thread that reads ahead, and makes no masters.

        A trial run is one transaction, into which another connection cannot look: it judges as it enters.
        """
        ahead = replace(judge, make_missing=self._not_now)
        try:
            for chunk in some:
                try:
                    yield _Prepared(chunk) if self.dry_run else self._prepare(chunk, ahead)
                except _MastersMissingError:
                    yield _Prepared(chunk)
        finally:
            for alias in SIDES:
                connections[alias].close()  # of this thread

    def _not_now(self, reference: Reference, _chunk: Chunk, _missing: Collection[Key]) -> dict[Key, Problem]:
        if reference.target in self.profile.create_missing:
            raise _MastersMissingError
        return {}

    def _prepare(self, chunk: Chunk, judge: Judge) -> _Prepared:
        problems = judge.problems(chunk)
        kept = chunk.without(problems)
        rejections = [self._rejection(chunk, place, found) for place, found in problems.items()]
        return _Prepared(chunk, kept, rejections, landed(self.format.entity, kept))

    def _load_chunk(self, prepared: _Prepared, judge: Judge) -> list[Rejection]:
        """Enter one chunk; return its rejected rows in their order."""
        if prepared.kept is None:
            prepared = self._prepare(prepared.chunk, judge)
        chunk = prepared.chunk if prepared.kept is None else prepared.kept
        rejections = prepared.chunk.rejections + prepared.rejections
        if self.format.entity not in DOCUMENTS:
            chunk, doubled = self._without_doubles(chunk)
            rejections += doubled
        verdicts = self._enter(chunk, prepared.records, judge) if len(chunk) else []
        refused = refusals(chunk, verdicts)
        rejections += [self._rejection(chunk, place, [problem]) for place, problem in refused.items()]
        self._account(chunk, verdicts)
        self._account_singly(Outcome.REJECTED, rejections)
        self._account_singly(Outcome.SKIPPED, prepared.chunk.skipped)
        return sorted(rejections, key=lambda one: one.row.number)

    def _enter(self, chunk: Chunk, records: Any, judge: Judge) -> list[Verdict]:
        entity = self.format.entity
        companies = judge.companies(chunk)
        with transaction.atomic(using=alias_of(entity), durable=not self.dry_run):
            return enter(actor=self.actor, entity=entity, companies=companies, chunk=chunk, records=records)

    # ------------------------------------------------------------ doubles of set-up

    def _without_doubles(self, chunk: Chunk) -> tuple[Chunk, list[Rejection]]:
        """Take out records whose key this load had before: with the same content they are there already."""
        gone: dict[int, list[Problem]] = {}
        same: list[int] = []
        for place in range(len(chunk)):
            record = {name: chunk.value(name, place) for name in self.format.fields}
            key = tuple(record[name] for name in self.format.key)
            content, row = _digest(record.values()), chunk.number(place)
            first = self._seen.setdefault(_digest(key), (content, row))
            if first[0] != content:
                words = key_words(self.format.entity, key)
                gone[place] = [KeyDoubled(row=row, key=words, first=first[1])]
            elif first[1] != row:
                same.append(place)
        self._count(Outcome.ALREADY_THERE, chunk, same)
        rejections = [self._rejection(chunk, place, found) for place, found in gone.items()]
        return chunk.without({*gone, *same}), rejections

    # ------------------------------------------------------------ refusals and totals

    def _rejection(self, chunk: Chunk, place: int, problems: list[Problem]) -> Rejection:
        control, unit = self._control(chunk, place)
        return Rejection(chunk.row(place), tuple(problems), control, unit)

    def _control(self, chunk: Chunk, place: int) -> tuple[Decimal, str]:
        one = self.format.control
        if one is None:
            return Decimal(0), ""
        amount = chunk.value(one.name, place)
        unit = chunk.value("currency", place) if one.kind is Kind.AMOUNT else one.name
        return amount if isinstance(amount, Decimal) else Decimal(0), str(unit)

    def _account(self, chunk: Chunk, verdicts: list[Verdict]) -> None:
        self.changed += sum(verdict.outcome == CHANGED for verdict in verdicts)
        there = [verdict.row for verdict in verdicts if verdict.outcome == ALREADY_THERE]
        self._count(Outcome.ALREADY_THERE, chunk, there)
        others = {verdict.row for verdict in verdicts if verdict.outcome not in {LOADED, CHANGED}}
        self._count(Outcome.LOADED, chunk.without(others))

    def _account_singly(self, outcome: Outcome, rows: Iterable[Record | Rejection]) -> None:
        for one in rows:
            self._add(outcome, 1, one.control, one.unit)

    def _count(self, outcome: Outcome, chunk: Chunk, places: Sequence[int] | None = None) -> None:
        """Count records of a chunk, all or some, as read and under one outcome."""
        control = self.format.control
        records = chunk.frame if places is None else chunk.frame[list(places)]
        if control is None:
            self._add(outcome, len(records), Decimal(0), "")
            return
        unit = pl.col("currency") if control.kind is Kind.AMOUNT else pl.lit(control.name)
        sums = records.group_by(unit.alias("unit")).agg(pl.len(), pl.col(control.name).cast(NUMBER).sum())
        for name, rows, total in sums.iter_rows():
            self._add(outcome, rows, shortened(total), name)

    def _add(self, outcome: Outcome, rows: int, control: Decimal, unit: str) -> None:
        for one in (Outcome.READ, outcome):
            self.totals.add(one, control=control, unit=unit, rows=rows)


def _digest(values: Iterable[Value]) -> bytes:
    """Return what stands for some values: equal exactly where they are equal, 2.50 and 2.5 included."""
    text = "\x1f".join(
        f"{value.normalize():f}" if isinstance(value, Decimal) else repr(value) for value in values
    )
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()


@contextmanager
def _rolled_back() -> Iterator[None]:
    """Within this block both sides are in a transaction that is rolled back at its end."""
    with ExitStack() as stack:
        for alias in SIDES:
            stack.enter_context(transaction.atomic(using=alias, durable=True))
        try:
            yield
        finally:
            for alias in SIDES:
                transaction.set_rollback(True, using=alias)


def _rejected_path(path: Path, given: Path | None, inputs: int, *, dry_run: bool) -> Path | None:
    if given is None:
        return None if dry_run else path.with_suffix(".rejected.csv")
    if inputs > 1:
        given.mkdir(parents=True, exist_ok=True)
        return given / path.with_suffix(".rejected.csv").name
    if given.resolve() == path.resolve():
        raise RejectedFileIsInput(file=str(path))
    return given


@contextmanager
def _rejected_rows(path: Path | None, headers: tuple[str, ...]) -> Iterator[RejectedRows | None]:
    if path is None:
        yield None
        return
    with RejectedRows(path, headers) as writer:
        yield writer
