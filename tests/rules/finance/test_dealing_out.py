"""How lines are dealt out to journals, and journals to transactions."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.finance.journals.rules import LAST_LINE, Allotment, Draft, Slice, ToPost, allot, slices

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)


@pytest.mark.parametrize(
    ("count", "drafts", "limit", "expected"),
    [
        (450, [], 200, [(None, 1, 200), (None, 1, 200), (None, 1, 50)]),
        (450, [Draft(9, MARCH, 50, 50, 200)], 200, [(9, 51, 150), (None, 1, 200), (None, 1, 100)]),
        (10, [Draft(9, MARCH, 50, 50, 200)], 200, [(9, 51, 10)]),
        (10, [Draft(9, APRIL, 50, 50, 200)], 200, [(None, 1, 10)]),
        (10, [Draft(8, MARCH, 3, 3, 4), Draft(9, MARCH, 1, 1, 0)], 200, [(8, 4, 1), (9, 2, 9)]),
        (450, [], 0, [(None, 1, 450)]),
        (3, [Draft(9, MARCH, 4, 4, 4)], 1, [(None, 1, 1), (None, 1, 1), (None, 1, 1)]),
        (10, [Draft(9, MARCH, 50, 70, 200)], 200, [(9, 71, 10)]),  # 20 of its lines were deleted
        (3, [Draft(9, MARCH, 6, 6, 4)], 5, [(None, 1, 3)]),
    ],
)
def test_drafts_are_filled_first(
    count: int, drafts: list[Draft], limit: int, expected: list[tuple[int | None, int, int]]
) -> None:
    parts = allot({MARCH: count}, drafts, limit)
    assert [(part.journal_id, part.first_line, part.size) for part in parts] == expected


@given(
    st.dictionaries(st.sampled_from([MARCH, APRIL]), st.integers(1, 60)),
    st.lists(st.tuples(st.sampled_from([MARCH, APRIL]), st.integers(0, 9), st.integers(0, 9)), max_size=6),
    st.integers(0, 9),
)
def test_every_line_is_allotted_once_and_no_limit_exceeded(
    counts: dict[date, int], rooms: list[tuple[date, int, int]], limit: int
) -> None:
    drafts = [
        Draft(place, key, lines, lines, most) for place, (key, lines, most) in enumerate(rooms, start=1)
    ]
    parts = allot(counts, drafts, limit)
    dealt = Counter(
        (part.period_key, n) for part in parts for n in range(part.position_from, part.position_to + 1)
    )
    assert dealt == Counter({(key, n): 1 for key, count in counts.items() for n in range(1, count + 1)})
    by_id = {draft.id: draft for draft in drafts}
    for part in parts:
        most = limit if part.journal_id is None else by_id[part.journal_id].line_limit
        assert part.size > 0
        assert not most or part.first_line + part.size - 1 <= most
        assert part.journal_id is None or by_id[part.journal_id].period_key == part.period_key


def test_allotments_say_their_size() -> None:
    assert Allotment(MARCH, None, 1, 11, 20).size == 10


@pytest.mark.parametrize(
    ("journals", "expected"),
    [
        ([], []),
        (
            [ToPost(1, 4), ToPost(2, 6), ToPost(3, 1)],
            [Slice((1, 2), 1, LAST_LINE, True), Slice((3,), 1, LAST_LINE, True)],
        ),
        (  # what is cut may be posted at once, and gets its status when all of it is
            [ToPost(1, 4), ToPost(2, 25), ToPost(3, 1), ToPost(4, 11)],
            [
                Slice((1,), 1, LAST_LINE, True),
                Slice((2,), 1, 10, False),
                Slice((2,), 11, 20, False),
                Slice((2,), 21, LAST_LINE, False),
                Slice((3,), 1, LAST_LINE, True),
                Slice((4,), 1, 10, False),
                Slice((4,), 11, LAST_LINE, False),
                Slice((2, 4), 1, 0, True, alone=True),
            ],
        ),
        (  # a line may reverse one of its own journal, in a slice before
            [ToPost(1, 20, reverses=True)],
            [Slice((1,), 1, 10, False, alone=True), Slice((1,), 11, LAST_LINE, True, alone=True)],
        ),
        ([ToPost(1, 4, reverses=True), ToPost(2, 0)], [Slice((1, 2), 1, LAST_LINE, True)]),
    ],
)
def test_transactions_are_bounded(journals: list[ToPost], expected: list[Slice]) -> None:
    assert list(slices(journals, 10)) == expected
