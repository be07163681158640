"""Rows that a mapping profile leaves out: whatever else they say, they are counted, and no record of ours."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from tieout.loading.binding import bind
from tieout.loading.columns import Chunk, read_block
from tieout.loading.files import open_rows
from tieout.loading.problems import HeaderUnknown, ProfileNotValid, SkipColumnMissing
from tieout.loading.profile import Profile
from tieout.loading.profile_file import profile_from
from tieout.loading.rows import Record, Rejection, RowReader
from tieout.loading.totals import ControlTotals, Outcome

PROFILE = """
entity = "material_usage"
[constants]
company = "US"
project = "P"
product_name = "Thing"
[headers]
external_id = "Number"
[skip_where]
"Cancelled?" = ["*", "Void line"]
"""
FILE = """Number,date,quantity,CANCELLED?
1,2016-07-01,2,
2,2016-07-02,3,*
3,2016-07-03,4, void  LINE
4,not a date,5,*
5,not a date,6,
6,2016-07-06,7,no
7,2016-07-07,nothing,*
"""


def profile(toml: str = PROFILE) -> Profile:
    return profile_from("ours", tomllib.loads(toml))


def read(folder: Path, used: Profile, text: str = FILE) -> Chunk:
    path = folder / "usage.csv"
    path.write_text(text, encoding="utf-8")
    with open_rows(path, used.options) as source:
        reader = RowReader(bind(used, path, source.headers))
        return read_block(reader, next(iter(source.blocks(100))))


def numbers(rows: list[Record | Rejection]) -> list[int]:
    return [one.number if isinstance(one, Record) else one.row.number for one in rows]


@pytest.mark.parametrize(
    "more",
    ["", '[[join]]\nfield = "description"\nheaders = []\npattern = "row {row}"\n'],
    ids=["columns", "row by row"],
)
def test_a_row_is_left_out_by_its_word_and_its_quantity_is_counted(tmp_path: Path, more: str) -> None:
    found = read(tmp_path, profile(PROFILE + more))
    assert found.frame["external_id"].to_list() == ["1", "6"]
    assert numbers(list(found.rejections)) == [6]
    assert [(row, one.control) for row, one in zip(numbers(found.skipped), found.skipped, strict=True)] == [
        (3, Decimal(3)),
        (4, Decimal(4)),
        (5, Decimal(5)),  # its date is nobody's trouble
        (8, Decimal(0)),
    ]


def test_an_empty_word_is_a_blank_cell(tmp_path: Path) -> None:
    used = profile(
        PROFILE.replace('"*", "Void line"', '""').replace("[constants]", 'blank=["no"]\n[constants]')
    )
    assert numbers(read(tmp_path, used).skipped) == [2, 6, 7]


def test_without_the_column_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(SkipColumnMissing) as caught:
        read(tmp_path, profile(), FILE.replace("CANCELLED?", "Voided"))
    assert caught.value.fields() == {"file": "usage.csv", "header": "Cancelled?", "profile": "ours"}
    without = PROFILE[: PROFILE.index("[skip_where]")]
    with pytest.raises(HeaderUnknown):
        read(tmp_path, profile(without))


@pytest.mark.parametrize("value", ["[]", "1", "{}"])
def test_words_are_listed(value: str) -> None:
    with pytest.raises(ProfileNotValid) as caught:
        profile(PROFILE.replace('["*", "Void line"]', value))
    assert caught.value.fields()["key"] == "skip_where.Cancelled?"


def test_skipped_rows_are_an_outcome_only_where_there_are_any() -> None:
    totals = ControlTotals()
    for outcome, rows in ((Outcome.LOADED, 2), (Outcome.SKIPPED, 1)):
        for one in (Outcome.READ, outcome):
            totals.add(one, control=Decimal(rows), unit="quantity", rows=rows)
    totals.check()
    assert totals.figures()["skipped"] == {"rows": 1, "quantity": Decimal(1)}
    assert "skipped           1      1.00" in totals.render()
    assert "skipped" not in ControlTotals().figures()
