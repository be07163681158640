"""Identifiers that rise with time, so that an index on them grows at its right edge.

UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits. Random keys cost a
multiple in index maintenance (DESIGN, section 6).
"""

from __future__ import annotations

import re
import secrets
import threading
import time
import uuid
from typing import ClassVar, Final

_TIME_BITS: Final = 48
_TAIL_BITS: Final = 74  # 12 in rand_a, 62 in rand_b
_SEED_BITS: Final = 73  # the top bit starts at 0, so that counting up within a millisecond cannot overflow
_LOW_BITS: Final = 62
_VERSION: Final = 7
_VARIANT: Final = 0b10
_TEXT = re.compile(r"(\{)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?(1)\})")


class _Clock:
    """The last identifier of this process: the only state in the kernel."""

    lock: ClassVar = threading.Lock()
    ms: ClassVar[int] = -1
    tail: ClassVar[int] = 0


def new_id(now_ms: int | None = None) -> uuid.UUID:
    """Return a new identifier, higher than every one this process made before.

    It holds also within one millisecond and when the clock is set back. With ``now_ms`` (Unix
    milliseconds) the identifier carries that time and only its random part is new: for records that
    are dated, and for tests.
    """
    if now_ms is not None:
        return _layout(now_ms, secrets.randbits(_TAIL_BITS))
    with _Clock.lock:
        present_ms = time.time_ns() // 1_000_000
        if present_ms > _Clock.ms:
            _Clock.ms, _Clock.tail = present_ms, secrets.randbits(_SEED_BITS)
        else:
            _Clock.tail += 1 + secrets.randbits(32)
        return _layout(_Clock.ms, _Clock.tail)


def new_ids(count: int) -> list[str]:
    """Return so many new identifiers as hexadecimal digits: consecutive ones, made at once for a set of rows.

    They rise, and rise above every identifier this process made before.
    """
    with _Clock.lock:
        present_ms = max(time.time_ns() // 1_000_000, _Clock.ms + 1)
        # With a 0 on top of the low bits, counting up stays within them.
        first = secrets.randbits(_SEED_BITS) & ~(1 << (_LOW_BITS - 1))
        _Clock.ms, _Clock.tail = present_ms, first + count
    whole = _layout(present_ms, first).int
    high, low = f"{whole >> 64:016x}", whole & (1 << 64) - 1
    return [f"{high}{one:016x}" for one in range(low, low + count)]


def parse_id(text: str) -> uuid.UUID:
    """Return the identifier that ``text`` writes as 8-4-4-4-12 hexadecimal digits, in braces or not.

    Anything else raises :class:`ValueError`, also what :class:`uuid.UUID` would let pass (no
    hyphens, a URN, hyphens anywhere).
    """
    if not _TEXT.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is not an identifier such as 0190a8b2-7c1e-7def-8123-456789abcdef")
    return uuid.UUID(text)


def _layout(ms: int, tail: int) -> uuid.UUID:
    """Return the version 7 layout of a time and 74 bits: time, version, 12 bits, variant, 62 bits."""
    if not 0 <= ms < 1 << _TIME_BITS:
        raise ValueError(f"{ms} milliseconds do not fit an identifier")
    high, low = divmod(tail, 1 << _LOW_BITS)
    return uuid.UUID(int=(ms << 80) | (_VERSION << 76) | (high << 64) | (_VARIANT << 62) | low)
