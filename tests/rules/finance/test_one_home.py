"""What gets into the books is written in one place: who else does says why (finance/vouchers/actions.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FINANCE = Path(__file__).parents[3] / "src" / "tieout" / "finance"


@pytest.mark.parametrize(
    ("statement", "stages"),
    [
        pytest.param("insert into finance_voucher ", {"journals", "vouchers"}, id="numbers given by import"),
        pytest.param(
            "insert into finance_voucher_line ",
            {"documents", "journals", "vouchers"},
            id="two post a month at once",
        ),
        pytest.param("update finance_number_sequence ", {"sql"}, id="one function hands out numbers"),
    ],
)
def test_vouchers_entries_and_numbers_have_one_home(statement: str, stages: set[str]) -> None:
    found = {
        path.relative_to(FINANCE).parts[0]
        for path in FINANCE.rglob("*.sql")
        if statement in re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    }
    assert found == stages
