"""The generated reference pages are what the tables say now, and every setting has its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.scale.plans import STATEMENTS

from tieout.config import documents
from tieout.database import sql
from tieout.problems.catalogue import CATALOGUE, UNREACHED

ROOT = Path(__file__).parents[2]


SINGLE = [name for name in documents.pages() if not name.startswith("problems/")]


@pytest.mark.parametrize("name", SINGLE)
def test_page_is_up_to_date(name: str) -> None:
    """Finance spec 7, pain 14 (#2881): the page of the maps and their versions is written by their table."""
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == documents.pages()[name](), "run `make docs`"


def test_every_code_has_its_page_and_no_page_is_left_over() -> None:
    """Finance spec 7, pain 14 (#4022): no code without its page."""
    folder = ROOT / "docs" / "reference"
    made = {name: page() for name, page in documents.pages().items() if name.startswith("problems/")}
    written = {f"problems/{path.name}": path.read_text("utf-8") for path in (folder / "problems").iterdir()}
    assert set(written) == {f"problems/{code}.md" for code in CATALOGUE}
    assert written == made, "run `make docs`"
    for code, reason in UNREACHED.items():
        assert f"**Cannot be met here.** {reason}" in written[f"problems/{code}.md"]


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    named = {
        variable
        for path in (ROOT / "src").rglob("*.py")
        for variable in re.findall(r'environ\S*\(?\[?"(TIEOUT_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert {name for name in named if f"| {name} |" not in page} == set()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_whose_plan_is_shown_is_there(statement: str) -> None:
    assert sql.load(*statement.rsplit(".", 1)).name == statement
