"""What the specification gives as vectors, rows and defects is tested, or belongs to a part that says so."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
with (ROOT / "tests" / "specification.csv").open(encoding="utf-8", newline="") as stream:
    ITEMS = {row["item"]: row for row in csv.DictReader(stream)}
# Section 9 of the operations spec skips some numbers; of 2.1 every row counts, of 8 every defect.
VECTORS = sorted({*range(1, 37)} - {9, 12, 20, 21, 23, 31})
DEFECTS = """
    4606055 4872141 4693909 4192197 2586097 4593261 4593265 4593277 4481635 3921055 2852836 2928579 2119112
    2053754 2281728
"""
# Section 6 of the finance specification skips some numbers.
FINANCE_VECTORS = sorted({*range(1, 27)} - {8, 12, 15, 16, 22, 23, 25})
# Its section 7: each pain, by the numbers under which others know it, and by what it is where it has none.
PAINS = {
    1: "approved time|empty hop",
    2: "515258",
    3: "567962",
    4: "598810",
    5: "credit note",
    6: "ID0282102",
    7: "not-to-exceed",
    8: "480962|automatic open period",
    9: "reversal|602677|557017|574013|526522|tool",
    10: "586034|4623332|485439",
    11: "598758|572370",
    12: "568107|593068|624283|4205520|4693909",
    13: "1000 lines|4183571|two minutes",
    14: "#4022|#21|#2881|#63|DIPV1002",
    15: "4213493|620979|633470",
}


def test_every_vector_row_and_defect_is_in_the_table() -> None:
    wanted = (
        {f"T{number:02}" for number in VECTORS}
        | {f"E{number}" for number in range(1, 25)}
        | set(DEFECTS.split())
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


def test_every_vector_and_pain_of_finance_is_in_the_table() -> None:
    wanted = {f"TV-{number:02}" for number in FINANCE_VECTORS} | {
        f"7.{number} {name}" for number, names in PAINS.items() for name in names.split("|")
    }
    assert wanted - ITEMS.keys() == set()


@pytest.mark.parametrize(
    "item", [one for one in ITEMS if one.startswith(("TV-", "7.")) and ITEMS[one]["test"]]
)
def test_its_test_says_which_vector_or_pain_it_is(item: str) -> None:
    """By its name or its docstring: a vector as ``TV-03``, a pain as ``pain 8`` with its number beside it."""
    path, _, name = ITEMS[item]["test"].partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    [function] = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    said = f"{name} {ast.get_docstring(function) or ''}"
    words = item.split()
    if words[0].startswith("TV-"):
        assert words[0].lower() in said.lower().replace("_", "-")
        return
    number = words[0].removeprefix("7.")
    said_of_it = re.search(rf"pain {number}\b.*", said, re.DOTALL)
    assert said_of_it, f"{path}::{name} says nothing of pain {number}"
    if re.search(r"\d{4}", words[1]) or words[1].startswith("#"):
        assert words[1] in said_of_it[0]
