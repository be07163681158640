from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tieout.loading.binding import REJECTED_COLUMNS, bind
from tieout.loading.files import open_rows
from tieout.loading.profile import plain_profile
from tieout.loading.rejected import RejectedRows, neutral
from tieout.loading.rows import Record, Rejection, RowReader

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1865", "'+44 1865"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("\tx", "'\tx"),
        ("-0.01", "-0.01"),
        ("-1,234.50", "-1,234.50"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, safe: str) -> None:
    assert neutral(text) == safe


def load(path: Path, rejected: Path) -> tuple[list[Record], list[Rejection]]:
    records, rejections = [], []
    with open_rows(path) as source, RejectedRows(rejected, source.headers) as out:
        for one in RowReader(bind(plain_profile("category"), path, source.headers)).read_all(source.rows()):
            if isinstance(one, Record):
                records.append(one)
            else:
                rejections.append(one)
                out.write(one)
    return records, rejections


def test_rejected_rows_keep_their_columns_and_load_once_mended(tmp_path: Path) -> None:
    path, rejected = tmp_path / "in.csv", tmp_path / "rejected.csv"
    path.write_text("code,name,transaction_class\n=A,Étude,exp\nB,,time\nC,=x,fee,9\n", "utf-8")
    records, rejections = load(path, rejected)
    assert ([one.values["code"] for one in records], len(rejections)) == (["B"], 2)

    with rejected.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    assert header == ["code", "name", "transaction_class", *REJECTED_COLUMNS]
    assert rows[0][:5] == ["'=A", "Étude", "exp", "2", "LOAD-209"]
    assert "exp is not an allowed value" in rows[0][5]
    assert rows[0][6].startswith("Correct the value")
    assert rows[1][:5] == ["C", "'=x", "fee", "4", "LOAD-202"]
    assert rows[1][7] == "9"

    mended = tmp_path / "mended.csv"
    mended.write_text(rejected.read_text("utf-8-sig").replace(",exp,", ",expense,"), "utf-8")
    records, rejections = load(mended, tmp_path / "again.csv")
    assert [(one.values["code"], one.values["name"]) for one in records] == [("=A", "Étude"), ("C", "=x")]
    assert not rejections
    assert not (tmp_path / "again.csv").exists()
