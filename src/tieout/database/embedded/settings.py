"""The server's configuration files, written before each start; memory settings follow the machine's."""

import os
from importlib import resources
from pathlib import Path
from string import Template

MEBIBYTE = 1024 * 1024
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def memory_available() -> int:
    """Return the bytes of memory this program may count on: the machine's, or its container's if less."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in CGROUP_LIMITS:
        try:
            total = min(total, int(Path(name).read_text(encoding="ascii")))
        except (OSError, ValueError):  # no such limit, or "max"
            continue
    return total


def server_settings(*, memory_bytes: int, durable: bool) -> str:
    """Return ``postgresql.conf`` for a machine with that much memory.

    The server shares the machine with the program and its user's other work: an eighth of the memory for
    shared buffers (128 MB to 4 GB), per sort or hash 1/256 of it (8 to 64 MB), and 1/128 of it for the log
    that is not yet on disk (4 to 128 MB).
    """
    template = resources.files(__package__).joinpath("postgresql.conf").read_text(encoding="utf-8")
    megabytes = memory_bytes // MEBIBYTE
    return Template(template).substitute(
        DURABLE if durable else NOT_DURABLE,
        shared_buffers=f"{_within(128, megabytes // 8, 4096)}MB",
        effective_cache_size=f"{max(256, megabytes // 2)}MB",
        maintenance_work_mem=f"{_within(64, megabytes // 32, 1024)}MB",
        work_mem=f"{_within(8, megabytes // 256, 64)}MB",
        wal_buffers=f"{_within(4, megabytes // 128, 128)}MB",
    )


def access_rules() -> str:
    """Return ``pg_hba.conf``: through the socket only, and only who the operating system says may."""
    return "local all all peer map=tieout\n"


def access_map(*, client: str, user: str) -> str:
    """Return ``pg_ident.conf``: the operating system's ``client`` may connect as ``user``, nobody else."""
    quoted = client.replace('"', '""')
    return f'tieout "{quoted}" {user}\n'


def _within(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))
