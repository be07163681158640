"""What stands on the pages of set-up: the entities, the records of one, and what a field could refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from tieout.database.set_up import COUNTED_MOST, Wanted
from tieout.kernel.access import Actor, Verb, VerbNotPermitted, permit
from tieout.loading.entering import MAPS
from tieout.loading.formats import FORMATS, Area, Format, Kind, Side
from tieout.loading.records import SET_UP, Texts, address, address_of, counted, position_of, stored
from tieout.loading.references import REFERENCES, Reference
from tieout.workspace.setup_forms import label_of

ROWS_OF_PAGE: Final = 100
OFFERS: Final = 50
AREA_LABELS: Final = {
    Area.LEDGER: "Companies and ledger",
    Area.ORGANIZATION: "Organization",
    Area.CONTRACTS: "Contracts and projects",
    Area.QUOTES: "Quotes",
    Area.PURCHASING: "Purchasing",
    Area.PRICING: "Prices",
}
_AFTER: Final = "after."
_NUMBERS: Final = frozenset({Kind.DECIMAL, Kind.AMOUNT, Kind.INTEGER})


@dataclass(frozen=True, slots=True)
class EntityLine:
    """One entity of the overview: what a record is, and how many there are (in words, capped)."""

    title: str
    one_row: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class AreaPart:
    """The entities of one area."""

    label: str
    lines: tuple[EntityLine, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list."""

    name: str
    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One row of a list: its cells, the first of which opens it."""

    url: str
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class RecordList:
    """One page of the records of an entity; the addresses are empty where there is no such page.

    ``prefill`` gives a new record what was searched for.
    """

    columns: tuple[Column, ...]
    filters: tuple[tuple[str, str, str], ...]
    rows: tuple[RecordLine, ...]
    is_filtered: bool
    prefill: str
    first_page: str
    next_page: str


@dataclass(frozen=True, slots=True)
class Related:
    """Records of another entity that belong to one: their list, and a new one of them."""

    title: str
    url: str


def may_load(actor: Actor) -> bool:
    """Return whether the actor may change set-up: whoever may load it."""
    try:
        permit(actor, Verb.LOAD)
    except VerbNotPermitted:
        return False
    return True


def overview(actor: Actor) -> list[AreaPart]:
    """Return the entities by area with their counts."""
    counts = counted(actor=actor)
    return [
        AreaPart(
            label,
            tuple(_line(FORMATS[one], counts[one]) for one in SET_UP if FORMATS[one].area is area),
        )
        for area, label in AREA_LABELS.items()
    ]


def record_list(actor: Actor, entity: str, asked: Texts) -> RecordList:
    """Return the page of records that an address asks for: how keys begin, and after which key."""
    form = FORMATS[entity]
    prefix = {name: text.strip() for name, text in address_of(entity, asked).items() if text.strip()}
    after = position_of(
        entity, {name.removeprefix(_AFTER): text for name, text in asked.items() if _AFTER in name}
    )
    wanted = Wanted(prefix=prefix, after=after, limit=ROWS_OF_PAGE + 1)
    found = stored(actor=actor, entity=entity, wanted=wanted)
    page = found[:ROWS_OF_PAGE]
    following = {f"{_AFTER}{name}": text for name, text in address(entity, page[-1]).items()} if page else {}
    here = reverse("set-up-list", args=[entity])
    first = f"{here}?{urlencode(prefix)}" if prefix else here
    return RecordList(
        columns=tuple(
            Column(one.name, label_of(one.name), one.kind in _NUMBERS) for one in form.fields.values()
        ),
        filters=tuple((name, label_of(name), prefix.get(name, "")) for name in form.key),
        rows=tuple(_row(form, record) for record in page),
        is_filtered=bool(prefix),
        prefill=f"?{urlencode(prefix)}" if prefix else "",
        first_page=first if after else "",
        next_page=f"{here}?{urlencode(prefix | following)}" if len(found) > ROWS_OF_PAGE else "",
    )


def record_url(entity: str, record: Texts) -> str:
    """Return the page of a record: its own, or that of all records that are entered with it."""
    together = FORMATS[entity].together
    if together:
        owner = {name: record[name] for name in together}
        return f"{reverse('set-up-together', args=[entity])}?{urlencode(owner)}"
    return f"{reverse('set-up-record', args=[entity])}?{urlencode(address(entity, record))}"


def words_of(key: Texts) -> str:
    """Return a key as a heading says it."""
    return ", ".join(text for text in key.values() if text)


def travels(entity: str) -> str:
    """Return the sentence that says where a record is kept and which maps carry it on."""
    side = FORMATS[entity].side
    other = Side.OPERATIONS if side is Side.FINANCE else Side.FINANCE
    maps = MAPS.get(entity, ())
    if not maps:
        return f"Kept in {side}; it does not travel."
    return f"Kept in {side}; what is saved travels to {other} by {', '.join(maps)}."


def related(entity: str, record: Texts) -> list[Related]:
    """Return the lists of what belongs to a record: entities that name it in their key."""
    found = []
    for other in SET_UP:
        for reference in REFERENCES.get(other, ()):
            named = _target_fields(reference)
            whole = set(named.values()) == set(FORMATS[entity].key)
            if reference.target != entity or not whole or not set(named) <= set(FORMATS[other].key):
                continue
            key = {name: record[target] for name, target in named.items()}
            is_owner = FORMATS[other].together == reference.fields
            page = "set-up-together" if is_owner else "set-up-list"
            url = f"{reverse(page, args=[other])}?{urlencode(key)}"
            found.append(Related(FORMATS[other].title, url))
    return found


def company_of_owner(actor: Actor, entity: str, owner: Texts) -> str | None:
    """Return the company of what records of an entity are entered together for, None if there is no such.

    The owner is what the fields ``together`` name; its company stands in the first of them.
    """
    company = None
    for reference in reversed(REFERENCES.get(entity, ())):
        if set(reference.fields) <= set(owner):
            key = {target: owner[name] for name, target in _target_fields(reference).items()}
            found = stored(actor=actor, entity=reference.target, wanted=Wanted(key=key))
            if len(found) != 1:
                return None
            company = found[0].get("company", company)
    return company


def offers(actor: Actor, entity: str, field: str, typed: Texts) -> list[tuple[str, str]]:
    """Return what a field could refer to, as far as it is typed: keys with their names.

    Where several fields together name the record, those before the last limit what is offered.
    """
    reference = next((one for one in REFERENCES.get(entity, ()) if one.field == field), None)
    if reference is None or reference.target not in SET_UP:
        return []
    named = _target_fields(reference)
    target = named[field]
    key = {named[name]: typed.get(name, "").strip() for name in reference.fields[:-1] if name in named}
    wanted = Wanted(
        key=address_of(reference.target, {name: text for name, text in key.items() if text}),
        prefix=address_of(reference.target, {target: typed.get(field, "").strip()}),
        limit=OFFERS,
    )
    found = stored(actor=actor, entity=reference.target, wanted=wanted)
    return list({record[target]: record.get("name", "") for record in found}.items())


def _target_fields(reference: Reference) -> dict[str, str]:
    """Return which field of its target each field of a reference is: its namesake, for the last the rest."""
    key = FORMATS[reference.target].key
    named = {name: name for name in reference.fields[:-1] if name in key}
    rest = [name for name in key if name not in named]
    return {**named, reference.field: rest[-1] if rest else key[-1]}


def _line(form: Format, count: int) -> EntityLine:
    words = f"{COUNTED_MOST:,}+" if count > COUNTED_MOST else f"{count:,}"
    return EntityLine(form.title, form.one_row, reverse("set-up-list", args=[form.entity]), words)


def _row(form: Format, record: Mapping[str, str]) -> RecordLine:
    cells = tuple((record[one.name], one.kind in _NUMBERS) for one in form.fields.values())
    return RecordLine(record_url(form.entity, record), cells)
