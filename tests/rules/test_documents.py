"""The generated reference pages are what the tables say now, and every setting has its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tieout.config import documents

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", documents.pages())
def test_page_is_up_to_date(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == documents.pages()[name](), "run `make docs`"


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    named = {
        variable
        for path in (ROOT / "src").rglob("*.py")
        for variable in re.findall(r'environ\S*\(?\[?"(TIEOUT_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert named
    assert {name for name in named if f"| {name} |" not in page} == set()
