"""The form of a set-up record, made from its file format, and what is wrong with what was typed.

Nothing is judged here: what was typed goes to loading as the texts of a row, and its problems come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tieout.kernel.problems import Problem
from tieout.loading.formats import FORMATS, Field, Kind
from tieout.loading.records import Texts
from tieout.loading.references import REFERENCES

_CHOICES: Final = {Kind.BOOLEAN: ("yes", "no")}
_NUMBERS: Final = frozenset({Kind.DECIMAL, Kind.AMOUNT, Kind.INTEGER})
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "ACCESS-102": ("company", "contract", "project", "organizational_unit", "price_list", "code"),
    "LOAD-317": ("contract_line",),
    "LOAD-343": ("contract_line", "line_number"),
    "LOAD-363": ("dimensions",),
    "LOAD-364": ("dimensions",),
    "LOAD-365": ("unit", "time_unit"),
    "LOAD-366": ("price",),
    "LOAD-367": ("organizational_unit",),
    "LOAD-369": ("effective_from",),
    "LOAD-370": ("valid_to",),
}
"""Where a problem stands that names no field: beside the first of these that the entity has."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as a page shows it: what may be typed, what it means, and what is wrong with it.

    ``stored_now`` is what the record has meanwhile, where that is not what was typed.
    """

    name: str
    input_name: str
    label: str
    value: str
    help: str
    choices: tuple[str, ...]
    widget: str
    offers: bool
    length: int | None
    required: bool
    fixed: bool
    mistakes: tuple[str, ...]
    stored_now: str | None

    @property
    def words(self) -> str:
        """What a field that cannot be changed says."""
        return self.value.replace("_", " ") if self.choices else self.value


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong with a record: by field, and what stands beside none."""

    by_field: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]


def label_of(name: str) -> str:
    """Return a field's name as a page says it."""
    return name.replace("_", " ").capitalize()


def blank_record(entity: str, given: Texts) -> dict[str, str]:
    """Return a new record before anything is typed: what is given, else the defaults of the format."""
    fields = FORMATS[entity].fields.values()
    return {one.name: given.get(one.name, one.default_text or "") for one in fields}


def typed_record(entity: str, typed: Texts, prefix: str = "") -> dict[str, str]:
    """Return what was typed into the fields of an entity."""
    return {name: typed.get(f"{prefix}{name}", "").strip() for name in FORMATS[entity].fields}


def form_fields(
    entity: str,
    record: Texts,
    *,
    fixed: frozenset[str],
    prefix: str = "",
    mistakes: Mistakes | None = None,
    now: Texts | None = None,
) -> tuple[FormField, ...]:
    """Return the fields of an entity with the values of a record; the ``fixed`` ones cannot be changed.

    ``now`` is what is stored, if it is other than what was shown when typing began.
    """
    referring = {one.field for one in REFERENCES.get(entity, ())}
    by_field = mistakes.by_field if mistakes else {}
    return tuple(
        FormField(
            name=one.name,
            input_name=f"{prefix}{one.name}",
            label=label_of(one.name),
            value=record[one.name],
            help=_help(one),
            choices=_choices(one, record[one.name]),
            widget=_widget(one),
            offers=one.name in referring,
            length=one.length if one.kind in {Kind.TEXT, Kind.CODE, Kind.CURRENCY} else None,
            required=one.required,
            fixed=one.name in fixed,
            mistakes=by_field.get(one.name, ()),
            stored_now=None if now is None or now[one.name] == record[one.name] else now[one.name] or "blank",
        )
        for one in FORMATS[entity].fields.values()
    )


def mistakes_of(entity: str, problems: Sequence[Problem]) -> Mistakes:
    """Return what problems say, each beside the field that it is about."""
    by_field: dict[str, tuple[str, ...]] = {}
    others: list[str] = []
    for said, problem in {_said(problem): problem for problem in problems}.items():
        name = _field_of(entity, problem)
        if name:
            by_field[name] = (*by_field.get(name, ()), said)
        else:
            others.append(said)
    return Mistakes(by_field, tuple(others))


def _field_of(entity: str, problem: Problem) -> str:
    fields = FORMATS[entity].fields
    candidates = (getattr(problem, "field", ""), *_BESIDE.get(problem.code, ()))
    return next((name for name in candidates if name in fields), "")


def _said(problem: Problem) -> str:
    """Return the words of a problem: here the reader sees the row and the field, which a file's does not."""
    text = problem.text
    name = getattr(problem, "field", "")
    message = text.message.replace(f"{name} (column {getattr(problem, 'header', '')})", label_of(name))
    head, colon, rest = message.partition(": ")
    if colon and head == f"Row {getattr(problem, 'row', '')}":
        message = f"{rest[:1].upper()}{rest[1:]}"
    return f"{message} {text.remedy} ({text.code})"


def _help(field: Field) -> str:
    if field.default_field:
        return f"{field.description}. Blank: as {label_of(field.default_field).lower()}."
    if field.default_text is not None:
        return f"{field.description}. Blank: {field.default_text.replace('_', ' ')}."
    return f"{field.description}."


def _choices(field: Field, value: str) -> tuple[str, ...]:
    """Return what can be chosen; a blank where the field may be blank, or nothing has been chosen yet."""
    words = field.choices or _CHOICES.get(field.kind, ())
    if not words:
        return ()
    may_be_blank = field.default_text is None and not field.required
    unknown = () if value in words or not value else (value,)
    return (*(("",) if may_be_blank or not value else ()), *words, *unknown)


def _widget(field: Field) -> str:
    """Return how a field is typed: its input's type, or the keyboard of a number."""
    if field.kind is Kind.DATE:
        return "date"
    if field.kind in _NUMBERS:
        return "number"
    return "text"
