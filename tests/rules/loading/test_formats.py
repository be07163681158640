from __future__ import annotations

from pathlib import Path

import pytest

from tieout.kernel.problems import Problem
from tieout.loading import problems
from tieout.loading.binding import bind
from tieout.loading.formats import FORMATS, Format, Kind
from tieout.loading.profile import plain_profile
from tieout.loading.reference import file_formats
from tieout.loading.rows import RowReader
from tieout.problems.catalogue import CATALOGUE

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "file-formats.md"
CLASSES = [
    one
    for one in vars(problems).values()
    if isinstance(one, type) and issubclass(one, Problem) and one is not Problem
]


@pytest.mark.parametrize("one", FORMATS.values(), ids=FORMATS)
def test_a_format_is_coherent(one: Format) -> None:
    assert one.key
    for field in one.fields.values():
        assert field.default_field is None or field.default_field in one.fields
        assert (field.length is not None) == (
            field.kind in {Kind.TEXT, Kind.CODE, Kind.CHOICE, Kind.INTEGER, Kind.CURRENCY}
        )
        assert all(len(choice) <= (field.length or 0) for choice in field.choices)
        assert not field.control or field.kind in {Kind.AMOUNT, Kind.DECIMAL}
        assert field.kind is not Kind.AMOUNT or "currency" in one.fields
    RowReader(
        bind(plain_profile(one.entity), Path("x.csv"), tuple(one.fields))
    )  # its defaults fit their fields


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == file_formats()


@pytest.mark.parametrize("one", CLASSES, ids=[one.__name__ for one in CLASSES])
def test_every_problem_has_its_words(one: type[Problem]) -> None:
    text = CATALOGUE[one.code]
    assert text.placeholders() <= one.field_names(), one.code
    assert text.process == "load"
