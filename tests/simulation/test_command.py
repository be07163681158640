"""The command: figures of clean seeds, the story of one that fails, and nothing left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _faultlab(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command as its user would, who has databases of their own that cannot be reached."""
    own = {f"TIEOUT_{side}_DATABASE_URL": f"postgresql://nobody@/{side}?host=/nowhere" for side in _SIDES}
    return subprocess.run(
        [sys.executable, "-m", "tieout", "faultlab", *options],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )


_SIDES = ("OPERATIONS", "FINANCE", "RECONCILIATION")


def _places() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("tieout-faultlab-*")}


def test_clean_seeds_are_counted_and_nothing_is_left() -> None:
    before = _places()
    done = _faultlab("--seed", "1", "--seeds", "2", "--steps", "8")
    assert done.stdout.startswith("2 seeds of 8 steps from 1 on: all clean, in "), done.stderr
    assert done.returncode == 0
    assert _places() <= before


def test_a_seed_that_fails_is_told() -> None:
    done = _faultlab("--seed", "1", "--seeds", "100", "--broken", "early-acknowledgement")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    first = re.fullmatch(r"Seed (\d+) fails. The fewest steps that still do:", lines[0])
    assert first is not None, done.stdout
    assert lines[1].startswith("  1. enter ")
    again = f"Again: tieout faultlab --seed {first[1]} --steps 16 --broken early-acknowledgement"
    assert lines[-1] == again


def test_an_unknown_variant_is_refused() -> None:
    done = _faultlab("--broken", "everything")
    assert done.returncode == 2
    assert "early-acknowledgement, missing-key, watermark-by-time" in done.stderr
