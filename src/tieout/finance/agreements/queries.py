"""Which fixed rate agreements are set up, by their keys."""

from __future__ import annotations

from typing import Final

from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp

_PACKAGE: Final = "tieout.finance.agreements"
SET_UP: Final = SetUp.of_stage(FINANCE, _PACKAGE, ("set_up_fixed_rate_agreement",))
"""The set-up that is mastered here."""
