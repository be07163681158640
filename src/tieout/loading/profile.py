"""A mapping profile: how a stranger's file maps to one of our formats, so that the file is never edited."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tieout.loading.formats import FORMATS, Format
from tieout.loading.problems import EntityUnknown
from tieout.loading.sources import ReadOptions

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Split:
    """Several fields cut out of one column; each named group of ``pattern`` is a field."""

    headers: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that it gives."""
        return tuple(self.pattern.groupindex)


@dataclass(frozen=True, slots=True)
class Join:
    """One field put together from columns: ``{1}`` in ``pattern`` is the first, ``{row}`` its number."""

    field: str
    headers: tuple[str, ...]
    pattern: str

    def text(self, row: int | str, cells: Iterable[str]) -> str:
        """Return the text of one row."""
        return self.pattern.format("", *cells, row=row)


@dataclass(frozen=True)
class Profile:
    """How one kind of file maps to one canonical format; the plain profile reads our own headers."""

    name: str
    format: Format
    options: ReadOptions = field(default_factory=ReadOptions)
    blanks: frozenset[str] = frozenset()
    date_formats: tuple[str, ...] = ()
    decimal_mark: str = "."
    thousands: str = ""
    symbols: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    skip_where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    sign: Mapping[str, int] = field(default_factory=dict)
    round: Mapping[str, int] = field(default_factory=dict)
    splits: tuple[Split, ...] = ()
    joins: tuple[Join, ...] = ()
    create_missing: tuple[str, ...] = ()
    create: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def with_made(base: Format, made: Iterable[str], headers: Iterable[str]) -> Format:
    """Return the format with fields of the records that are made on the way, as ``price_list.valid_from``.

    They are read with each row, and each row must have them.
    """
    fields = dict(base.fields)
    for header in headers:
        entity, _, name = header.partition(".")
        if entity in made and entity in FORMATS and name in FORMATS[entity].fields:
            one = FORMATS[entity].fields[name]
            fields[header] = replace(one, name=header, required=True, key=False, default=None, control=False)
    return replace(base, fields=fields)


def normal(text: str) -> str:
    """Return a header or value as it is compared: without case and runs of spaces and underscores."""
    return " ".join(text.replace("_", " ").split()).casefold()


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like this one, for a message; ``none`` where nothing is similar."""
    by_normal = {normal(candidate): candidate for candidate in known}
    found = difflib.get_close_matches(normal(word), by_normal, n=1)
    return by_normal[found[0]] if found else "none"


def plain_profile(entity: str) -> Profile:
    """Return the profile of a file in our own format: headers are field names, dates 2016-07-01.

    Raises EntityUnknown.
    """
    if entity not in FORMATS:
        raise EntityUnknown(entity=entity, nearest=nearest(entity, FORMATS))
    return Profile(name=entity, format=FORMATS[entity])
