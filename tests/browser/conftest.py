"""A real server, a real worker and a real browser on the databases of the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.database.workspace import world as worlds

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS_TO_START: Final = 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; where it is missing the tests are skipped, but never in continuous integration."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the browser tests need Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; what tests write meanwhile is no coroutine's.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def world(databases: None) -> worlds.WorkingWorld:
    made = worlds.WorkingWorld()
    worlds.tiles(made)
    return made


WITHOUT_WORKER: Final = ("--no-worker",)


@pytest.fixture
def serve_options() -> tuple[str, ...]:
    """Without a worker, whose clock would move the figures that a test looks at; a test may ask otherwise."""
    return WITHOUT_WORKER


@dataclass(frozen=True, slots=True)
class Site:
    """A running ``tieout serve``, and what it complains of."""

    address: str
    complaints: Path


@contextmanager
def _serve(folder: Path, *options: str) -> Iterator[Site]:
    """Run ``tieout serve`` on a free port of this machine."""
    complaints = folder / "serve.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    with complaints.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tieout", "serve", "--port", str(port), *options],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        _wait_until_it_answers(server, port)
        yield Site(f"http://127.0.0.1:{port}", complaints)
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture(scope="session")
def site_without_worker(server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests: it remembers nothing of the databases, which each test fills anew."""
    with _serve(tmp_path_factory.mktemp("serve"), *WITHOUT_WORKER) as running:
        yield running


@pytest.fixture
def site(
    world: object, serve_options: tuple[str, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of the program on the databases of a test; its complaints are shown when that fails."""
    if serve_options == WITHOUT_WORKER:
        running = request.getfixturevalue("site_without_worker")
        said_before = running.complaints.stat().st_size
        yield running.address
    else:
        said_before = 0
        with _serve(tmp_path, *serve_options) as running:
            yield running.address
    sys.stderr.write(running.complaints.read_bytes()[said_before:].decode())


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"tieout serve ended with {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("tieout serve does not answer")


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page on which the accountant is logged in; a script error or a failed request fails the test."""
    password = worlds.user("anna", "project_accountant")
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 1000})
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    opened.goto("/")
    opened.get_by_label("User name").fill("anna")
    opened.get_by_label("Password").fill(password)
    opened.get_by_role("button", name="Log in").click()
    opened.wait_for_url("**/companies/**")
    yield opened
    context.close()
    assert troubles == []
