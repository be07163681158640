"""``python -m tests.reference.worlds --worlds 100000 --seed 1``: many random worlds, engine against model.

It prints how many worlds took how long, and of some that differ the smallest that was found; the exit code
is 1 if there is one. ``--world N`` runs one world of the seed again. The server is an embedded one
of its own, or that of ``TIEOUT_TEST_SERVER_URL``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

EXPLAINED = 3  # worlds that differ
SHOWN = 20  # lines of one difference
EVERY = 40  # batches between two lines of progress


@contextmanager
def databases() -> Iterator[None]:
    """Give migrated databases; they are removed afterwards."""
    import django
    from tests import databases as test_databases

    from tieout.config import logs

    test_databases.point_at_test_databases()
    logs.configure()
    django.setup()
    with test_databases.server():
        yield


def main(arguments: list[str]) -> int:
    """Run the worlds; return the exit code."""
    parser = argparse.ArgumentParser(prog="worlds", description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000, help="how many; 1000 by default")
    parser.add_argument("--seed", default="1", help="what they are drawn from; 1 by default")
    parser.add_argument("--world", type=int, help="run only this world of the seed")
    options = parser.parse_args(arguments)
    with databases():
        if options.world is not None:
            return 1 if explain(options.seed, options.world) else 0
        return many(options.seed, options.worlds)


def many(seed: str, worlds: int) -> int:
    """Run so many worlds of a seed; return the exit code."""
    from tests.reference import running

    different: dict[str, list[str]] = {}
    started = time.perf_counter()
    batches = -(-worlds // running.BATCH)
    for number in range(batches):
        different |= running.run(running.batch_of(seed, number))
        if (number + 1) % EVERY == 0:
            done, spent = (number + 1) * running.BATCH, time.perf_counter() - started
            say(f"{done:,} worlds, {spent:,.0f} s, {len(different)} differ")
    took = time.perf_counter() - started
    say(f"{batches * running.BATCH:,} worlds of seed {seed} in {took:,.0f} s: {len(different)} differ")
    for world in list(different)[:EXPLAINED]:
        if not explain(seed, int(world.removeprefix("w"))):
            for line in ["  but beside the other worlds of its batch:", *different[world][:SHOWN]]:
                say(f"  {line}")
    return 1 if different else 0


def explain(seed: str, world: int) -> bool:
    """Say what a world does and where it differs; return whether it does."""
    from tests.reference import running

    batch = running.batch_of(seed, world // running.BATCH)
    found, differences = running.smallest(replace(batch, worlds=[f"w{world}"]), f"w{world}")
    say(f"world {world} of seed {seed}: {len(differences)} differences")
    if differences:
        say(f"  entries {list(found.entries or [])} of it, steps:")
        for number, step in found.script():
            say(f"  {number}: {step.verb} by {step.by} in {step.company}")
        for line in differences[:SHOWN]:
            say(f"  {line}")
    return bool(differences)


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
