"""What the specification gives as vectors, rows and defects is tested, or belongs to a part that says so."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
with (ROOT / "tests" / "specification.csv").open(encoding="utf-8", newline="") as stream:
    ITEMS = {row["item"]: row for row in csv.DictReader(stream)}
# Section 9 of the operations spec skips some numbers; of 2.1 every row counts, of 8 every defect.
VECTORS = sorted({*range(1, 37)} - {9, 12, 20, 21, 23, 31})
# Section 6 of the finance spec skips some numbers; of 7 every pain counts.
FINANCE_VECTORS = sorted({*range(1, 27)} - {8, 12, 15, 16, 22, 23, 25})
DEFECTS = """
    4606055 4872141 4693909 4192197 2586097 4593261 4593265 4593277 4481635 3921055 2852836 2928579 2119112
    2053754 2281728
"""


def test_every_vector_row_and_defect_is_in_the_table() -> None:
    wanted = (
        {f"T{number:02}" for number in VECTORS}
        | {f"E{number}" for number in range(1, 25)}
        | set(DEFECTS.split())
        | {f"TV-{number:02}" for number in FINANCE_VECTORS}
        | {f"Pain {number}" for number in range(1, 16)}
    )
    assert wanted - ITEMS.keys() == set()


@pytest.mark.parametrize("item", ITEMS)
def test_its_test_is_there_or_it_says_where_it_belongs(item: str) -> None:
    """The test is named by its function, or by the words by which a table of tests names it."""
    row = ITEMS[item]
    assert bool(row["test"]) != bool(row["belongs to"])
    if row["test"]:
        path, _, name = row["test"].partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"def {re.escape(name)}\(|\"{re.escape(name)}[\" ]", text), row["test"]
        label = re.match(r"(TV-|Pain )[0-9]+", item)
        if label:  # the test says which it is
            said = re.split(r"\n(?:def |@|class )", text[text.index(f"def {name}(") :])[0]
            assert re.search(rf"{label[0]}\b", said, re.IGNORECASE), item
