"""Mapping profiles as TOML files. Everything one says is checked when it is read.

Its keys are checked against ``profile_keys.csv``, its fields against the canonical format: a misspelt key
would otherwise silently mean nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from tieout.kernel.tables import Table, load_table
from tieout.loading.formats import FORMATS, Format, Kind
from tieout.loading.problems import ProfileKeyUnknown, ProfileNotReadable, ProfileNotValid
from tieout.loading.profile import Join, Profile, Split, nearest, normal, plain_profile, with_made
from tieout.loading.sources import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
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
_CREATABLE: Final = ("project", "category", "vendor", "role", "price_list")
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_DATE_PARTS: Final = ({"%d", "%j"}, {"%m", "%b", "%B", "%j"}, {"%Y", "%y"})


def read_profile(path: Path) -> Profile:
    """Return the profile in a TOML file, wholly checked.

    Raises ProfileNotReadable, ProfileKeyUnknown, ProfileNotValid or EntityUnknown.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileNotReadable(profile=str(path), reason=str(error)) from error
    return profile_from(path.stem, content)


def profile_from(name: str, content: Mapping[str, Any]) -> Profile:
    """Return the profile that ``content``, a parsed TOML file, describes. Raises as ``read_profile`` does."""
    reader = _Reader(name, content)
    entity = reader.text("entity") or ""
    base = plain_profile(entity).format
    base = with_made(base, reader.texts("create_missing"), reader.table("headers"))
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
        skip_where=reader.skip_where(),
        headers={key: reader.texts("headers", key) for key in reader.field_table("headers", base)},
        values={key: reader.value_map(key) for key in reader.field_table("values", base)},
        constants=reader.field_texts("constants", base),
        defaults=reader.field_texts("defaults", base),
        sign={key: reader.sign(key, base) for key in reader.field_table("sign", base)},
        round={key: reader.decimals(key, base) for key in reader.field_table("round", base)},
        splits=reader.splits(base),
        joins=reader.joins(base),
        create_missing=reader.creatable(base),
        create=reader.create(),
    )
    reader.check_numbers(profile)
    return profile


def placeholders(pattern: str) -> set[str]:
    """Return the names in braces of a pattern; what is more than a name is one that nobody has."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return {""}
    return {f"{name}{form}{conversion or ''}" for _, name, form, conversion in parts if name is not None}


class _Reader:
    """One parsed TOML file, read key by key; whatever is not as ``profile_keys.csv`` says is a problem."""

    def __init__(self, name: str, content: Mapping[str, Any]) -> None:
        self.name, self.content = name, content
        known = [row.key for row in PROFILE_KEYS]
        for key in content:
            if key not in known:
                raise ProfileKeyUnknown(profile=name, key=key, nearest=nearest(key, known))

    def wrong(self, key: str, reason: str) -> ProfileNotValid:
        """Return the problem that the value of ``key`` cannot be used."""
        return ProfileNotValid(profile=self.name, key=key, reason=reason)

    def text(self, key: str) -> str | None:
        """Return a text, or None where the key is left out."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, "it is a text in quotes")
        return value

    def texts(self, key: str, inner: str | None = None) -> tuple[str, ...]:
        """Return a list of texts (one text alone is a list of one), empty where left out."""
        value = self.content.get(key, [])
        if inner is not None:
            value = value[inner]
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(f"{key}.{inner}" if inner else key, "it is a list of texts in quotes")
        return tuple(value)

    def whole_number(self, key: str) -> int:
        """Return a number that is not negative, 0 where left out."""
        value = self.content.get(key, 0)
        if type(value) is not int or value < 0:
            raise self.wrong(key, "it is a whole number, not negative")
        return value

    def skip_where(self) -> dict[str, frozenset[str]]:
        """Return, by header, the words that leave a row out, as they are compared."""
        words = {header: self.texts("skip_where", header) for header in self.table("skip_where")}
        for header, some in words.items():
            if not some:
                raise self.wrong(f"skip_where.{header}", "it is a list of at least one word in quotes")
        return {header: frozenset(map(normal, some)) for header, some in words.items()}

    def table(self, key: str) -> Mapping[str, Any]:
        """Return a table, empty where left out."""
        value = self.content.get(key, _NOTHING)
        if key in self.content and not isinstance(value, dict):
            raise self.wrong(key, f"it is a table: [{key}]")
        return value  # type: ignore[no-any-return]

    def field_table(self, key: str, base: Format) -> Mapping[str, Any]:
        """Return a table whose keys are fields of the format."""
        table = self.table(key)
        for name in table:
            self.known_field(f"{key}.{name}", name, base)
        return table

    def known_field(self, key: str, name: str, base: Format) -> None:
        """Refuse a name that is no field of the format."""
        if name not in base.fields:
            raise ProfileKeyUnknown(profile=self.name, key=key, nearest=nearest(name, base.fields))

    def field_texts(self, key: str, base: Format) -> dict[str, str]:
        """Return a table of field to value; a number without decimals needs no quotes."""
        return {
            name: self.value(f"{key}.{name}", value) for name, value in self.field_table(key, base).items()
        }

    def value(self, key: str, value: Any) -> str:
        """Return a value as text; a TOML number with decimals is refused: it went through a binary float."""
        if type(value) is int:
            return str(value)
        if not isinstance(value, str):
            raise self.wrong(key, "it is a text in quotes")
        return value

    def value_map(self, name: str) -> dict[str, str]:
        """Return, for one field, our value by the foreign one as it is compared."""
        table = self.table("values")[name]
        if not isinstance(table, dict):
            raise self.wrong(f"values.{name}", f"it is a table: [values.{name}]")
        return {normal(key): self.value(f"values.{name}.{key}", value) for key, value in table.items()}

    def sign(self, name: str, base: Format) -> int:
        """Return the factor of a field: 1 or -1."""
        value = self.table("sign")[name]
        if value not in {1, -1} or base.fields[name].kind not in {Kind.AMOUNT, Kind.DECIMAL}:
            raise self.wrong(f"sign.{name}", "it is 1 or -1, for a number")
        return int(value)

    def decimals(self, name: str, base: Format) -> int:
        """Return the decimals to which a field is rounded."""
        value = self.table("round")[name]
        if (
            type(value) is not int
            or value not in range(17)
            or base.fields[name].kind not in {Kind.AMOUNT, Kind.DECIMAL}
        ):
            raise self.wrong(f"round.{name}", "it is 0 to 16 decimals, for a number")
        return value

    def delimiter(self) -> str | None:
        """Return the one character between cells."""
        value = self.text("delimiter")
        if value is not None and (len(value) != 1 or value in '"\r\n'):
            raise self.wrong("delimiter", "it is one character, and no quote or line break")
        return value

    def date_formats(self) -> tuple[str, ...]:
        """Return forms of a date that each name day, month and year."""
        formats = self.texts("date_formats")
        for one in formats:
            parts = set(re.findall(r"%.", one))
            if not all(parts & wanted for wanted in _DATE_PARTS):
                raise self.wrong("date_formats", f"{one!r} does not name day, month and year")
        return formats

    def splits(self, base: Format) -> tuple[Split, ...]:
        """Return the columns that several fields are cut out of."""
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

    def joins(self, base: Format) -> tuple[Join, ...]:
        """Return the fields that are put together from several columns."""
        entries = self.content.get("join", [])
        if not isinstance(entries, list):
            raise self.wrong("join", "it is a list of tables: [[join]]")
        joins = []
        for place, entry in enumerate(entries, 1):
            key = f"join {place}"
            if not isinstance(entry, dict) or set(entry) != {"field", "headers", "pattern"}:
                raise self.wrong(key, "it has exactly field, headers and pattern")
            reader = _Reader(self.name, {"headers": entry["headers"]})
            join = Join(
                self.value(f"{key} field", entry["field"]),
                reader.texts("headers"),
                self.value(f"{key} pattern", entry["pattern"]),
            )
            self.known_field(f"{key} field", join.field, base)
            allowed = {"row", *map(str, range(1, len(join.headers) + 1))}
            if not placeholders(join.pattern) <= allowed:
                raise self.wrong(f"{key} pattern", f"it names {', '.join(sorted(allowed))} in braces")
            joins.append(join)
        return tuple(joins)

    def creatable(self, base: Format) -> tuple[str, ...]:
        """Return the entities of which an unknown record is made on the fly; the format must name them."""
        entities = self.texts("create_missing")
        for entity in entities:
            if entity not in _CREATABLE or entity not in base.fields:
                raise self.wrong("create_missing", f"{entity} cannot be made from a {base.title.casefold()}")
        return entities

    def create(self) -> dict[str, dict[str, str]]:
        """Return, for each entity made on the fly, values of its fields."""
        wanted = self.texts("create_missing")
        result = {}
        for entity, table in self.table("create").items():
            if entity not in wanted or not isinstance(table, dict):
                raise self.wrong(f"create.{entity}", "it is a table, and its entity stands in create_missing")
            for name in table:
                self.known_field(f"create.{entity}.{name}", name, FORMATS[entity])
            result[entity] = {
                name: self.value(f"create.{entity}.{name}", value) for name, value in table.items()
            }
        return result

    def check_numbers(self, profile: Profile) -> None:
        """Refuse separators that make a number ambiguous."""
        if profile.decimal_mark not in {".", ","}:
            raise self.wrong("decimal_mark", "it is a point or a comma")
        if profile.thousands == profile.decimal_mark:
            raise self.wrong("thousands", "it is the decimal mark")
        if profile.thousands not in {
            "",
            ",",
            ".",
            " ",
            "'",
            "\N{NO-BREAK SPACE}",
            "\N{NARROW NO-BREAK SPACE}",
        }:
            raise self.wrong("thousands", "it is a comma, point, space or apostrophe")
