"""A file of 300 MB: bad rows are refused with their reasons, the rest goes on, and no cent is lost."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from tests.database.loading import firm

from tieout.cli.main import main
from tieout.cli.program import ExitCode
from tieout.config.program import TieoutProgram
from tieout.database.aliases import FINANCE
from tieout.loading.sources import Limits

pytestmark = [pytest.mark.usefixtures("databases"), pytest.mark.timeout(180)]

MIB: Final = 1024**2
HEADER: Final = (
    "company,vendor,invoice_number,line_number,accounting_date,project,category,description,amount,currency"
)
DESCRIPTION: Final = ("Σχοινί πρόσδεσης " * 24)[:400]  # as long as allowed, in letters of two bytes
LINES: Final = 400_000
EVERY: Final = 1_000
"""Of so many rows one is not as it should be, in turn in one of these ways."""
ODD: Final = {
    "LOAD-205": "NL01,V1,{invoice},{line},2024-01-15,QUAY,GOODS,{text},much,EUR",
    "LOAD-207": "NL01,V1,{invoice},{line},,QUAY,GOODS,{text},{amount},EUR",
    "LOAD-304": "NL01,V9,{invoice},{line},2024-01-15,QUAY,GOODS,{text},{amount},EUR",
    "LOAD-203": '"NL01,V1,{invoice},{line},2024-01-15,QUAY,GOODS,{text},{amount},EUR',
    "twice": "{row}\n{row}",
}
# Runs a program and says how much memory it had at most: of its own children only, not of these tests.
MEASURE: Final = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(code)"
)


def _row(place: int) -> str:
    invoice, line = divmod(place, 20)
    amount = f"{place % 5_000}.25"
    row = f"NL01,V1,I{invoice},{line},2024-01-15,QUAY,GOODS,{DESCRIPTION},{amount},EUR"
    if place % EVERY:
        return row
    odd = list(ODD.values())[place // EVERY % len(ODD)]
    return odd.format(row=row, invoice=f"I{invoice}", line=line, amount=amount, text=DESCRIPTION)


@pytest.fixture
def large_file(tmp_path: Path) -> Iterator[Path]:
    """Yield the file, and remove it: the folders of the last runs are kept."""
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(f"{HEADER}\n")
        stream.writelines(f"{_row(place)}\n" for place in range(LINES))
    yield path
    path.unlink()


def test_a_file_of_300_mb_is_loaded_in_bounded_memory_and_to_the_cent(
    large_file: Path, tmp_path: Path
) -> None:
    assert large_file.stat().st_size > 300 * MIB
    firm.set_up(tmp_path / "setup")
    load = [sys.executable, "-m", "tieout", "load", "vendor_invoice_line", str(large_file), "--json"]
    done = subprocess.run([sys.executable, "-c", MEASURE, *load], check=False, capture_output=True, text=True)
    assert done.returncode == ExitCode.REJECTED, done.stderr
    (answer,) = json.loads(done.stdout)
    assert {name: (one["rows"], Decimal(one["EUR"])) for name, one in answer["totals"].items()} == {
        "read": (400_080, Decimal("999979980.00")),
        "loaded": (399_680, Decimal("999419920.00")),
        "already_there": (80, Decimal("320020.00")),
        "rejected": (320, Decimal("240040.00")),
    }
    assert answer["codes"] == {"LOAD-203": 80, "LOAD-205": 80, "LOAD-207": 80, "LOAD-304": 80}
    with large_file.with_suffix(".rejected.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert Counter(row["rejected_code"] for row in csv.DictReader(stream)) == answer["codes"]
    sums = "select count(*), sum(amount), min(length(description)) from finance_vendor_invoice_line"
    assert firm.rows(FINANCE, sums) == [(399_680, Decimal("999419920.00"), 400)]
    assert int(done.stderr.split()[-1]) * 1024 < 500 * MIB


def test_a_file_above_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(Limits().file_bytes_max + 1)  # a hole: it takes no room
    assert main(TieoutProgram(), ["load", "vendor_invoice_line", str(path)]) == ExitCode.PROBLEM
    said = capsys.readouterr().err
    assert "LOAD-102" in said
    assert "huge.csv is too large" in said
    assert "Split the file" in said
