"""Published labour rates: each of four thousand becomes a price or is refused, and the ambiguous say so."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.databases import REAL_DATA
from tests.journeys import council

from tieout.database.aliases import OPERATIONS
from tieout.loading.actions import Loaded, load, load_set_up

pytestmark = pytest.mark.real_data

PROFILE = council.REPOSITORY / "tests" / "profiles" / "labour_rates.toml"
DIMENSIONS = "education,experience,worksite"
DAY = date(2016, 7, 1)


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]


def set_up(folder: Path) -> None:
    """A company in dollars, a customer, and the dimensions that the rates differ by."""
    folder.mkdir()
    files = {
        "currency": "code,name\nUSD,US dollar\n",
        "company": "code,name,currency\nUSGOV,Schedule 70,USD\n",
        "organizational_unit": "code,company,currency\nIT,USGOV,USD\n",
        "customer": "account_number,name,company\nGSA,General Services,USGOV\n",
        "pricing_dimension": "name,sales_priority\n"
        + "".join(f"{name},{place}\n" for place, name in enumerate(DIMENSIONS.split(","), 50)),
    }
    for entity, text in files.items():
        (folder / f"{entity}.csv").write_text(text, encoding="utf-8")
    load_set_up(actor=council.OPERATOR, folder=folder)


def load_rates(folder: Path, profile: Path, *, dry_run: bool = False) -> Loaded:
    return load(
        actor=council.OPERATOR,
        entity="role_price",
        files=[REAL_DATA / "labour_rates" / "s70_data.csv"],
        profile=profile,
        rejected=folder / "rejected.csv",
        dry_run=dry_run,
    )


def sell(folder: Path) -> None:
    """Set up a contract for each list, which sells by it."""
    lists = [code for (code,) in rows("select code from operations_price_list order by code")]
    files: dict[str, list[tuple[str, ...]]] = {
        "contract": [
            ("number", "customer", "company", "contracting_unit", "currency"),
            *((code, "GSA", "USGOV", "IT", "USD") for code in lists),
        ],
        "price_list_use": [("price_list", "contract"), *((code, code) for code in lists)],
    }
    for entity, records in files.items():
        path = folder / f"{entity}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(records)
        assert not load(actor=council.OPERATOR, entity=entity, files=[path]).codes


# One context for each key that is priced: what submission would ask.
PRICED = """
    select found.reason, count(*), count(*) filter (where found.price = 0), sum(found.price)
    from (select distinct price_list_id, key from operations_role_price) as line
    join operations_price_list as list on list.id = line.price_list_id
    join operations_contract as contract on contract.number = list.code
    cross join lateral operations_sales_price(contract.id, line.key, %s, null, null) as found
    group by 1 order by 1
"""


def judge(keys: int, ambiguous: int) -> None:
    """Compare the engine with a plain look at the lines: one price is the price, several are none."""
    prices = rows("select price_list_id, key, price from operations_role_price")
    by_key: dict[tuple[str, str], set[Decimal]] = {}
    for price_list, key, price in prices:
        by_key.setdefault((price_list, key), set()).add(price)
    single = [next(iter(found)) for found in by_key.values() if len(found) == 1]
    assert (len(by_key), len(by_key) - len(single)) == (keys, ambiguous)
    assert rows(PRICED, DAY) == [
        ("ambiguous_role_price", ambiguous, ambiguous, 0),
        ("role_price", len(single), 0, sum(single)),
    ]
    logged = rows(
        "select count(*) from problem_log as p where code = 'LOAD-373'"
        " and not exists (select from problem_resolution as r where r.problem_id = p.id)"
    )
    assert logged == [(ambiguous,)]


def test_every_rate_is_a_price_of_its_contract_or_refused(databases: None, tmp_path: Path) -> None:
    set_up(tmp_path / "setup")
    done = load_rates(tmp_path, PROFILE)
    figures = {name: one["rows"] for name, one in done.totals.figures().items()}
    assert figures == {"read": 4_157, "loaded": 4_115, "already_there": 0, "rejected": 42}
    assert done.codes == {"LOAD-204": 10, "LOAD-205": 3, "LOAD-206": 5, "LOAD-207": 9, "LOAD-313": 15}
    assert done.created["price_list"] == 242
    sell(tmp_path)
    judge(3_233, 225)
    again = load_rates(tmp_path, PROFILE)
    assert again.totals.figures()["already_there"]["rows"] == 4_115
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as stream:
        reasons = [row["rejected_code"] for row in csv.DictReader(stream)]
    assert reasons.count("LOAD-313 LOAD-370") == 15


def test_without_education_experience_and_worksite_more_is_ambiguous(databases: None, tmp_path: Path) -> None:
    set_up(tmp_path / "setup")
    text = PROFILE.read_text(encoding="utf-8")
    start = text.index('[[join]]\nfield = "dimensions"')
    coarse = text[:start] + text[text.index("[[join]]", start + 1) :]
    headers = '"MINIMUM EDUCATION/ CERTIFICATION LEVEL", "MINIMUM YEARS OF EXPERIENCE", "WORKSITE"'
    profile = tmp_path / "coarse.toml"
    profile.write_text(coarse.replace("ignore = [", f"ignore = [{headers}, "), encoding="utf-8")
    assert load_rates(tmp_path, profile).totals.figures()["loaded"]["rows"] == 4_115
    sell(tmp_path)
    judge(3_066, 360)
