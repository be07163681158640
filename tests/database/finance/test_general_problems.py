"""What stops a general journal stands in the log until that is posted or deleted (finance spec 2.14, 3.8)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.database.finance.general import MAKER, enter, line, post
from tests.database.finance.world import COMPANY, World, table

from tieout.finance.general import actions
from tieout.finance.general.problems import GeneralJournalEmpty, MakerPosts, TooManyProjectLines
from tieout.finance.journals.rules import NumberSequenceMissing
from tieout.finance.ledgers.models import NumberSequence

OPEN = (
    "select p.code, p.record_kind, p.record_name from problem_log p"
    " where not exists (select from problem_resolution r where r.problem_id = p.id) order by p.id"
)


def open_problems() -> list[tuple[Any, ...]]:
    return table(OPEN)


def test_every_refused_line_is_logged_however_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LOGGED_AT_ONCE", 50)
    enter(*(line(world, number, offset_account="" if number > 1 else "6950") for number in range(1, 125)))
    done = post()
    assert (done.refused, len(done.refusals)) == (123, actions.TOLD_MAX)
    logged = [("GJ-412", "general_journal_line", f"G1/{number}") for number in range(2, 125)]
    assert open_problems() == logged


def test_more_project_lines_than_the_limit_are_told_until_the_journal_is_posted(world: World) -> None:
    enter(line(world, 1), line(world, 2))
    world.parameters(general_journal_line_limit=1)
    for _ in range(2):
        with pytest.raises(TooManyProjectLines):
            post()
    assert open_problems() == [("GJ-405", "general_journal", "G1")]
    world.parameters(general_journal_line_limit=2)
    assert post().posted == 2
    assert open_problems() == []


def test_the_maker_a_missing_sequence_and_an_empty_journal_are_told_one_after_the_other(world: World) -> None:
    enter(line(world, 1))
    with pytest.raises(MakerPosts):
        post(actor=MAKER)
    assert open_problems() == [("ACCESS-114", "general_journal", "G1")]
    sequence = NumberSequence.objects.filter(company_code=COMPANY, reference="general_journal_voucher")
    sequence.update(reference="away")
    with pytest.raises(NumberSequenceMissing):
        post()
    assert open_problems() == [("DOC-106", "general_journal", "G1")]
    actions.remove_general_lines(actor=MAKER, company=COMPANY, number="G1", line_numbers=[1])
    with pytest.raises(GeneralJournalEmpty):
        post()
    assert open_problems() == [("GJ-432", "general_journal", "G1")]
    assert actions.delete_general_journal(actor=MAKER, company=COMPANY, number="G1") == 0
    assert open_problems() == []


def test_what_is_removed_or_deleted_leaves_no_problem(world: World) -> None:
    enter(*(line(world, number, offset_account="") for number in (1, 2, 3)))
    post()
    removed = actions.remove_general_lines(actor=MAKER, company=COMPANY, number="G1", line_numbers=[2, 9])
    assert removed == 1
    assert [name for _, _, name in open_problems()] == ["G1/1", "G1/3"]
    assert actions.delete_general_journal(actor=MAKER, company=COMPANY, number="G1") == 2
    assert open_problems() == []
