"""Where demo worlds live: one is found again, an unfinished one is left alone, nothing is overwritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tieout.demo.places import Sign, directory, leave_sign, refuse_given_databases, sign_of
from tieout.demo.problems import DatabasesGiven

SIGN = Sign(7, date(2025, 11, 22))


def finish(place: Path) -> None:
    place.mkdir()
    leave_sign(place, SIGN)


def test_the_first_world_is_called_demo(tmp_path: Path) -> None:
    assert directory(tmp_path, fresh=False) == tmp_path / "demo"
    assert sign_of(tmp_path / "demo") is None


def test_a_finished_world_is_found_again_with_its_sign(tmp_path: Path) -> None:
    finish(tmp_path / "demo")
    assert directory(tmp_path, fresh=False) == tmp_path / "demo"
    assert sign_of(tmp_path / "demo") == SIGN


def test_a_fresh_world_gets_a_new_place_and_is_then_the_newest(tmp_path: Path) -> None:
    finish(tmp_path / "demo")
    assert directory(tmp_path, fresh=True) == tmp_path / "demo-2"
    finish(tmp_path / "demo-2")
    assert directory(tmp_path, fresh=False) == tmp_path / "demo-2"


def test_an_unfinished_world_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    assert directory(tmp_path, fresh=False) == tmp_path / "demo-2"
    finish(tmp_path / "demo-2")
    (tmp_path / "demo-3").mkdir()
    assert directory(tmp_path, fresh=False) == tmp_path / "demo-2"


def test_a_world_named_as_the_data_directory_is_that_world(tmp_path: Path) -> None:
    finish(tmp_path / "demo")
    assert directory(tmp_path / "demo", fresh=False) == tmp_path / "demo"
    assert directory(tmp_path / "demo", fresh=True) == tmp_path / "demo-2"


@pytest.mark.parametrize("content", ["", "{}", "no json", '{"seed": "x", "today": "2025-11-22"}'])
def test_a_sign_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "world.json").write_text(content, encoding="utf-8")
    assert sign_of(tmp_path) is None


def test_given_databases_are_refused() -> None:
    refuse_given_databases({"TIEOUT_DATA_DIRECTORY": "somewhere"})
    with pytest.raises(DatabasesGiven) as caught:
        refuse_given_databases({"TIEOUT_FINANCE_DATABASE_URL": "postgresql://x/y"})
    assert caught.value.variable == "TIEOUT_FINANCE_DATABASE_URL"
