"""Programs ended at any moment leave the books of a run that nobody disturbed (`make kills` in small)."""

from __future__ import annotations

from pathlib import Path

from tests.databases import close_connections, empty_databases
from tests.scale import kills, world

from tieout.loading.actions import load_set_up

LINES, KILLS, SEED = 3_000, 8, 7


def test_killed_at_random_moments_the_books_are_as_if_nothing_had_happened(
    databases: None, tmp_path: Path
) -> None:
    from tests.scale.stages import ACTOR

    world.write_setup(tmp_path / "setup")
    found = []
    for count in (0, KILLS):
        empty_databases()
        close_connections()
        load_set_up(actor=ACTOR, folder=tmp_path / "setup")
        found.append(kills.outcome(tmp_path, lines=LINES, kills=count, seed=SEED))
    undisturbed, killed = found
    assert kills.faults(undisturbed, killed) == []
    assert (undisturbed["kills"], killed["kills"]) == (0, KILLS)
    assert (killed["books"]["vouchers"], killed["books"]["actuals"]) == (LINES + LINES // 10, LINES)
    # Whoever looks for a fault finds one: a voucher more in the other books would be told.
    killed["books"]["vouchers"] += 1
    assert kills.faults(undisturbed, killed) == ["vouchers: 3300 undisturbed, 3301 after the kills"]
