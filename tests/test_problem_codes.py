"""Every failure has a code, every code its words, and none is there that nothing meets (DESIGN D12)."""

from __future__ import annotations

import csv
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import SOURCE, found, place, text_of
from tieout.kernel.problems import Problem
from tieout.problems.catalogue import CATALOGUE, UNREACHED

TESTS = Path(__file__).parent
CODE = re.compile(r"\b(?:INV|IMP|PST|GJ|DW|VAL|CFG|INT|LOAD|DOC|APR|JRN|JOB|REC|ACCESS)-[0-9]{3}\b")


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
    """Finance spec 7, pain 14 (#4022): no code without its words."""
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


def test_a_code_that_can_be_met_is_named_by_a_test() -> None:
    """By its code, by the class that has it, or, of rows of a file, as ``"208 vendor"``."""
    texts = [path.read_text("utf-8") for path in TESTS.rglob("*.py") if path != Path(__file__)]
    words = frozenset(word for text in texts for word in re.findall(r"[A-Z]+-[0-9]{3}|[A-Z]\w+", text))
    short = frozenset(f"LOAD-{number}" for text in texts for number in re.findall(r'"([0-9]{3})[ "]', text))
    by_class = {kind.code for kind in declared_problems() if "code" in vars(kind) and kind.__name__ in words}
    unnamed = set(CATALOGUE) - set(UNREACHED) - words - short - by_class
    assert not unnamed, "let a test meet them"


def test_of_each_process_that_keeps_problems_a_test_sees_one_resolved() -> None:
    """That a problem is over is a rule of process and record (problems/actions.py), never of a code."""
    with (TESTS / "resolved_problems.csv").open(encoding="utf-8") as stream:
        seen = {row["process"]: row["resolved_by"] for row in csv.DictReader(stream)}
    keeping = {
        name.lower()
        for path in found("*.py")
        for name in re.findall(r"process=Process\.([A-Z_]+)", text_of(path))
        if path.parent.name != "workspace"
    }
    assert set(seen) == keeping
    for process, node in seen.items():
        file, _, test = node.partition("::")
        text = (TESTS.parent / file).read_text("utf-8")
        assert f"def {test}(" in text, f"{process}: there is no {node}"
        assert "resol" in text or "open_problems" in text, f"{process}: {file} looks at no resolution"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_catalogue_row_says_what_why_and_what_next(code: str) -> None:
    text = CATALOGUE[code]
    assert CODE.fullmatch(code), f"{code}: a code is AREA-123, with its area known to this test"
    assert text.placeholders() is not None
    for sentence in (text.cause, text.remedy):
        assert sentence.endswith("."), f"{code}: cause and remedy are sentences"
