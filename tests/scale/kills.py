"""``make kills``: a hundred times kill -9, and the books are those of a run that nobody disturbed.

Vendor invoices arrive in rounds; in each, the chain is ended at a random moment. Then it runs to its end. The
same documents go through the chain undisturbed, on a server of their own, and both books are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.scale.server import own_server

PAGE: Final = """\
# Kills

<!-- Made by `make kills KILLS={kills} LINES={lines} SEED={seed} WRITE=1`; do not edit. -->

{lines:,} lines of vendor invoices arrive in rounds. In each round `tieout run chain` posts, delivers,
approves, delivers, imports, posts, writes back, seals and collects; it is a process of its own, and is ended
with `kill -9` at a random moment. In a quarter of the rounds two such processes run at once, and both are
ended. After the last kill the chain runs to its end. The same documents go through the chain undisturbed on
another server, and the books of both are compared. Moments are drawn from seed {seed}; what a process does
then is not the same on another machine.

{cores} cores, which others used too; embedded PostgreSQL, durable; {today}.

| | undisturbed | killed |
|---|---:|---:|
"""
KILLED: Final = """
The {kills} kills met the program at these stages, {in_transaction} of them with a transaction open. A stage
is known by the table that was being written:

| at work on | kills |
|---|---:|
{met}
{spared} more programs came to their end before their moment; {beside} of the kills were in rounds of two.
"""
RESULT: Final = """
**{result}**
"""


def main(arguments: list[str]) -> int:
    """Run both, compare, and print the page as Markdown; 1 if the books differ or something is wrong."""
    parser = argparse.ArgumentParser(prog="kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="programs to end; 0: one undisturbed run")
    parser.add_argument("--lines", type=int, default=100_000, help="vendor invoice lines")
    parser.add_argument("--seed", type=int, default=1, help="where the moments are drawn from")
    parser.add_argument("--books", type=Path, help="only run, and write what came of it to this file")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    options = parser.parse_args(arguments)
    if options.books:
        options.books.write_text(json.dumps(_run(options.lines, options.kills, options.seed)))
        return 0
    undisturbed = _in_a_program(options.lines, 0, options.seed)
    killed = _in_a_program(options.lines, options.kills, options.seed)
    wrong = faults(undisturbed, killed)
    page = _page(options, undisturbed, killed, wrong)
    sys.stdout.write(page)
    if options.write and not wrong:
        options.write.write_text(page, encoding="utf-8")
    return 1 if wrong else 0


def faults(undisturbed: dict[str, Any], killed: dict[str, Any]) -> list[str]:
    """Return what is wrong with the books after the kills: nothing, if they are as if nobody had killed."""
    sums, other = (one["books"]["per account and project"] for one in (undisturbed, killed))
    wrong = [
        f"{key}: {sums.get(key, 'nothing')} undisturbed, {other.get(key, 'nothing')} after the kills"
        for key in sorted({*sums, *other})
        if sums.get(key) != other.get(key)
    ]
    wrong += [
        f"{name}: {one} undisturbed, {killed['books'][name]} after the kills"
        for name, one in undisturbed["books"].items()
        if name != "per account and project" and one != killed["books"][name]
    ]
    for which, run in (("undisturbed", undisturbed), ("after the kills", killed)):
        must_be_nothing = {**run["waiting"], **run["reconciled"]}
        must_be_nothing |= {name: count for name, count in run["books"].items() if "exactly one" in name}
        wrong += [f"{which}: {name} is {figure}" for name, figure in must_be_nothing.items() if float(figure)]
    return wrong


def _in_a_program(lines: int, kills: int, seed: int) -> dict[str, Any]:
    """Run in a program of its own: settings know one server."""
    with tempfile.TemporaryDirectory(prefix="tieout-kills-") as folder:
        file = Path(folder) / "books.json"
        sizes = {"--lines": lines, "--kills": kills, "--seed": seed, "--books": file}
        given = [str(one) for pair in sizes.items() for one in pair]
        subprocess.run([sys.executable, "-m", "tests.scale.kills", *given], check=True)
        found: dict[str, Any] = json.loads(file.read_text())
        return found


def _run(lines: int, kills: int, seed: int) -> dict[str, Any]:
    with own_server("kills") as folder:
        from tests.scale.stages import Chain

        Chain(folder).load_setup()
        return outcome(folder, lines=lines, kills=kills, seed=seed)


def outcome(folder: Path, *, lines: int, kills: int, seed: int) -> dict[str, Any]:
    """Run the chain over documents of a world that is set up, and return what came of it."""
    from tests.scale import killer

    done = killer.disturbed(folder, lines=lines, kills=kills, seed=seed)
    return {
        "books": killer.books(),
        "waiting": killer.waiting(),
        "reconciled": killer.reconciled(),
        "kills": done.kills,
        "met": dict(done.met.most_common()),
        "in_transaction": done.in_transaction,
        "spared": done.spared,
        "beside": done.beside,
        "seconds": done.seconds,
    }


def _page(
    options: argparse.Namespace, undisturbed: dict[str, Any], killed: dict[str, Any], wrong: list[str]
) -> str:
    page = PAGE.format(
        kills=killed["kills"],
        lines=options.lines,
        seed=options.seed,
        cores=os.cpu_count(),
        today=datetime.now(UTC).date(),
    )
    for name in undisturbed["books"]:
        if name not in {"per account and project", "every entry"}:
            page += _row(name, undisturbed["books"][name], killed["books"][name])
    for part in ("waiting", "reconciled"):
        for name in undisturbed[part]:
            page += _row(name, undisturbed[part][name], killed[part][name])
    sums = len(undisturbed["books"]["per account and project"])
    page += _row("sums per account and project", sums, len(killed["books"]["per account and project"]))
    page += _row("seconds", round(undisturbed["seconds"]), round(killed["seconds"]))
    met = "".join(f"| {name} | {count} |\n" for name, count in killed["met"].items())
    page += KILLED.format(**{**killed, "met": met, "beside": 2 * killed["beside"]})
    result = "Every sum per account and project, and every single entry, is the same; nothing is left over."
    return page + RESULT.format(result=result if not wrong else "; ".join(wrong))


def _row(name: str, *figures: float | str) -> str:
    cells = [f"{one:,}" if isinstance(one, int) else str(one) for one in figures]
    return f"| {' | '.join([name, *cells])} |\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
