"""A decision table is total and typed, or it is refused with the place of the fault."""

from dataclasses import FrozenInstanceError, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from tieout.kernel.tables import Table, TableError, load_table


class Units(StrEnum):
    """Whether resourcing and contracting unit are one."""

    SAME = "same"
    DIFFERENT = "different"


class Contract(StrEnum):
    """How a project is billed."""

    TIME_AND_MATERIALS = "time_and_materials"
    FIXED_PRICE = "fixed_price"


class Actual(StrEnum):
    """What is recorded; none (nothing happens) and not applicable (refused) differ."""

    NONE = "none"
    NOT_APPLICABLE = "not_applicable"
    COST = "cost"
    UNBILLED_SALES = "unbilled_sales"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a small decision table."""

    units: Units
    contract: Contract
    actual: Actual
    note: str | None


TWO_ROWS = (Units.SAME, Contract.TIME_AND_MATERIALS)
TOTAL = """\
units,contract,actual,note
same,time_and_materials,cost,
same,time_and_materials,unbilled_sales,"of, this"
same,fixed_price,none,
different,time_and_materials,cost,
different,fixed_price,not_applicable,
"""


def rules(folder: Path, text: str) -> Table[Rule]:
    path = folder / "rules.csv"
    path.write_text(text, encoding="utf-8")
    return load_table(path, Rule, key=("units", "contract"), several={TWO_ROWS})


def test_rows_are_typed_and_found_by_key(tmp_path: Path) -> None:
    table = rules(tmp_path, TOTAL)
    assert [row.actual for row in table.all(*TWO_ROWS)] == [Actual.COST, Actual.UNBILLED_SALES]
    assert table.all(*TWO_ROWS)[1].note == "of, this"
    assert table.one(Units.SAME, Contract.FIXED_PRICE) == Rule(
        Units.SAME, Contract.FIXED_PRICE, Actual.NONE, None
    )
    assert table.one("different", "fixed_price").actual is Actual.NOT_APPLICABLE
    assert (len(table), len(table.keys()), len(list(table))) == (5, 4, 5)


def test_a_key_outside_the_table_has_no_silent_answer(tmp_path: Path) -> None:
    table = rules(tmp_path, TOTAL)
    with pytest.raises(KeyError, match="no row where"):
        table.one(Units.SAME, "retainer")
    with pytest.raises(KeyError, match="2 rows where"):
        table.one(*TWO_ROWS)


def test_the_result_cannot_be_changed(tmp_path: Path) -> None:
    table = rules(tmp_path, TOTAL)
    with pytest.raises(FrozenInstanceError):
        table.rows[0].actual = Actual.NONE  # type: ignore[misc]
    with pytest.raises(AttributeError):
        table.extra = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unbilled_sales", "costs", "line 3, column actual: 'costs' is none of"),
        ("same,fixed_price,none,", "same,fixed_price,,", "line 4, column actual: '' is blank"),
        ("same,fixed_price,none", "same,fixed_price, none", "column actual: ' none' has spaces"),
        ("same,fixed_price,none,\n", "", "line 5, column units, contract: 'same, fixed_price' has no row"),
        (
            "different,time",
            "same,fixed_price,cost,\ndifferent,time",
            "line 5, column units, contract: 'same, fix",
        ),
        (
            'same,time_and_materials,unbilled_sales,"of, this"',
            "same,time_and_materials,cost,",
            "stands twice",
        ),
        ("same,time_and_materials,cost,\n", "", "'same, time_and_materials' is declared to have several"),
        ("actual,note", "actual,notes", "line 1, column notes: 'notes' is not a column"),
        ("units,contract,actual,note", "units,contract,actual,actual", "stands 2 times in the header"),
        (",note\n", "\n", "line 1, column note: 'note' is missing"),
        (
            "same,fixed_price,none,",
            "same,fixed_price,none",
            "line 4: 'same,fixed_price,none' has 3 cells, not 4",
        ),
        ("same,fixed_price,none,\n", "\nsame,fixed_price,none,\n", "line 4: '' has 0 cells, not 4"),
    ],
)
def test_a_table_that_is_not_total_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TOTAL
    with pytest.raises(TableError, match=r"^rules\.csv, ") as refused:
        rules(tmp_path, TOTAL.replace(old, new, 1))
    assert said in str(refused.value)


def test_a_table_over_the_keys_that_exist_has_those_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    path.write_text(TOTAL.replace("different,fixed_price,not_applicable,\n", ""), encoding="utf-8")
    existing = [TWO_ROWS, (Units.SAME, Contract.FIXED_PRICE), (Units.DIFFERENT, Contract.TIME_AND_MATERIALS)]

    def over(keys: list[tuple[Units, Contract]]) -> Table[Rule]:
        return load_table(path, Rule, key=("units", "contract"), several={TWO_ROWS}, over=keys)

    assert len(over(existing).keys()) == 3
    with pytest.raises(TableError, match=r"line 5, .*'different, time_and_materials' is a combination that"):
        over(existing[:2])
    with pytest.raises(TableError, match="'different, fixed_price' has no row"):
        over([*existing, (Units.DIFFERENT, Contract.FIXED_PRICE)])


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no rows"):
        rules(tmp_path, "units,contract,actual,note\n")


@dataclass(frozen=True, slots=True)
class Terms:
    """One row with every type of cell."""

    code: str
    active: bool
    days: int
    rate: Decimal
    valid_from: date | None


def test_every_type_of_cell_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("valid_from,code,active,days,rate\n2024-02-29,N30,yes,30,1.10\n,N0,no,0,0.5\n", "utf-8")
    table = load_table(path, Terms, key=("code",))
    assert table.one("N30") == Terms(
        "N30", active=True, days=30, rate=Decimal("1.10"), valid_from=date(2024, 2, 29)
    )
    assert str(table.one("N30").rate) == "1.10"
    assert table.one("N0").valid_from is None


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2024-02-30,N,yes,1,1", "valid_from"),
        (",N,true,1,1", "active"),
        (",N,no,1.5,1", "days"),
        (",N,no,1,1e3", "rate"),
    ],
)
def test_a_cell_of_another_type_is_refused(tmp_path: Path, row: str, column: str) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(f"valid_from,code,active,days,rate\n{row}\n", "utf-8")
    with pytest.raises(TableError) as refused:
        load_table(path, Terms, key=("code",))
    assert (refused.value.line, refused.value.column) == (2, column)


def test_an_open_key_column_must_cover_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("valid_from,code,active,days,rate\n,N,yes,1,1\n,N,no,1,1\n,M,yes,1,1\n", "utf-8")
    with pytest.raises(TableError, match="'M, False' has no row"):
        load_table(path, Terms, key=("code", "active"))


def test_a_declaration_that_cannot_be_checked_is_refused(tmp_path: Path) -> None:
    @dataclass
    class Changeable:
        code: str

    @dataclass(frozen=True)
    class Weighted:
        weight: float

    for kind in (Changeable, Weighted):
        with pytest.raises(TypeError):
            load_table(tmp_path / "none.csv", kind, key=())
    with pytest.raises(TypeError, match="no field"):
        load_table(tmp_path / "none.csv", Rule, key=("event",))


def test_a_table_of_64_situations_and_86_rows(tmp_path: Path) -> None:
    """The shape of the decision table of actuals: 22 situations with two to four rows."""
    events = [f"event_{n}" for n in range(8)]
    contracts = ["time_and_materials", "fixed_price", "presales", "internal"]
    extra = {("same", e, "time_and_materials"): 1 for e in events[:6]}
    extra |= {("different", e, "time_and_materials"): 2 for e in events}
    lines = ["units,event,contract,actual"]
    for key in ((u, e, c) for u in ("same", "different") for e in events for c in contracts):
        lines += [",".join((*key, f"actual_{n}")) for n in range(1 + extra.get(key, 0))]
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")

    @dataclass(frozen=True)
    class Decision:
        units: str
        event: str
        contract: str
        actual: str

    table = load_table(path, Decision, key=("units", "event", "contract"), several=set(extra))
    assert (len(table.keys()), len(table)) == (64, 86)
