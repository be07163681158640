"""Mapping profiles: how a stranger's file is to be read, in a TOML file, so that the file itself is never edited.

Everything a profile says is checked when it is read: its keys against ``profile_keys.csv``, its fields against the
canonical format. A misspelt key would otherwise silently mean nothing.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from tieout.kernel.tables import Table, load_table
from tieout.loading.formats import FORMATS, Format, Kind
from tieout.loading.problems import EntityUnknown, ProfileKeyUnknown, ProfileNotReadable, ProfileNotValid
from tieout.loading.sources import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key that a profile may have, with its shape in words."""

    key: str
    shape: str
    description: str


PROFILE_KEYS: Final[Table[KeyRow]] = load_table(
    files(__package__ or "") / "profile_keys.csv", KeyRow, key=("key",)
)
_CREATABLE: Final = ("project", "category", "vendor")
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_DATE_PARTS: Final = ({"%d", "%j"}, {"%m", "%b", "%B", "%j"}, {"%Y", "%y"})


@dataclass(frozen=True, slots=True)
class Split:
    """Several fields cut out of one column; each named group of ``pattern`` is a field."""

    headers: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it gives."""
        return tuple(self.pattern.groupindex)


@dataclass(frozen=True)
class Profile:
    """How one kind of file maps to one canonical format; the plain profile reads our own headers."""

    name: str
    format: Format
    options: ReadOptions = ReadOptions()
    blanks: frozenset[str] = frozenset()
    date_formats: tuple[str, ...] = ()
    decimal_mark: str = "."
    thousands: str = ""
    symbols: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    sign: Mapping[str, int] = field(default_factory=dict)
    round: Mapping[str, int] = field(default_factory=dict)
    splits: tuple[Split, ...] = ()
    create_missing: tuple[str, ...] = ()
    create: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def normal(text: str) -> str:
    """A header or value as it is compared: without outer spaces, case, and runs of spaces and underscores."""
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, for a message; ``none`` where nothing is similar."""
    by_normal = {normal(candidate): candidate for candidate in known}
    found = difflib.get_close_matches(normal(word), by_normal, n=1)
    return by_normal[found[0]] if found else "none"


def plain_profile(entity: str) -> Profile:
    """The profile of a file in our own format: headers are field names, dates 2016-07-01, decimals with a point.

    Raises EntityUnknown.
    """
    if entity not in FORMATS:
        raise EntityUnknown(entity=entity, nearest=nearest(entity, FORMATS))
    return Profile(name=entity, format=FORMATS[entity])


def read_profile(path: Path) -> Profile:
    """The profile in a TOML file, wholly checked.

    Raises ProfileNotReadable, ProfileKeyUnknown, ProfileNotValid or EntityUnknown.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileNotReadable(profile=str(path), reason=str(error)) from error
    return profile_from(path.stem, content)


def profile_from(name: str, content: Mapping[str, Any]) -> Profile:
    """The profile that ``content``, a parsed TOML file, describes. Raises as ``read_profile`` does."""
    reader = _Reader(name, content)
    entity = reader.text("entity") or ""
    base = plain_profile(entity).format
    profile = Profile(
        name=name,
        format=base,
        options=ReadOptions(
            reader.text("encoding"),
            reader.text("encoding_fallback"),
            reader.delimiter(),
            reader.text("sheet"),
            reader.whole_number("skip_rows"),
        ),
        blanks=frozenset(normal(word) for word in reader.texts("blank")),
        date_formats=reader.date_formats(),
        decimal_mark=reader.text("decimal_mark") or ".",
        thousands=reader.text("thousands") or "",
        symbols=reader.texts("symbols"),
        ignore=reader.texts("ignore"),
        headers={key: reader.texts("headers", key) for key in reader.field_table("headers", base)},
        values={key: reader.value_map(key) for key in reader.field_table("values", base)},
        constants=reader.field_texts("constants", base),
        defaults=reader.field_texts("defaults", base),
        sign={key: reader.sign(key, base) for key in reader.field_table("sign", base)},
        round={key: reader.decimals(key, base) for key in reader.field_table("round", base)},
        splits=reader.splits(base),
        create_missing=reader.creatable(base),
        create=reader.create(),
    )
    reader.check_numbers(profile)
    return profile


class _Reader:
    """One parsed TOML file, read key by key; whatever is not as ``profile_keys.csv`` says is a problem."""

    def __init__(self, name: str, content: Mapping[str, Any]) -> None:
        self.name, self.content = name, content
        known = [row.key for row in PROFILE_KEYS]
        for key in content:
            if key not in known:
                raise ProfileKeyUnknown(profile=name, key=key, nearest=nearest(key, known))

    def wrong(self, key: str, reason: str) -> ProfileNotValid:
        """The problem that the value of ``key`` cannot be used."""
        return ProfileNotValid(profile=self.name, key=key, reason=reason)

    def text(self, key: str) -> str | None:
        """A text, or None where the key is left out."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, "it is a text in quotes")
        return value

    def texts(self, key: str, inner: str | None = None) -> tuple[str, ...]:
        """A list of texts (one text alone counts as a list of one), empty where left out."""
        value = self.content.get(key, [])
        if inner is not None:
            value = value[inner]
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(f"{key}.{inner}" if inner else key, "it is a list of texts in quotes")
        return tuple(value)

    def whole_number(self, key: str) -> int:
        """A number that is not negative, 0 where left out."""
        value = self.content.get(key, 0)
        if type(value) is not int or value < 0:
            raise self.wrong(key, "it is a whole number, not negative")
        return value

    def table(self, key: str) -> Mapping[str, Any]:
        """A table, empty where left out."""
        value = self.content.get(key, _NOTHING)
        if key in self.content and not isinstance(value, dict):
            raise self.wrong(key, f"it is a table: [{key}]")
        return value  # type: ignore[no-any-return]

    def field_table(self, key: str, base: Format) -> Mapping[str, Any]:
        """A table whose keys are fields of the format."""
        table = self.table(key)
        for name in table:
            self.known_field(f"{key}.{name}", name, base)
        return table

    def known_field(self, key: str, name: str, base: Format) -> None:
        """Refuse a name that is no field of the format."""
        if name not in base.fields:
            raise ProfileKeyUnknown(profile=self.name, key=key, nearest=nearest(name, base.fields))

    def field_texts(self, key: str, base: Format) -> dict[str, str]:
        """A table of field to value; numbers may stand without quotes unless they have decimals."""
        return {name: self.value(f"{key}.{name}", value) for name, value in self.field_table(key, base).items()}

    def value(self, key: str, value: Any) -> str:
        """A value as text; a TOML number with decimals is refused, since it has gone through binary floating point."""
        if type(value) is int:
            return str(value)
        if not isinstance(value, str):
            raise self.wrong(key, "it is a text in quotes")
        return value

    def value_map(self, name: str) -> dict[str, str]:
        """For one field: foreign value, as compared, to ours."""
        table = self.table("values")[name]
        if not isinstance(table, dict):
            raise self.wrong(f"values.{name}", f"it is a table: [values.{name}]")
        return {normal(key): self.value(f"values.{name}.{key}", value) for key, value in table.items()}

    def sign(self, name: str, base: Format) -> int:
        """The factor of a field: 1 or -1."""
        value = self.table("sign")[name]
        if value not in {1, -1} or base.fields[name].kind not in {Kind.AMOUNT, Kind.DECIMAL}:
            raise self.wrong(f"sign.{name}", "it is 1 or -1, for a number")
        return int(value)

    def decimals(self, name: str, base: Format) -> int:
        """The decimals to which a field is rounded."""
        value = self.table("round")[name]
        if type(value) is not int or value not in range(17) or base.fields[name].kind not in {Kind.AMOUNT, Kind.DECIMAL}:
            raise self.wrong(f"round.{name}", "it is 0 to 16 decimals, for a number")
        return value

    def delimiter(self) -> str | None:
        """The one character between cells."""
        value = self.text("delimiter")
        if value is not None and (len(value) != 1 or value in '"\r\n'):
            raise self.wrong("delimiter", "it is one character, and no quote or line break")
        return value

    def date_formats(self) -> tuple[str, ...]:
        """Forms of a date that name day, month and year, and nothing finer."""
        formats = self.texts("date_formats")
        for one in formats:
            parts = set(re.findall(r"%.", one))
            if not all(parts & wanted for wanted in _DATE_PARTS):
                raise self.wrong("date_formats", f"{one!r} does not name day, month and year")
        return formats

    def splits(self, base: Format) -> tuple[Split, ...]:
        """The columns that several fields are cut out of."""
        entries = self.content.get("split", [])
        if not isinstance(entries, list):
            raise self.wrong("split", "it is a list of tables: [[split]]")
        splits = []
        for place, entry in enumerate(entries, 1):
            key = f"split {place}"
            if not isinstance(entry, dict) or set(entry) != {"headers", "pattern"}:
                raise self.wrong(key, "it has exactly headers and pattern")
            try:
                pattern = re.compile(entry["pattern"])
            except (re.error, TypeError) as error:
                raise self.wrong(f"{key} pattern", f"it is no regular expression ({error})") from error
            if not pattern.groupindex:
                raise self.wrong(f"{key} pattern", "it has no named group such as (?P<invoice_number>...)")
            for name in pattern.groupindex:
                self.known_field(f"{key} pattern", name, base)
            splits.append(Split(_Reader(self.name, {"headers": entry["headers"]}).texts("headers"), pattern))
        return tuple(splits)

    def creatable(self, base: Format) -> tuple[str, ...]:
        """Entities of which an unknown record is made on the fly; the format must name them."""
        entities = self.texts("create_missing")
        for entity in entities:
            if entity not in _CREATABLE or entity not in base.fields:
                raise self.wrong("create_missing", f"{entity} cannot be made from a {base.title.casefold()}")
        return entities

    def create(self) -> dict[str, dict[str, str]]:
        """For each entity made on the fly, values of its fields."""
        wanted = self.texts("create_missing")
        result = {}
        for entity, table in self.table("create").items():
            if entity not in wanted or not isinstance(table, dict):
                raise self.wrong(f"create.{entity}", "it is a table, and its entity stands in create_missing")
            for name in table:
                self.known_field(f"create.{entity}.{name}", name, FORMATS[entity])
            result[entity] = {name: self.value(f"create.{entity}.{name}", value) for name, value in table.items()}
        return result

    def check_numbers(self, profile: Profile) -> None:
        """Refuse separators that make a number ambiguous."""
        if profile.decimal_mark not in {".", ","}:
            raise self.wrong("decimal_mark", "it is a point or a comma")
        if profile.thousands == profile.decimal_mark:
            raise self.wrong("thousands", "it is the decimal mark")
        if profile.thousands not in {"", ",", ".", " ", "'", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"}:
            raise self.wrong("thousands", "it is a comma, point, space or apostrophe")
