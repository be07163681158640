from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Generator
from pathlib import Path

import pytest
from django.db import connections
from openpyxl import Workbook
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, outcome, rows

from tieout.database.aliases import FINANCE
from tieout.loading import columns, csv_rows
from tieout.loading.actions import Loaded, load
from tieout.loading.ahead import read_ahead
from tieout.loading.columns import CHUNK
from tieout.loading.problems import ProfileNotValid, RejectedFileIsInput

HEADER = (
    "company,vendor,invoice_number,line_number,accounting_date,project,category,description,amount,currency"
)


def records(count: int) -> list[str]:
    return [
        f"NL01,V1,{place // 10},{place % 10},2024-01-15,QUAY,GOODS,Rope number {place},{place}.25,EUR"
        for place in range(count)
    ]


@pytest.fixture(autouse=True)
def set_up(databases: None, tmp_path: Path) -> None:
    firm.set_up(tmp_path / "setup")


def test_progress_reaches_the_size_of_the_file(tmp_path: Path) -> None:
    told: list[tuple[Path, int]] = []
    enter(
        tmp_path,
        "vendor_invoice_line",
        firm.lines(HEADER, records(2 * CHUNK + 10)),
        progress=lambda path, done: told.append((path, done)),
    )
    path = tmp_path / "vendor_invoice_line.csv"
    assert len(told) > 2
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert told[-1] == (path, path.stat().st_size)


def test_two_loads_of_one_file_at_once_enter_each_line_once(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(firm.lines(HEADER, records(25_000)), encoding="utf-8")
    done: list[Loaded] = []

    def run() -> None:
        try:
            done.append(load(actor=OPERATOR, entity="vendor_invoice_line", files=[path]))
        finally:
            for connection in connections.all():
                connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = [outcome(one) for one in done]
    assert [sum(column) for column in zip(*ends, strict=True)] == [50_000, 25_000, 25_000, 0]
    assert rows(FINANCE, "select count(*), count(distinct invoice_id) from finance_vendor_invoice_line") == [
        (25_000, 2_500)
    ]
    assert rows(FINANCE, "select count(*) from finance_posting_queue") == [(2_500,)]


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns.chunks, "__defaults__", (1_000,))
    monkeypatch.setattr(csv_rows, "_CHARACTERS_AT_ONCE", 64 * 1024)
    peaks = []
    for count in (32_000, 128_000):
        path = tmp_path / f"{count}.csv"
        path.write_text(firm.lines(HEADER, records(count)), encoding="utf-8")
        tracemalloc.start()
        load(actor=OPERATOR, entity="vendor_invoice_line", files=[path])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


def test_a_workbook_loads_as_a_text_file_does(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for record in firm.lines(HEADER, records(30)).splitlines():
        sheet.append([float(cell) if cell.endswith(".25") else cell for cell in record.split(",")])
    book.save(tmp_path / "lines.xlsx")
    done = load(actor=OPERATOR, entity="vendor_invoice_line", files=[tmp_path / "lines.xlsx"])
    assert outcome(done) == (30, 30, 0, 0)
    assert outcome(enter(tmp_path, "vendor_invoice_line", firm.lines(HEADER, records(30)))) == (30, 0, 30, 0)


def test_many_files_have_their_rejected_rows_in_one_folder(tmp_path: Path) -> None:
    paths = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.csv"
        path.write_text(firm.lines(HEADER, [records(1)[0].replace("V1", "V9")]), encoding="utf-8")
        paths.append(path)
    folder = tmp_path / "rejected"
    done = load(actor=OPERATOR, entity="vendor_invoice_line", files=paths, rejected=folder)
    assert done.rejected_files == (folder / "a.rejected.csv", folder / "b.rejected.csv")
    with pytest.raises(RejectedFileIsInput):
        load(actor=OPERATOR, entity="vendor_invoice_line", files=paths[:1], rejected=paths[0])


def test_a_profile_of_another_format_is_refused(tmp_path: Path) -> None:
    profile = tmp_path / "other.toml"
    profile.write_text('entity = "expense_line"\n', encoding="utf-8")
    with pytest.raises(ProfileNotValid):
        enter(tmp_path, "vendor_invoice_line", firm.lines(HEADER, records(1)), profile=profile)


def test_what_was_loaded_before_a_file_breaks_stays(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(firm.lines(HEADER, records(5)), encoding="utf-8")
    bad.write_text("", encoding="utf-8")
    with pytest.raises(Exception, match="LOAD-108"):
        load(actor=OPERATOR, entity="vendor_invoice_line", files=[good, bad])
    assert outcome(load(actor=OPERATOR, entity="vendor_invoice_line", files=[good])) == (5, 0, 5, 0)


def test_reading_ahead_passes_an_error_on_and_ends_its_thread() -> None:
    def broken() -> Generator[int, None, None]:
        yield from (1, 2)
        raise RuntimeError("the disk is gone")

    with read_ahead(broken()) as items:
        assert [next(items), next(items)] == [1, 2]
        with pytest.raises(RuntimeError, match="the disk is gone"):
            next(items)
    with read_ahead(number for number in range(100)) as items:
        assert next(items) == 0
    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]
