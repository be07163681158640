"""The facts verified by the clock: a collection that is under way is waited for."""

from __future__ import annotations

import time
from typing import Final

from tieout.kernel.access import Actor
from tieout.problems.rules import AlreadyRunning
from tieout.reconciliation.collectors.actions import Verification, verify

SECONDS_TO_WAIT: Final = 120  # a collection takes moments, and the chain runs one every minute


def verified(actor: Actor) -> Verification:
    """Compare facts with their sides, after any collection that runs now."""
    for _ in range(SECONDS_TO_WAIT):
        done = verify(actor=actor)
        if done.ran:
            return done
        time.sleep(1)
    raise AlreadyRunning(job="collect")
