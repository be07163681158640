"""The rules of the architecture that an import contract cannot see. Each failure says what to do instead.

Every check runs over all that exists; none passes because it found nothing to look at.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from django.apps import apps
from django.db.models import Model
from importlinter.cli import lint_imports
from sqlglot import exp

from tieout.database.aliases import DATABASES_OF_APP

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tieout"

LINES_OF_FILE_MAX = 400
LINES_OF_FUNCTION_MAX = 60
TOO_LARGE: frozenset[str] = frozenset()  # "path" or "path:function"; may only shrink

DOORS = ("cli", "workspace", "jobs", "demo", "api")


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))


def found(*patterns: str, under: Path = SOURCE) -> list[Path]:
    """Every file of ours, without what Django generates."""
    paths = (path for pattern in patterns for path in under.rglob(pattern))
    return sorted(path for path in paths if path.parent.name != "migrations" or path.suffix == ".sql")


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def package_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


# ---------------------------------------------------------------- who imports whom


def test_import_contracts_are_kept() -> None:
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == 0, "run lint-imports"


def test_import_contracts_have_no_exceptions() -> None:
    assert "ignore_imports" not in text_of(ROOT / ".importlinter"), "change the design, not the contract"


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", found("*.py", under=SOURCE / "kernel"), ids=place)
def test_the_kernel_is_the_standard_library(path: Path) -> None:
    for module in imported_modules(path):
        ours = module.startswith("tieout.kernel")
        assert ours or module.partition(".")[0] in sys.stdlib_module_names, f"{place(path)} imports {module}"


@pytest.mark.parametrize("door", [door for door in DOORS if (SOURCE / door).is_dir()])
def test_doors_read_no_table(door: str) -> None:
    assert not found("*.sql", under=SOURCE / door), (
        f"{door} has SQL; ask a query of the stage that owns the table"
    )
    modules = found("*.py", under=SOURCE / door)
    assert modules
    for path in modules:
        if path.name == "models.py":
            continue  # its own users and preferences
        for module in imported_modules(path):
            assert not module.startswith(("django.db", "psycopg")), (
                f"{place(path)} imports {module}; call a verb"
            )


# ---------------------------------------------------------------- models


def our_models() -> list[type[Model]]:
    models = [model for model in apps.get_models() if model.__module__.startswith("tieout.")]
    assert models
    return models


def meta(model: type[Model]) -> Any:
    return model._meta


def test_no_relation_leaves_its_database() -> None:
    for model in our_models():
        for field in meta(model).get_fields():
            if not isinstance(field.related_model, type):
                continue
            apps_related = {meta(model).app_label, meta(field.related_model).app_label}
            homes = {DATABASES_OF_APP[app] for app in apps_related}
            assert len(homes) == 1, (
                f"{model.__name__}.{field.name}: keep the other side's key as a plain column"
            )


def test_every_table_says_in_its_name_who_owns_it() -> None:
    prefixes = {"problems": ("problem_",), "reconciliation": ("reconciliation_", "fact_")}
    for model in our_models():
        table, app = meta(model).db_table, meta(model).app_label
        allowed = prefixes.get(app, (f"{app}_",))
        assert table.startswith(allowed), f"{model.__name__}: table {table} begins with none of {allowed}"


# ---------------------------------------------------------------- SQL


@dataclass(frozen=True)
class Ownership:
    """Which tables, by prefix, the statements of a package may read and write."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]


SHARED, SIDES = ("outbox_", "problem_"), ("operations_", "finance_")
NOTHING = Ownership((), ())
OWNERSHIP = {
    "operations": Ownership(("operations_", *SHARED), ("operations_", *SHARED)),
    "finance": Ownership(("finance_", *SHARED), ("finance_", *SHARED)),
    # The prelude makes the numbering that column defaults of the outbox need before its migration.
    "database": Ownership(("outbox_",), ()),
    "outbox": Ownership(("outbox_",), ("outbox_",)),
    "problems": Ownership(("problem_",), ("problem_",)),
    # Carries between the sides: it reads what to carry; the other side's own verb takes it in.
    "dualwrite": Ownership(("operations_", "finance_", "dualwrite_", *SHARED), ("dualwrite_", *SHARED)),
    "reconciliation": Ownership(
        ("reconciliation_", "fact_", "problem_"), ("reconciliation_", "fact_", "problem_")
    ),
    # Compares both sides with a model, and strikes them as their owner: no verb loses or changes a record.
    # Its schema of that name is its own: the world as it was kept, and what the other side refuses.
    "faultlab": Ownership((*SIDES, "reconciliation_", *SHARED, "faultlab"), (*SIDES, *SHARED, "faultlab")),
}
PREFIXES = tuple({prefix for owner in OWNERSHIP.values() for prefix in (*owner.reads, *owner.writes)})
OWNED_NAME = re.compile(rf"\b(?:{'|'.join(PREFIXES)})\w+")
EVERYBODY_READS = ("pg_",)  # the server's catalog
TEMPORARY = re.compile(r"\bcreate\s+temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)", re.IGNORECASE)
SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
WRITING = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.TruncateTable, exp.Copy)


def statements_of(path: Path) -> list[exp.Expr] | None:
    """Return the parsed statements; None where the parser leaves one opaque (functions, triggers)."""
    try:
        parsed = [statement for statement in sqlglot.parse(text_of(path), dialect="postgres") if statement]
    except sqlglot.errors.SqlglotError:
        return None
    return None if any(isinstance(statement, exp.Command) for statement in parsed) else parsed


def tables_of(statement: exp.Expr) -> set[str]:
    """Every table that a statement names, without its own common table expressions and functions."""
    own = {cte.alias for cte in statement.find_all(exp.CTE)}
    tables = (table for table in statement.find_all(exp.Table) if isinstance(table.this, exp.Identifier))
    return {table.name for table in tables} - own


def written_by(statement: exp.Expr) -> set[str]:
    targets = (node.this for kind in WRITING for node in statement.find_all(kind))
    tables = (target.this if isinstance(target, exp.Schema) else target for target in targets)
    return {table.name for table in tables if isinstance(table, exp.Table)}


def created_by(statement: exp.Expr) -> set[str]:
    """Return what a statement creates, or drops to create it anew."""
    created = (node.find(exp.Table) for kind in (exp.Create, exp.Drop) for node in statement.find_all(kind))
    return {table.name for table in created if table}


@cache
def temporary_tables(folder: Path) -> frozenset[str]:
    """Return the temporary tables that statements of one folder create for each other."""
    return frozenset(name for path in folder.glob("*.sql") for name in TEMPORARY.findall(text_of(path)))


def violations_in_text(path: Path, owner: Ownership) -> Iterator[str]:
    # Both sides publish what they know as fact views, and name them where they define them.
    allowed = (*owner.reads, "fact_") if path.parent.name == "definitions" else owner.reads
    for name in OWNED_NAME.findall(SQL_COMMENT.sub("", text_of(path))):
        if not name.startswith(allowed):
            yield f"names {name}"


def violations_in(statements: list[exp.Expr], owner: Ownership, temporary: frozenset[str]) -> Iterator[str]:
    created = set().union(*(created_by(statement) for statement in statements))
    written = set().union(*(written_by(statement) for statement in statements))
    named = set().union(*(tables_of(statement) for statement in statements))
    rules = (
        ("creates", created, (*owner.writes, "fact_")),
        ("writes", written, owner.writes),
        ("reads", named - created - written, (*owner.reads, *EVERYBODY_READS)),
    )
    for verb, tables, allowed in rules:
        yield from (f"{verb} {table}" for table in tables - temporary if not table.startswith(allowed))


def sql_violations(path: Path) -> set[str]:
    """Return what a file names and may not."""
    owner = OWNERSHIP.get(package_of(path), NOTHING)
    parsed = statements_of(path)
    if parsed is None:
        return set(violations_in_text(path, owner))
    return set(violations_in(parsed, owner, temporary_tables(path.parent)))


@pytest.mark.parametrize("path", found("*.sql"), ids=place)
def test_sql_names_only_tables_of_its_package(path: Path) -> None:
    violations = sql_violations(path)
    assert not violations, (
        f"{place(path)} {', '.join(sorted(violations))}; call the verb of the stage that owns it"
    )


# ---------------------------------------------------------------- words


@dataclass(frozen=True)
class Banned:
    """A word, the files where it is at home, and what to write instead."""

    pattern: str
    home: str
    instead: str


BANNED = (
    Banned(r"\bfloat\([^)]", "", "Decimal, from text or integers"),
    Banned(r"\bdatetime\.(now\(\)|utcnow\()", "", "django.utils.timezone.now()"),
    Banned(r"\bdate\.today\(", "", "take the date as an argument, or django.utils.timezone.localdate()"),
    Banned(r"(?<![\w.])print\(", r"/cli/", "structlog, or a result that the command line prints"),
    Banned(r"\b(FIXME|TODO|XXX)\b", "", "do it, or file an issue"),
    Banned(r"\bget_model\(", r"/migrations/", "import the model"),
    Banned(
        r"django\.(db\.models\.signals|dispatch)|@receiver\b",
        "",
        "call the next stage's verb where it is visible",
    ),
    Banned(r"(?<!book)\.save\(", r"/actions\.py$", "a verb in actions.py"),
    Banned(r"\.(bulk_create|bulk_update)\(", r"/actions\.py$", "a verb in actions.py"),
)


@pytest.mark.parametrize("banned", BANNED, ids=lambda banned: banned.pattern)
def test_no_banned_words(banned: Banned) -> None:
    for path in found("*.py", "*.sql", "*.html"):
        if banned.home and re.search(banned.home, path.as_posix()):
            continue
        for number, line in enumerate(text_of(path).splitlines(), 1):
            assert not re.search(banned.pattern, line), (
                f"{place(path)}:{number}: write instead: {banned.instead}"
            )


def is_composed(node: ast.expr) -> bool:
    """Whether an expression puts text together: f-string, +, % or .format()."""
    if isinstance(node, ast.Call):
        return (
            isinstance(node.func, ast.Attribute) and node.func.attr == "format" and is_text(node.func.value)
        )
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def test_no_statement_is_composed_in_code() -> None:
    # tieout.database alone composes statements, from identifiers that it checks itself.
    for path in (path for path in found("*.py") if package_of(path) != "database"):
        for call in (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)):
            runs = isinstance(call.func, ast.Attribute) and call.func.attr in {
                "execute",
                "executemany",
                "raw",
            }
            composed = runs and any(is_composed(argument) for argument in call.args)
            assert not composed, f"{place(path)}:{call.lineno}: a named .sql file with parameters"


# ---------------------------------------------------------------- sizes


def sizes() -> Iterator[tuple[str, int, int]]:
    """Yield every file and function with its lines and its limit."""
    for path in [*found("*.py"), *found("*.py", under=ROOT / "tests")]:
        yield place(path), len(text_of(path).splitlines()), LINES_OF_FILE_MAX
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{place(path)}:{node.name}", lines, LINES_OF_FUNCTION_MAX


def test_files_and_functions_fit_a_reader() -> None:
    large = {name: lines for name, lines, limit in sizes() if lines > limit}
    new = {name: lines for name, lines in large.items() if name not in TOO_LARGE}
    assert not new, (
        f"split by what they know (files {LINES_OF_FILE_MAX}, functions {LINES_OF_FUNCTION_MAX}): {new}"
    )
    assert not TOO_LARGE - set(large), "these fit now; take them off the list of exceptions"


# ---------------------------------------------------------------- dead files


WORD_ENDS = re.compile(r"[\"'/,\n]")


def is_named(path: Path, others: dict[Path, str], words: Counter[str], own: set[str]) -> bool:
    """Whether another file names this one; Django and the definitions' runner find theirs by folder.

    ``words``: in how many files each word stands; ``own``: those of this file.
    """
    if path.parent.name == "definitions":
        return words["definitions"] > 0
    if words[path.stem] > (path.stem in own):
        return True
    name = path.relative_to(path.parents[1]).as_posix() if path.suffix == ".html" else path.name
    return any(name in text for other, text in others.items() if other != path)


def test_no_file_is_dead() -> None:
    resources = found("*.sql", "*.csv", "*.html")
    assert resources
    others = {path: text_of(path) for path in found("*.py", "*.csv", "*.html", "*.toml")}
    of_file = {path: set(WORD_ENDS.split(text)) for path, text in others.items()}
    words = Counter(word for found_in in of_file.values() for word in found_in)
    for path in resources:
        named = is_named(path, others, words, of_file.get(path, set()))
        assert named, f"{place(path)} is named nowhere; use it or remove it"
