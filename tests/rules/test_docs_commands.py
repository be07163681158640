"""What the documentation tells people to type exists: commands, options, jobs, maps, formats, codes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from tieout.cli.main import app
from tieout.dualwrite.maps.rules import MAPS
from tieout.jobs.catalogue import JOBS
from tieout.loading.formats import FORMATS
from tieout.problems.catalogue import CATALOGUE

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE: Final = re.compile(r"^[ ]*```\w*\n(?P<inside>.*?)^[ ]*```[ ]*$", re.MULTILINE | re.DOTALL)
INLINE: Final = re.compile(r"`(?P<inside>(?:\.venv/bin/)?tieout [a-z-][^`]*)`")
CODE: Final = re.compile(r"\b(?:ACCESS|APR|CFG|DOC|DW|IMP|JOB|JRN|LOAD|PST)-\d{3}\b")
_BRACKETS: Final = str.maketrans("", "", "[]")  # of what may be left out, in a usage line
LINK: Final = re.compile(r"\]\((?P<target>[^)#:]+)(?:#[^)]*)?\)")


def _commands(text: str) -> Iterator[list[str]]:
    """Yield the words after ``tieout`` of every call, without redirections and what follows a pipe."""
    blocks = [found["inside"] for found in FENCE.finditer(text)]
    for line in "\n".join(blocks).splitlines() + [found["inside"] for found in INLINE.finditer(text)]:
        if re.match(r"\s*(\.venv/bin/)?tieout\s", line):
            for call in re.split(r"&&|[|>]", line):
                words = shlex.split(call.translate(_BRACKETS), comments=True)
                if words and words[0].rpartition("/")[2] == "tieout":
                    yield words[1:]


WRITTEN: Final = [
    pytest.param(words, id=f"{page.relative_to(ROOT)}: tieout {' '.join(words)}")
    for page in PAGES
    for words in _commands(page.read_text(encoding="utf-8"))
]


def _parse(words: list[str]) -> dict[str, object]:
    """Return the parameters of a call as its command would get them; nothing is executed."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    words = words[2:] if words[:1] == ["--as"] else words
    context = root.make_context("tieout", [*words], resilient_parsing=True)
    found: dict[str, object] = {}
    command: object = root
    while isinstance(command, TyperGroup):
        _, command, words = command.resolve_command(context, words)
        assert command is not None
        is_group = isinstance(command, TyperGroup)
        context = command.make_context(command.name, [*words], parent=context, resilient_parsing=is_group)
        found = context.params
    return found


@pytest.mark.parametrize("words", WRITTEN)
def test_command_exists(words: list[str]) -> None:
    """Command and options exist, required ones are there, and what is named is in its catalogue.

    Finance spec 7, pain 14 (#21): no step of the documentation is out of date.
    """
    if len(words) == 1 and words[0] in {"load", "run", "trace", "users", "export"}:
        return  # the name of the command alone, in a sentence
    found = _parse(words)
    if (job := found.get("job")) is not None:
        assert job in {row.job for row in JOBS} | {"list", "JOB"}
    if (what := found.get("what")) is not None:
        assert what in {*FORMATS, "setup"}
    if name := found.get("name") if words[0] == "maps" else None:
        assert name in {row.map for row in MAPS} | {"all"}


def test_pages_name_commands() -> None:
    """The pattern finds what is written: a test over nothing would pass."""
    pages = {str(parameter.id).partition(":")[0] for parameter in WRITTEN}
    assert {"README.md", *(f"docs/howto/{page.name}" for page in (ROOT / "docs/howto").glob("*.md"))} <= pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_codes_and_links_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert {code for code in CODE.findall(text) if code not in CATALOGUE} == set()
    targets = {found["target"] for found in LINK.finditer(FENCE.sub("", text))}
    assert {target for target in targets if not (page.parent / target).exists()} == set()
