"""Random worlds: the set engine makes exactly what the naive model makes, and conserves what it must."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reference import running

WORLDS = 2_000
pytestmark = pytest.mark.usefixtures("databases")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(WORLDS // running.BATCH))
def test_the_engine_makes_what_the_model_makes(number: int) -> None:
    assert running.run(running.batch_of("test", number)) == {}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(source=st.randoms(use_true_random=False))
def test_no_world_is_found_where_they_differ(source: Random) -> None:
    assert running.run(running.Batch(lambda _: source, "batch", ["w0", "w1"])) == {}
