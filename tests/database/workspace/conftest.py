"""A world whose figures are those of the original's picture, and people with roles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.database.loading import firm
from tests.database.workspace import world as worlds


@pytest.fixture
def world(databases: None) -> worlds.WorkingWorld:
    made = worlds.WorkingWorld()
    worlds.tiles(made)
    return made


@pytest.fixture
def log_in(databases: None) -> Callable[..., Client]:
    """Return a browser in which a new user with these roles and companies is logged in."""

    def logged_in(*roles: str, companies: list[str] | None = None, name: str = "anna") -> Client:
        password = worlds.user(name, *roles, companies=companies)
        client = Client()
        answer = client.post("/login/", {"username": name, "password": password})
        assert answer.status_code == 302, "the log-in page takes the password"
        return client

    return logged_in


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm of two companies; project QUAY is on line 1 of contract K1 and has tasks A and B."""
    firm.set_up(tmp_path / "setup", task="project,number\nQUAY,A\nQUAY,B\n")
    return tmp_path


@pytest.fixture
def loader(folder: Path, log_in: Callable[..., Client]) -> Client:
    """Somebody who may load, in all companies."""
    return log_in("project_accountant")
