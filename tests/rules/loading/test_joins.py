"""Fields put together from columns, and fields of records that are made on the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tieout.loading.binding import REJECTED_COLUMNS, bind
from tieout.loading.named_values import parse
from tieout.loading.problems import (
    DateMissing,
    DateNotReadable,
    FieldDoubled,
    FieldWithoutColumn,
    ProfileNotValid,
)
from tieout.loading.profile_file import profile_from
from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.sources import SourceRow

JOIN = {"field": "dimensions", "headers": ["Grade", "Place"], "pattern": "grade={1};place={2}"}
PROFILE = {
    "entity": "role_price",
    "date_formats": ["%m/%d/%y"],
    "blank": ["N/A"],
    "create_missing": ["price_list"],
    "headers": {"price_list": "List", "price": "Price", "price_list.valid_from": "From"},
    "join": [JOIN, {"field": "line", "headers": [], "pattern": "row {row}"}],
}
ROW = {"List": "A", "Price": "10", "From": "5/4/15", "Grade": "senior", "Place": "N/A"}


def read(**cells: str) -> Record | Rejection:
    values = ROW | cells
    return RowReader(bind(profile_from("p", PROFILE), Path("x.csv"), tuple(values))).read(
        SourceRow(7, values)
    )


def test_a_field_is_put_together_and_a_row_knows_its_number() -> None:
    found = read()
    assert isinstance(found, Record)
    assert found.values["dimensions"] == "grade=senior;place="
    assert found.values["line"] == "row 7"
    assert found.values["price_list.valid_from"] == date(2015, 5, 4)


def test_a_mended_row_keeps_the_number_of_its_first_file() -> None:
    cells = dict(zip(REJECTED_COLUMNS, ("3", "LOAD-205", "", "", ""), strict=True))
    found = read(**cells)
    assert isinstance(found, Record)
    assert found.values["line"] == "row 3"


@pytest.mark.parametrize(("cell", "kind"), [("", DateMissing), ("4/24//2014", DateNotReadable)])
def test_every_row_has_what_the_record_made_of_it_needs(cell: str, kind: type[Exception]) -> None:
    found = read(From=cell)
    assert isinstance(found, Rejection)
    assert type(found.problem) is kind


@pytest.mark.parametrize(
    "pattern", ["{3}", "{0}", "{}", "{name}", "{1.upper}", "{1!r}", "{1:>9}", "{1[0]}", "{"]
)
def test_a_pattern_names_columns_and_nothing_else(pattern: str) -> None:
    with pytest.raises(ProfileNotValid):
        profile_from("p", PROFILE | {"join": [JOIN | {"pattern": pattern}]})


def test_a_join_has_its_columns_and_its_field_alone() -> None:
    profile = profile_from("p", PROFILE)
    with pytest.raises(FieldWithoutColumn):
        bind(profile, Path("x.csv"), ("List", "Price", "From", "Grade"))
    both = profile_from(
        "p",
        PROFILE | {"headers": PROFILE["headers"] | {"line": "Number"}},  # type: ignore[operator]
    )
    with pytest.raises(FieldDoubled):
        bind(both, Path("x.csv"), (*ROW, "Number"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, {}),
        ("", {}),
        (" a = 1 ; b=x=y;", {"a": "1", "b": "x=y"}),
        ("a=;b=2", {"b": "2"}),
        ("a", None),
        ("=1", None),
        ("a=1;a=2", None),
    ],
)
def test_dimensions_are_read(text: str | None, found: dict[str, str] | None) -> None:
    assert parse(text) == found
