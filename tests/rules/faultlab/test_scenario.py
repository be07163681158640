"""The pure parts of the fault laboratory: seeds, minimising, what holds between two looks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tieout.faultlab.books import Books, lines_of
from tieout.faultlab.drawing import draw
from tieout.faultlab.invariants import between, differences, keep_gaps, lost
from tieout.faultlab.minimise import fewest
from tieout.faultlab.scenario import Break, Document, How, Kind, Step

REPORT = Document(Kind.EXPENSE, "NORTH", "R1", "2025-02-03", "NORTH-SOLD", ("10.25", "0.75"))


def test_a_seed_tells_the_same_story() -> None:
    assert draw(7, 40) == draw(7, 40)
    assert draw(7, 40) != draw(8, 40)
    assert len(draw(7, 40)) == 40


def test_a_step_reads_as_a_sentence() -> None:
    entered = Step("enter_report", "NORTH", document=REPORT)
    assert str(entered) == "enter expense report NORTH/R1 of 2025-02-03 on NORTH-SOLD: 10.25, 0.75"
    held = Step("deliver", target="msdyn_expenses", broken=Break(How.HOLD, 2))
    assert str(held) == "deliver msdyn_expenses [held open at commit 2]"
    gone = Step("collect", broken=Break(How.GONE, database="finance"))
    assert str(gone) == "collect facts [database gone: finance]"


@pytest.mark.parametrize("needed", [(3,), (0, 19), (4, 5, 6), tuple(range(20)), (1, 8, 15)])
def test_the_fewest_steps_are_found(needed: tuple[int, ...]) -> None:
    tried = 0

    def fails(some: Sequence[int]) -> bool:
        nonlocal tried
        tried += 1
        return set(needed) <= set(some)

    assert fewest(range(20), fails) == needed
    assert tried < 400


def test_what_was_broken_off_is_as_before_or_as_afterwards() -> None:
    before = {("waiting", "R1"): "", ("entered", "R1"): "5.00"}
    then = {("posted", "R1"): "5.00", ("entered", "R1"): "5.00"}
    assert between(before, [then], before) == []
    assert between(before, [then], then) == []
    assert between(before, [then], {**then, ("posted", "R1"): "2 times"}) == [
        "R1, posted: must be 5.00 or nothing, is 2 times"
    ]
    assert between(before, [then], {}) == ["R1, entered: must be 5.00, is nothing"]
    assert differences(then, before) == [
        "R1, posted: must be 5.00, is nothing",
        "R1, waiting: must be nothing, is true",
    ]


def test_what_nobody_owes_is_lost_unless_its_map_did_not_run() -> None:
    books = Books(lines=lines_of(REPORT))
    posted = {("posted", "NORTH/R1/1"): "10.25"}
    assert lost(posted, books) == [("msdyn_expenses", "NORTH/R1/1")]
    assert lost({**posted, ("owed msdyn_expenses", "NORTH/R1/1"): ""}, books) == []
    assert lost({**posted, ("arrived msdyn_expenses", "NORTH/R1/1"): "10.25"}, books) == []
    books.maps["msdyn_expenses"] = "not_running"
    keep_gaps({}, posted, books)
    assert lost(posted, books) == []
