"""Every failure has a code, every code its words, and none is there that nothing meets (DESIGN D12)."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import SOURCE, found, place, text_of
from tieout.kernel.problems import Problem
from tieout.problems.catalogue import CATALOGUE, UNREACHED

CODE = re.compile(r"\b(?:INV|IMP|PST|GJ|DW|VAL|CFG|INT|LOAD|DOC|APR|JRN|JOB|ACCESS)-[0-9]{3}\b")


def without_comments(path: Path) -> str:
    """Return what a file does, without what its comments only speak of."""
    mark = {".sql": "--", ".py": "#"}.get(path.suffix)
    text = text_of(path)
    return text if mark is None else re.sub(rf"^\s*{mark}.*$", "", text, flags=re.MULTILINE)


def subclasses_of(kind: type[Problem]) -> Iterator[type[Problem]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses_of(child)


def declared_problems() -> list[type[Problem]]:
    """Every problem class of the product, after importing each module that declares one."""
    for path in found("*.py"):
        if re.search(r"^class \w+\(.*Problem\w*\)", text_of(path), re.MULTILINE):
            importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
    return [kind for kind in subclasses_of(Problem) if kind.__module__.startswith("tieout.")]


def test_every_problem_has_its_words_and_all_their_fields() -> None:
    problems = [kind for kind in declared_problems() if "code" in vars(kind)]
    assert problems
    for kind in problems:
        assert kind.code in CATALOGUE, f"{kind.__name__}: add {kind.code} to problems/catalogue.csv"
        missing = CATALOGUE[kind.code].placeholders() - kind.field_names()
        assert not missing, f"{kind.__name__} lacks the fields {sorted(missing)} that its text names"


def test_one_code_is_one_problem() -> None:
    codes = [kind.code for kind in declared_problems() if "code" in vars(kind)]
    doubled = {code for code in codes if codes.count(code) > 1}
    assert not doubled, f"give each failure its own code: {sorted(doubled)}"


def test_every_code_that_is_written_anywhere_is_in_the_catalogue() -> None:
    for path in found("*.py", "*.sql", "*.html", "*.csv"):
        unknown = set(CODE.findall(text_of(path))) - set(CATALOGUE)
        assert not unknown, f"{place(path)} names {sorted(unknown)}; add them to problems/catalogue.csv"


def test_a_code_is_met_somewhere_or_says_why_it_cannot_be() -> None:
    named = {
        code
        for path in found("*.py", "*.sql", "*.csv")
        if path.parent.name != "problems" or path.suffix == ".py"
        for code in CODE.findall(without_comments(path))
    }
    assert set(UNREACHED) <= set(CATALOGUE)
    assert not set(CATALOGUE) - named - set(UNREACHED), "raise them, or say in problems/unreached.csv why not"
    assert not named & set(UNREACHED), "they are raised: take them out of problems/unreached.csv"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_catalogue_row_says_what_why_and_what_next(code: str) -> None:
    text = CATALOGUE[code]
    assert CODE.fullmatch(code), f"{code}: a code is AREA-123, with its area known to this test"
    assert text.placeholders() is not None
    for sentence in (text.cause, text.remedy):
        assert sentence.endswith("."), f"{code}: cause and remedy are sentences"
