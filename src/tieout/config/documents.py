"""The generated pages of ``docs/reference``: the tables that are rules, rendered (``make docs``).

A page is never written by hand, so that it cannot be wrong; a test compares each with what its table says
now.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Final

from tieout.config import bootstrap

Page = Callable[[], str]
_FOLDER: Final = Path("docs") / "reference"


def pages() -> dict[str, Page]:
    """Return the page of every file name; the names are those in ``docs/reference``."""
    from tieout.jobs import catalogue as jobs  # noqa: PLC0415  Django is set up first
    from tieout.loading import reference as formats  # noqa: PLC0415  Django is set up first
    from tieout.workspace import decision_table  # noqa: PLC0415  Django is set up first

    return {
        "file-formats.md": formats.file_formats,
        "jobs.md": jobs.reference,
        "decision-table.md": decision_table.reference,
        "posting-matrix.md": lambda: _of_csv(
            "Posting matrix",
            "Where finance takes each kind of actual that operations can send, and what its line debits and"
            " credits. Treatment: what the ledger makes of a cost (project cost and revenue profile) or of a"
            " sale (accrued: by profile and line property, of lent work by lending relationship)."
            " `integration_journal`: a line, and a voucher of its own; a negative line swaps the"
            " sides, and without posting types the voucher has no ledger entries."
            " `invoice_proposal`: billed sales never go to the integration journal; they wait in staging"
            " (IMP-110). `at_source`: its document posts the cost itself, so that it does not travel; if"
            " it arrives, it is refused. `not_applicable`: there are no accounts for it; it stays in"
            " staging until operations corrects it (IMP-108). Project company `own`: the project belongs"
            " to the company that accounts for the actual. `other`: to another company, which borrows;"
            " the lender's entries name no project.",
            "tieout.finance.journals",
            "posting_matrix.csv",
        ),
        "maps.md": lambda: _of_csv(
            "Dual-write maps",
            "Which records travel, from which side into which table. `append`: the first arrival stays;"
            " `newer`: a higher version replaces it. `master`: the table of set-up records; a map that starts"
            " after it was not running sends all of them. `named by`: the columns by which a person knows a"
            " record. `depends on`: the maps whose records its own name. `tieout maps` shows their states.",
            "tieout.dualwrite.maps",
            "maps.csv",
        ),
        "roles.md": _roles,
        "problems.md": _problems,
        "settings.md": lambda: _of_csv(
            "Settings",
            "Environment variables. `tieout check` says in one line each what is wrong with them.",
            "tieout.config",
            "settings.csv",
        ),
    }


def _read(package: str, name: str) -> list[dict[str, str]]:
    text = (files(package) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def _page(title: str, introduction: str, header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = [word.replace("_", " ") for word in header]
    lines = [f"# {title}", "", "<!-- Made by `make docs`; do not edit. -->", "", introduction, ""]
    lines += [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _of_csv(title: str, introduction: str, package: str, name: str) -> str:
    rows = _read(package, name)
    return _page(title, introduction, rows[0], (row.values() for row in rows))


def _roles() -> str:
    rows = _read("tieout.kernel", "roles.csv")
    roles = list(dict.fromkeys(row["role"] for row in rows))
    allowed = {(row["role"], row["verb"]): row["allowed"] == "yes" for row in rows}
    body = [
        [verb.replace("_", " "), *("yes" if allowed[role, verb] else "" for role in roles)]
        for verb in dict.fromkeys(row["verb"] for row in rows)
    ]
    introduction = "Who may do what. Companies are a boundary of their own: users see and touch only theirs."
    return _page("Roles", introduction, ["verb", *roles], body)


def _problems() -> str:
    rows = _read("tieout.problems", "catalogue.csv")
    introduction = "Everything that can go wrong: what it says, why it happens, what mends it."
    columns = ["code", "process", "message", "cause", "remedy"]
    return _page("Problems", introduction, columns, ([row[column] for column in columns] for row in rows))


def main(folder: Path) -> int:
    """Write every page into ``folder``; return the exit code."""
    bootstrap.start(server=False)
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (folder / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER))
