"""File locks. The kernel frees a lock when its last holder closes it or dies, whatever way."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tieout.database.embedded.errors import EmbeddedServerError

PAUSE_SECONDS = 0.01


def opened(path: Path) -> int:
    """Return a descriptor of the lock file, made if need be; never through a link, never inherited."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def try_exclusive(descriptor: int) -> bool:
    """Take the lock alone if nobody else has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def shared(path: Path) -> int:
    """Take the lock together with others and return its descriptor; closing it gives it back."""
    descriptor = opened(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def alone(path: Path) -> int:
    """Take the lock alone and return its descriptor; waits only for who is just asking."""
    descriptor = opened(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def held_exclusively(path: Path) -> bool:
    """Say whether somebody holds the lock alone; asking never disturbs another one who asks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def exclusive(path: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock alone; whoever waits longer than the timeout is told who keeps him waiting."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        descriptor = opened(path)
        try:
            if try_exclusive(descriptor) and _is_still(path, descriptor):
                yield
                return
        finally:
            os.close(descriptor)
        if time.monotonic() > deadline:
            raise EmbeddedServerError(
                f"Another program (process {names(path)}) has been starting or stopping the embedded "
                f"PostgreSQL for {timeout_seconds:.0f} seconds, and holds {path}. "
                "Wait for it, or end that program, then try again."
            )
        time.sleep(PAUSE_SECONDS)


def holders(path: Path) -> tuple[int, ...]:
    """Return the processes that took the lock, as the kernel lists them (none on macOS)."""
    found: set[int] = set()
    with suppress(OSError):
        number = path.stat().st_ino
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            # "1: FLOCK  ADVISORY  READ 4711 fe:01:1234 0 EOF"; who waits has "->" in second place
            fields = line.split()
            if fields[1] == "FLOCK" and fields[5].rsplit(":", 1)[1] == str(number):
                found.add(int(fields[4]))
    return tuple(sorted(found))


def names(path: Path) -> str:
    """Return the holders' process numbers for a message."""
    return ", ".join(str(process) for process in holders(path)) or "unknown"


def _is_still(path: Path, descriptor: int) -> bool:
    """Say whether the locked file is the one that stands there now: it may have been removed meanwhile."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False
