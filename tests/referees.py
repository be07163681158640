"""The outside referees of our books: bean-check, and hledger where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

BEAN_CHECK = Path(sys.executable).with_name("bean-check")
HLEDGER = shutil.which("hledger")


def bean_check(file: Path) -> str:
    done = subprocess.run(
        [BEAN_CHECK, "--no-cache", file], capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


def hledger(file: Path, *arguments: str) -> str:
    assert HLEDGER
    done = subprocess.run(
        [HLEDGER, "-f", file, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"LC_ALL": "C.UTF-8"},
    )
    return done.stdout + done.stderr
