"""The dual-write under faults: nothing lost, nothing twice, each difference listed with its cause (D11).

`tieout faultlab` runs as many seeds as one has patience for; these run with every test.
"""

from __future__ import annotations

import pytest

from tieout.faultlab import actions
from tieout.faultlab.actions import Failure
from tieout.faultlab.broken import broken
from tieout.faultlab.scenario import STEPS as KINDS_OF_STEPS
from tieout.faultlab.scenario import PROJECTS, VARIANTS, How, Step, draw
from tieout.faultlab.world import World

SEEDS = 200
AT_ONCE = 20
STEPS = 16


@pytest.mark.timeout(900)
@pytest.mark.parametrize("first", range(1, SEEDS, AT_ONCE))
def test_seeds_run_clean(laboratory: World, first: int) -> None:
    failure = actions.run_seeds(laboratory, first=first, count=AT_ONCE, steps=STEPS)
    assert failure is None, "\n".join(failure.story())


def test_loading_an_unchanged_project_sends_what_its_map_owes(laboratory: World) -> None:
    steps = (Step("send_projects"), Step("reopen_project", target=PROJECTS[3]))
    failure = actions.run_steps(laboratory, steps)
    assert failure is None, "\n".join(failure.story())


# A seed that catches each broken rule, tried first; the first 1,000 follow, should the chain have changed.
CATCHES = {"early-acknowledgement": 5, "missing-key": 9, "watermark-by-time": 71}
MOST = 1_000


def caught(laboratory: World, variant: str) -> Failure:
    """Return how a broken rule is noticed; without it the seeds are clean, as above."""
    with broken(variant, laboratory):
        for seed in (CATCHES[variant], *range(1, MOST)):
            failure = actions.run_seed(laboratory, seed=seed, steps=STEPS, shortest=False)
            if failure is not None:
                return failure
    raise AssertionError(f"{variant} passed {MOST} seeds")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_broken_rule_is_noticed(laboratory: World, variant: str) -> None:
    failure = caught(laboratory, variant)
    assert actions.run_steps(laboratory, failure.steps) is None  # it was the variant


def test_a_failing_seed_is_told_in_the_fewest_steps(laboratory: World) -> None:
    variant = "early-acknowledgement"
    found = caught(laboratory, variant)
    with broken(variant, laboratory):
        failure = actions.run_seed(laboratory, seed=found.seed, steps=STEPS)
    assert failure is not None
    story = list(failure.story())
    assert len(failure.steps) <= STEPS // 2, "\n".join(story)
    assert any("enter" in line for line in story)
    assert "neither owes it nor has brought it" in story[-1]


def test_the_seeds_hold_every_fault() -> None:
    drawn = [step for seed in range(1, SEEDS + 1) for step in draw(seed, STEPS)]
    assert {step.broken.how for step in drawn if step.broken} == set(How)
    assert {step.act for step in drawn} == {row.act for row in KINDS_OF_STEPS}
