"""Identifiers rise with time and say when they were made."""

import uuid

import pytest

from tieout.kernel.identifiers import new_id, new_ids, parse_id

TEXT = "0190a8b2-7c1e-7def-8123-456789abcdef"


def test_layout_is_uuid_version_7() -> None:
    made = new_id(1_736_294_400_123)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_736_294_400_123


def test_identifiers_of_one_process_rise_and_never_repeat() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {uuid.RFC_4122}


def test_many_at_once_rise_and_never_repeat() -> None:
    before, some, between, more = new_id(), new_ids(5_000), new_id(), new_ids(5_000)
    made = [before, *map(uuid.UUID, some), between, *map(uuid.UUID, more)]
    assert made == sorted(made)
    assert len(set(made)) == 10_002
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert new_ids(0) == []


def test_they_rise_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr("tieout.kernel.identifiers.time.time_ns", lambda: 0)
    assert new_id() > before


def test_a_later_time_is_a_higher_identifier() -> None:
    assert new_id(1) < new_id(2) < new_id(2**48 - 1)
    assert new_id(5) != new_id(5)
    for outside in (-1, 2**48):
        with pytest.raises(ValueError, match="milliseconds"):
            new_id(outside)


@pytest.mark.parametrize("text", [TEXT, TEXT.upper(), "{" + TEXT + "}"])
def test_an_identifier_is_read_as_people_copy_it(text: str) -> None:
    assert parse_id(text) == uuid.UUID(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("-", ""),
        "urn:uuid:" + TEXT,
        "{" + TEXT,
        TEXT + "}",
        TEXT + "\n",
        TEXT[:-1],
        "g" + TEXT[1:],
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an identifier"):
        parse_id(text)
