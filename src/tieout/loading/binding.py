"""A profile met by a header row: which column, constant or default each field of the format comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tieout.loading.problems import (
    FieldDoubled,
    FieldWithoutColumn,
    HeaderUnknown,
    SkipColumnMissing,
)
from tieout.loading.profile import Join, Profile, Split, nearest, normal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REJECTED_COLUMNS: Final = (
    "rejected_row",
    "rejected_code",
    "rejected_message",
    "rejected_remedy",
    "rejected_surplus",
)
"""What a file of rejected rows has behind its own columns; not read, so that a mended one loads as it is."""


@dataclass(frozen=True)
class Binding:
    """Where each field comes from in one file."""

    profile: Profile
    sources: Mapping[str, str]
    """Each field that the file gives, to the file's own header, whether it has the column alone or not."""
    columns: Mapping[str, str]
    """The fields that have a column of their own, to its header."""
    splits: tuple[tuple[str, Split], ...]
    """The file's own header, and what is cut out of it."""
    joins: tuple[tuple[tuple[str, ...], Join], ...]
    """The file's own headers, and what is put together from them."""
    skips: Mapping[str, frozenset[str]]
    """The file's own headers by whose words a row is left out."""
    neutralised: bool
    """Whether it is one of our files of rejected rows, whose cells may carry a protecting apostrophe."""

    def header(self, field: str) -> str:
        """Return the file's own name of a field, for messages; the field's name where no column gives it."""
        return self.sources.get(field, field)


def bind(profile: Profile, path: Path, headers: tuple[str, ...]) -> Binding:
    """Match the header row of a file with a profile.

    Raises HeaderUnknown for a column that is neither mapped nor ignored, FieldDoubled where two columns give
    one field, FieldWithoutColumn where a required field has no column, constant or default, SkipColumnMissing
    where the column that says which rows to leave out is not there.
    """
    wanted = _fields_by_header(profile)
    split_by_header = {normal(header): split for split in profile.splits for header in split.headers}
    ignored = {normal(header) for header in (*profile.ignore, *REJECTED_COLUMNS)}
    skips = _skips(profile, path, headers)
    ignored |= {normal(header) for header in skips}
    joined = {normal(header): "" for join in profile.joins for header in join.headers}
    columns: dict[str, str] = {}
    splits: list[tuple[str, Split]] = []
    sources: dict[str, str] = {}
    for header in headers:
        key = normal(header)
        fields = wanted.get(key, ())
        split = split_by_header.get(key)
        if not fields and not split and key not in ignored | joined.keys():
            raise _unknown(profile, path, header)
        for field in (*fields, *(split.fields if split else ())):
            if field in sources:
                raise FieldDoubled(file=path.name, field=field, first=sources[field], second=header)
            sources[field] = header
        columns.update(dict.fromkeys(fields, header))
        if key in joined:
            joined[key] = header
        if split:
            splits.append((header, split))
    joins = _joins(profile, path, joined, sources)
    _check_complete(profile, path, set(sources))
    neutralised = normal(REJECTED_COLUMNS[1]) in {normal(header) for header in headers}
    return Binding(profile, sources, columns, tuple(splits), joins, skips, neutralised)


def _joins(
    profile: Profile, path: Path, joined: Mapping[str, str], sources: dict[str, str]
) -> tuple[tuple[tuple[str, ...], Join], ...]:
    """Return the joins with the file's own headers, and note which fields they give."""
    found = []
    for join in profile.joins:
        headers = tuple(joined[normal(header)] for header in join.headers)
        if join.field in sources:
            raise FieldDoubled(
                file=path.name, field=join.field, first=sources[join.field], second=join.pattern
            )
        if "" in headers:
            raise FieldWithoutColumn(file=path.name, field=join.field, entity=profile.format.entity)
        sources[join.field] = " + ".join(headers) or join.pattern
        found.append((headers, join))
    return tuple(found)


def _skips(profile: Profile, path: Path, headers: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return the words that leave a row out by the file's own header; without it all rows would be loaded."""
    own = {normal(header): header for header in headers}
    for header in profile.skip_where:
        if normal(header) not in own:
            raise SkipColumnMissing(file=path.name, header=header, profile=profile.name)
    return {own[normal(header)]: words for header, words in profile.skip_where.items()}


def _fields_by_header(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Return each header, as it is compared, with the fields it gives (one column may give several).

    A field is also known by its own name, unless the profile gives it other headers or says where it comes
    from.
    """
    known: dict[str, tuple[str, ...]] = {}
    for field, alternatives in profile.headers.items():
        for header in alternatives:
            known[normal(header)] = (*known.get(normal(header), ()), field)
    elsewhere = {
        *profile.headers,
        *profile.constants,
        *(field for split in profile.splits for field in split.fields),
        *(join.field for join in profile.joins),
    }
    ignored = {normal(header) for header in profile.ignore}
    for field in profile.format.fields:
        if field not in elsewhere and normal(field) not in ignored:
            known.setdefault(normal(field), (field,))
    return known


def _unknown(profile: Profile, path: Path, header: str) -> HeaderUnknown:
    known = [
        *(header for alternatives in profile.headers.values() for header in alternatives),
        *(header for split in profile.splits for header in split.headers),
        *(header for join in profile.joins for header in join.headers),
        *profile.ignore,
        *profile.skip_where,
        *profile.format.fields,
    ]
    return HeaderUnknown(
        file=path.name,
        header=header.strip(),
        entity=profile.format.entity,
        nearest=nearest(header, known),
        known=", ".join(dict.fromkeys(known)),
    )


def _check_complete(profile: Profile, path: Path, from_columns: set[str]) -> None:
    given = from_columns | set(profile.constants) | set(profile.defaults)
    for field in profile.format.fields.values():
        has_default = field.default_text is not None or field.default_field in given
        if field.required and field.name not in given and not has_default:
            raise FieldWithoutColumn(file=path.name, field=field.name, entity=profile.format.entity)
