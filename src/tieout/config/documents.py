"""The generated pages of ``docs/reference``: the tables that are rules, rendered (``make docs``).

A page is never written by hand, so that it cannot be wrong; a test compares each with what its table says
now.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tieout.config import bootstrap

if TYPE_CHECKING:
    from tieout.problems.catalogue import CatalogueRow

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
        **_problem_pages(),
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
    from tieout.problems.catalogue import ROWS, UNREACHED  # noqa: PLC0415  Django is set up first

    introduction = (
        "Everything that can go wrong: what it says, why it happens, what mends it; each code has a page."
        " A code marked * is one that people know from such systems and cannot meet here; its page says"
        " why. `tieout problems` lists what stands, and with `--view` one of the views below."
        " Codes that validate maps which people draw themselves (DIPV1000 to 1031, DWDVEV and DWFOEV 1001 to"
        " 1007) have no row: maps are a table of the program here, and what can be wrong with one is DW-2xx."
    )
    rows = (
        [
            f"[{row.code}](problems/{row.code}.md){' *' if row.code in UNREACHED else ''}",
            row.process,
            row.message,
            row.cause,
            row.remedy,
        ]
        for row in ROWS
    )
    page = _page("Problems", introduction, ["code", "process", "message", "cause", "remedy"], rows)
    return f"{page}\n{_views()}"


def _views() -> str:
    """Return the table of the views: what of the permanent log each leaves out."""
    from tieout.problems.rules import VIEWS  # noqa: PLC0415  Django is set up first

    lines = [
        "## Views",
        "",
        "Nothing is ever deleted from the log. What people know as retention is a view of it.",
        "",
        "| view | title | state | last of each record only | days | what was deleted | what it shows |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.view}` | {row.title} | {row.state} | {'yes' if row.newest_of_record else 'no'} "
        f"| {row.days or 'all'} | {'shown' if row.deleted else 'left out'} | {row.says} |"
        for row in VIEWS
    ]
    return "\n".join(lines) + "\n"


def _problem_pages() -> dict[str, Page]:
    """Return the page of each code of the catalogue."""
    from tieout.problems.catalogue import ROWS  # noqa: PLC0415  Django is set up first

    return {f"problems/{row.code}.md": partial(_problem, row) for row in ROWS}


def _problem(row: CatalogueRow) -> str:
    from tieout.problems.catalogue import UNREACHED  # noqa: PLC0415  Django is set up first

    parts = [f"# {row.code}", "<!-- Made by `make docs`; do not edit. -->", f"> {_cell(row.message)}"]
    if row.code in UNREACHED:
        parts.append(f"**Cannot be met here.** {_cell(UNREACHED[row.code])}")
    parts += [f"**Why.** {_cell(row.cause)}", f"**What next.** {_cell(row.remedy)}"]
    screen = row.link.replace("_", " ") if row.link else "none; the remedy says what to do"
    parts += [
        f"**Process.** {row.process.replace('_', ' ')}. **Screen that mends it.** {screen}.",
        f"List it with `tieout problems --code {row.code} --state all`. The record fills words in braces.",
        "[All problems](../problems.md)",
    ]
    return "\n\n".join(parts) + "\n"


def main(folder: Path) -> int:
    """Write every page into ``folder``; return the exit code."""
    bootstrap.start(server=False)
    (folder / "problems").mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (folder / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER))
