"""What the embedded server's configuration says for machines of any size, and where its data lie."""

import os
from pathlib import Path

import pytest

from tieout.database import embedded
from tieout.database.embedded import settings

GIBIBYTE = 1024 * settings.MEBIBYTE


@pytest.mark.parametrize(
    ("memory", "shared_buffers", "work_mem", "wal_buffers", "maintenance_work_mem", "effective_cache_size"),
    [
        (GIBIBYTE // 2, "128MB", "8MB", "4MB", "64MB", "256MB"),
        (4 * GIBIBYTE, "512MB", "16MB", "32MB", "128MB", "2048MB"),
        (24 * GIBIBYTE, "3072MB", "64MB", "128MB", "768MB", "12288MB"),
        (512 * GIBIBYTE, "4096MB", "64MB", "128MB", "1024MB", "262144MB"),
    ],
)
def test_memory_settings_follow_the_machine(
    memory: int,
    shared_buffers: str,
    work_mem: str,
    wal_buffers: str,
    maintenance_work_mem: str,
    effective_cache_size: str,
) -> None:
    lines = settings.server_settings(memory_bytes=memory, durable=True).splitlines()
    assert f"shared_buffers = {shared_buffers}" in lines
    assert f"work_mem = {work_mem}" in lines
    assert f"wal_buffers = {wal_buffers}" in lines
    assert f"maintenance_work_mem = {maintenance_work_mem}" in lines
    assert f"effective_cache_size = {effective_cache_size}" in lines


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_only_a_server_for_tests_gives_up_durability(name: str) -> None:
    assert f"{name} = on" in settings.server_settings(memory_bytes=GIBIBYTE, durable=True).splitlines()
    assert f"{name} = off" in settings.server_settings(memory_bytes=GIBIBYTE, durable=False).splitlines()


def test_this_machine_has_memory_within_reason() -> None:
    assert GIBIBYTE // 8 < settings.memory_available() < 1024 * 1024 * GIBIBYTE


def test_a_users_name_cannot_break_out_of_the_map() -> None:
    assert settings.access_map(client='o"hara all', user="tieout") == 'tieout "o""hara all" tieout\n'


def test_the_data_directory_is_the_environments_or_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIEOUT_DATA_DIRECTORY", "~/elsewhere")
    assert embedded.default_data_directory() == Path("~/elsewhere").expanduser()
    monkeypatch.setenv("TIEOUT_DATA_DIRECTORY", "here")
    assert embedded.default_data_directory() == Path.cwd() / "here"

    monkeypatch.delenv("TIEOUT_DATA_DIRECTORY")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/somebody")
    users = Path("/home/somebody/.local/share/tieout")
    assert embedded.default_data_directory() == (Path("/var/lib/tieout") if os.geteuid() == 0 else users)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert embedded.default_data_directory() == users
