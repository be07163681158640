"""Time is kept in minutes and written in hours: nothing is lost on the way there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.operations.entries.rules import hours_of, minutes_of


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(480, "8"), (450, "7.5"), (465, "7.75"), (3, "0.05"), (50, "0:50"), (61, "1:01"), (600, "10"), (0, "0")],
)
def test_hours_as_people_write_them(minutes: int, hours: str) -> None:
    assert hours_of(minutes) == hours


@given(st.integers(min_value=0, max_value=1440))
def test_hours_lead_back_to_their_minutes(minutes: int) -> None:
    assert minutes_of(hours_of(minutes)) == minutes


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [(" 7.5 ", 450), ("7:30", 450), ("0:05", 5), ("-1", -60), ("24", 1440), ("25", 1500), ("1e1", 600)],
)
def test_hours_are_read_as_decimals_or_as_a_clock(hours: str, minutes: int) -> None:
    assert minutes_of(hours) == minutes


@pytest.mark.parametrize(
    "hours", ["", "x", "7,5", "7:60", "7:5", ":30", "0.01", "nan", "inf", "1e99", "1e999999", "²:30"]
)
def test_what_is_no_whole_number_of_minutes_is_not_hours(hours: str) -> None:
    assert minutes_of(hours) is None
